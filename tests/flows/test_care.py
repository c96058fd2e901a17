"""What holds everywhere: help, a person, privacy, stop, forget, patience, old taps."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.effects import (
    Forget,
    GiveData,
    RaiseTask,
    ResumeMessages,
    StopMessages,
    TaskKind,
)
from bot.domain.languages import Language
from bot.domain.round_terms import Retention
from bot.flows.keeping import longest
from bot.flows.own_data import PAUSE
from bot.flows.state import (
    ConfirmingPlan,
    ConfirmingVote,
    DescribingPlan,
    Forgetting,
    Heard,
    Kind,
    Menu,
    Message,
    PlacingPlan,
    TellingMore,
    Voting,
    Withdrawing,
)
from bot.i18n import render
from tests.flows.cast import (
    AUTHOR,
    BETWEEN,
    FACTS,
    NOW,
    talk,
)
from tests.flows.steps import (
    NOTE,
    PHOTO,
    Step,
    check,
    note,
    offered,
    photo,
    plan_rows,
    rows,
    take,
    tap,
    told,
)

REST = talk(Menu())
READ_BACK = talk(ConfirmingPlan(), text="A bench under the trees")
VOTE_READ_BACK = talk(ConfirmingVote(), picks=(21, 30))
ASKED = talk(TellingMore(TaskKind.PERSON))
FORGET = talk(Forgetting())
MUMBLE = note(REST, heard=Heard.BADLY)
SILENCE = note(REST, heard=Heard.NOTHING)
STICKER = Message(Kind.UNKNOWN)
PERSON = RaiseTask(TaskKind.PERSON)
LATELY = NOW - PAUSE + timedelta(seconds=1)


EVERYWHERE = [
    Step("help at rest", REST, "help", Menu(), says=("This is what you can do here.",)),
    Step("help needs no round", REST, "help", Menu(), facts=BETWEEN),
    Step("a person is asked for at once", REST, "person", ASKED.state, (PERSON,)),
    Step(
        "her words go to that person",
        ASKED,
        "no light in my street",
        Menu(),
        (RaiseTask(TaskKind.PERSON, None, "no light in my street"),),
    ),
    Step(
        "a note too",
        ASKED,
        note(ASKED, "no light"),
        Menu(),
        (RaiseTask(TaskKind.PERSON, None, "no light", NOTE),),
    ),
    Step(
        "one that nobody heard too",
        ASKED,
        MUMBLE,
        Menu(),
        (RaiseTask(TaskKind.PERSON, None, "", NOTE),),
    ),
    Step(
        "a photo too",
        ASKED,
        photo("here"),
        Menu(),
        (RaiseTask(TaskKind.PERSON, None, "here", PHOTO),),
    ),
    Step("a sticker is not a question", ASKED, STICKER, ASKED.state),
    Step(
        "'again' repeats what she was asked",
        ASKED,
        "again",
        ASKED.state,
        says=("Tell me more. Say it, or type it.",),
    ),
    Step(
        "'good' is her words there",
        ASKED,
        "good",
        Menu(),
        (RaiseTask(TaskKind.PERSON, None, "good"),),
    ),
    Step("privacy leaves the question open", READ_BACK, "privacy", ConfirmingPlan()),
    Step("rules too", READ_BACK, "rules", ConfirmingPlan()),
    Step(
        "my data too, and a file is owed",
        READ_BACK,
        "my data",
        ConfirmingPlan(),
        (GiveData(),),
        says=("It comes in a moment.",),
    ),
    Step(
        "within the hour there is no second file",
        READ_BACK,
        "my data",
        ConfirmingPlan(),
        says=("You can ask for it again in an hour.",),
        facts=replace(FACTS, me=replace(FACTS.me, asked_data_at=LATELY)),
    ),
    Step(
        "an hour later there is",
        READ_BACK,
        "my data",
        ConfirmingPlan(),
        (GiveData(),),
        facts=replace(FACTS, me=replace(FACTS.me, asked_data_at=NOW - PAUSE)),
    ),
    Step(
        "a greeting is answered with the open question",
        READ_BACK,
        "hello",
        ConfirmingPlan(),
        buttons=("yes", "no", "person"),
    ),
    Step(
        "thanks too",
        READ_BACK,
        "thank you",
        ConfirmingPlan(),
        says=("You are welcome.",),
    ),
    Step(
        "how it is counted",
        REST,
        "explain",
        Menu(),
        says=("This is how we count the votes.",),
    ),
    Step("yes to nothing", REST, "yes", Menu(), says=("What would you like to do?",)),
    Step(
        "a message that is too long",
        REST,
        "x" * 4_001,
        Menu(),
        says=("Your message is too long for me.",),
    ),
    Step(
        "it leaves the question open",
        READ_BACK,
        "x" * 4_001,
        ConfirmingPlan(),
        buttons=("yes", "no", "person"),
    ),
    Step(
        "an old yes asks the open question again",
        talk(PlacingPlan(64)),
        tap("yes", stale=True),
        PlacingPlan(64),
        buttons=("skip",),
    ),
    Step(
        "an old menu button still works",
        READ_BACK,
        tap("menu:status", stale=True),
        Menu(),
    ),
    Step("stop ends all messages", REST, "stop", Menu(), (StopMessages(),)),
    Step("in the middle of a plan too", READ_BACK, "STOP!", Menu(), (StopMessages(),)),
    Step(
        "in the middle of a vote too",
        VOTE_READ_BACK,
        tap("stop"),
        Menu(),
        (StopMessages(),),
    ),
    Step(
        "who writes again hears again",
        REST,
        "hello",
        Menu(),
        (ResumeMessages(),),
        facts=replace(FACTS, me=replace(FACTS.me, stopped=True)),
    ),
    Step(
        "a second stop stays a stop",
        REST,
        "stop",
        Menu(),
        (StopMessages(),),
        facts=replace(FACTS, me=replace(FACTS.me, stopped=True)),
    ),
]


@rows(EVERYWHERE)
def test_everywhere(step: Step) -> None:
    check(step)


FORGETTING = [
    Step("it is asked first", REST, "forget me", Forgetting(), buttons=("yes", "back")),
    Step(
        "an author decides about her plans",
        REST,
        "forget me",
        Forgetting(),
        buttons=("forget:keep", "forget:drop", "back"),
        facts=AUTHOR,
    ),
    Step("yes erases", FORGET, "yes", Menu(), (Forget(keep_plans=True),)),
    Step("an author's yes is not enough", FORGET, "yes", Forgetting(), facts=AUTHOR),
    Step(
        "the plan may stay",
        FORGET,
        tap("forget:keep"),
        Menu(),
        (Forget(keep_plans=True),),
        facts=AUTHOR,
    ),
    Step(
        "or goes",
        FORGET,
        tap("forget:drop"),
        Menu(),
        (Forget(keep_plans=False),),
        facts=AUTHOR,
    ),
    Step(
        "in words",
        FORGET,
        "remove my plan",
        Menu(),
        (Forget(keep_plans=False),),
        facts=AUTHOR,
    ),
    Step("back leaves everything", FORGET, "back", Menu(), facts=AUTHOR),
    Step("no too", FORGET, "no", Menu()),
    Step("'not sure' erases nothing", FORGET, "not sure", Forgetting()),
    Step(
        "an old tap erases nothing",
        FORGET,
        tap("forget:drop", stale=True),
        Forgetting(),
        facts=AUTHOR,
    ),
    Step(
        "out of the blue it asks first", REST, tap("forget:drop"), Menu(), facts=AUTHOR
    ),
]


@rows(FORGETTING)
def test_forgetting(step: Step) -> None:
    check(step)


def test_who_is_forgotten_leaves_no_words_behind() -> None:
    before = replace(talk(Forgetting(), text="A bench", picks=(21,)), offered=("yes",))
    after = take(before, "yes").talk
    assert (after.draft, after.picks, after.revision) == (None, None, None)


def test_stop_keeps_plan_and_vote() -> None:
    after = take(talk(Voting(), text="A bench", picks=(21,)), "stop").talk
    assert after.draft is not None
    assert after.picks is not None


def test_help_names_the_ways_to_a_person_and_to_another_language() -> None:
    ids = offered(take(REST, "help"))
    assert {"person", "rules", "lang"} <= set(ids)


@pytest.mark.parametrize(
    ("days", "said"), [(1, "1 day"), (30, "30 days"), (365, "1 year"), (730, "2 years")]
)
def test_how_long_something_is_kept_follows_from_the_round(
    days: int, said: str
) -> None:
    kept = replace(Retention(), messages_days=days)
    turn = take(REST, "privacy", replace(FACTS, kept=kept))
    rows = [render(say, "en") for reply in turn.replies for say in reply.says]
    assert f"We delete messages after {said}." in rows


def test_what_belongs_to_no_round_is_kept_as_long_as_the_longest_says() -> None:
    short, long = (
        replace(FACTS.rounds[0], retention=replace(Retention(), messages_days=days))
        for days in (90, 400)
    )
    assert longest((short, long)).messages_days == 400
    assert longest(()) == Retention()


def test_my_data_never_shows_a_choice() -> None:
    turn = take(VOTE_READ_BACK, "my data", AUTHOR)
    assert not {21, 30} & set(plan_rows(turn))
    assert "Votes you sent: %(count)s." in told(turn)


@pytest.mark.parametrize("language", ["nl", "en", "tr", "ar"])
def test_she_is_misunderstood_kindly_three_ways_and_then_offered_a_person(
    language: Language,
) -> None:
    turn = take(talk(Voting(), language, picks=()), "qwx")
    first = told(turn)
    turn = take(turn.talk, "qwx")
    second = told(turn)
    turn = take(turn.talk, "qwx")
    third = told(turn)
    assert len({first[0], second[0], third[0]}) == 3
    assert first[-1] == second[-1] == third[-1], "the open question is asked again"
    assert offered(turn)[0] == "person"
    assert take(turn.talk, "1").effects == [PERSON]


def test_what_is_understood_starts_the_count_anew() -> None:
    turn = take(take(talk(Voting(), picks=()), "qwx").talk, "qwx")
    assert take(turn.talk, "privacy").talk.misses == 0


def test_a_note_that_was_not_heard_is_excused_otherwise_than_words() -> None:
    heard = take(talk(DescribingPlan()), SILENCE)
    read = take(talk(Voting(), picks=()), "qwx")
    assert told(heard)[0] != told(read)[0]


@pytest.mark.parametrize("heard", [Heard.NOTHING, Heard.BADLY])
def test_a_note_is_asked_for_once_more_and_then_a_person_is_offered(
    heard: Heard,
) -> None:
    before = talk(Withdrawing(62))
    turn = take(before, note(before, heard=heard))
    assert told(turn)[:2] == [
        "Sorry, I did not hear it well.",
        "Could you say it again?",
    ]
    again = take(turn.talk, note(turn.talk, heard=heard))
    assert "Could you say it again?" not in told(again)
    assert "Shall a person help you? Tap: Ask a person." in told(again)
    assert offered(again)[0] == "person"


def test_what_was_misheard_does_not_reach_a_person_as_her_words() -> None:
    turn = take(ASKED, note(ASKED, "ondertiteld door", heard=Heard.BADLY))
    (task,) = turn.effects
    assert task == RaiseTask(TaskKind.PERSON, note="", media=NOTE)


def test_a_private_number_is_taken_out_and_she_is_told() -> None:
    turn = take(talk(DescribingPlan()), "A bench, my number is 111222333")
    assert turn.talk.draft is not None
    assert "111222333" not in turn.talk.draft.text
    assert "I removed a private number from your message." in told(turn)
