"""Two neighbourhoods collect plans: which is it, and nothing is lost meanwhile."""

from dataclasses import replace

from bot.domain.effects import (
    RaiseTask,
    StorePlan,
    TaskKind,
)
from bot.flows.state import (
    ChoosingRound,
    DescribingPlan,
    Heard,
    Menu,
    PlacingPlan,
)
from tests.flows.cast import (
    COLLECT,
    FACTS,
    NEXT,
    talk,
)
from tests.flows.golden import OSDORP
from tests.flows.steps import (
    NOTE,
    Step,
    check,
    note,
    rows,
    tap,
)

BENCH = "A bench under the trees"
REST = talk(Menu())
TELLING = talk(DescribingPlan())
MUMBLE = note(REST, heard=Heard.BADLY)
LISTEN = RaiseTask(TaskKind.LISTEN, media=NOTE)
STORED = StorePlan(NEXT, COLLECT, BENCH)
THREE = replace(FACTS, rounds=(*FACTS.rounds, OSDORP))

ROUNDS = [
    Step(
        "a tap chooses it",
        talk(ChoosingRound("plan")),
        tap(f"round:{COLLECT}"),
        TELLING.state,
    ),
    Step(
        "the digit",
        talk(ChoosingRound("plan"), offered=(f"round:{COLLECT}",)),
        "1",
        TELLING.state,
    ),
    Step("her street", talk(ChoosingRound("plan")), "Meer en Vaart 12", TELLING.state),
    Step("the name", talk(ChoosingRound("plan")), "in Osdorp-2027", TELLING.state),
    Step(
        "a round that is not there",
        talk(ChoosingRound("plan")),
        tap("round:x"),
        ChoosingRound("plan"),
    ),
    Step(
        "both names are not one",
        talk(ChoosingRound("plan")),
        "Slotermeerlaan of Meer en Vaart",
        ChoosingRound("plan"),
    ),
    Step("'back' leaves", talk(ChoosingRound("plan")), "back", Menu()),
    Step(
        "a plan told here is kept",
        talk(ChoosingRound("plan")),
        note(REST, BENCH),
        ChoosingRound("plan"),
    ),
    Step(
        "one that nobody could hear goes to a person",
        talk(ChoosingRound("plan")),
        MUMBLE,
        ChoosingRound("plan"),
        (LISTEN,),
    ),
    Step(
        "after yes the choice stores it",
        talk(ChoosingRound("store"), text=BENCH),
        tap(f"round:{COLLECT}"),
        PlacingPlan(NEXT),
        (STORED,),
    ),
]


@rows(ROUNDS)
def test_which_neighbourhood(step: Step) -> None:
    check(replace(step, facts=THREE))
