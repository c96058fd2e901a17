"""Questions that come when it is time, and silence on both sides, over a whole year."""

from datetime import time, timedelta
from threading import Thread
from typing import Any

import pytest

from bot.config import QuietHours
from bot.domain.cadences import CADENCES, gap_of
from bot.domain.plans import Status
from bot.services.desk.care_acts import change_cadence, report
from bot.services.due_checkins import ask_due_checkins
from bot.services.house import Scene
from bot.services.plans import set_status
from bot.store.care import CareRow, PlanLine
from tests.worlds import Person, World, table

DID = {
    "nl": "De bank is besteld.",
    "en": "The bench is ordered.",
    "ar": "طلبنا المقعد.",
}
BY = "bram@demo.example"


def choose(world: World, author: Person | None) -> int:
    number = world.plan(author, status="on_ballot", title={"nl": "Bank"})
    move(world, number, Status.CHOSEN)
    return number


def move(world: World, number: int, status: Status) -> None:
    now = world.clock()
    world.house.db.run(
        lambda db: set_status(Scene(world.house, db, now), number, status, {}, BY)
    )


def did(world: World, number: int) -> None:
    now = world.clock()
    world.house.db.run(lambda db: report(Scene(world.house, db, now), number, DID, BY))


def care(world: World) -> Any:
    return world.one(table(CareRow))


def kinds(world: World) -> list[str]:
    return [task.kind for task in world.tasks() if task.done_at is None]


def asked(world: World, author: Person) -> list[Any]:
    return [push for push in world.pushes(author) if push.kind == "checkin"]


def days(world: World, count: int) -> None:
    """Let days pass, with the worker looking twice on each."""
    for _ in range(count):
        world.clock.pass_time(days=1)
        ask_due_checkins(world.house)
        ask_due_checkins(world.house)


@pytest.mark.parametrize("language", ["nl", "en", "tr", "ar"])
def test_the_question_opens_with_what_the_municipality_did(
    world: World, language: str
) -> None:
    author = world.person(language)
    number = choose(world, author)
    did(world, number)
    days(world, 14)
    (push,) = asked(world, author)
    assert DID.get(language, DID["nl"]) in push.text
    assert push.about == {"kind": "checkin", "plan": number}
    assert [choice[0] for choice in push.choices] == ["good", "stuck", "later"]


def test_without_a_deed_nobody_is_asked_but_the_officials(each_world: World) -> None:
    world = each_world
    author = world.person("nl")
    number = choose(world, author)
    days(world, 6)
    assert kinds(world) == []
    days(world, 1)
    assert kinds(world) == ["report"]
    (task,) = world.tasks()
    assert task.due_at == care(world).next_at
    days(world, 7)
    assert asked(world, author) == []
    assert kinds(world) == ["report", "silent_city"]
    world.says(author, "status")
    assert "te laat" in world.texts(author)[-1]
    did(world, number)
    assert kinds(world) == []
    days(world, 1)
    assert len(asked(world, author)) == 1
    world.says(author, "status")
    assert "te laat" not in world.texts(author)[-1]


