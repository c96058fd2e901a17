"""A chosen plan shrinks, moves, changes hands or stops: what holds, who hears it."""

import threading
from pathlib import Path
from typing import Any

import pytest

from bot.domain.changes import Kind, State
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.services import caring
from bot.services.desk import changing
from bot.services.desk.changing import Wish
from bot.services.desk.refusals import TurnedDownError
from bot.services.desk.second import waiting as second_waiting
from bot.services.desk.spending import approve, enter
from bot.services.due_checkins import ask_due_checkins
from bot.services.open_ledger import public_ledger
from bot.services.spending import account_of
from bot.store.audit import AuditLine
from bot.store.care import CareRow
from bot.store.changes import PlanChange
from tests.need import postgres_url
from tests.services.desk.changed_town import (
    ANNA,
    BRAM,
    WHY,
    agree,
    change,
    changes,
    do,
    in_all,
    stop,
)
from tests.services.desk.paying import PAINT, chosen_plan, paid
from tests.worlds import VOTING, World, open_world, own_postgres, table

HALF = Money(25_000)
SHRINKS = Wish(Kind.SHRINKS, WHY, amount=HALF)
STOPS = Wish(Kind.STOPS, WHY)


def chosen(world: World, author: Any, **plan: Any) -> int:
    """Add a chosen plan that is looked after, by a contact person."""
    contact = {"name": "Bram de Wit", "phone": "020 123 45 67"}
    return chosen_plan(world, author, contact=contact, **plan)


def refused(world: World, job: Any) -> str:
    with pytest.raises(TurnedDownError) as refusal:
        job()
    del world
    return refusal.value.word


def granted(world: World, number: int) -> Any:
    return account(world, number).granted


def account(world: World, number: int) -> Any:
    return world.house.db.read(lambda db: account_of(db, number))


def acts(world: World) -> list[tuple[str, str]]:
    lines = world.rows(table(AuditLine).order_by(AuditLine.id))
    return [(line.act, line.by) for line in lines]


def test_a_plan_shrinks_once_a_second_person_agrees(each_world: World) -> None:
    world = each_world
    author, neighbour = world.person("tr"), world.person("nl")
    number = chosen(world, author)
    world.follow(neighbour, number)
    assert change(world, number, SHRINKS) is State.PROPOSED
    waits = world.house.db.read(lambda db: second_waiting(db, world.clock()))
    assert [(each.kind, each.number, each.by) for each in waits] == [
        ("change", number, ANNA)
    ]
    assert (granted(world, number), world.told(author)) == (Money(50_000), [])
    own = refused(world, lambda: agree(world, number, ANNA.upper()))
    assert (own, granted(world, number)) == ("change_own", Money(50_000))
    agree(world, number)
    assert granted(world, number) == HALF
    assert world.send_due() == []
    world.clock.pass_time(minutes=11)
    world.send_due()
    (told,) = world.pushes(author)
    assert "250 euro" in told.text
    assert WHY["tr"] in told.text
    assert "Bram de Wit" in told.text
    (heard,) = world.pushes(neighbour)
    assert "Dit plan krijgt minder geld dan eerst." in heard.text
    (ledger,) = [
        each
        for each in public_ledger(world.house, VOTING) or []
        if each["plan"] == number
    ]
    assert ledger["granted_cents"] == HALF.cents
    (shown,) = ledger["changes"]
    assert (shown["kind"], shown["amount_cents"]) == ("shrinks", HALF.cents)
    assert shown["reason"] == WHY
    assert acts(world)[-2:] == [("plan.change.propose", ANNA), ("plan.change", BRAM)]
    world.says(author, f"status {number}")
    assert WHY["tr"] in world.texts(author)[-1]


