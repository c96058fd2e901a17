"""A table is gone through by its row numbers, a short piece in each transaction.

Each piece begins where the one before ended, so that a whole table costs what its rows
cost: what was passed is not looked at again. Nobody waits longer than for one piece.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

AT_ONCE = 200
"""How many rows one transaction lets go of."""

LOOK = 1_000
"""How many row numbers one transaction looks at."""


class Piece(NamedTuple):
    """Rows that were found, and the number after which to go on; None at the end."""

    ids: Sequence[int]
    on: int | None


def piece(
    db: Connection,
    table: Any,  # noqa: ANN401 - a table
    after: int,
    *conditions: Any,  # noqa: ANN401 - of its rows
    most: int = AT_ONCE,
) -> Piece:
    """Return the next rows of `table` that meet the conditions, at most so many."""
    last = db.scalar(select(func.max(table.id))) or 0
    end = after + LOOK
    found = select(table.id).where(table.id > after, table.id <= end, *conditions)
    ids = list(db.scalars(found.order_by(table.id).limit(most)))
    if len(ids) == most:
        return Piece(ids, ids[-1])
    return Piece(ids, end if end < last else None)
