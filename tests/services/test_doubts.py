"""In doubt or not reached: a status, another app, her next word, or a person."""

from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import ChannelError, Outcome, Sent
from bot.domain.messages import Delivery, StatusUpdate
from bot.domain.plans import Status
from bot.services.doubts import ask_about_doubts, settle
from bot.services.house import Scene
from bot.services.outbox import PUSH
from bot.services.results import Decided, Results, publish
from bot.services.statuses import record_status
from tests.services.test_outbox import ends, owe_one, push_one, row_of, rows
from tests.worlds import VOTING, Person, World

HOUR = timedelta(hours=1)
TIMEOUT = ChannelError(Outcome.UNSURE, "timeout")
BLOCKED = ChannelError(Outcome.REFUSED, "blocked", closes=True)


def doubtful(world: World, person: Person, key: str) -> int:
    """Owe something of which nobody knows whether it arrived."""
    row = push_one(world, person, key)
    (owed,) = world.claim()
    assert owed.row == row
    ends(world, owed, TIMEOUT)
    return row


def asked(world: World) -> int:
    now = world.clock()
    return world.house.db.run(lambda db: ask_about_doubts(db, now))


def decide(world: World, number: int, call: str = "c1") -> None:
    decided = Decided(number, Status.INFEASIBLE, {"nl": "De stoep is te smal."})
    results = Results(VOTING, "final", (decided,))
    now = world.clock()
    world.house.db.run(lambda db: publish(Scene(world.house, db, now), results, call))


def kinds(world: World) -> list[str]:
    return [task.kind for task in world.tasks() if task.done_at is None]


def test_nobody_is_asked_before_an_hour_and_then_once_per_person(
    each_world: World,
) -> None:
    world = each_world
    ayse, bram = world.person(), world.person()
    first = doubtful(world, ayse, "a")
    world.clock.pass_time(seconds=2)
    second = doubtful(world, ayse, "b")
    doubtful(world, bram, "c")
    assert asked(world) == 0
    world.clock.pass_time(hours=1, minutes=1)
    assert asked(world) == 2
    assert asked(world) == 0
    about = {task.talk_id: task.outbound_id for task in world.tasks()}
    assert about[ayse.talk] == second > first
    assert world.claim() == [], "and nothing goes a second time"


def test_a_status_that_comes_after_all_settles_it(each_world: World) -> None:
    row = doubtful(each_world, each_world.person(channel="whatsapp"), "a")
    status = StatusUpdate("SM1", Delivery.DELIVERED, extra={"out": str(row)})
    now = each_world.clock()
    each_world.house.db.run(lambda db: record_status(db, "whatsapp", status, now))
    each_world.clock.pass_time(hours=2)
    assert row_of(each_world, row).delivery == "delivered"
    assert asked(each_world) == 0


@pytest.mark.parametrize("arrived", [True, False])
def test_a_person_finds_out_and_it_is_done_once(
    each_world: World, *, arrived: bool
) -> None:
    world = each_world
    person = world.person()
    first = doubtful(world, person, "a")
    world.clock.pass_time(seconds=2)
    second = doubtful(world, person, "b")
    world.clock.pass_time(hours=2)
    asked(world)
    (task,) = world.tasks()
    assert settle(world.house, task.id, "bram@city.example", arrived=arrived)
    assert not settle(world.house, task.id, "chantal@city.example", arrived=False)
    deliveries = [row_of(world, row).delivery for row in (first, second)]
    assert deliveries == (["delivered"] * 2 if arrived else ["failed"] * 2)
    again = rows(world.claim())
    assert again == ([] if arrived else [row_of(world, first).again_id])


def test_a_decision_that_cannot_reach_her_is_kept_and_becomes_a_call(
    each_world: World,
) -> None:
    world = each_world
    ayse = world.person()
    number = world.plan(ayse)
    decide(world, number)
    world.change_talk(ayse, closed_at=world.clock())
    assert world.claim() == []
    kept = world.told(ayse)[-1]
    assert (kept.delivery, kept.held) == ("queued", "unreachable")
    (task,) = world.tasks()
    assert (task.kind, task.outbound_id) == ("unreached", kept.id)
    assert task.plan_id == world.plan_row(number).id


