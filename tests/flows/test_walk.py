"""Help me choose, one by one: yes, next and again, from theme to read-back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.effects import DropMedia
from bot.domain.money import Money
from bot.domain.say import Brief, Reply
from bot.flows.aloud import is_brief
from bot.flows.state import (
    Browsing,
    ConfirmingVote,
    Heard,
    Menu,
    Talk,
    Turn,
    Voting,
    Walking,
)
from bot.flows.walk import COINS, ROOM, tenths
from tests.flows.cast import (
    AFTER,
    BALLOT,
    FACTS,
    VOTE,
    WHATSAPP,
    talk,
    texts,
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
    told,
)

GREEN = [plan.number for plan in BALLOT.in_theme("green", "ayse")]
SAFE = [plan.number for plan in BALLOT.in_theme("safe", "ayse")]
OPEN = talk(Walking("green"), picks=())
ENDED = talk(Walking("green", ROOM, asked=True), picks=(21,))
SEEN = talk(Walking("safe", len(SAFE), asked=True), picks=(21,))
LISTED = "Plan %(plan)s is on your list."
MORE_LEFT = "There are more plans of this subject."
ALL_SEEN = "You have seen all plans of this subject."
COSTS = "It costs one of ten coins."

STEPS = [
    Step(
        "a theme opens with its first plan",
        talk(Browsing(), picks=()),
        tap("theme:green"),
        Walking("green"),
    ),
    Step(
        "yes marks the plan and goes on",
        OPEN,
        "yes",
        Walking("green", 1),
        says=(LISTED, "Chosen so far: %(count)s of %(max)s."),
    ),
    Step("a tap too", OPEN, tap("yes"), Walking("green", 1), says=(LISTED,)),
    Step("its digit too", replace(OPEN, offered=("yes",)), "1", Walking("green", 1)),
    Step("next goes on without it", OPEN, "next", Walking("green", 1)),
    Step("so does no", OPEN, "no", Walking("green", 1)),
    Step("so does skip", OPEN, "skip", Walking("green", 1)),
    Step("'verder' is onward here", OPEN, "verder", Walking("green", 1)),
    Step("and 'more'", OPEN, "more", Walking("green", 1)),
    Step("again shows it once more", OPEN, "again", Walking("green")),
    Step(
        "after seven she is asked how to go on",
        talk(Walking("green", ROOM - 1), picks=()),
        "next",
        Walking("green", ROOM, asked=True),
        says=(MORE_LEFT,),
        buttons=("more", "vote:help"),
    ),
    Step(
        "with a choice also whether she is ready",
        talk(Walking("green", ROOM - 1), picks=(30,)),
        "next",
        Walking("green", ROOM, asked=True),
        buttons=("more", "vote:help", "done"),
    ),
    Step("more goes on", ENDED, "more", Walking("green", ROOM)),
    Step("yes, more", ENDED, "yes", Walking("green", ROOM)),
    Step("no shows the themes", ENDED, "no", Browsing()),
    Step("another theme", ENDED, tap("vote:help"), Browsing()),
    Step("in words", ENDED, "another subject", Browsing()),
    Step("ready reads back", ENDED, tap("done"), ConfirmingVote()),
    Step(
        "after the last plan nothing more is offered",
        talk(Walking("safe", len(SAFE) - 1), picks=(21,)),
        "next",
        Walking("safe", len(SAFE), asked=True),
        says=(ALL_SEEN,),
        buttons=("vote:help", "done"),
    ),
    Step("next shows the themes then", SEEN, "next", Browsing()),
    Step(
        "ready at any time",
        talk(Walking("safe", 2), picks=(21,)),
        "done",
        ConfirmingVote(),
    ),
    Step("back shows the themes", OPEN, "back", Browsing()),
    Step("a list for who asks", OPEN, tap("vote:list"), Browsing("green")),
    Step(
        "it opens where she is",
        talk(Walking("green", ROOM + 1), picks=()),
        "show a list",
        Browsing("green", 1),
    ),
    Step(
        "another plan's number marks it, and she stays",
        OPEN,
        str(SAFE[0]),
        Walking("green"),
        says=(LISTED,),
    ),
    Step("the plan's own number goes on", OPEN, str(GREEN[0]), Walking("green", 1)),
    Step(
        "a full ballot is read back",
        talk(Walking("safe"), picks=(21, 30)),
        "yes",
        ConfirmingVote(),
    ),
    Step(
        "one too many is told",
        talk(Walking("safe"), picks=(21, 30, 31)),
        "yes",
        ConfirmingVote(),
        says=("This one is not on your list: plan %(plan)s.",),
    ),
    Step(
        "what is no plan is told",
        talk(Walking("safe"), picks=(21,)),
        "12",
        Walking("safe"),
        says=("Plan %(plan)s is not on the list.",),
    ),
    Step(
        "a theme that is gone has no plans",
        talk(Walking("gone", 3), picks=()),
        "repeat",
        Walking("gone", 3),
        says=(ALL_SEEN,),
    ),
    Step(
        "closing is told",
        talk(Walking("safe"), picks=(21,)),
        "yes",
        Menu(),
        says=("Voting is closed.",),
        now=AFTER,
    ),
    Step(
        "what was not heard is asked again",
        OPEN,
        note(OPEN, heard=Heard.BADLY),
        Walking("green"),
        effects=(DropMedia(NOTE),),
        says=("Please say it once more.",),
    ),
]


@rows(STEPS)
def test_one_by_one(step: Step) -> None:
    turn = check(step)
    assert step.now == AFTER or offered(turn)


def shown(turn: Turn) -> int:
    """Return the plan that is in view: the last that stands as a row."""
    return plan_rows(turn)[-1]


def test_next_after_next_shows_every_plan_of_the_theme_once_in_her_own_order() -> None:
    turn = take(talk(Browsing(), picks=()), tap("theme:green"))
    seen = [shown(turn)]
    while turn.talk.state != Walking("green", len(GREEN), asked=True):
        turn = take(turn.talk, "more" if "more" in offered(turn) else "next")
        seen += plan_rows(turn)
    assert seen == GREEN
    other = replace(FACTS, me=replace(FACTS.me, voter="fatma"))
    first = take(talk(Browsing(), picks=()), tap("theme:green"), other)
    assert shown(first) == BALLOT.in_theme("green", "fatma")[0].number


def test_yes_never_takes_a_plan_off() -> None:
    marked = talk(Walking("green"), picks=(GREEN[0],))
    again = take(marked, "repeat")
    assert told(again)[0] == "You chose this plan:"
    turn = take(marked, "yes")
    assert turn.talk.picks == marked.picks
    assert turn.talk.state == Walking("green", 1)


def test_what_is_erased_does_not_tell_yes_from_next() -> None:
    for before, does in ((OPEN, "next"), (OPEN, "yes"), (ENDED, "repeat")):
        assert all(reply.secret for reply in take(before, does).replies)


def test_whatsapp_has_three_buttons_and_the_others_a_list_too() -> None:
    three = ("yes", "next", "repeat")
    assert offered(take(OPEN, "repeat", WHATSAPP)) == three
    assert offered(take(OPEN, "repeat")) == (*three, "vote:list")


def test_at_most_one_message_at_a_time() -> None:
    for does in ("yes", "next", "again", str(SAFE[0]), "back"):
        assert len(take(OPEN, does).replies) == 1


def summed_up(first: Reply) -> list[str]:
    return [say.msgid for say in first.aloud or ()]


def test_a_plan_is_said_with_number_title_summary_and_coins() -> None:
    plan = replace(BALLOT.plans[0], summary=texts("Een.", "One.", "Bir.", "واحد."))
    facts = replace(FACTS, papers={VOTE: replace(BALLOT, plans=(plan,))})
    reply = question(take(talk(Browsing(), picks=()), tap("theme:green"), facts))
    assert summed_up(reply) == [
        "%(plan)s – %(title)s",
        "%(about)s",
        COSTS,
        "Yes, or next?",
    ]
    assert reply.aloud is not None
    assert reply.aloud[1].params == {"about": Brief(plan.summary)}
    assert [say.msgid for say in reply.says] == [
        "%(plan)s – %(title)s",
        "%(about)s",
        "It costs %(amount)s.",
        "%(coins)s %(cost)s",
    ]


def test_what_is_paid_for_already_stands_behind_the_summary_and_gives_way_first() -> (
    None
):
    plan = replace(
        BALLOT.plans[0],
        summary=texts("Een.", "One.", "Bir.", "واحد."),
        already=texts("Twee.", "Two.", "İki.", "اثنان."),
    )
    facts = replace(FACTS, papers={VOTE: replace(BALLOT, plans=(plan,))})
    reply = question(take(talk(Browsing(), picks=()), tap("theme:green"), facts))
    paid = "The municipality already pays here: %(already)s"
    for rows_of in (told(Turn(Talk(), [reply])), summed_up(reply)):
        assert rows_of.index(paid) == rows_of.index("%(about)s") + 1
    assert reply.aloud is not None
    spare = [say.msgid for say in reply.aloud if is_brief(say)]
    assert spare == ["%(about)s", paid]


def test_a_plan_without_cost_and_summary_has_neither() -> None:
    plan = replace(BALLOT.plans[0], cost=None)
    facts = replace(FACTS, papers={VOTE: replace(BALLOT, plans=(plan,))})
    turn = take(talk(Browsing(), picks=()), tap("theme:green"), facts)
    assert told(turn) == ["%(plan)s – %(title)s"]


@pytest.mark.parametrize(
    ("cost", "budget", "coins"),
    [(1, 500_000, 1), (50_000, 500_000, 1), (50_001, 500_000, 2), (9, 0, COINS)],
)
def test_a_cost_is_rounded_up_to_whole_coins(
    cost: int, budget: int, coins: int
) -> None:
    assert tenths(Money.euros(cost), Money.euros(budget)) == coins


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_coins_are_never_less_than_the_cost_and_never_a_whole_one_more(
    cost: int, budget: int
) -> None:
    coins = tenths(Money(cost), Money(budget))
    assert 1 <= coins <= COINS
    assert coins == COINS or coins * budget >= cost * COINS > (coins - 1) * budget


def test_listen_again_is_read_aloud_to_who_never_spoke() -> None:
    assert take(OPEN, tap("repeat")).aloud
    assert not take(OPEN, tap("next")).aloud
    assert not take(talk(Voting(), picks=()), tap("repeat")).aloud


def test_three_plans_of_one_theme_take_few_messages() -> None:
    turn = Turn(Talk(Menu(), "en"))
    to_the_plans = ("vote", tap("vote:help"), tap("theme:green"))
    for each in (*to_the_plans, "yes", "next", "yes", "next", "next", "yes"):
        turn = take(turn.talk, each)
    assert turn.talk.state == ConfirmingVote()
    done = take(turn.talk, "yes")
    assert done.talk.state == Menu()
