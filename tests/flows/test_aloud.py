"""Reading aloud: who hears us, and what of a turn is said."""

from dataclasses import replace

import pytest

from bot.domain.effects import TaskKind
from bot.domain.languages import LANGUAGES, Language
from bot.domain.say import Button, Free, Local, Reply, Say
from bot.flows.aloud import is_personal, script
from bot.flows.reading import read_start
from bot.flows.state import (
    ChoosingLanguage,
    ConfirmingPlan,
    Heard,
    Kind,
    Menu,
    Message,
    Talk,
    TellingMore,
    Turn,
)
from bot.i18n import render
from tests.flows.cast import talk
from tests.flows.steps import note, offered, take, told

AT_REST = talk(Menu())
FIRST = "English? Say 2."
CHOICE = "For %(label)s, say %(n)s."


def spoken(before: Talk, text: str) -> Turn:
    return take(before, note(before, text))


def said(turn: Turn) -> list[str]:
    rows, choices = script(turn.replies)
    return [say.msgid for say in (*rows, *choices)]


def test_whoever_only_types_reads() -> None:
    turn = take(AT_REST, "status")
    assert (turn.aloud, turn.talk.aloud) == (False, None)


def test_whoever_has_spoken_once_hears_everything_after_it() -> None:
    turn = spoken(AT_REST, "een bankje onder de bomen")
    assert (turn.aloud, turn.talk.aloud) == (True, True)
    assert take(turn.talk, "status").aloud


def test_a_note_that_was_not_understood_is_answered_aloud_too() -> None:
    for heard in (Heard.BADLY, Heard.NOTHING):
        turn = take(AT_REST, note(AT_REST, heard=heard))
        assert turn.aloud, heard


def test_the_thanks_for_a_note_are_not_read_its_answer_is() -> None:
    turn = take(AT_REST, Message(Kind.NOTE_ARRIVED, media=501))
    assert (turn.aloud, turn.talk.aloud) == (False, True)


@pytest.mark.parametrize("words", ["voorlezen", "read aloud", "sesli oku", "اقرأ لي"])
def test_asking_for_it_reads_the_open_question_and_all_that_follows(words: str) -> None:
    before = talk(ConfirmingPlan(), text="Een bankje")
    turn = take(before, words)
    assert turn.aloud
    assert turn.talk.state == ConfirmingPlan()
    assert told(turn)[0] == "From now on I read everything aloud."
    assert "Is this your plan for the neighbourhood?" in told(turn)
    assert take(turn.talk, "help").aloud


@pytest.mark.parametrize(
    "words", ["niet voorlezen", "stop reading", "sesli okuma", "لا تقرأ"]
)
def test_asking_for_quiet_ends_it_also_for_later_notes(words: str) -> None:
    heard = spoken(AT_REST, "een bankje onder de bomen").talk
    turn = take(heard, words)
    assert (turn.aloud, turn.talk.aloud) == (False, False)
    assert told(turn)[0] == "All right. I will not read aloud any more."
    assert not spoken(turn.talk, "nog een bankje bij de school").aloud


def test_listen_reads_once() -> None:
    turn = take(AT_REST, "luister")
    assert (turn.aloud, turn.talk.aloud) == (True, None)
    assert not take(turn.talk, "status").aloud


def test_everybody_hears_the_first_question() -> None:
    turn = take(Talk(), "hallo")
    assert turn.talk.state == ChoosingLanguage()
    assert turn.aloud
    assert said(turn) == [FIRST] * 4


@pytest.mark.parametrize("first", [None, *LANGUAGES])
def test_the_language_of_a_greeting_is_heard_first(first: Language | None) -> None:
    rows, choices = script(
        take(Talk(), Message(act="greeting", language=first)).replies
    )
    heard = [say.language for say in rows]
    assert heard[0] == (first or LANGUAGES[0])
    assert sorted(map(str, heard)) == sorted(LANGUAGES)
    assert choices == []


@pytest.mark.parametrize(
    ("payload", "first", "act"),
    [
        ("tr", "tr", None),
        ("p21_ar", "ar", "support"),
        ("vote_en", "en", "menu:vote"),
        ("p21", "nl", "support"),
        ("p21_xx", "nl", None),
    ],
)
def test_the_language_of_a_poster_is_heard_first_and_its_wish_is_kept(
    payload: str, first: str, act: str | None
) -> None:
    turn = take(Talk(), read_start(payload))
    assert script(turn.replies)[0][0].language == first
    assert isinstance(turn.talk.state, ChoosingLanguage)
    wish = turn.talk.state.wish
    assert (wish and wish.act) == act