def test_she_gets_it_when_she_writes_and_nobody_has_to_call(each_world: World) -> None:
    world = each_world
    ayse = world.person()
    decide(world, world.plan(ayse))
    world.change_talk(ayse, closed_at=world.clock())
    world.claim()
    world.says(ayse, "hallo")
    assert "De stoep is te smal." in world.postman.taken[-1].out.text
    assert kinds(world) == []


def test_a_decision_refused_by_the_provider_is_kept_too(each_world: World) -> None:
    world = each_world
    ayse = world.person()
    decide(world, world.plan(ayse))
    (owed,) = world.claim()
    ends(world, owed, BLOCKED)
    assert row_of(world, owed.row).delivery == "failed"
    assert kinds(world) == ["unreached"]
    world.says(ayse, "hallo")
    assert "De stoep is te smal." in world.postman.taken[-1].out.text
    assert kinds(world) == []


def test_what_she_pulled_and_did_not_get_is_kept_and_pulled_once_more(
    each_world: World,
) -> None:
    """It holds up nothing she is answered meanwhile, although it was an answer."""
    world = each_world
    ayse = world.person()
    decide(world, world.plan(ayse))
    world.says(ayse, "hallo")
    for owed in world.postman.taken:
        ends(world, owed, BLOCKED if "De stoep" in owed.out.text else Sent("1"))
    assert kinds(world) == ["unreached"]
    world.postman.taken.clear()
    world.says(ayse, "hallo")
    first, *_, last = world.postman.taken
    assert "De stoep is te smal." not in first.out.text
    assert "De stoep is te smal." in last.out.text
    assert kinds(world) == []


def test_what_she_pulled_and_did_not_get_goes_to_her_other_app_as_news(
    each_world: World,
) -> None:
    world = each_world
    ayse = world.person()
    decide(world, world.plan(ayse))
    world.says(ayse, "hallo")
    other = world.person(channel="web")
    world.change_talk(other, resident_id=ayse.resident)
    ends(world, world.postman.taken[-1], BLOCKED)
    assert [row.priority for row in world.told(other)] == [PUSH]


def test_who_has_another_app_gets_it_there(each_world: World) -> None:
    world = each_world
    ayse = world.person()
    other = world.person(channel="web")
    world.change_talk(other, resident_id=ayse.resident)
    decide(world, world.plan(ayse))
    (owed,) = world.claim()
    refused, elsewhere = (ayse, other) if owed.channel == "telegram" else (other, ayse)
    ends(world, owed, BLOCKED)
    (again,) = world.claim()
    assert again.talk == elsewhere.talk
    assert world.told(refused)[-1].again_id == again.row
    assert kinds(world) == []


def test_a_broadcast_to_a_closed_address_is_dropped_and_said_why(
    each_world: World,
) -> None:
    world = each_world
    person = world.person()
    row = push_one(world, person, "n")
    world.change_talk(person, closed_at=world.clock())
    assert world.claim() == []
    kept: Any = row_of(world, row)
    assert (kept.delivery, kept.reason, kept.text != "") == (
        "dropped",
        "unreachable",
        True,
    )
    assert kinds(world) == []


def test_an_answer_that_is_refused_asks_nobody_to_call(world: World) -> None:
    person = world.person()
    owe_one(world, person, "r")
    (owed,) = world.claim()
    ends(world, owed, BLOCKED)
    assert kinds(world) == []
    assert len(world.told(person)) == 1


def test_what_was_sent_to_whoever_writes_is_not_claimed_again(world: World) -> None:
    ayse = world.person()
    decide(world, world.plan(ayse))
    world.says(ayse, "hallo")
    for owed in world.postman.taken:
        ends(world, owed, Sent(f"x{owed.row}"))
    world.clock.pass_time(minutes=1)
    assert world.claim() == []
