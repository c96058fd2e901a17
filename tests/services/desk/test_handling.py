"""What becomes of a task: in whose hands it is, how it ended, and back again."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.services.desk import handling
from bot.services.desk.handling import Closing, HandlingError
from bot.services.desk.inbox import task_list
from bot.services.desk.sources import SOURCES
from bot.services.desk.today import Asked, Today, look
from bot.services.house import Scene
from bot.store.audit import AuditLine
from bot.store.civic import Task
from tests.services.desk.officials import TOMORROW, official
from tests.worlds import Person, World, table


@pytest.fixture
def her(each_world: World) -> Person:
    person = each_world.person("nl", "web")
    each_world.says(person, "medewerker")
    return person


def only(world: World) -> Any:
    return world.one(table(Task))


def today(world: World, **asked: Any) -> Today:
    return look(world.house, SOURCES, Asked(**asked))


def kinds(found: Today) -> list[str]:
    return [item.kind for item in found.items]


def listed(world: World, shows: str) -> list[int]:
    bram, now = official(world), world.clock()
    found = world.house.db.read(
        lambda db: task_list(Scene(world.house, db, now), shows, bram.id, 31)
    )
    return [item.task.task for item in found if item.task]


def test_what_she_says_it_is_about_goes_to_the_task_that_is_there(
    each_world: World, her: Person
) -> None:
    each_world.says(her, "Wanneer komt de bank?")
    assert only(each_world).note == "Wanneer komt de bank?"
    each_world.says(her, "medewerker")
    each_world.says(her, "En de lamp?")
    assert [task.note for task in each_world.tasks()] == [
        "Wanneer komt de bank?",
        "En de lamp?",
    ]


def test_a_task_is_taken_handed_over_and_given_back(
    each_world: World, her: Person
) -> None:
    del her
    house, task = each_world.house, only(each_world)
    bram, chantal = official(each_world), official(each_world, "admin")
    handling.take(house, task.id, bram)
    assert kinds(today(each_world, official=bram.id)) == ["person"]
    handling.hand_over(house, task.id, bram, chantal, "Zij kent de straat.")
    assert kinds(today(each_world, official=bram.id)) == []
    (item,) = today(each_world, official=chantal.id).items
    assert item.task is not None
    assert item.task.note == "Zij kent de straat."
    handling.leave(house, task.id, chantal)
    assert only(each_world).assigned_to is None
    lines = each_world.rows(table(AuditLine))
    acts = [line.act for line in lines if line.subject == f"task:{task.id}"]
    assert acts == ["task.take", "task.hand_over", "task.leave"]
    assert "straat" not in str([line.data for line in lines])


@pytest.mark.parametrize("outcome", ["called", "answered", "not_needed"])
def test_a_task_is_closed_once_and_can_be_opened_again(
    each_world: World, her: Person, outcome: str
) -> None:
    del her
    house, task, bram = each_world.house, only(each_world), official(each_world)
    handling.close(house, task.id, bram, Closing(outcome, "Klaar."))
    with pytest.raises(HandlingError, match="taken"):
        handling.close(house, task.id, bram, Closing("called"))
    done = only(each_world)
    assert (done.outcome, done.done_by) == (outcome, bram.email)
    assert (listed(each_world, "all"), listed(each_world, "done")) == ([], [task.id])
    handling.reopen(house, task.id, bram)
    assert listed(each_world, "mine") == [task.id]
    with pytest.raises(HandlingError, match="taken"):
        handling.reopen(house, task.id, bram)


def test_who_was_not_reached_comes_back_on_that_day(
    each_world: World, her: Person
) -> None:
    del her
    house, task, bram = each_world.house, only(each_world), official(each_world)
    for day in (None, date(2026, 11, 18), date(2020, 1, 1)):
        with pytest.raises(HandlingError, match="day"):
            handling.close(house, task.id, bram, Closing("not_reached", again=day))
    handling.close(house, task.id, bram, Closing("not_reached", again=TOMORROW))
    assert kinds(today(each_world)) == []
    assert listed(each_world, "later") == [task.id]
    each_world.clock.now = datetime(2026, 11, 18, 23, 1, tzinfo=UTC)
    assert kinds(today(each_world, official=bram.id)) == ["person"]


def test_passing_on_says_where_to_and_a_note_has_an_end(
    each_world: World, her: Person
) -> None:
    del her
    house, task, bram = each_world.house, only(each_world), official(each_world)
    faults = {
        "where_to": Closing("passed", " "),
        "long": Closing("called", "x" * 501),
        "which": Closing("<script>"),
    }
    for why, how in faults.items():
        with pytest.raises(HandlingError, match=why):
            handling.close(house, task.id, bram, how)
    assert only(each_world).done_at is None
    handling.close(house, task.id, bram, Closing("passed", "Groen"))
    assert only(each_world).outcome_note == "Groen"


def test_the_task_of_somebody_forgotten_is_closed_and_says_so(
    each_world: World, her: Person
) -> None:
    house, task, bram = each_world.house, only(each_world), official(each_world)
    handling.hand_over(house, task.id, bram, official(each_world, "admin"), "Haar wens")
    each_world.says(her, "vergeet mij")
    each_world.taps(her, "yes")
    gone = only(each_world)
    assert (gone.outcome, gone.outcome_note, gone.talk_id) == ("forgotten", None, None)
    assert kinds(today(each_world)) == []
    assert listed(each_world, "done") == [task.id]
    for act in (handling.take, handling.reopen):
        with pytest.raises(HandlingError, match="gone"):
            act(house, task.id, bram)


def test_a_disagreement_is_a_task_with_a_day_in_any_state(each_world: World) -> None:
    words = {"nl": "Tel opnieuw!", "en": "I disagree", "tr": "itiraz", "ar": "لا أوافق"}
    for language, said in words.items():
        person = each_world.person(language, "web")
        each_world.taps(person, "menu:vote")
        each_world.says(person, said)
        each_world.says(person, "…")
    found = [task for task in each_world.tasks() if task.kind == "disagree"]
    assert len(found) == len(words)
    assert all(task.due_at > each_world.clock() for task in found)
