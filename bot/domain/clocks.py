"""The clocks that run on the municipality: how long a plan may wait for us.

An author hears from a person within two days of telling her plan; a plan that is
reviewed has its advice within six weeks of the day review began.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_ANSWER = timedelta(days=2)
ADVICE = timedelta(days=42)
NEARLY = 0.25
"""A clock turns amber when no more than this part of its time is left."""


class Colour(StrEnum):
    """How a clock stands: in time, nearly late, late."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs: how it stands, and the instant (aware UTC) it is set to."""

    colour: Colour
    due: datetime


def first_answer(
    told: datetime, answered: datetime | None, now: datetime
) -> Clock | None:
    """Return the clock of a plan told at `told`; None once a person has answered."""
    return None if answered is not None else _running(told, FIRST_ANSWER, now)


def advice(
    began: datetime | None, given: datetime | None, now: datetime
) -> Clock | None:
    """Return the clock of a review; None before it began and once advice is given."""
    if began is None or began > now or given is not None:
        return None
    return _running(began, ADVICE, now)


def _running(since: datetime, allowed: timedelta, now: datetime) -> Clock:
    due = since + allowed
    if now >= due:
        return Clock(Colour.RED, due)
    nearly = due - now <= allowed * NEARLY
    return Clock(Colour.AMBER if nearly else Colour.GREEN, due)
