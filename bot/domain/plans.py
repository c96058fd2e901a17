"""The life of a plan: its stages, its number and what may be done when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.languages import Texts
from bot.domain.money import Money

FIRST_NUMBER = 10
TITLE_LENGTH = 60
TEXT_LENGTH = 4_000


class Status(StrEnum):
    """How far a plan is. The order is that of a plan's usual life."""

    RECEIVED = "received"
    PUBLIC = "public"
    NEEDS_CHANGE = "needs_change"
    INFEASIBLE = "infeasible"
    BELOW_THRESHOLD = "below_threshold"
    NOT_PRESELECTED = "not_preselected"
    ON_BALLOT = "on_ballot"
    CHOSEN = "chosen"
    NOT_VOTED_IN = "not_voted_in"
    STARTED = "started"
    DONE = "done"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


CHANGEABLE = frozenset({Status.RECEIVED, Status.PUBLIC, Status.NEEDS_CHANGE})
SUPPORTABLE = frozenset({Status.PUBLIC, Status.NEEDS_CHANGE})
NOT_CHOSEN = frozenset(
    {
        Status.BELOW_THRESHOLD,
        Status.INFEASIBLE,
        Status.NOT_PRESELECTED,
        Status.NOT_VOTED_IN,
    }
)
ONCE_CHOSEN = frozenset({Status.CHOSEN, Status.STARTED, Status.DONE, Status.STOPPED})
FINAL = NOT_CHOSEN | ONCE_CHOSEN


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of a plan's history: since when it has which status, and why."""

    status: Status
    at: datetime
    note: Texts


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as a talk needs it.

    `title` is what may be shown to the person asking: the public title, or, to its
    author before review, the first words of the text. `mine` and `supported` are about
    the person asking. `already` is what the municipality pays at its place anyway,
    `picture` the id of the media that is its public picture.
    """

    number: int
    round: str
    status: Status
    title: Texts
    summary: Texts
    cost: Money | None = None
    theme: str | None = None
    supports: int = 0
    public: bool = False
    mine: bool = False
    supported: bool = False
    followed: bool = False
    place: str = ""
    history: tuple[Stage, ...] = ()
    contact: str = ""
    votes: int | None = None
    already: Texts = field(default_factory=dict)
    picture: int | None = None


def plan_numbers(start: int = FIRST_NUMBER) -> Iterator[int]:
    """Yield the public numbers from `start` on: the last two digits never rise.

    10, 11, 20, 21, 22, 30 … 99, 100, 110, 111, 120 …: no number is another one
    misheard with its last digits swapped (Dutch and Arabic say four-and-twenty).
    """
    number = max(start, FIRST_NUMBER)
    while True:
        if is_plan_number(number):
            yield number
        number += 1


def is_plan_number(number: int) -> bool:
    """Tell whether `number` can be a plan's public number."""
    return number >= FIRST_NUMBER and number // 10 % 10 >= number % 10


def next_number(last: int | None) -> int:
    """Return the public number after `last` (None: there is no plan yet)."""
    return next(plan_numbers(FIRST_NUMBER if last is None else last + 1))


def draft_title(text: str) -> str:
    """Return the first 60 characters of a plan's text, on one line."""
    return " ".join(text.split())[:TITLE_LENGTH].rstrip()
