"""A ballot is marked by naming plans: new ones on, chosen ones off, never too many."""

from collections import Counter
from dataclasses import replace

import pytest

from bot.domain.ballots import BallotPaper, Fault, Limit, Marked
from tests.flows.cast import BALLOT, RULES, VOTE, ballot_plan


@pytest.mark.parametrize(
    ("picks", "named", "marked"),
    [
        pytest.param((), (21,), Marked((21,), added=(21,)), id="a plan is chosen"),
        pytest.param(
            (21,), (21,), Marked((), removed=(21,)), id="named again, it is taken off"
        ),
        pytest.param(
            (),
            (21, 21),
            Marked((21,), added=(21,)),
            id="named twice in one breath, it counts once",
        ),
        pytest.param(
            (),
            (21, 30, 31, 40),
            Marked((21, 30, 31), added=(21, 30, 31), faults=(Fault(Limit.MOST, 40),)),
            id="one too many stays off and is named",
        ),
        pytest.param(
            (21, 30, 31),
            (40,),
            Marked((21, 30, 31), faults=(Fault(Limit.MOST, 40),)),
            id="a full ballot takes no more",
        ),
        pytest.param(
            (21, 30, 31),
            (40, 30),
            Marked((21, 31, 40), added=(40,), removed=(30,)),
            id="an exchange works with the new one first",
        ),
        pytest.param(
            (21, 30, 31),
            (30, 40),
            Marked((21, 31, 40), added=(40,), removed=(30,)),
            id="an exchange works with the old one first",
        ),
        pytest.param(
            (21,),
            (12, 30),
            Marked((21, 30), added=(30,), faults=(Fault(Limit.LIST, 12),)),
            id="a number that is no plan is named, the others count",
        ),
        pytest.param((21,), (), Marked((21,)), id="nothing named, nothing changed"),
    ],
)
def test_marking(
    picks: tuple[int, ...], named: tuple[int, ...], marked: Marked
) -> None:
    assert BALLOT.mark(picks, named) == marked


def test_titles_come_in_the_order_of_their_numbers() -> None:
    assert [plan.number for plan in BALLOT.titles((30, 10, 999, 21))] == [10, 21, 30]


def test_a_plan_that_is_not_on_the_list_is_none() -> None:
    assert BALLOT.plan(12) is None
    assert BALLOT.plan(21) is not None


def order(paper: BallotPaper, voter: str) -> list[int]:
    return [plan.number for plan in paper.in_theme("green", voter)]


def test_every_voter_has_an_own_order_that_never_changes() -> None:
    assert order(BALLOT, "ayse") == order(BALLOT, "ayse")
    orders = {tuple(order(BALLOT, f"voter {n}")) for n in range(20)}
    assert len(orders) == 20


def test_a_plan_that_comes_later_does_not_disturb_the_order() -> None:
    longer = BallotPaper(VOTE, (*BALLOT.plans, ballot_plan(70, "green")), RULES)
    kept = [number for number in order(longer, "ayse") if number != 70]
    assert kept == order(BALLOT, "ayse")


def test_no_plan_is_favoured_by_the_order() -> None:
    first = [order(BALLOT, f"voter {n}")[0] for n in range(550)]
    counts = [first.count(number) for number in order(BALLOT, "")]
    assert min(counts) > 25
    assert max(counts) < 85


def test_no_theme_is_favoured_by_the_order() -> None:
    keys = ("green", "safe", "together", "empty")
    assert BALLOT.themes(keys, "ayse") == BALLOT.themes(keys, "ayse")
    orders = Counter(BALLOT.themes(keys, f"voter {n}") for n in range(600))
    assert len(orders) == 6
    assert min(orders.values()) > 60


def test_plans_that_are_filed_nowhere_have_a_place_among_the_themes() -> None:
    filed = (*BALLOT.plans, replace(ballot_plan(70, "green"), theme=None))
    paper = BallotPaper(VOTE, filed, RULES)
    shown = {paper.themes(("green",), f"voter {n}")[0] for n in range(20)}
    assert shown == {"green", "other"}


def test_a_theme_holds_its_own_plans_only() -> None:
    assert len(order(BALLOT, "ayse")) == 11
    assert BALLOT.in_theme("nowhere", "ayse") == ()
