"""Leases: when a row is free to be taken, whatever clocks have done."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_

DOUBT = timedelta(minutes=1)
"""How far the clocks of our machines may lie apart before a time is not believed."""


def is_free(column: Any, now: datetime, lease: timedelta) -> ColumnElement[bool]:  # noqa: ANN401
    """Tell whether nobody holds a lease of at most the length `lease`.

    One that ends later than it could have been given now is from a clock that was
    ahead: nobody holds it any more.
    """
    latest = now + lease + DOUBT
    return or_(column.is_(None), column < now, column > latest)


def is_free_at(column: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Tell the same with the parameters `now` and `latest` left open."""
    return or_(
        column.is_(None),
        column < bindparam("now"),
        column > bindparam("latest"),
    )
