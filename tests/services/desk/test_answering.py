"""An official answers or asks one person, and her answer comes back to the desk."""

from datetime import time, timedelta
from typing import Any

import pytest

from bot.channels.base import Sent
from bot.config import QuietHours
from bot.domain.languages import LANGUAGES
from bot.flows.saved import load_talk
from bot.services.desk.answering import AnswerError, send
from bot.services.desk.phrases import PHRASES
from bot.services.notes import listen_once
from tests.services.desk.officials import TOMORROW, draft, official, shown, writes
from tests.services.ears import Muffled
from tests.services.listener import hearing
from tests.services.test_windows import approve, city, claimed, ends
from tests.sound import noise
from tests.worlds import World
from transcription.audio import to_voice_note

__all__ = ["city"]
FIELDS = {
    "date": TOMORROW.isoformat(),
    "contact": "Samira",
    "phone": "020 123 45 67",
    "place": "Plein 40",
}
CALL_ME = {"nl": "Mogen wij u bellen?", "tr": "Sizi arayabilir miyiz?"}


def answers(world: World) -> list[Any]:
    return [task for task in world.tasks() if task.kind == "answered"]


def test_a_phrase_goes_once_in_her_language_and_says_who_writes(
    each_world: World,
) -> None:
    her = each_world.person("tr", "web")
    asked = draft(phrase="may_call")
    bram = official(each_world)
    assert send(each_world.house, her.talk, asked, bram)
    assert not send(each_world.house, her.talk, asked, bram), "a second press"
    (push,) = each_world.pushes(her)
    assert CALL_ME["tr"] in push.text
    assert "Bram de Wit" in push.text.splitlines()[0]
    assert [each[0] for each in push.choices] == ["answer:yes", "answer:no"]
    assert push.kind == "answer"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PHRASES)
def test_every_phrase_can_be_sent_in_every_language(
    world: World, name: str, language: str
) -> None:
    her = world.person(language, "web")
    assert writes(world, her, phrase=name, fields=FIELDS)
    (push,) = world.pushes(her)
    assert len(push.text.splitlines()) == 1 + len(PHRASES[name].rows)
    assert "%(" not in push.text


@pytest.mark.parametrize("said", ["ja", "Morgen na vier uur.", "12", "later", "1"])
def test_what_she_says_next_is_the_answer_and_comes_to_who_asked(
    each_world: World, said: str
) -> None:
    her = each_world.person("nl", "web")
    writes(each_world, her, phrase="may_call")
    each_world.says(her, said)
    (task,) = answers(each_world)
    assert task.note == ("Ja" if said == "1" else said)
    assert task.assigned_to == official(each_world).id
    assert each_world.texts(her)[-1].startswith("Dank u wel. Een medewerker")
    each_world.says(her, "Ik wil een bank bij de linde.")
    assert len(answers(each_world)) == 1, "answered: more words are a plan again"


@pytest.mark.parametrize("word", ["plan", "status", "help", "medewerker", "taal"])
def test_words_of_the_menu_are_no_answer(world: World, word: str) -> None:
    her = world.person("nl", "web")
    writes(world, her, phrase="may_call")
    world.says(her, word)
    assert answers(world) == []


def test_a_tap_answers_in_the_middle_of_a_vote_and_leaves_it_as_it_is(
    each_world: World,
) -> None:
    her = each_world.person("nl", "web")
    each_world.says(her, "stem")
    each_world.taps(her, "vote:numbers")
    before = load_talk(each_world.talk(her).state).state
    writes(each_world, her, phrase="may_call")
    each_world.taps(her, "answer:no")
    (task,) = answers(each_world)
    assert task.note == "Nee"
    assert load_talk(each_world.talk(her).state).state == before


def test_a_spoken_answer_waits_for_ears_with_its_sound(world: World) -> None:
    her = world.person("ar", "web")
    writes(world, her, phrase="at_home")
    there = hearing(world, Muffled("غدا", language="ar"))
    there.sends_note(her, to_voice_note(noise(1.0)))
    while listen_once(there.house):
        pass
    (task,) = answers(world)
    assert task.media_id is not None
    assert "غدا" in shown(world, her)


def test_a_question_is_over_after_two_weeks(world: World) -> None:
    her = world.person("nl", "web")
    writes(world, her, phrase="may_call")
    world.clock.pass_time(days=15)
    world.says(her, "Ik wil een bank bij de linde.")
    assert answers(world) == []


def test_what_is_told_and_not_asked_leaves_her_free(world: World) -> None:
    her = world.person("nl", "web")
    writes(world, her, phrase="thanks")
    world.says(her, "Ik wil een bank bij de linde.")
    assert answers(world) == []


def test_outside_the_window_a_template_goes_and_the_answer_follows(city: World) -> None:
    her = city.person("tr", "whatsapp", address="+31612345678")
    city.says(her, "merhaba")
    claimed(city)
    city.clock.pass_time(days=2)
    approve(city, "answer", sid="HX9")
    writes(city, her, phrase="may_call")
    (owed,) = claimed(city)
    assert owed.out.template is not None
    assert owed.out.template.sid == "HX9"
    assert CALL_ME["tr"] not in city.told(her)[-2].text
    ends(city, owed, Sent("MK9"))
    city.says(her, "evet")
    assert answers(city) == [], "she has not read the question yet"
    assert CALL_ME["tr"] in city.texts(her)[-1] + city.texts(her)[-2]
    assert [CALL_ME["tr"] in text for text in city.texts(her)].count(True) == 1
    city.says(her, "evet")
    (task,) = answers(city)
    assert task.note == "evet"


