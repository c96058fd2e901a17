"""How often an author is asked how her plan goes: named cadences, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

WEEK = timedelta(weeks=1)
REPORT_AHEAD = WEEK
"""How long before a question officials are asked what was done."""

SILENT_AFTER = timedelta(days=14)
"""From when on a question that nobody answered counts as silence."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """When questions come: at first from the award on, then `every` so many weeks.

    `first` are weeks. `every` is None where there are no more of them then, `most`
    None where they never end.
    """

    first: tuple[int, ...]
    every: int | None = None
    most: int | None = None

    def week(self, asked: int) -> int | None:
        """Return in which week the next question is due, after so many; None: never."""
        if self.most is not None and asked >= self.most:
            return None
        if asked < len(self.first):
            return self.first[asked]
        if self.every is None:
            return None
        begun = self.first[-1] if self.first else 0
        return begun + self.every * (asked - len(self.first) + 1)

    def gap(self, asked: int) -> timedelta | None:
        """Return how long after question `asked` the next one comes; None: never."""
        due = self.week(asked)
        if due is None:
            return None
        before = self.week(asked - 1) if asked else 0
        return WEEK * (due - (before or 0))


USUAL, YEARLY, NEVER = "usual", "yearly", "never"
CADENCES: Mapping[str, Cadence] = {
    USUAL: Cadence(first=(2, 6, 12), every=12),
    "two_weeks": Cadence(first=(), every=2),
    "four_weeks": Cadence(first=(), every=4),
    "eight_weeks": Cadence(first=(), every=8),
    "twelve_weeks": Cadence(first=(), every=12),
    YEARLY: Cadence(first=(), every=52, most=5),
    NEVER: Cadence(first=()),
}
"""A chosen plan begins with the usual one; one that is done, goes on yearly."""


def gap_of(cadence: str, asked: int) -> timedelta | None:
    """Return how long after question `asked` the next one is due; None: never.

    An unknown name, of an older version, counts as the usual one.
    """
    return CADENCES.get(cadence, CADENCES[USUAL]).gap(asked)
