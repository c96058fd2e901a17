"""Votes, points or Borda's points per plan, counted from the ballots."""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import assert_never

from tally.election import Ballot, Election, Number
from tally.settings import Measure, Settings

Sums = dict[str, Number]


def totals_of(
    election: Election, settings: Settings, classes: Collection[str] | None = None
) -> Sums:
    """Return what each plan has, by its id, in the order of the plans.

    With `classes`, only ballots of these classes count.
    """
    by_class: dict[str, Sums] = {}
    for ballot, count in election.ballots.items():
        sums = by_class.get(ballot.voters)
        if sums is None:
            sums = dict.fromkeys((plan.id for plan in election.plans), 0)
            by_class[ballot.voters] = sums
        _add(ballot, count, settings, sums)
    totals: Sums = dict.fromkeys((plan.id for plan in election.plans), 0)
    for voters, sums in by_class.items():
        if classes is None or voters in classes:
            for plan, total in sums.items():
                totals[plan] += total * weight(settings, voters)
    return {plan: plain(total) for plan, total in totals.items()}


def plain(number: Number) -> Number:
    """Return a number as an int if it is whole: that is quicker to work with."""
    return int(number) if number.denominator == 1 else number


def weight(settings: Settings, voters: str) -> Fraction:
    """Return what one ballot of a class counts."""
    return settings.weights.get(voters, Fraction(1))


def _add(ballot: Ballot, count: int, settings: Settings, sums: Sums) -> None:
    match settings.measure:
        case Measure.VOTES:
            for plan in ballot.picks:
                sums[plan] += count
        case Measure.POINTS:
            for plan, points in zip(ballot.picks, ballot.points, strict=True):
                sums[plan] += count * points
        case Measure.BORDA:
            for place, plan in enumerate(ballot.picks):
                sums[plan] += count * (settings.first_place - place)
        case _:
            assert_never(settings.measure)


def ranked(totals: Mapping[str, Number], order: Iterable[str]) -> list[str]:
    """Return the plans with most first; of equal ones, as `order` has them."""
    return sorted(order, key=lambda plan: -totals[plan])
