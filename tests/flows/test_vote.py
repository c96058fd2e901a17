"""Voting: numbers, taps and words; read back with titles; nothing counts before yes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.effects import CastBallot, DropMedia
from bot.domain.say import Code
from bot.flows.state import (
    Browsing,
    ConfirmingVote,
    DescribingPlan,
    Heard,
    Menu,
    Picks,
    Voting,
    Walking,
)
from tests.flows.cast import (
    AFTER,
    BETWEEN,
    FACTS,
    NOW,
    VOTE,
    talk,
)
from tests.flows.steps import (
    NOTE,
    Step,
    check,
    note,
    offered,
    plan_rows,
    question,
    rows,
    take,
    tap,
)

RECEIPT = FACTS.receipt
REST = talk(Menu())
OPEN = talk(Voting(), picks=())
ONE = talk(Voting(), picks=(21,))
READ_BACK = talk(ConfirmingVote(), picks=(21, 30))
FULL = talk(ConfirmingVote(), picks=(21, 30, 31))
SENDING = ("yes", "no", "repeat")
VOTED = replace(FACTS, me=replace(FACTS.me, voted=frozenset({VOTE})))
MUMBLE = note(OPEN, heard=Heard.BADLY)
UNKNOWN = "Plan %(plan)s is not on the list."
OVER = "This one is not on your list: plan %(plan)s."
EMPTY = "No plan is chosen now."
CLOSED = "Voting is closed."

CHOOSE = [
    Step("the word opens the ballot", REST, "vote", Voting()),
    Step("the button too", REST, tap("menu:vote"), Voting()),
    Step("numbers with the word are read back", REST, "vote 21 30", ConfirmingVote()),
    Step("numbers are read back", OPEN, "21 30 31", ConfirmingVote(), buttons=SENDING),
    Step(
        "spoken ones too",
        OPEN,
        note(OPEN, "twenty-one, thirty"),
        ConfirmingVote(),
        (DropMedia(NOTE),),
    ),
    Step("and in a sentence", OPEN, "I want 21 and also 30 please", ConfirmingVote()),
    Step("one is enough", OPEN, "21", ConfirmingVote()),
    Step(
        "a number that is no plan is said to be none",
        OPEN,
        "12 21",
        ConfirmingVote(),
        says=(UNKNOWN,),
    ),
    Step("alone it chooses nothing", OPEN, "12", Voting(), says=(UNKNOWN, EMPTY)),
    Step(
        "one too many is said to be left out",
        OPEN,
        "21 30 31 40",
        ConfirmingVote(),
        says=(OVER,),
    ),
    Step("single digits are menu answers", OPEN, "3 4", Voting()),
    Step("'ready' reads back", ONE, "done", ConfirmingVote()),
    Step("'ready' with nothing says so", OPEN, "done", Voting(), says=(EMPTY,)),
    Step("'I know the numbers'", OPEN, tap("vote:numbers"), Voting()),
    Step("'help me choose'", OPEN, tap("vote:help"), Browsing()),
    Step("its words", OPEN, "help me choose", Browsing()),
    Step("its digit", replace(OPEN, offered=("vote:help", "back")), "1", Browsing()),
    Step("'not now' leaves", OPEN, "not now", Menu()),
    Step("'back' leaves", ONE, "back", Menu()),
    Step("anything else is asked again", OPEN, "the lamps", Voting()),
    Step(
        "what cannot be heard is deleted",
        OPEN,
        MUMBLE,
        Voting(),
        (DropMedia(NOTE),),
        says=("I could not hear the numbers.",),
    ),
    Step(
        "a vote begun goes on where it was",
        replace(ONE, state=Menu()),
        "vote",
        READ_BACK.state,
    ),
    Step(
        "who has voted may vote again",
        REST,
        "vote",
        Voting(),
        says=("We have your vote. You can send a new one.",),
        facts=VOTED,
    ),
    Step("nothing is open", REST, "vote", Menu(), facts=BETWEEN),
]


@rows(CHOOSE)
def test_choosing(step: Step) -> None:
    check(step)


SEND = [
    Step(
        "yes sends exactly what was read back",
        READ_BACK,
        "yes",
        Menu(),
        (CastBallot(VOTE, (21, 30), RECEIPT),),
    ),
    Step(
        "the button too",
        READ_BACK,
        tap("yes"),
        Menu(),
        (CastBallot(VOTE, (21, 30), RECEIPT),),
    ),
    Step(
        "the digit too",
        replace(READ_BACK, offered=SENDING),
        "1",
        Menu(),
        (CastBallot(VOTE, (21, 30), RECEIPT),),
    ),
    Step(
        "an old yes sends nothing", READ_BACK, tap("yes", stale=True), ConfirmingVote()
    ),
    Step("a second yes sends nothing more", REST, tap("yes"), Menu()),
    Step(
        "no sends nothing",
        READ_BACK,
        "no",
        Voting(),
        says=("All right. Nothing is sent.",),
    ),
    Step(
        "a number more is read back again",
        READ_BACK,
        "31",
        ConfirmingVote(),
        buttons=SENDING,
    ),
    Step(
        "its number takes a plan off",
        READ_BACK,
        "30",
        ConfirmingVote(),
        buttons=SENDING,
    ),
    Step("with its verb too", READ_BACK, "plan 30", ConfirmingVote(), buttons=SENDING),
    Step("both numbers leave nothing", READ_BACK, "21 30", Voting(), says=(EMPTY,)),
    Step("a full ballot takes no more", FULL, "40", ConfirmingVote(), says=(OVER,)),
    Step("an exchange works", FULL, "40 30", ConfirmingVote()),
    Step(
        "'again' reads back again",
        READ_BACK,
        "again",
        ConfirmingVote(),
        buttons=SENDING,
    ),
    Step("'listen' too", READ_BACK, "listen", ConfirmingVote(), buttons=SENDING),
    Step("'back' keeps it", READ_BACK, "back", Menu()),
    Step("'not now' keeps it", READ_BACK, "later", Menu()),
    Step(
        "a theme above can still be opened",
        READ_BACK,
        tap("theme:safe"),
        Walking("safe"),
    ),
    Step(
        "a plan elsewhere can be supported",
        READ_BACK,
        tap("menu:plan"),
        DescribingPlan(),
    ),
    Step(
        "yes after closing sends nothing",
        READ_BACK,
        "yes",
        Menu(),
        says=(CLOSED,),
        now=AFTER,
    ),
    Step(
        "numbers after closing do not either",
        OPEN,
        "21",
        Menu(),
        says=(CLOSED,),
        now=AFTER,
    ),
    Step(
        "'again' after closing tells that it is closed",
        READ_BACK,
        "again",
        ConfirmingVote(),
        says=(CLOSED,),
        now=AFTER,
    ),
]


@rows(SEND)
def test_sending(step: Step) -> None:
    check(step)


def test_the_last_second_counts_and_the_next_one_does_not() -> None:
    closes = NOW + timedelta(days=14)
    in_time = take(READ_BACK, "yes", now=closes - timedelta(seconds=1))
    assert in_time.effects == [CastBallot(VOTE, (21, 30), RECEIPT)]
    assert take(READ_BACK, "yes", now=closes).effects == []


def test_after_closing_the_unfinished_ballot_is_gone() -> None:
    assert take(READ_BACK, "yes", now=AFTER).talk.picks is None


def test_the_read_back_shows_the_titles_and_is_erased_once_delivered() -> None:
    turn = take(OPEN, "30 21")
    assert plan_rows(turn) == [21, 30]
    assert question(turn).secret


@pytest.mark.parametrize("does", ["21", "again", "euh", "thanks", "x" * 5_000])
def test_whatever_shows_the_choice_is_erased_once_delivered(does: str) -> None:
    turn = take(READ_BACK, does)
    revealing = [r for r in turn.replies if "%(plan)s – %(title)s" in told_by(r)]
    assert revealing
    assert all(reply.secret for reply in revealing)


def told_by(reply: object) -> list[str]:
    return [say.msgid for say in getattr(reply, "says", ())]


def test_the_receipt_does_not_show_the_choice() -> None:
    turn = take(READ_BACK, "yes")
    assert plan_rows(turn) == []
    assert turn.talk.picks is None
    values = [v for r in turn.replies for say in r.says for v in say.params.values()]
    assert Code(RECEIPT) in values
    assert not {21, 30} & {value for value in values if isinstance(value, int)}


def test_a_spoken_vote_that_was_heard_is_deleted_as_well() -> None:
    for before, words in ((OPEN, "twenty-one"), (READ_BACK, "yes"), (REST, "vote 21")):
        turn = take(before, note(before, words))
        assert DropMedia(NOTE) in turn.effects


def test_a_digit_of_the_menu_is_not_a_plan_and_ten_is_not_a_digit() -> None:
    room = take(talk(Browsing("green"), picks=(21,)), tap("back"))
    room = take(room.talk, tap("theme:green"))
    room = take(room.talk, tap("vote:list"))
    assert len(offered(room)) == 10
    turn = take(room.talk, "10")
    assert turn.talk.picks == Picks(VOTE, (21, 10))


@pytest.mark.parametrize("does", ["yes, 21 and 30", "yes 21 30", "Yes. 30 and 21!"])
def test_a_yes_that_repeats_the_choice_takes_nothing_off(does: str) -> None:
    turn = take(READ_BACK, does)
    cast = [each.picks for each in turn.effects if isinstance(each, CastBallot)]
    assert turn.talk.picks == READ_BACK.picks or cast == [(21, 30)]
