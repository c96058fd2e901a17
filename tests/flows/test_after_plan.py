"""After the receipt: where it is, may we write, changing it, taking it back."""

from dataclasses import replace

import pytest

from bot.domain.effects import (
    AddPhoto,
    AllowRecording,
    AllowWriting,
    ChangePlan,
    PlacePlan,
    RaiseTask,
    StorePlan,
    TaskKind,
    WithdrawPlan,
)
from bot.domain.messages import Pin
from bot.domain.plans import Status
from bot.flows.state import (
    AskingConsent,
    AskingRecording,
    ConfirmingPlan,
    DescribingPlan,
    Draft,
    Heard,
    Kind,
    Menu,
    Message,
    PlacingPlan,
    Withdrawing,
)
from tests.flows.cast import (
    AUTHOR,
    COLLECT,
    FACTS,
    MINE,
    MINE_PUBLIC,
    NEXT,
    WHATSAPP,
    open_plan,
    talk,
)
from tests.flows.steps import (
    NOTE,
    PHOTO,
    Step,
    check,
    follow,
    note,
    photo,
    plan_rows,
    rows,
    take,
    tap,
    told,
)

BENCH = "A bench under the trees"
REST = talk(Menu())
READ_BACK = talk(ConfirmingPlan(), text=BENCH)
PLACING = talk(PlacingPlan(NEXT))
CONSENT = talk(AskingConsent(NEXT))
TAKING_BACK = talk(Withdrawing(MINE))
CHANGING = replace(talk(ConfirmingPlan(MINE)), revision=Draft("Two benches"))
PIN = Message(Kind.PIN, pin=Pin(52.38, 4.81))
STICKER = Message(Kind.UNKNOWN)
MUMBLE = note(REST, heard=Heard.BADLY)
STORED = StorePlan(NEXT, COLLECT, BENCH)
KNOWN = replace(WHATSAPP, me=replace(FACTS.me, may_write=False))
LISTENED = replace(FACTS, asks_recording=True)
RECORDING = talk(AskingRecording())
TOO_LATE = replace(
    AUTHOR,
    me=replace(
        AUTHOR.me, plans=(open_plan(MINE, Status.ON_BALLOT, public=True, mine=True),)
    ),
)


PLACE = [
    Step(
        "words",
        PLACING,
        "near the school",
        Menu(),
        (PlacePlan(NEXT, "near the school"),),
    ),
    Step(
        "a spoken place",
        PLACING,
        note(PLACING, "by the shop"),
        Menu(),
        (PlacePlan(NEXT, "by the shop"),),
    ),
    Step("a note nobody heard", PLACING, MUMBLE, Menu(), (PlacePlan(NEXT, note=NOTE),)),
    Step("a pin", PLACING, PIN, Menu(), (PlacePlan(NEXT, pin=PIN.pin),)),
    Step("a photo", PLACING, photo(), Menu(), (AddPhoto(NEXT, PHOTO),)),
    Step("skip", PLACING, "skip", Menu()),
    Step("the digit of skip", replace(PLACING, offered=("skip",)), "1", Menu()),
    Step("not now", PLACING, "later", Menu()),
    Step("I do not know", PLACING, "I do not know", Menu()),
    Step(
        "a house number is a place",
        PLACING,
        "Slotermeerlaan 21",
        Menu(),
        (PlacePlan(NEXT, "Slotermeerlaan 21"),),
    ),
    Step("a sticker is not", PLACING, STICKER, PlacingPlan(NEXT)),
    Step(
        "on WhatsApp she is asked once",
        PLACING,
        "skip",
        AskingConsent(NEXT),
        facts=WHATSAPP,
    ),
    Step(
        "after words too",
        PLACING,
        "near the school",
        AskingConsent(NEXT),
        (PlacePlan(NEXT, "near the school"),),
        facts=WHATSAPP,
    ),
    Step("who said no is not asked again", PLACING, "skip", Menu(), facts=KNOWN),
    Step(
        "yes, write to me",
        CONSENT,
        "yes",
        Menu(),
        (AllowWriting(allowed=True),),
        facts=WHATSAPP,
    ),
    Step(
        "no, do not",
        CONSENT,
        tap("no"),
        Menu(),
        (AllowWriting(allowed=False),),
        facts=WHATSAPP,
    ),
    Step(
        "'not sure' is no consent",
        CONSENT,
        "not sure",
        AskingConsent(NEXT),
        facts=WHATSAPP,
    ),
]


@rows(PLACE)
def test_where_it_is(step: Step) -> None:
    check(step)


