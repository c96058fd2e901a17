"""Today: each source with its clock, from the demo's plans to ten thousand."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.domain.clocks import Light
from bot.domain.plans import Status
from bot.services.desk import handling
from bot.services.desk.sources import SOURCES
from bot.services.desk.today import Asked, Item, look
from bot.store.civic import CheckIn, CheckInAnswer, Decision
from tests.services.desk.officials import official, writes
from tests.worlds import Person, World


def of_kind(world: World, kind: str) -> list[Item]:
    found = look(world.house, SOURCES, Asked(kind=kind))
    assert found.waits.get(kind) is None or found.waits[kind].all == len(found.items)
    return list(found.items)


def only(world: World, kind: str) -> Item:
    (item,) = of_kind(world, kind)
    return item


@pytest.fixture
def her(each_world: World) -> Person:
    return each_world.person("nl", "web")


def chosen(world: World, her: Person, **data: Any) -> int:
    number = world.plan(her, status=Status.CHOSEN.value)
    values = {"plan_id": world.plan_row(number).id, "outcome": "chosen"}
    values |= {"standing": "final", "data": data, "at": world.clock()}
    with world.house.db.engine.begin() as db:
        db.execute(insert(Decision).values(values))
    return number


def asked(world: World, number: int) -> int:
    values = {"plan_id": world.plan_row(number).id, "question": {"nl": "Hoe gaat het?"}}
    with world.house.db.engine.begin() as db:
        made = db.execute(insert(CheckIn).values(values | {"asked_at": world.clock()}))
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def test_a_new_plan_is_answered_within_two_days(each_world: World, her: Person) -> None:
    number = each_world.plan(her)
    item = only(each_world, "first_answer")
    assert (item.plan, item.light(each_world.clock())) == (number, Light.GREEN)
    each_world.clock.pass_time(days=2)
    late = look(each_world.house, SOURCES, Asked())
    assert late.late == 0
    each_world.clock.pass_time(days=1)
    late = look(each_world.house, SOURCES, Asked())
    assert late.waits["first_answer"].late == late.late == 1
    assert only(each_world, "first_answer").light(each_world.clock()) is Light.RED
    writes(each_world, her, phrase="looking")
    assert of_kind(each_world, "first_answer") == []


def test_an_award_is_followed_by_a_call(each_world: World, her: Person) -> None:
    first, second = (
        chosen(each_world, her),
        chosen(each_world, each_world.person("nl", "web"), call_before="2026-11-20"),
    )
    days = {item.plan: item.due for item in of_kind(each_world, "contact")}
    now = each_world.clock()
    assert days[first] - now > timedelta(days=14)
    assert days[second] - now < timedelta(days=2)
    bram = official(each_world)
    assert handling.note_call(each_world.house, her.talk, first, bram)
    assert not handling.note_call(each_world.house, her.talk, second, bram)
    assert only(each_world, "contact").plan == second


def test_a_check_in_without_an_answer_appears_before_it_is_late(
    each_world: World, her: Person
) -> None:
    number = chosen(each_world, her)
    writes(each_world, her, phrase="thanks")
    each_world.clock.pass_time(days=1)
    asked(each_world, number)
    assert of_kind(each_world, "silent_checkin") == []
    each_world.clock.pass_time(days=11)
    item = only(each_world, "silent_checkin")
    assert item.light(each_world.clock()) is Light.AMBER
    newer = asked(each_world, number)
    assert of_kind(each_world, "silent_checkin") == [], "asked again just now"
    each_world.clock.pass_time(days=16)
    assert only(each_world, "silent_checkin").light(each_world.clock()) is Light.RED
    answer = {"checkin_id": newer, "answer": "good", "text": ""}
    with each_world.house.db.engine.begin() as db:
        row = insert(CheckInAnswer)
        db.execute(row.values(answer | {"at": each_world.clock()}))
    assert of_kind(each_world, "silent_checkin") == []


def test_the_oldest_of_all_kinds_comes_first(each_world: World, her: Person) -> None:
    each_world.says(her, "medewerker")
    each_world.clock.pass_time(hours=1)
    each_world.plan(her)
    each_world.clock.pass_time(hours=1)
    each_world.says(each_world.person("nl", "web"), "bel mij")
    found = look(each_world.house, SOURCES, Asked())
    kinds = [item.kind for item in found.items]
    assert kinds == ["person", "first_answer"]
    assert {kind: count.all for kind, count in found.waits.items()} == {
        "person": 1,
        "first_answer": 1,
    }
    mine = look(each_world.house, SOURCES, Asked(official(each_world).id))
    assert (mine.items, mine.all) == ([], 0)
