"""The clocks that run on the municipality: until when it owes what to a resident.

Days count as calendar days where the round is: what came in at any hour of Monday and
is owed within two days is in time all of Wednesday, and late when Thursday begins.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

FIRST_ANSWER_DAYS = 2
"""Until an author hears from a person about a new plan."""

ADVICE_DAYS = 42
"""Until experts say whether a plan can be done."""

CONTACT_DAYS = 14
"""Until the contact person of a chosen plan has called its author."""

CHECKIN_DAYS = 14
"""Until somebody looks after an author who did not answer a check-in."""

_AMBER_PART = 3


class Light(StrEnum):
    """How much of a clock is left; a page says it in words as well."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def due_after(since: datetime, days: int, zone: str) -> datetime:
    """Return when it is too late: the end of the local day `days` after `since`.

    `since` is aware; what is returned is the local midnight with which the day after
    begins, so that "before <its day>" is what can be said of it.
    """
    day = since.astimezone(ZoneInfo(zone)).date() + timedelta(days=days + 1)
    return datetime.combine(day, time(), ZoneInfo(zone))


def before_day(promised: datetime, zone: str) -> datetime:
    """Return when a promise to answer before the day of `promised` is broken."""
    local = promised.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date(), time(), ZoneInfo(zone))


def light(since: datetime, due: datetime, now: datetime) -> Light:
    """Return green with more than a third of the time left, then amber, then red."""
    left = due - now
    if left <= timedelta(0):
        return Light.RED
    return Light.GREEN if left * _AMBER_PART > due - since else Light.AMBER


def late_before(now: datetime, days: int, zone: str) -> datetime:
    """Return before which moment a clock of so many days must have begun to be late."""
    day = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=days)
    return datetime.combine(day, time(), ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs: how it stands, and the instant from which it is late."""

    light: Light
    due: datetime


def first_answer(
    told: datetime, answered: datetime | None, now: datetime, zone: str
) -> Clock | None:
    """Return the clock of a plan told at `told`; None once a person has answered."""
    return (
        None if answered is not None else _running(told, FIRST_ANSWER_DAYS, now, zone)
    )


def advice(
    began: datetime | None, given: datetime | None, now: datetime, zone: str
) -> Clock | None:
    """Return the clock of a review; None before it began and once advice is given."""
    if began is None or began > now or given is not None:
        return None
    return _running(began, ADVICE_DAYS, now, zone)


def _running(since: datetime, days: int, now: datetime, zone: str) -> Clock:
    due = due_after(since, days, zone)
    return Clock(light(since, due, now), due)