def test_a_year_of_the_usual_cadence_asks_in_weeks_2_6_12_and_then_every_12(
    world: World,
) -> None:
    author = world.person("en")
    number, begun = choose(world, author), world.clock()
    for _ in range(365):
        if not world.rows(_untold(number, world)):
            did(world, number)
        days(world, 1)
        for push in asked(world, author)[-1:]:
            if push.created_at == world.clock():
                world.send_due()
                world.taps(author, "good")
    weeks = [(push.created_at - begun).days // 7 for push in asked(world, author)]
    assert weeks == [2, 6, 12, 24, 36, 48]
    assert kinds(world) == []


def _untold(number: int, world: World) -> Any:
    plan = world.plan_row(number).id
    return table(PlanLine).where(PlanLine.plan_id == plan, PlanLine.told_at.is_(None))


@pytest.mark.parametrize(
    ("cadence", "weeks"),
    [
        ("usual", [2, 6, 12, 24, 36, 48]),
        ("two_weeks", [2, 4, 6, 8, 10, 12]),
        ("four_weeks", [4, 8, 12, 16, 20, 24]),
        ("eight_weeks", [8, 16, 24, 32, 40, 48]),
        ("twelve_weeks", [12, 24, 36, 48, 60, 72]),
        ("yearly", [52, 104, 156, 208, 260]),
        ("never", []),
    ],
)
def test_each_cadence_has_its_weeks(cadence: str, weeks: list[int]) -> None:
    passed, found = timedelta(0), []
    for count in range(6):
        gap = gap_of(cadence, count)
        if gap is not None:
            passed += gap
            found.append(passed.days // 7)
    assert found == weeks
    assert cadence in CADENCES


def test_a_plan_that_is_done_is_asked_about_yearly_for_five_years(world: World) -> None:
    number = choose(world, world.person("nl"))
    move(world, number, Status.DONE)
    assert care(world).cadence == "yearly"
    for _ in range(7):
        did(world, number)
        world.clock.pass_time(weeks=52)
        ask_due_checkins(world.house)
    assert len(world.checkins()) == 5
    assert care(world).next_at is None


def test_a_stopped_plan_is_left_in_peace(world: World) -> None:
    number = choose(world, world.person("nl"))
    move(world, number, Status.STOPPED)
    did(world, number)
    days(world, 60)
    assert (world.checkins(), kinds(world)) == ([], [])


def test_two_silences_raise_a_task_and_an_answer_closes_it(each_world: World) -> None:
    world = each_world
    author = world.person("nl")
    number = choose(world, author)
    did(world, number)
    days(world, 14 + 13)
    assert "silent" not in kinds(world)
    days(world, 1)
    assert kinds(world) == ["silent"]
    did(world, number)
    days(world, 14 + 14)
    assert care(world).silences == 2
    world.taps(author, "good")
    assert (care(world).silences, kinds(world)) == (0, [])


def test_in_quiet_hours_the_question_waits_for_the_morning(world: World) -> None:
    night = world.with_settings(quiet_hours=QuietHours(time(21), time(8)))
    author = night.person("nl")
    number = choose(night, author)
    did(night, number)
    world.clock.pass_time(days=14, hours=12)
    ask_due_checkins(night.house)
    (push,) = asked(night, author)
    assert push.due_at == world.clock() + timedelta(hours=8)


def test_whoever_had_a_message_yesterday_waits_three_days(world: World) -> None:
    author = world.person("nl")
    number = choose(world, author)
    did(world, number)
    world.clock.pass_time(days=14)
    world.change_resident(author, pushed_at=world.clock() - timedelta(days=1))
    ask_due_checkins(world.house)
    (push,) = asked(world, author)
    assert push.due_at == world.clock() + timedelta(days=2)


def test_many_workers_ask_once(each_world: World) -> None:
    world = each_world
    author = world.person("nl")
    number = choose(world, author)
    did(world, number)
    world.clock.pass_time(days=14)
    workers = [Thread(target=ask_due_checkins, args=(world.house,)) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(asked(world, author)) == 1
    assert care(world).asked == 1


def test_another_cadence_counts_from_today(world: World) -> None:
    number = choose(world, world.person("nl"))
    world.clock.pass_time(days=5)
    now = world.clock()
    world.house.db.run(
        lambda db: change_cadence(Scene(world.house, db, now), number, "four_weeks", BY)
    )
    assert care(world).next_at == now + timedelta(weeks=4)


def test_plans_that_were_chosen_before_are_looked_after_from_now_on(
    world: World,
) -> None:
    author = world.person("nl")
    contact = {"name": "Bram de Wit", "phone": "020 123 4567"}
    world.plan(author, status="started", contact=contact)
    ask_due_checkins(world.house)
    row = care(world)
    assert row.next_at == world.clock() + timedelta(weeks=2)
    assert row.contact_id is not None
