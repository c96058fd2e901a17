"""What is counted: plans with their costs, and ballots, equal ones taken together."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

Number = int | Fraction
"""A number of votes or points: exact, and an int wherever it is whole."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan on the ballot. `cost` is in whole cents.

    `theme` is the key of its theme, "" where it has none; `author` only tells authors
    apart.
    """

    id: str
    cost: int
    theme: str = ""
    author: str = ""


class Ballot(NamedTuple):
    """One way to fill a ballot in, by one group of voters.

    `voters` is what their ballots are told apart by: a class, or how they came.

    `picks` are ids of plans; in a ranking the first is liked best. A plan that stands
    twice counts twice, as towns publish it. `points` belong to the picks one by one,
    where voters give points. A tuple, because there can be a million of them.
    """

    picks: tuple[str, ...]
    points: tuple[Number, ...] = ()
    voters: str = ""


@dataclass(frozen=True, slots=True)
class Election:
    """Plans, the money for them in whole cents, and how often each ballot was cast.

    The order of the plans is the order in which they were listed.
    """

    budget: int
    plans: tuple[Plan, ...]
    ballots: Mapping[Ballot, int]

    def __post_init__(self) -> None:
        """Raise ElectionError for what cannot be counted."""
        known = {plan.id for plan in self.plans}
        if len(known) < len(self.plans):
            raise ElectionError("a plan is listed twice")
        if self.budget < 0 or any(plan.cost < 0 for plan in self.plans):
            raise ElectionError("an amount is below nought")
        for ballot, count in self.ballots.items():
            if not known.issuperset(ballot.picks):
                unknown = sorted(set(ballot.picks) - known)
                raise ElectionError(f"a ballot names a plan not listed: {unknown[0]}")
            if count < 1:
                raise ElectionError("a ballot was cast less than once")

    @property
    def ballots_cast(self) -> int:
        """How many ballots there are in all."""
        return sum(self.ballots.values())

    def costs(self) -> dict[str, int]:
        """Return the cost of each plan in cents, by its id."""
        return {plan.id: plan.cost for plan in self.plans}


class ElectionError(ValueError):
    """An election, or the settings for it, cannot be counted; the message says why."""