def test_listen_brings_the_answer_once(city: World) -> None:
    her = city.person("nl", "whatsapp", address="+31612345679")
    city.says(her, "hallo")
    claimed(city)
    city.clock.pass_time(days=2)
    approve(city, "answer", "nl")
    writes(city, her, phrase="may_call")
    (owed,) = claimed(city)
    ends(city, owed, Sent("MK8"))
    before = len(city.told(her))
    city.taps(her, "listen")
    assert len(city.told(her)) == before
    assert [CALL_ME["nl"] in text for text in city.texts(her)].count(True) == 1
    city.taps(her, "answer:yes")
    assert len(answers(city)) == 1


def test_without_a_template_it_is_kept_until_she_writes(city: World) -> None:
    her = city.person("nl", "whatsapp", address="+31612345670")
    city.says(her, "hallo")
    claimed(city)
    city.clock.pass_time(days=2)
    writes(city, her, phrase="may_call")
    assert claimed(city) == []
    assert city.told(her)[-1].held is not None
    city.says(her, "hallo")
    assert city.told(her)[-1].held is None or CALL_ME["nl"] in city.texts(her)[-2]
    city.says(her, "nee")
    assert [task.note for task in answers(city)] == ["nee"]


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"phrase": "nothing_like_it"}, "which"),
        ({"phrase": "will_call"}, "field_date"),
        ({"phrase": "will_call", "fields": {"date": "2026-11-18"}}, "field_date"),
        ({"phrase": "contact", "fields": {"contact": "Samira"}}, "field_phone"),
        ({"words": "  "}, "empty"),
        ({"words": "x" * 1_001}, "too_long"),
        ({"words": "Yarın ararız."}, "dutch"),
        ({"words": "Yarın ararız.", "dutch": "Wij bellen morgen."}, "translated"),
        ({"sound": 99_999}, "sound"),
        ({"once": "x", "phrase": "thanks"}, "old"),
    ],
)
def test_what_cannot_be_sent_says_why_and_changes_nothing(
    world: World, how: dict[str, Any], why: str
) -> None:
    her = world.person("tr", "web")
    with pytest.raises(AnswerError, match=f"^{why}$"):
        writes(world, her, **how)
    assert world.pushes(her) == []


def test_own_words_need_nobody_where_she_reads_dutch(world: World) -> None:
    her = world.person("nl", "web")
    assert writes(world, her, words="Wij bellen morgen.", asks=True)
    world.says(her, "Goed, tot morgen.")
    assert [task.note for task in answers(world)] == ["Goed, tot morgen."]


@pytest.mark.parametrize(
    ("change", "why"),
    [("stopped_at", "stopped"), ("closed_at", "closed"), ("forgotten_at", "gone")],
)
def test_who_wants_or_gets_nothing_is_not_written_to(
    world: World, change: str, why: str
) -> None:
    her = world.person("nl", "web")
    world.change_talk(her, **{change: world.clock()})
    with pytest.raises(AnswerError, match=why):
        writes(world, her, phrase="thanks")


def test_a_plan_of_hers_is_named_and_her_photo_goes_to_it(world: World) -> None:
    her, other = world.person("nl", "web"), world.person("nl", "web")
    mine, theirs = world.plan(her), world.plan(other)
    writes(world, her, phrase="where", plan=theirs)
    assert str(theirs) not in world.texts(her)[-1]
    writes(world, her, phrase="where", plan=mine)
    assert f"Plan {mine}." in world.texts(her)[-1]
    world.says(her, "Naast de speeltuin.")
    (task,) = answers(world)
    assert task.plan_id == world.plan_row(mine).id


def test_at_night_it_waits_for_the_morning(world: World) -> None:
    world = world.with_settings(quiet_hours=QuietHours(time(21), time(8)))
    her = world.person("nl", "web")
    world.clock.pass_time(hours=11)
    writes(world, her, phrase="thanks")
    (push,) = world.pushes(her)
    assert push.due_at - world.clock() > timedelta(hours=8)


def test_an_answered_task_is_closed_with_it(world: World) -> None:
    her = world.person("nl", "web")
    world.says(her, "medewerker")
    (task,) = world.tasks()
    writes(world, her, phrase="thanks", task=task.id, closes=True)
    (task,) = world.tasks()
    assert (task.outcome, task.done_by) == ("answered", official(world).email)


def test_no_talk_shows_a_vote_or_that_she_has_voted(each_world: World) -> None:
    her = each_world.person("nl", "web")
    each_world.says(her, "medewerker")
    each_world.says(her, "Wanneer komt de bank?")
    for step in ("menu:vote", "vote:numbers"):
        each_world.taps(her, step)
    each_world.says(her, "21, 30 en 90")
    for said in ("ja", "ja", "status", "stem"):
        each_world.says(her, said)
    assert any("ontvangst" in t or "stem" in t.lower() for t in each_world.texts(her))
    words = shown(each_world, her)
    assert "Wanneer komt de bank?" in words
    for secret in ("21", "30", "90", "gestemd", "keuze", "ontvangst", "Uw stem"):
        assert secret not in words, words
