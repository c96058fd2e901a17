"""Database errors that can be shown: PostgreSQL tells the values of a broken key."""

from typing import TypeVar

from sqlalchemy.exc import StatementError

E = TypeVar("E", bound=BaseException)


def without_values(error: E) -> E:
    """Return `error` with a message that names its kind and its key, but no values."""
    if isinstance(error, StatementError) and error.orig is not None:
        told = getattr(error.orig, "diag", None)
        key = getattr(told, "constraint_name", None)
        short = type(error.orig).__name__ + (f" ({key})" if key else "")
        if told is not None:
            error.args = (short,)
            error.orig.args = (short,)
    return error
