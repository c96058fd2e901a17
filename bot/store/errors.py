"""Database errors: how they can be shown, and which of them are nobody's fault."""

import sqlite3
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnectionError

E = TypeVar("E", bound=BaseException)
_OF_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_OF_POSTGRES = frozenset({"08", "25", "40", "53", "55", "57", "58"})
"""Classes: connection, read-only, rollback, resources, locks, intervention, system."""

_KIND = 0xFF
"""SQLite says more in the higher bits of a code."""


def is_trouble(error: BaseException) -> bool:
    """Tell whether the database could not do its work: gone, full, locked, stopping.

    It was not the fault of what was asked of it: the same may succeed later.
    """
    if isinstance(error, NoConnectionError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & _KIND in _OF_SQLITE
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the connection broke before the server could say anything
        return isinstance(error, OperationalError | InterfaceError)
    return state[:2] in _OF_POSTGRES


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
