"""The one statement both databases spell differently: insert unless it is there."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(db: Connection, table: type[Any]) -> Any:  # noqa: ANN401 - two types
    """Return an insert into `table` that does nothing where a key is taken.

    Its `rowcount` is 0 then. Add `.values(…)`.
    """
    make = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    once = make(table).on_conflict_do_nothing()
    return once.execution_options(preserve_rowcount=True)
