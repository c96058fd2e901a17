"""No score moves a plan: who did is written down, and it was a person."""

import ast
from collections import deque
from collections.abc import Iterator

from flask.testing import FlaskClient

from bot.domain.plans import Status
from bot.services.house import Scene
from bot.services.notes import listen_once
from bot.services.plans import publish
from bot.services.results import Decided
from bot.store.civic import PlanRow, PlanStage
from tests.need import ROOT
from tests.services.desk.test_glance import tell
from tests.services.ears import Ears, Muffled
from tests.services.listener import hearing
from tests.services.test_results import publish as tell_results
from tests.worlds import COLLECTING, World, table

MOVERS = ("add_stage", "set_status")
SCORES = ("similar", "confidence", "sureness", "signals", "heard", "dialect", "score")
WORDS = "Een bank onder de lindebomen."


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every place that moves a plan, with its file."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in MOVERS:
                yield path.name, node


def _name(called: ast.expr) -> str:
    return getattr(called, "id", "") or getattr(called, "attr", "")


def test_no_place_that_moves_a_plan_looks_at_a_score() -> None:
    found = list(calls())
    assert len(found) >= 8
    for file, call in found:
        names = {each.id for each in ast.walk(call) if isinstance(each, ast.Name)}
        read = {each.attr for each in ast.walk(call) if isinstance(each, ast.Attribute)}
        assert not [n for n in names | read if any(s in n for s in SCORES)], file


def test_how_badly_she_was_heard_changes_no_stage(
    each_world: World, note: bytes
) -> None:
    unclear, clear = Muffled(WORDS), Ears(deque([WORDS]))
    for ears in (unclear, clear):
        world = hearing(each_world, ears)
        author = world.person("nl", "web")
        world.sends_note(author, note)
        while listen_once(world.house):
            world.clock.pass_time(seconds=1)
        world.taps(author, "yes")
    plans = each_world.rows(table(PlanRow).where(PlanRow.talk_id.is_not(None)))
    moved = {(row.status, row.supports, row.public_at) for row in plans}
    assert len(plans) == 2
    assert moved == {("received", 0, None)}


def test_two_plans_alike_go_their_own_ways(world: World) -> None:
    first, second = (tell(world, text=WORDS)[0] for _ in range(2))
    house, now = world.house, world.clock()
    titles = {"nl": "Een bank"}
    house.db.run(lambda db: publish(Scene(house, db, now), first, titles, "bram"))
    assert world.plan_row(first).status == "public"
    assert world.plan_row(second).status == "received"


def test_public_plans_stand_in_the_order_of_their_numbers(
    world: World, client: FlaskClient
) -> None:
    numbers = tell(world, 12, status="public", title={"nl": "Een bank"})
    for place, number in enumerate(numbers):
        world.change_plan(number, supports=100 - place)
    listed = client.get(f"/open/rounds/{COLLECTING}/plans.json").json
    assert listed is not None
    shown = [each["number"] for each in listed]
    assert shown == sorted(shown)


def test_every_stage_names_who_moved_the_plan(each_world: World) -> None:
    world = each_world
    author = world.person("nl")
    world.says(author, WORDS)
    world.taps(author, "yes")
    (mine,) = world.rows(table(PlanRow).where(PlanRow.talk_id == author.talk))
    house, now = world.house, world.clock()
    titles = {"nl": "Een bank"}
    house.db.run(
        lambda db: publish(Scene(house, db, now), mine.number, titles, "bram@city")
    )
    assert [(status, by) for status, _, by in world.stages(mine.number)] == [
        ("received", "author"),
        ("public", "bram@city"),
    ]


def test_no_stage_is_without_a_name(world: World) -> None:
    number = world.plan(world.person())
    tell_results(world, Decided(number, Status.CHOSEN))
    stages = world.rows(table(PlanStage))
    assert len(stages) > 40
    assert not [row for row in stages if not row.by]
    assert not PlanStage.__table__.c.by.nullable
