"""How long things took: the middle one, and nine of ten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import Connection, Select, func

MIDDLE, NINE_OF_TEN = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Spans:
    """How long `many` things took. `median` is the middle one; None where none are.

    `late` of them took longer than was promised, `open` are not done yet.
    """

    many: int
    median: timedelta | None
    nine_of_ten: timedelta | None
    late: int = 0
    open: int = 0


def seconds_between(db: Connection, begun: Any, ended: Any) -> Any:  # noqa: ANN401
    """Return the expression for the seconds from one column to another."""
    if db.dialect.name == "sqlite":
        return (func.julianday(ended) - func.julianday(begun)) * 86_400
    return func.extract("epoch", ended - begun)


def spans_of(db: Connection, took: Select[Any], late_after: float) -> Spans:
    """Return how long things took: `took` selects their seconds, a number each.

    What took longer than `late_after` seconds is late.
    """
    seconds = sorted(max(0.0, float(each)) for each in db.scalars(took))
    return Spans(
        many=len(seconds),
        median=_at(seconds, MIDDLE),
        nine_of_ten=_at(seconds, NINE_OF_TEN),
        late=sum(each > late_after for each in seconds),
    )


def _at(seconds: Sequence[float], part: float) -> timedelta | None:
    """Return what `part` of the things took at most; None where there are none."""
    if not seconds:
        return None
    return timedelta(seconds=seconds[max(0, ceil(len(seconds) * part) - 1)])
