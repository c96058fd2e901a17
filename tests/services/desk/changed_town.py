"""A town after its results night, where chosen plans change."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bot.domain.changes import Kind, State
from bot.domain.languages import LANGUAGES
from bot.domain.money import Money
from bot.services.desk import changing, freeing
from bot.services.desk.changing import REASONS, Wish
from bot.services.desk.freeing import Award
from bot.services.desk.wording import phrase_texts
from bot.services.freed import Next
from bot.services.house import Scene
from bot.services.plan_changes import Change, changes_of
from bot.services.stories import Contact
from bot.store.civic import PlanRow
from tests.services.desk.night_town import (
    ANNA,
    BRAM,
    carry,
    let_go,
    moments,
    prepare,
    settle,
)
from tests.worlds import VOTING, Person, World

__all__ = ["ANNA", "BRAM"]
AUTHORS, COST = 16, Money(3_800_000)
WHY = phrase_texts(REASONS["permit"])
STOPS = Wish(Kind.STOPS, WHY)
YASMINA = Contact("Yasmina el Idrissi", "020 123 45 67")


def decided(world: World, **costs: int) -> dict[int, Person]:
    """Tell everybody the result: of 40 plans 13 are chosen; return their authors.

    The nth plan by votes has the nth author. `costs` are cents by place in the row
    ("p13" is the fourteenth), where a plan costs something else than the others.
    """
    people = settle(world, AUTHORS)
    numbers = sorted(people)
    for place, cents in costs.items():
        world.change_plan(numbers[int(place[1:])], cost_cents=cents)
    night = prepare(world)
    let_go(world, night, moments(world))
    for _ in range(4):
        world.clock.pass_time(hours=25)
        carry(world)
    world.send_due()
    return people


def do(world: World, job: Any) -> Any:
    """Do one thing in a transaction of its own, now."""
    now = world.clock()
    return world.house.db.run(lambda db: job(Scene(world.house, db, now)))


def change(world: World, number: int, wish: Wish, by: str = ANNA) -> State:
    """Have an official put a change down."""
    state: State = do(world, lambda scene: changing.propose(scene, number, wish, by))
    return state


def agree(world: World, number: int, by: str = BRAM) -> None:
    """Have another one agree to the newest change."""
    newest = changes(world, number)[0].id
    do(world, lambda scene: changing.confirm(scene, number, newest, by))


def stop(world: World, number: int) -> None:
    """Stop a plan, with two people, so that it can no longer be undone."""
    change(world, number, Wish(Kind.STOPS, WHY))
    agree(world, number)
    world.clock.pass_time(minutes=11)


def shrink(world: World, number: int, euros: int) -> None:
    """Let a plan shrink in the same way."""
    change(world, number, Wish(Kind.SHRINKS, WHY, amount=Money.euros(euros)))
    agree(world, number)
    world.clock.pass_time(minutes=11)


def changes(world: World, number: int) -> list[Change]:
    """Return the changes of a plan, newest first."""
    return world.house.db.read(lambda db: changes_of(db, number))


def next_in(world: World) -> Next:
    """Ask the rule who is next."""
    return freeing.next_in(world.house, VOTING)


def award(world: World, *plans: int) -> Award:
    """Return what an official proposes for these plans."""
    soon = (world.clock() + timedelta(days=14)).date()
    reason = phrase_texts(freeing.REASONS["freed"])
    return Award(plans, reason, "", YASMINA, soon)


def give(world: World, *plans: int) -> None:
    """Propose and agree to give what is free to these plans."""
    freeing.propose(world.house, VOTING, award(world, *plans), ANNA)
    waits = waiting(world)
    assert waits is not None
    freeing.confirm(world.house, VOTING, waits.id, BRAM)


def waiting(world: World) -> Any:
    """Return the award that waits for a second person."""
    view = world.house.db.read(world.house.catalog.view)
    return world.house.db.read(lambda db: freeing.waiting_in(db, view.round_id(VOTING)))


def withdraw_all_but(world: World, kept: set[int]) -> None:
    """Take back every plan that is not chosen and not among these."""
    with world.house.db.engine.begin() as db:
        rest = PlanRow.status == "not_voted_in"
        gone = update(PlanRow).where(rest, PlanRow.number.not_in(sorted(kept)))
        db.execute(gone.values(status="withdrawn"))


def in_all(text: str) -> dict[str, str]:
    """Return one text in each language."""
    return dict.fromkeys(LANGUAGES, text)