def test_a_plan_moves_at_once_and_it_can_be_undone_for_ten_minutes(
    each_world: World,
) -> None:
    world = each_world
    author = world.person("ar")
    place = {"place": "Plein 40-45", "latitude": 52.37, "longitude": 4.81}
    number = chosen(world, author, **place)
    wish = Wish(Kind.MOVES, in_all("Hier kan het wel."), "Samira B.", None, "De Oever")
    assert change(world, number, wish) is State.DONE
    moved = world.plan_row(number)
    assert (moved.place, moved.latitude) == ("De Oever", None)
    (first,) = changes(world, number)
    world.clock.pass_time(minutes=9)
    do(world, lambda scene: changing.undo(scene, number, first.id, BRAM))
    back = world.plan_row(number)
    assert (back.place, back.latitude, back.longitude) == tuple(place.values())
    world.clock.pass_time(minutes=9)
    world.send_due()
    assert {row.delivery for row in world.told(author)} == {"dropped"}
    change(world, number, wish)
    world.says(author, "سؤال")
    assert [row.delivery for row in news(world, author)] == ["dropped", "queued"]
    world.clock.pass_time(minutes=11)
    world.send_due()
    told = news(world, author)[-1]
    assert (told.delivery, told.attempts) == ("queued", 1)
    assert "المكان الجديد: \u2068De Oever\u2069" in told.text
    newest = changes(world, number)[0].id
    late = refused(
        world,
        lambda: do(world, lambda s: changing.undo(s, number, newest, BRAM)),
    )
    assert late == "change_told"


def news(world: World, person: Any) -> list[Any]:
    """Return what a change has us tell somebody."""
    return [row for row in world.told(person) if row.dedupe_key.startswith("change:")]


def test_a_plan_changes_hands(each_world: World) -> None:
    world = each_world
    author = world.person("nl")
    number = chosen(world, author)
    wish = Wish(Kind.CHANGES_HANDS, WHY, "", None, " Stichting  Groen ")
    assert change(world, number, wish) is State.DONE
    assert refused(world, lambda: change(world, number, wish)) == "change_same"
    world.clock.pass_time(minutes=11)
    world.send_due()
    (told,) = world.pushes(author)
    assert "Iemand anders gaat dit plan uitvoeren." in told.text
    assert "Stichting Groen" in told.text
    (shown,) = changes(world, number)
    assert shown.words == "Stichting Groen"


def test_a_stopped_plan_keeps_what_was_paid_and_asks_nothing_more(
    each_world: World,
) -> None:
    world = each_world
    author = world.person("nl")
    number = chosen(world, author)
    set_started(world, number)
    paid(world, number)
    stop(world, number)
    kept = account(world, number)
    assert (kept.status, kept.granted) == (Status.STOPPED, Money(1250))
    assert kept.left == Money(0)
    care = world.one(table(CareRow))
    assert (care.next_at, care.asked_at) == (None, None)
    world.send_due()
    told = world.pushes(author)[-1].text
    assert "Wij vragen u niets meer over dit plan." in told
    world.taps(author, "disagree")
    assert world.tasks()[-1].plan_id == world.plan_row(number).id
    world.clock.pass_time(weeks=30)
    ask_due_checkins(world.house)
    assert world.checkins() == []
    assert refused(world, lambda: change(world, number, STOPS)) == "change_stage"


def set_started(world: World, number: int) -> None:
    """Let work begin: from now on its author is asked how it goes."""
    world.change_plan(number, status=Status.STARTED.value)
    plan_id = world.plan_row(number).id
    do(world, lambda scene: caring.begin_care(scene, plan_id, {}))