MAY_KEEP = [
    Step(
        "apart, after the goodbye, and a no until she says yes",
        PLACING,
        "skip",
        AskingRecording(),
        (AllowRecording(allowed=False),),
        facts=LISTENED,
    ),
    Step(
        "on WhatsApp after the other question",
        CONSENT,
        "yes",
        AskingRecording(),
        (AllowWriting(allowed=True), AllowRecording(allowed=False)),
        facts=replace(WHATSAPP, asks_recording=True),
    ),
    Step("yes", RECORDING, "yes", Menu(), (AllowRecording(allowed=True),)),
    Step(
        "the label of yes", RECORDING, "yes, keep them", Menu(), (AllowRecording(True),)
    ),
    Step("no", RECORDING, tap("no"), Menu(), (AllowRecording(allowed=False),)),
    Step(
        "the label of no",
        RECORDING,
        "No, do not keep them",
        Menu(),
        (AllowRecording(False),),
    ),
    Step("a sticker is no yes", RECORDING, STICKER, AskingRecording()),
    Step("'not sure' is no yes", RECORDING, "not sure", AskingRecording()),
    Step(
        "taken back in the middle of a plan, which goes on",
        READ_BACK,
        tap("recording:no"),
        ConfirmingPlan(),
        (AllowRecording(allowed=False),),
        facts=replace(FACTS, me=replace(FACTS.me, may_record=True)),
    ),
    Step("taken back by words", REST, "do not keep them", Menu()),
]


@rows(MAY_KEEP)
def test_may_we_keep_it(step: Step) -> None:
    check(step)


def test_the_question_about_recordings_is_a_message_of_its_own() -> None:
    replies = take(PLACING, "skip", LISTENED).replies
    assert [len(each.buttons) for each in replies] == [2, 2]
    assert [each.id for each in replies[1].buttons] == ["yes", "no"]


@pytest.mark.parametrize("asked", ["privacy", "my data"])
def test_what_she_has_allowed_is_named_with_a_way_to_take_it_back(asked: str) -> None:
    allowed = replace(FACTS, me=replace(FACTS.me, may_record=True))
    plain, named = (take(REST, asked, facts).replies for facts in (FACTS, allowed))
    assert [each.id for each in named[-1].buttons[1:]] == [
        each.id for each in plain[-1].buttons
    ]
    assert named[-1].buttons[0].id == "recording:no"
    rows = [sum(len(each.says) for each in replies) for replies in (plain, named)]
    assert rows[1] == rows[0] + 2


OWN = [
    Step(
        "change asks for new words", REST, tap(f"change:{MINE}"), DescribingPlan(MINE)
    ),
    Step("yes changes it", CHANGING, "yes", Menu(), (ChangePlan(MINE, "Two benches"),)),
    Step("take back asks first", REST, tap(f"withdraw:{MINE}"), Withdrawing(MINE)),
    Step("yes takes it back", TAKING_BACK, "yes", Menu(), (WithdrawPlan(MINE),)),
    Step("no leaves it", TAKING_BACK, "no", Menu()),
    Step("'not sure' leaves it", TAKING_BACK, "not sure", Withdrawing(MINE)),
    Step("somebody else's cannot be changed", REST, tap("change:62"), Menu()),
    Step("nor taken back", REST, tap("withdraw:62"), Menu()),
    Step("nor one that does not exist", REST, tap("change:999"), Menu()),
    Step(
        "a public one can",
        REST,
        tap(f"change:{MINE_PUBLIC}"),
        DescribingPlan(MINE_PUBLIC),
    ),
    Step("after review no longer", REST, tap(f"change:{MINE}"), Menu(), facts=TOO_LATE),
    Step("nor taken back then", TAKING_BACK, "yes", Menu(), facts=TOO_LATE),
    Step(
        "new words that come too late go to a person",
        CHANGING,
        "yes",
        Menu(),
        (RaiseTask(TaskKind.PERSON, MINE, "Two benches"),),
        facts=TOO_LATE,
    ),
]


@rows(OWN)
def test_her_own_plans(step: Step) -> None:
    facts = AUTHOR if step.facts is FACTS else step.facts
    check(replace(step, facts=facts))


def test_a_change_given_up_does_not_swallow_the_next_plan() -> None:
    turn = follow(REST, tap(f"change:{MINE}"), "back", "A pool for all", "yes")
    assert turn.effects == [StorePlan(NEXT, COLLECT, "A pool for all")]


def test_a_change_left_for_a_look_at_the_status_does_not_either() -> None:
    turn = follow(REST, tap(f"change:{MINE}"), "status", "A pool for all", "yes")
    assert turn.effects == [StorePlan(NEXT, COLLECT, "A pool for all")]


def test_a_change_does_not_destroy_a_plan_under_way() -> None:
    turn = follow(READ_BACK, tap(f"change:{MINE}"), "Two benches", "yes")
    assert turn.effects == [ChangePlan(MINE, "Two benches")]
    assert follow(turn.talk, "plan", "yes").effects == [STORED]


def test_the_web_gives_a_way_back() -> None:
    web = replace(FACTS, links=replace(FACTS.links, back="https://buurt.example/#b"))
    turn = take(PLACING, "skip", web)
    assert "%(link)s" in told(turn)
    assert "%(link)s" not in told(take(PLACING, "skip"))


def test_withdrawing_reads_back_which_plan_would_go() -> None:
    turn = take(REST, tap(f"withdraw:{MINE}"), AUTHOR)
    assert plan_rows(turn) == [MINE]
    assert plan_rows(take(turn.talk, "thanks", AUTHOR)) == [MINE]
