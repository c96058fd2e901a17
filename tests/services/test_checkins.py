"""Asking how plans go, and what becomes of the answers."""

from datetime import timedelta
from typing import Any

import pytest

from bot.services.answers import FaultyCallError
from bot.services.checkins import Question
from bot.services.hooks import accept
from bot.services.segments import parse_segment
from tests.worlds import VOTING, World

HOW = {
    "nl": "De bank is besteld. Klopt de plek?",
    "en": "The bench is ordered. Is the place right?",
    "tr": "Bank sipariş edildi. Yer doğru mu?",
    "ar": "طلبنا المقعد. هل المكان صحيح؟",
}


def ask(
    world: World, *plans: int, call_id: str = "msg_1", **more: Any
) -> dict[str, Any]:
    question = Question(HOW, plans, **more)
    return dict(accept(world.house, call_id, question).answer)


@pytest.mark.parametrize("language", HOW)
def test_the_author_is_told_and_asked_in_her_language(
    world: World, language: str
) -> None:
    author = world.person(language)
    contact = {"name": "Bram de Wit", "phone": "020 123 4567"}
    number = world.plan(author, status="chosen", contact=contact)
    answer = ask(world, number)
    assert (answer["told"], answer["held"]) == (1, 0)
    (push,) = world.pushes(author)
    assert HOW[language] in push.text
    assert str(number) in push.text
    assert "Bram de Wit" in push.text
    assert [choice[0] for choice in push.choices] == ["good", "stuck", "later"]
    assert push.about == {"kind": "checkin", "plan": number}
    (kept,) = world.checkins()
    assert (kept.plan_id, kept.question) == (world.plan_row(number).id, HOW)


def test_without_a_contact_nobody_is_promised(world: World) -> None:
    author = world.person("en")
    ask(world, world.plan(author, status="chosen"))
    assert "will call you" not in world.texts(author)[0]


@pytest.mark.parametrize(
    ("said", "kept"),
    [("good", "good"), ("1", "good"), ("later", "later"), ("3", "later")],
)
def test_a_tap_a_word_or_a_digit_is_kept_on_the_plan(
    each_world: World, said: str, kept: str
) -> None:
    world = each_world
    author = world.person("en")
    ask(world, world.plan(author, status="chosen"))
    world.says(author, said)
    (answer,) = answers(world)
    assert (answer.answer, answer.resident_id) == (kept, author.resident)
    assert world.tasks() == []


def test_own_words_are_kept_on_the_plan(world: World) -> None:
    author = world.person("en")
    ask(world, world.plan(author, status="chosen"))
    world.says(author, "The bench is there, and it is used every day.")
    (answer,) = answers(world)
    assert answer.answer == "told"
    assert answer.text == "The bench is there, and it is used every day."


def test_stuck_raises_a_task_and_the_next_question_warns(world: World) -> None:
    author = world.person("en")
    number = world.plan(author, status="chosen")
    ask(world, number)
    world.taps(author, "stuck")
    assert [task.kind for task in world.tasks()] == ["stuck"]
    world.clock.pass_time(days=4)
    answer = ask(world, number, call_id="msg_2")
    assert answer["warnings"][0]["path"] == "data.question"
    assert str(number) in answer["warnings"][0]["warning"]


def test_a_second_message_within_three_days_waits(world: World) -> None:
    author = world.person("en")
    first, second = (world.plan(author, status="chosen") for _ in range(2))
    answer = ask(world, first, second)
    assert (answer["told"], answer["held"]) == (2, 1)
    due = [push.due_at for push in world.pushes(author)]
    assert due == [world.clock(), world.clock() + timedelta(days=3)]
    third = ask(world, first, call_id="msg_2")
    assert third["held"] == 1
    assert world.pushes(author)[-1].due_at == world.clock() + timedelta(days=6)


def test_after_three_days_nothing_is_held(world: World) -> None:
    author = world.person("en")
    number = world.plan(author, status="chosen")
    ask(world, number)
    world.clock.pass_time(days=3)
    assert ask(world, number, call_id="msg_2")["held"] == 0


def test_a_held_question_does_not_catch_what_she_says_before(world: World) -> None:
    author = world.person("en")
    world.change_resident(author, pushed_at=world.clock())
    ask(world, world.plan(author, status="chosen"))
    world.says(author, "I would like a swing for the big children")
    assert answers(world) == []


def test_a_held_question_is_open_once_it_is_sent(world: World) -> None:
    author = world.person("en")
    world.change_resident(author, pushed_at=world.clock())
    ask(world, world.plan(author, status="chosen"))
    world.clock.pass_time(days=3)
    assert len(world.send_due()) == 1
    world.says(author, "The bench is there, and it is used every day.")
    assert [answer.answer for answer in answers(world)] == ["told"]


def test_plans_without_anybody_to_ask_are_named(world: World) -> None:
    nobody = world.plan(None, status="chosen")
    back = world.plan(world.person(), status="withdrawn")
    answer = ask(world, nobody, back)
    assert (answer["told"], answer["unreachable"]) == (0, [nobody])
    assert answer["warnings"][0]["path"] == "data.plans[1]"
    assert world.checkins() == []


def test_an_unknown_plan_is_a_fault_and_nobody_is_asked(world: World) -> None:
    author = world.person()
    with pytest.raises(FaultyCallError) as refused:
        ask(world, world.plan(author), 99_999)
    assert refused.value.faults[0].path == "data.plans[1]"
    assert world.told(author) == []


@pytest.mark.parametrize(
    ("segment", "asked"),
    [
        ("authors", ["chosen", "received"]),
        ("authors:chosen", ["chosen"]),
        ("authors:not_chosen", ["infeasible"]),
        ("authors locale=tr", []),
        (f"authors:chosen area={VOTING}", ["chosen"]),
        ("authors area=slotermeer-2027", []),
        ("all", ["chosen", "received"]),
        ("voters", []),
    ],
)
def test_a_segment_names_the_plans_of_its_people(
    world: World, segment: str, asked: list[str]
) -> None:
    for status in ("chosen", "received", "infeasible", "withdrawn"):
        world.plan(world.person("nl"), status=status)
    ask(world, segment=parse_segment(segment))
    plans = {world.one_plan(kept.plan_id).status for kept in world.checkins()}
    assert sorted(plans) == asked


def test_followers_can_be_asked_about_the_plan_they_follow(world: World) -> None:
    author, friend = world.person("en"), world.person("en")
    number = world.plan(author, "My own words.", title={"en": "A bench"})
    world.follow(friend, number)
    answer = ask(world, segment=parse_segment(f"followers:{number}"))
    assert answer["told"] == 1
    assert world.told(author) == []
    assert "A bench" in world.texts(friend)[0]


def answers(world: World) -> list[Any]:
    from bot.store.civic import CheckInAnswer
    from tests.worlds import table

    return world.rows(table(CheckInAnswer))
