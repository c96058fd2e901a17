"""A chosen plan on its way: who helps, who does what, what was done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.languages import Texts


class Who(StrEnum):
    """Who does a step."""

    AUTHOR = "author"
    TOGETHER = "together"
    MUNICIPALITY = "municipality"


class StepKey(StrEnum):
    """The steps that every plan begins with; officials can add their own."""

    PERMIT = "permit"
    ORDER = "order"
    NEIGHBOURS = "neighbours"
    WORK = "work"
    UPKEEP = "upkeep"


TEMPLATE = (
    (StepKey.PERMIT, Who.MUNICIPALITY),
    (StepKey.ORDER, Who.MUNICIPALITY),
    (StepKey.NEIGHBOURS, Who.AUTHOR),
    (StepKey.WORK, Who.TOGETHER),
    (StepKey.UPKEEP, Who.TOGETHER),
)
"""Who does what, until officials and author agree otherwise."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a known one (`key`), or one in words of officials (`texts`)."""

    who: Who
    key: StepKey | None = None
    texts: Texts | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened with a plan, as it may be told."""

    at: datetime
    texts: Texts


@dataclass(frozen=True, slots=True)
class Care:
    """How a chosen plan is looked after, for its author.

    `answered_at` is when the municipality last said something, `next_at` by when it
    says something again; `is_late` tells that it should have by now.
    """

    answered_at: datetime | None = None
    next_at: datetime | None = None
    is_late: bool = False
    steps: tuple[Step, ...] = ()
