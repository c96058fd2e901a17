"""The rules by example. Costs and money are in cents; "a" is listed first."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from tally import (
    Ballot,
    Election,
    ElectionError,
    Look,
    Measure,
    Plan,
    Pot,
    Quota,
    Rule,
    Settings,
    Source,
    Tie,
    TieBreak,
    TieOrder,
    Verdict,
    as_listed,
    cheaper_then_lot,
    count,
    tie_order,
)
from tests.tally.elections import by, cast, election, replaced

FOUR = {"a": (60, 9), "b": (50, 7), "c": (30, 5), "d": (10, 2)}
GREEN_AND_YOUNG = {"a": "green", "b": "young", "c": "green", "d": "young"}


@pytest.mark.parametrize(
    ("rule", "plans", "chosen", "left"),
    [
        pytest.param(Rule.SKIP, FOUR, "acd", 0, id="what does not fit is passed over"),
        pytest.param(Rule.STOP, FOUR, "a", 40, id="the first misfit ends it"),
        pytest.param(Rule.SKIP, {"a": (10, 0)}, "", 100, id="no vote, no money"),
        pytest.param(Rule.SKIP, {"a": (100, 1)}, "a", 0, id="the last cent may go"),
        pytest.param(Rule.SKIP, {"a": (101, 1)}, "", 100, id="a cent too much"),
        pytest.param(Rule.SKIP, {"a": (0, 1)}, "a", 100, id="a plan for nothing"),
        pytest.param(Rule.SKIP, {}, "", 100, id="no plans"),
    ],
)
def test_most_votes_first(
    rule: Rule, plans: Mapping[str, tuple[int, int]], chosen: str, left: int
) -> None:
    of = election(100, plans)
    outcome = count(of, by(rule, of))
    assert ("".join(outcome.chosen), outcome.left) == (chosen, left)


def test_two_steps_stop_in_a_theme_and_pool_what_is_left() -> None:
    plans = {"a": (60, 9), "b": (50, 7), "c": (30, 5), "d": (10, 2)}
    of = election(100, plans, GREEN_AND_YOUNG)
    outcome = count(of, by(Rule.TWO_STEP, of, themes={"green": 80, "young": 20}))
    assert outcome.steps == (
        Pot(Source.THEME, 80, "green"),
        Look("a", 9, 60, Verdict.CHOSEN, 20),
        Look("c", 5, 30, Verdict.STOPS, 20),
        Pot(Source.THEME, 20, "young"),
        Look("b", 7, 50, Verdict.STOPS, 20),
        Pot(Source.REST, 40),
        Look("b", 7, 50, Verdict.TOO_DEAR, 40),
        Look("c", 5, 30, Verdict.CHOSEN, 10),
        Look("d", 2, 10, Verdict.CHOSEN, 0),
    )
    assert outcome.chosen == ("a", "c", "d")


def test_themes_cannot_give_away_more_than_there_is() -> None:
    of = election(100, {"a": (60, 2), "b": (60, 1)}, GREEN_AND_YOUNG)
    outcome = count(of, by(Rule.TWO_STEP, of, themes={"green": 60, "young": 60}))
    assert (outcome.chosen, outcome.left) == (("a",), 40)


def test_every_plan_has_its_step_and_its_reason() -> None:
    plans = {"a": (90, 9), "b": (50, 7), "c": (5, 5), "d": (1, 1), "e": (1, 0)}
    of = election(100, plans, authors={"a": "x", "c": "x"})
    outcome = count(of, by(Rule.STOP, of, threshold=Fraction(2)))
    assert outcome.steps == (
        Pot(Source.ALL, 100),
        Look("a", 9, 90, Verdict.CHOSEN, 10),
        Look("b", 7, 50, Verdict.STOPS, 10),
        Look("c", 5, 5, Verdict.NOT_REACHED, 10),
        Look("d", 1, 1, Verdict.BELOW_THRESHOLD, 10),
        Look("e", 0, 1, Verdict.NO_VOTES, 10),
    )
    capped = count(of, by(Rule.SKIP, of, per_author=1))
    assert Look("c", 5, 5, Verdict.AUTHOR_FULL, 10) in capped.steps
    assert capped.chosen == ("a", "d")


RANKED = Election(
    100,
    (Plan("a", 100), Plan("b", 100)),
    {Ballot(("a", "b"), (1, 3)): 2, Ballot(("b",), (2,)): 1, Ballot(("a",), (3,)): 2},
)


@pytest.mark.parametrize(
    ("measure", "totals"),
    [
        (Measure.VOTES, {"a": 4, "b": 3}),
        (Measure.POINTS, {"a": 8, "b": 8}),
        (Measure.BORDA, {"a": 12, "b": 7}),
    ],
)
def test_what_a_ballot_gives(measure: Measure, totals: Mapping[str, int]) -> None:
    outcome = count(RANKED, by(Rule.SKIP, RANKED, measure=measure, first_place=3))
    assert outcome.totals == totals


def test_a_plan_that_stands_twice_counts_twice() -> None:
    of = Election(100, (Plan("a", 1), Plan("b", 1)), cast("a,a", "b"))
    assert count(of, by(Rule.SKIP, of)).totals == {"a": 2, "b": 1}


def test_paper_and_web_can_count_half_each() -> None:
    ballots = cast("a", "b", "b", voters="web") | cast("a", "a", "b", voters="paper")
    of = Election(100, (Plan("a", 1), Plan("b", 1)), ballots)
    weights = {"web": Fraction(1, 2), "paper": Fraction(2, 3)}
    totals = count(of, by(Rule.SKIP, of, weights=weights)).totals
    assert totals == {"a": Fraction(11, 6), "b": Fraction(5, 3)}


def test_residents_choose_twenty_and_the_committee_from_the_rest() -> None:
    """Small: two places and two, and both like "a" best."""
    ballots = cast("a", "a", "a", "b", "b", "c", voters="resident")
    ballots |= cast("a", "d", "d", "c", voters="business")
    ballots |= cast("a", "c", "a", "e", "c", "a", voters="committee")
    of = Election(0, tuple(Plan(each, 5) for each in "abcdef"), ballots)
    quotas = (Quota(("resident", "business"), 2), Quota(("committee",), 2))
    outcome = count(of, by(Rule.QUOTAS, of, quotas=quotas))
    assert outcome.chosen == ("a", "b", "c", "e")
    assert outcome.left == 0
    assert outcome.steps[0] == Pot(Source.PLACES, 2, "resident, business")
    assert outcome.ties == (Tie(("b", "d"), ("b",), 2, TieBreak.LISTED),)
    assert outcome.margins == {"d": 1, "f": 2}


def test_equal_shares_give_every_group_its_own() -> None:
    """Six voters for a and b, three for c: greedy gives the three nothing."""
    plans = (Plan("a", 600), Plan("b", 300), Plan("c", 300))
    ballots = {Ballot(("a", "b")): 6, Ballot(("c",)): 3}
    of = Election(900, plans, ballots)
    assert count(of, by(Rule.SKIP, of)).chosen == ("a", "b")
    outcome = count(of, by(Rule.EQUAL_SHARES, of))
    assert outcome.chosen == ("a", "c")
    assert outcome.steps == (
        Pot(Source.SHARES, 900, share=Fraction(100)),
        Look("a", 6, 600, Verdict.CHOSEN, 300, Fraction(100)),
        Look("c", 3, 300, Verdict.CHOSEN, 0, Fraction(100)),
        Look("b", 6, 300, Verdict.NOT_PAID, 0),
    )


def test_who_has_less_pays_what_she_has() -> None:
    """After a, its voters have 50 left, so the one who is new to b pays 100."""
    plans = (Plan("a", 150), Plan("b", 200))
    of = Election(
        400, plans, {Ballot(("a", "b")): 2, Ballot(("a",)): 1, Ballot(("b",)): 1}
    )
    outcome = count(of, by(Rule.EQUAL_SHARES, of))
    assert outcome.chosen == ("a", "b")
    looks = [step for step in outcome.steps if isinstance(step, Look)]
    assert [look.price for look in looks] == [50, 100]


def test_shares_are_raised_until_the_money_is_used() -> None:
    of = Election(1_000, (Plan("a", 900),), {Ballot(("a",)): 1, Ballot(()): 1})
    assert count(of, by(Rule.EQUAL_SHARES, of)).chosen == ()
    raised = count(of, by(Rule.EQUAL_SHARES, of, increase=100))
    assert raised.chosen == ("a",)
    assert raised.steps[0] == Pot(
        Source.SHARES, 1_000, share=Fraction(900), increases=4
    )


def test_a_raise_that_costs_too_much_is_taken_back() -> None:
    plans = (Plan("a", 700), Plan("b", 700))
    of = Election(1_000, plans, {Ballot(("a",)): 1, Ballot(("b",)): 1})
    outcome = count(of, by(Rule.EQUAL_SHARES, of, increase=100))
    assert (outcome.chosen, outcome.left) == ((), 1_000)
    filled = count(of, by(Rule.EQUAL_SHARES, of, increase=100, fill=True))
    assert (filled.chosen, filled.left) == (("a",), 300)
    assert filled.ties == (Tie(("a", "b"), ("a",), 1, TieBreak.LISTED),)
    assert Look("b", 1, 700, Verdict.TOO_DEAR, 300) in filled.steps


def test_weights_are_shares_of_voters() -> None:
    """A ballot that counts half has half a share."""
    ballots = cast("a", "a", voters="paper") | cast("b", voters="web")
    of = Election(200, (Plan("a", 100), Plan("b", 100)), ballots)
    weights = {"paper": Fraction(1, 2)}
    outcome = count(of, by(Rule.EQUAL_SHARES, of, weights=weights))
    assert outcome.totals == {"a": 1, "b": 1}
    assert outcome.steps[0] == Pot(Source.SHARES, 200, share=Fraction(100))
    assert outcome.chosen == ("a", "b")


def test_cheaper_first_then_the_lot_that_anyone_can_draw_again() -> None:
    plans = (Plan("30", 500), Plan("10", 500), Plan("20", 400))
    order = cheaper_then_lot(plans, "seed")
    # `printf seed10 | sha256sum` begins with 668e, that of seed30 with 8b85.
    assert order == TieOrder(("20", "10", "30"), (TieBreak.CHEAPER, TieBreak.LOT))
    other = cheaper_then_lot(plans, "seed 2")
    assert other.ids[0] == "20"
    orders = {cheaper_then_lot(plans, f"seed {at}").ids for at in range(20)}
    assert len(orders) == 2


def test_the_dearer_first_or_as_listed_where_a_round_says_so() -> None:
    plans = (Plan("a", 5), Plan("b", 9), Plan("c", 5))
    assert tie_order(plans, [TieBreak.DEARER]).ids == ("b", "a", "c")
    assert tie_order(plans, [TieBreak.LISTED]) == as_listed(plans)


@pytest.mark.parametrize(
    ("costs", "broken_by", "plans"),
    [
        pytest.param((60, 50), TieBreak.CHEAPER, ("b", "a"), id="the cheaper one"),
        pytest.param((60, 60), TieBreak.LOT, None, id="only the lot is left"),
    ],
)
def test_a_tie_says_what_broke_it(
    costs: tuple[int, int], broken_by: TieBreak, plans: tuple[str, str] | None
) -> None:
    of = election(100, {"a": (costs[0], 3), "b": (costs[1], 3), "c": (40, 1)})
    outcome = count(of, by(Rule.SKIP, of, ties=cheaper_then_lot(of.plans, "seed")))
    (tie,) = outcome.ties
    assert tie.broken_by is broken_by
    assert tie.chosen == (outcome.chosen[0],)
    assert plans is None or tie.plans == plans


@pytest.mark.parametrize(
    ("plans", "tied"),
    [
        pytest.param({"a": (50, 3), "b": (50, 3)}, False, id="both fit"),
        pytest.param({"a": (60, 3), "b": (50, 3)}, True, id="one of two"),
        pytest.param({"a": (200, 3), "b": (50, 3)}, False, id="one fits in no order"),
        pytest.param({"a": (200, 3), "b": (300, 3)}, False, id="none fits"),
        pytest.param({"a": (60, 0), "b": (50, 0)}, False, id="nobody voted"),
    ],
)
def test_only_ties_that_matter_are_told(
    plans: Mapping[str, tuple[int, int]],
    tied: bool,  # noqa: FBT001
) -> None:
    of = election(100, plans)
    assert bool(count(of, by(Rule.SKIP, of)).ties) is tied


@pytest.mark.parametrize(
    ("rule", "margins"),
    [
        pytest.param(
            Rule.SKIP, {"b": 3, "e": None}, id="past a, which is listed first"
        ),
        pytest.param(Rule.STOP, {"b": 3, "c": 3, "d": 6, "e": None}, id="before b"),
    ],
)
def test_margins(rule: Rule, margins: Mapping[str, int | None]) -> None:
    """Nothing that costs more than there is gets in with any number of votes."""
    of = election(100, FOUR | {"e": (101, 1)})
    outcome = count(of, by(rule, of))
    assert outcome.margins == margins


BAD = election(100, FOUR, GREEN_AND_YOUNG)


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        (by(Rule.SKIP, BAD, ties=TieOrder(("a", "b", "c"))), "does not name each plan"),
        (by(Rule.SKIP, BAD, ties=TieOrder(tuple("abcda"))), "does not name each plan"),
        (by(Rule.TWO_STEP, BAD, themes={"green": 9}), "in no theme with money: b, d"),
        (by(Rule.QUOTAS, BAD), "there are no quotas"),
        (by(Rule.QUOTAS, BAD, quotas=(Quota(("x",), -1),)), "below nought"),
        (by(Rule.SKIP, BAD, weights={"": Fraction(-1)}), "a weight is below nought"),
        (by(Rule.SKIP, BAD, per_author=0), "no plan of any author"),
        (by(Rule.SKIP, BAD, measure=Measure.BORDA), "longer than Borda's first"),
        (by(Rule.SKIP, BAD, measure=Measure.POINTS), "how many points a plan gets"),
        (by(Rule.EQUAL_SHARES, BAD, increase=0), "the increase must be above 0"),
        (
            by(Rule.EQUAL_SHARES, RANKED, measure=Measure.BORDA, first_place=9),
            "by votes",
        ),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings: Settings, fault: str) -> None:
    of = RANKED if settings.rule is Rule.EQUAL_SHARES and settings.first_place else BAD
    with pytest.raises(ElectionError, match=fault):
        count(of, settings)


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ((100, (Plan("a", 1), Plan("a", 2)), {}), "listed twice"),
        ((-1, (Plan("a", 1),), {}), "below nought"),
        ((1, (Plan("a", -1),), {}), "below nought"),
        ((1, (Plan("a", 1),), cast("b")), "a plan not listed: b"),
        ((1, (Plan("a", 1),), {Ballot(("a",)): 0}), "less than once"),
    ],
)
def test_an_election_that_cannot_be_is_refused(parts: Any, fault: str) -> None:
    with pytest.raises(ElectionError, match=fault):
        Election(*parts)


def test_the_same_settings_give_the_same_outcome() -> None:
    of = election(100, FOUR)
    settings = by(Rule.SKIP, of)
    assert count(of, settings) == count(of, replaced(settings))
    assert as_listed(of.plans).ids == tuple("abcd")