@pytest.mark.parametrize(
    ("greeting", "first"),
    [
        ("merhaba", "tr"),
        ("Selamün aleyküm efendim", "tr"),
        ("السلام عليكم ورحمة الله", "ar"),
        ("hello", "en"),
        ("goedemorgen mevrouw", "nl"),
    ],
)
def test_who_greets_hears_her_own_language_first(greeting: str, first: str) -> None:
    assert script(take(Talk(), greeting).replies)[0][0].language == first


def test_the_choice_asked_again_is_heard_in_its_short_rows() -> None:
    before = take(AT_REST, "taal").talk
    for again in ("zwart of wit", "herhaal"):
        turn = take(before, again)
        assert said(turn)[-4:] == [FIRST] * 4, again
        assert len(said(turn)) <= len(told(turn))


def test_a_person_offered_at_the_choice_takes_no_languages_digit() -> None:
    turn = take(AT_REST, "taal")
    for _ in range(3):
        turn = take(turn.talk, "zwart of wit")
    assert offered(turn) == (*(f"lang:{each}" for each in LANGUAGES), "person")
    assert said(turn)[-5:] == [FIRST] * 4 + [CHOICE]
    assert take(turn.talk, "3").talk.language == "tr"
    assert take(turn.talk, "5").talk.state == TellingMore(TaskKind.PERSON)


def test_once_she_has_chosen_by_tap_she_reads() -> None:
    first = take(Talk(), "hallo")
    assert not take(first.talk, "1").aloud


def test_each_button_is_said_with_the_digit_that_picks_it() -> None:
    before = talk(ConfirmingPlan(), text="Een bankje")
    turn = take(before, "voorlezen")
    _, choices = script(turn.replies)
    assert [render(each, "nl") for each in choices] == [
        "Ja, dit is mijn plan? Zeg 1.",
        "Nee, verbeteren? Zeg 2.",
        "Ik heb een vraag? Zeg 3.",
    ]
    assert take(turn.talk, "2").talk.state == take(turn.talk, "nee").talk.state


def test_a_plan_that_stands_in_a_row_is_chosen_by_its_own_number() -> None:
    row = Say("%(plan)s – %(title)s", {"plan": 21, "title": Local({"nl": "Bank"})})
    more = Button("more", Say("More plans"))
    reply = Reply((row,), (Button("plan:21", row), more))
    rows, choices = script([reply])
    assert rows == [row]
    assert [each.params["n"] for each in choices] == [2]


def test_a_tenth_button_is_called_by_its_own_words() -> None:
    buttons = tuple(Button(f"b{n}", Say(f"Word {n}")) for n in range(10))
    _, choices = script([Reply((Say("Which one?"),), buttons)])
    assert [each.msgid for each in choices] == [*[CHOICE] * 9, "Word 9"]


def test_only_the_last_question_of_a_turn_has_its_choices_read() -> None:
    first = Reply((Say("One."),), (Button("a", Say("A")),))
    last = Reply((Say("Two."),), (Button("b", Say("B")),))
    rows, choices = script([first, last])
    assert [each.msgid for each in rows] == ["One.", "Two."]
    assert [each.params["label"] for each in choices] == [Say("B")]


def test_words_of_hers_are_nobody_elses() -> None:
    assert is_personal([Say("%(x)s", {"x": Free("een bankje")})])
    assert is_personal([Say("%(x)s", {"x": Say("%(y)s", {"y": Free("bank")})})])
    assert is_personal([Say("%(x)s", {"x": "ABCD-2345"})])
    assert not is_personal([Say("%(x)s", {"x": Local({"nl": "Amsterdam"})})])
    assert not is_personal([Say("%(x)s", {"x": 21})])


def test_the_greeting_of_a_city_is_the_same_for_all() -> None:
    chosen = take(replace(Talk(), state=ChoosingLanguage()), "lang")
    rows, choices = script(take(chosen.talk, "1").replies)
    assert not is_personal([*rows, *choices])
