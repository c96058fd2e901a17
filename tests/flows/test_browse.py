"""Help me choose: themes, lists and taps; and two ballots at once."""

from dataclasses import replace

from bot.domain.ballots import BallotPaper
from bot.flows.state import (
    Browsing,
    ChoosingRound,
    ConfirmingVote,
    Menu,
    Picks,
    Talk,
    Voting,
)
from tests.flows.cast import (
    AFTER,
    BALLOT,
    FACTS,
    RULES,
    VOTE,
    VOTING_ROUND,
    ballot_plan,
    talk,
)
from tests.flows.steps import (
    Step,
    check,
    offered,
    plan_rows,
    rows,
    take,
    tap,
    told,
)

REST = talk(Menu())
OPEN = talk(Voting(), picks=())
UNKNOWN = "Plan %(plan)s is not on the list."
EMPTY = "No plan is chosen now."
CLOSED = "Voting is closed."

ROOMS = [
    Step(
        "'more' turns the page",
        talk(Browsing("green"), picks=()),
        "more",
        Browsing("green", 1),
    ),
    Step(
        "the last page turns to the first",
        talk(Browsing("green", 1), picks=()),
        "more",
        Browsing("green"),
    ),
    Step(
        "'back' goes to the themes",
        talk(Browsing("green", 1), picks=()),
        "back",
        Browsing(),
    ),
    Step("and from there to the ballot", talk(Browsing(), picks=()), "back", Voting()),
    Step(
        "a tap chooses and stays",
        talk(Browsing("safe"), picks=()),
        tap("plan:42"),
        Browsing("safe"),
    ),
    Step(
        "a number chooses and stays",
        talk(Browsing("safe"), picks=()),
        "42",
        Browsing("safe"),
    ),
    Step(
        "a plan of another theme too",
        talk(Browsing("safe"), picks=()),
        "21",
        Browsing("safe"),
    ),
    Step(
        "a full ballot is read back",
        talk(Browsing("safe"), picks=(21, 30)),
        "42",
        ConfirmingVote(),
    ),
    Step(
        "'ready' reads back",
        talk(Browsing("safe"), picks=(21,)),
        "done",
        ConfirmingVote(),
    ),
    Step(
        "'ready' with nothing says so",
        talk(Browsing("safe"), picks=()),
        "done",
        Voting(),
        says=(EMPTY,),
    ),
    Step(
        "a second tap takes it off",
        talk(Browsing("safe"), picks=(42,)),
        tap("plan:42"),
        Voting(),
        says=(EMPTY,),
    ),
    Step(
        "an unknown number is said",
        talk(Browsing("safe"), picks=(42,)),
        "12",
        ConfirmingVote(),
        says=(UNKNOWN,),
    ),
    Step(
        "closing is told here too",
        talk(Browsing("safe"), picks=(42,)),
        "more",
        Menu(),
        says=(CLOSED,),
        now=AFTER,
    ),
]


@rows(ROOMS)
def test_help_me_choose(step: Step) -> None:
    turn = check(step)
    assert step.now == AFTER or offered(turn)


def test_every_plan_can_be_reached_by_its_theme() -> None:
    reached: set[str] = set()
    for theme in ("green", "safe", "together"):
        first = take(talk(Browsing(), picks=()), tap(f"theme:{theme}"))
        turn = take(first.talk, tap("vote:list"))
        reached |= set(offered(turn)) | set(offered(take(turn.talk, tap("more"))))
    assert {f"plan:{plan.number}" for plan in BALLOT.plans} <= reached


def test_a_plan_without_a_theme_can_be_reached_as_well() -> None:
    plan = replace(ballot_plan(70, "safe"), theme=None)
    paper = BallotPaper(VOTE, (*BALLOT.plans, plan), RULES)
    facts = replace(FACTS, papers={VOTE: paper})
    themes = take(OPEN, tap("vote:help"), facts)
    rooms = [take(themes.talk, tap(each), facts) for each in offered(themes)]
    assert any(70 in plan_rows(room) for room in rooms)


OTHER = replace(VOTING_ROUND, slug="osdorp-2026", streets=("Meer en Vaart",))
PAPERS = {
    VOTE: BALLOT,
    OTHER.slug: BallotPaper(OTHER.slug, (ballot_plan(90, "safe"),), RULES),
}
TWO = replace(FACTS, rounds=(VOTING_ROUND, OTHER), papers=PAPERS)
WHICH: Talk = take(REST, "vote", TWO).talk

BALLOTS = [
    Step("of two ballots she is asked which", REST, "vote", ChoosingRound("vote")),
    Step("a tap opens it", WHICH, tap("round:osdorp-2026"), Voting()),
    Step("her street opens it", WHICH, "Meer en Vaart", Voting()),
    Step("the numbers tell which it is", REST, "vote 90", ConfirmingVote()),
    Step("numbers of both do not", REST, "vote 21 90", ChoosingRound("vote")),
    Step(
        "what is not a street is asked again", WHICH, "hm well", ChoosingRound("vote")
    ),
]


@rows(BALLOTS)
def test_two_ballots_at_once(step: Step) -> None:
    check(replace(step, facts=TWO))


def test_the_wrong_neighbourhood_can_be_left() -> None:
    wrong = take(WHICH, tap(f"round:{VOTE}"), TWO)
    again = take(take(wrong.talk, "back", TWO).talk, "vote", TWO)
    assert again.talk.state == ChoosingRound("vote")


def test_numbers_said_before_the_neighbourhood_are_not_forgotten() -> None:
    asked = take(REST, "vote 21 90", TWO)
    turn = take(asked.talk, tap(f"round:{VOTE}"), TWO)
    assert turn.talk.picks == Picks(VOTE, (21,))
    assert UNKNOWN in told(turn)
