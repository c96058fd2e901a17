"""How long things took: the middle one and nine of ten, found by the database."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, FromClause, func, select

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


def spans_of(
    db: Connection,
    table: FromClause,
    seconds: Any,  # noqa: ANN401 - a column or an expression
    late: Any,  # noqa: ANN401 - the same
) -> Spans:
    """Return how long the rows of `table` took, by its columns or expressions.

    Only the two rows that are asked for leave the database, not all of them.
    """
    counted = select(func.count(), func.sum(late)).select_from(table)
    many, too_late = db.execute(counted).one()
    ordered = select(seconds).select_from(table).order_by(seconds)

    def at(part: float) -> timedelta | None:
        place = max(0, -(-many * part // 1) - 1)
        found = db.scalar(ordered.offset(int(place)).limit(1)) if many else None
        return None if found is None else timedelta(seconds=max(0, float(found)))

    return Spans(many, at(MIDDLE), at(NINE_OF_TEN), int(too_late or 0))
