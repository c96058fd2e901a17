"""The limits of a ballot (plans, money, plans of a theme), and the laws of marking."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballots import BallotPaper, Fault, Limit, Marked
from bot.domain.money import Money
from bot.domain.plans import Plan
from bot.domain.round_terms import BallotKind, BallotRules
from tests.flows.cast import VOTE, ballot_plan

COSTS = {10: 5, 11: 20, 20: 30, 21: 40, 22: 10, 30: 25, 31: 40}
THEMES = {10: "green", 11: "green", 20: "green", 21: "safe", 22: "safe", 30: "safe"}


def plan(number: int) -> Plan:
    """Return a plan that costs so many thousands; 31 is filed under no theme."""
    made = ballot_plan(number, THEMES.get(number, "green"))
    cost = Money.euros(COSTS[number] * 1_000)
    return replace(made, cost=cost, theme=THEMES.get(number))


PLANS = tuple(map(plan, COSTS))
SUM = BallotPaper(
    VOTE, PLANS, BallotRules(BallotKind.KNAPSACK, 200, budget=Money.euros(60_000))
)
EXACTLY = BallotPaper(VOTE, PLANS, BallotRules(BallotKind.APPROVAL, 3, min_picks=3))
PER_THEME = BallotPaper(
    VOTE,
    PLANS,
    BallotRules(BallotKind.APPROVAL, 5, per_theme={"green": 1, "other": 0, "safe": 2}),
)


@pytest.mark.parametrize(
    ("paper", "picks", "named", "marked"),
    [
        pytest.param(
            SUM,
            (21,),
            (11, 22),
            Marked((21, 11), added=(11,), faults=(Fault(Limit.MONEY, 22),)),
            id="the last euro can be spent, and not one more",
        ),
        pytest.param(
            SUM,
            (21,),
            (30, 10),
            Marked((21, 10), added=(10,), faults=(Fault(Limit.MONEY, 30),)),
            id="what is too dear stays off, what comes after it goes on",
        ),
        pytest.param(
            SUM,
            (21, 22),
            (31, 21),
            Marked((22, 31), added=(31,), removed=(21,)),
            id="an exchange uses the money of what goes",
        ),
        pytest.param(
            PER_THEME,
            (10,),
            (11, 21),
            Marked((10, 21), added=(21,), faults=(Fault(Limit.THEME, 11),)),
            id="a full theme takes no more, others do",
        ),
        pytest.param(
            PER_THEME,
            (),
            (31,),
            Marked((), faults=(Fault(Limit.THEME, 31),)),
            id="plans without a theme have a theme of their own",
        ),
        pytest.param(
            EXACTLY,
            (10, 99),
            (11,),
            Marked((10, 11), added=(11,), faults=(Fault(Limit.LIST, 99),)),
            id="a plan that has left the list leaves the picks, and is told",
        ),
    ],
)
def test_marking_within_limits(
    paper: BallotPaper, picks: Sequence[int], named: Sequence[int], marked: Marked
) -> None:
    assert paper.mark(picks, named) == marked


@pytest.mark.parametrize(
    ("paper", "picks", "faults"),
    [
        pytest.param(EXACTLY, (10, 11, 20), (), id="exactly so many are a ballot"),
        pytest.param(
            EXACTLY, (10,), (Fault(Limit.LEAST, lacking=2),), id="fewer are not"
        ),
        pytest.param(
            EXACTLY, (10, 11, 20, 21), (Fault(Limit.MOST, 21),), id="nor are more"
        ),
        pytest.param(
            EXACTLY,
            (10, 10, 12),
            (
                Fault(Limit.TWICE, 10),
                Fault(Limit.LIST, 12),
                Fault(Limit.LEAST, lacking=2),
            ),
            id="what has no place does not count",
        ),
        pytest.param(
            SUM, (), (Fault(Limit.LEAST, lacking=1),), id="an empty one is none"
        ),
        pytest.param(SUM, (21, 22, 11), (Fault(Limit.MONEY, 11),), id="over the sum"),
        pytest.param(PER_THEME, (10, 20), (Fault(Limit.THEME, 20),), id="over a theme"),
    ],
)
def test_faults_of_a_ballot(
    paper: BallotPaper, picks: Sequence[int], faults: tuple[Fault, ...]
) -> None:
    assert paper.faults(picks) == faults


def test_what_is_left_and_what_is_lacking() -> None:
    assert SUM.left((10, 22)) == Money.euros(45_000)
    assert SUM.cost((10, 22, 99)) == Money.euros(15_000)
    assert PER_THEME.left((10,)) is None
    assert (EXACTLY.lacking((10,)), EXACTLY.lacking((10, 11, 20))) == (2, 0)


def test_a_ballot_is_full_when_no_plan_has_a_place() -> None:
    assert not SUM.is_full((21, 22)), "the cheapest still fits"
    assert SUM.is_full((21, 11))
    assert SUM.is_full((21, 22, 10)), "5,000 are left, and the only plan for that is on"
    assert not EXACTLY.is_full((10, 11))
    assert EXACTLY.is_full((10, 11, 20))
    assert PER_THEME.is_full((10, 21, 22))


@pytest.mark.parametrize(
    ("paper", "room"), [(SUM, 4), (EXACTLY, 3), (PER_THEME, 3)], ids=str
)
def test_room_counts_from_the_cheapest(paper: BallotPaper, room: int) -> None:
    assert paper.room() == room


# Laws, for any rules

rules = st.builds(
    BallotRules,
    st.just(BallotKind.APPROVAL),
    st.integers(1, 8),
    st.integers(1, 4),
    st.none() | st.integers(0, 200).map(lambda euros: Money.euros(euros * 1_000)),
    st.dictionaries(st.sampled_from(["green", "safe", "other"]), st.integers(0, 3)),
)
papers = rules.map(lambda each: BallotPaper(VOTE, PLANS, each))
numbers = st.lists(st.sampled_from([*COSTS, 12, 99, -3]), max_size=12)


def keeps(paper: BallotPaper, picks: Sequence[int]) -> bool:
    """Tell, counted apart from the code, whether picks keep to every limit but min."""
    kinds = Counter(THEMES.get(number, "other") for number in picks)
    spent = sum(COSTS[number] for number in picks) * 1_000
    budget = paper.rules.budget
    return (
        len(set(picks)) == len(picks) <= paper.rules.max_picks
        and (budget is None or spent * 100 <= budget.cents)
        and all(kinds[key] <= most for key, most in paper.rules.per_theme.items())
    )


@given(papers, numbers, numbers)
def test_marking_never_goes_over_a_limit_and_forgets_nothing(
    paper: BallotPaper, before: list[int], named: list[int]
) -> None:
    picks = paper.mark((), before).picks
    marked = paper.mark(picks, named)
    assert set(marked.picks) <= set(COSTS)
    assert keeps(paper, marked.picks)
    off = [fault.plan for fault in marked.faults]
    assert sorted([*marked.added, *marked.removed, *off], key=str) == sorted(
        set(named), key=str
    )
    assert set(picks) - set(named) <= set(marked.picks), "the rest stays"


@given(papers, numbers, st.sampled_from([*COSTS]))
def test_named_twice_one_after_another_is_no_change(
    paper: BallotPaper, before: list[int], number: int
) -> None:
    picks = paper.mark((), before).picks
    once = paper.mark(picks, [number])
    twice = paper.mark(once.picks, [number])
    assert set(twice.picks) == set(picks)


@given(papers, st.sets(st.sampled_from([*COSTS])), st.randoms())
def test_what_fits_is_taken_in_any_order(
    paper: BallotPaper, wanted: set[int], random: Random
) -> None:
    named = sorted(wanted)
    random.shuffle(named)
    fits = keeps(paper, named)
    marked = paper.mark((), named)
    assert (set(marked.picks) == wanted) is fits
    assert (marked.faults == ()) is fits


@given(papers, numbers, numbers)
def test_removals_come_first(
    paper: BallotPaper, before: list[int], named: list[int]
) -> None:
    picks = paper.mark((), before).picks
    goes = [number for number in named if number in picks]
    comes = [number for number in named if number not in picks]
    after = paper.mark(paper.mark(picks, goes).picks, comes)
    for order in (named, [*goes, *comes], [*comes, *goes]):
        assert paper.mark(picks, order).picks == after.picks


@given(papers, numbers)
def test_what_is_marked_lacks_nothing_but_plans(
    paper: BallotPaper, named: list[int]
) -> None:
    picks = paper.mark((), named).picks
    lacking = paper.lacking(picks)
    fewer = (Fault(Limit.LEAST, lacking=lacking),) if lacking else ()
    assert paper.faults(picks) == fewer
    assert bool(lacking) is (len(picks) < paper.rules.min_picks)


@given(papers, numbers)
def test_faults_are_none_exactly_where_every_rule_is_kept(
    paper: BallotPaper, picks: list[int]
) -> None:
    known = set(picks) <= set(COSTS)
    fine = known and keeps(paper, picks) and len(picks) >= paper.rules.min_picks
    assert (paper.faults(picks) == ()) is fine


@given(papers, numbers)
def test_no_ballot_names_more_than_there_is_room_for(
    paper: BallotPaper, named: list[int]
) -> None:
    assert len(paper.mark((), named).picks) <= paper.room()
