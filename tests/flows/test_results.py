"""What an author answers: after the result, and to how it goes."""

from dataclasses import replace

from bot.domain.effects import (
    AnswerCheckIn,
    AnswerNextStep,
    Effect,
    RaiseTask,
    TaskKind,
)
from bot.flows.state import (
    Checking,
    Heard,
    LeavingNumber,
    Menu,
    TellingMore,
)
from tests.flows.cast import (
    CHECK_IN,
    FACTS,
    MINE_PUBLIC,
    RESULTS,
    WHATSAPP,
    talk,
)
from tests.flows.steps import (
    NOTE,
    Step,
    check,
    note,
    rows,
    tap,
)

WHICH = "Which phone number can we call?"
CITIZEN = "one one one two two two three three three"
REST = talk(Menu())
CALL = talk(LeavingNumber(MINE_PUBLIC))
HOUR = talk(LeavingNumber(MINE_PUBLIC, "06 12345671"))
HEARD = talk(Checking(CALL.state, words="06 12 34 56 77"), offered=("yes", "no"))
SAVED = LeavingNumber(MINE_PUBLIC, "06 12 34 56 77")
MUMBLE = note(REST, heard=Heard.BADLY)
SILENCE = note(REST, heard=Heard.NOTHING)
PLAN = MINE_PUBLIC


def next_step(answer: str, words: str = "", media: int | None = None) -> AnswerNextStep:
    return AnswerNextStep(PLAN, answer, words, media)


RESULT = [
    Step("another plan", REST, tap("join"), Menu(), (next_step("join"),)),
    Step("keep it", REST, "keep it for later", Menu(), (next_step("keep"),)),
    Step("nothing", REST, tap("nothing"), Menu(), (next_step("nothing"),)),
    Step(
        "a call where her number shows",
        REST,
        tap("call"),
        Menu(),
        (next_step("call"),),
        facts=replace(RESULTS, shows_number=True),
    ),
    Step("a call where it does not", REST, "call me", LeavingNumber(PLAN)),
    Step("her number, then the hour", CALL, "06 12345671", HOUR.state),
    Step(
        "the hour",
        HOUR,
        "after 3 in the afternoon",
        Menu(),
        (next_step("call", "06 12345671; after 3 in the afternoon"),),
    ),
    Step("any hour", HOUR, tap("skip"), Menu(), (next_step("call", "06 12345671"),)),
    Step(
        "an hour that is a digit",
        replace(HOUR, offered=("skip",)),
        "3",
        Menu(),
        (next_step("call", "06 12345671; 3"),),
    ),
    Step(
        "a spoken number is read back",
        CALL,
        note(CALL, "It is zero six, twelve, thirty four, fifty six, double seven"),
        HEARD.state,
        says=("I heard: %(answer)s.", "Is that right?"),
        buttons=("yes", "no"),
    ),
    Step("and counts after yes", HEARD, "yes", LeavingNumber(PLAN, "06 12 34 56 77")),
    Step("after a yes by voice too", HEARD, note(HEARD, "yes"), SAVED),
    Step("on no it is asked again", HEARD, "no", CALL.state, says=(WHICH,)),
    Step("another one instead", HEARD, "06 12345671", HOUR.state),
    Step("too few digits are asked again", CALL, note(CALL, "zero six"), CALL.state),
    Step("and words without any", CALL, note(CALL, "my daughter's"), CALL.state),
    Step("a citizen number is not kept", CALL, note(CALL, CITIZEN), CALL.state),
    Step("one that nobody heard", CALL, MUMBLE, Menu(), (next_step("call", "", NOTE),)),
    Step("changed her mind", CALL, "back", Menu()),
    Step("a call out of the blue", REST, "call me", LeavingNumber(), facts=FACTS),
    Step(
        "and with a number that shows",
        REST,
        "call me",
        Menu(),
        (RaiseTask(TaskKind.CALL),),
        facts=WHATSAPP,
    ),
    Step("'good' is no answer to a result", REST, "good", Menu()),
    Step("'keep' out of the blue", REST, tap("keep"), Menu(), facts=FACTS),
]


@rows(RESULT)
def test_after_the_result(step: Step) -> None:
    facts = (
        RESULTS if step.facts is FACTS and "blue" not in step.sentence else step.facts
    )
    check(replace(step, facts=facts))


def how(answer: str, words: str = "", media: int | None = None) -> Effect:
    return AnswerCheckIn(PLAN, answer, words, media)


GOING = [
    Step("good, by tap", REST, tap("good"), Menu(), (how("good"),)),
    Step("good, in words", REST, "it is going well", Menu(), (how("good"),)),
    Step("not started", REST, "not started yet", Menu(), (how("later"),)),
    Step(
        "stuck asks what she needs",
        REST,
        tap("stuck"),
        TellingMore(TaskKind.STUCK, PLAN),
        (how("stuck"),),
    ),
    Step(
        "help means stuck here",
        REST,
        "help",
        TellingMore(TaskKind.STUCK, PLAN),
        (how("stuck"),),
    ),
    Step(
        "and her words follow",
        talk(TellingMore(TaskKind.STUCK, PLAN)),
        "no permit",
        Menu(),
        (RaiseTask(TaskKind.STUCK, PLAN, "no permit"),),
    ),
    Step(
        "told in words",
        REST,
        "We bought twenty signs",
        Menu(),
        (how("told", "We bought twenty signs"),),
    ),
    Step(
        "told by voice",
        REST,
        note(REST, "We bought signs"),
        Menu(),
        (how("told", "We bought signs", NOTE),),
    ),
    Step(
        "a voice nobody heard waits for a person",
        REST,
        MUMBLE,
        Menu(),
        (how("told", "", NOTE), RaiseTask(TaskKind.LISTEN, PLAN, media=NOTE)),
    ),
    Step("silence is asked again", REST, SILENCE, Menu()),
    Step(
        "a menu word is no answer",
        REST,
        "status",
        Menu(),
        says=("%(plan)s – %(title)s",),
    ),
    Step("'join' is no answer to a check-in", REST, tap("join"), Menu()),
]


@rows(GOING)
def test_how_it_goes(step: Step) -> None:
    check(replace(step, facts=CHECK_IN))
