"""Leases: when a row is free to be taken, whatever clocks have done."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_

DOUBT = timedelta(minutes=1)
"""How far the clocks of our machines may lie apart before a time is not believed."""

LONGER = timedelta(seconds=7)
"""How much longer a message is leased for everybody else than for who sends it.

Clocks may lie five seconds apart before the doctor warns; in the other two a process
that was held up writes down how its send ended. Taken over sooner, a message would go
twice.
"""


def is_free(column: Any, now: datetime, lease: timedelta) -> ColumnElement[bool]:  # noqa: ANN401
    """Tell whether nobody holds a lease of at most the length `lease`.

    One that ends later than it could have been given now is from a clock that was
    ahead: nobody holds it any more.
    """
    latest = now + lease + DOUBT
    return or_(column.is_(None), column < now, column > latest)


def is_free_at(column: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Tell the same of a message, with the parameters of `free_at` left open."""
    return or_(
        column.is_(None),
        column < bindparam("lapsed"),
        column > bindparam("latest"),
    )


def free_at(now: datetime, lease: timedelta) -> dict[str, datetime]:
    """Return the parameters of `is_free_at`."""
    return {"lapsed": now - LONGER, "latest": now + lease + DOUBT}