def test_a_stop_that_is_undone_leaves_the_plan_as_it_was(each_world: World) -> None:
    world = each_world
    author = world.person("nl")
    number = chosen(world, author)
    set_started(world, number)
    before = world.one(table(CareRow)), world.stages(number)
    change(world, number, STOPS)
    agree(world, number)
    assert world.plan_row(number).status == Status.STOPPED
    (stopped,) = changes(world, number)
    do(world, lambda scene: changing.undo(scene, number, stopped.id, ANNA))
    assert world.plan_row(number).status == Status.STARTED
    assert granted(world, number) == Money(50_000)
    after = world.one(table(CareRow)), world.stages(number)
    assert (after[0].next_at, after[1]) == (before[0].next_at, before[1])
    world.clock.pass_time(hours=1)
    world.send_due()
    assert {row.delivery for row in news(world, author)} == {"dropped"}
    assert acts(world)[-1] == ("plan.change.undo", ANNA)


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        (Wish(Kind.STOPS, {}), "change_no_reason"),
        (Wish(Kind.STOPS, in_all("  ")), "change_no_reason"),
        (Wish(Kind.STOPS, {"nl": "Het kan niet."}), "change_reason_lacks"),
        (Wish(Kind.STOPS, in_all("x" * 241)), "reason_too_long"),
        (Wish(Kind.SHRINKS, WHY), "change_no_amount"),
        (Wish(Kind.SHRINKS, WHY, amount=Money(0)), "change_no_amount"),
        (Wish(Kind.SHRINKS, WHY, amount=Money(50_000)), "change_not_less"),
        (Wish(Kind.SHRINKS, WHY, amount=Money(1_249)), "change_below_paid"),
        (Wish(Kind.MOVES, WHY, words=" \n "), "change_no_words"),
        (Wish(Kind.MOVES, WHY, words="x" * 121), "change_no_words"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    world: World, wish: Wish, word: str
) -> None:
    number = chosen(world, world.person("nl"))
    paid(world, number)
    assert refused(world, lambda: change(world, number, wish)) == word
    assert (changes(world, number), granted(world, number)) == ([], Money(50_000))


def test_a_plan_shrinks_down_to_what_was_paid_and_no_further(each_world: World) -> None:
    world = each_world
    number = chosen(world, world.person("nl"))
    paid(world, number)
    change(world, number, Wish(Kind.SHRINKS, WHY, amount=Money(1_250)))
    line = do(world, lambda scene: enter(scene, number, PAINT, ANNA))
    assert refused(world, lambda: agree(world, number)) == "change_lines_wait"
    do(world, lambda scene: approve(scene, line, BRAM))
    assert refused(world, lambda: agree(world, number)) == "change_below_paid"
    assert granted(world, number) == Money(50_000)


def test_one_change_at_a_time_and_a_dropped_one_makes_room(each_world: World) -> None:
    world = each_world
    number = chosen(world, world.person("nl"))
    change(world, number, SHRINKS)
    assert refused(world, lambda: change(world, number, STOPS, BRAM)) == "change_waits"
    first = changes(world, number)[0].id
    do(world, lambda scene: changing.drop(scene, number, first, ANNA))
    assert refused(world, lambda: agree_to(world, number, first)) == "taken"
    change(world, number, STOPS, BRAM)
    agree(world, number, ANNA)
    assert world.plan_row(number).status == Status.STOPPED


def agree_to(world: World, number: int, change_id: int) -> None:
    do(world, lambda scene: changing.confirm(scene, number, change_id, BRAM))


@pytest.mark.parametrize("status", [Status.DONE, Status.NOT_VOTED_IN, Status.STOPPED])
def test_only_a_plan_on_its_way_changes(world: World, status: Status) -> None:
    number = chosen(world, None, status=status.value)
    assert refused(world, lambda: change(world, number, SHRINKS)) == "change_stage"


def test_after_a_pulled_plug_either_nothing_holds_or_everybody_is_told(
    each_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = each_world
    author = world.person("nl")
    number = chosen(world, author)
    change(world, number, STOPS)

    def pulled(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as plug:
        plug.setattr(changing, "note", pulled)
        with pytest.raises(KeyboardInterrupt):
            agree(world, number)
    assert world.plan_row(number).status == Status.CHOSEN
    assert world.told(author) == []
    agree(world, number)
    assert [row.delivery for row in world.told(author)] == ["queued"]


def test_two_officials_at_once_and_one_wins(tmp_path: Path) -> None:
    with (
        own_postgres(postgres_url()) as url,
        open_world(url, tmp_path) as world,
    ):
        number = chosen(world, None)
        barrier = threading.Barrier(2)
        ended: list[str] = []

        def put_down(by: str) -> None:
            barrier.wait()
            try:
                ended.append(change(world, number, STOPS, by))
            except TurnedDownError as refusal:
                ended.append(refusal.word)

        people = [threading.Thread(target=put_down, args=(by,)) for by in (ANNA, BRAM)]
        for each in people:
            each.start()
        for each in people:
            each.join()
        assert sorted(ended) == ["change_waits", State.PROPOSED]
        assert len(world.rows(table(PlanChange))) == 1
