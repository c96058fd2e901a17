"""What reaches a database: also the statements that pass SQLAlchemy's events by.

`bot.store.prepared` hands the hottest ones straight to the driver, so it is the
driver's own cursors that listen.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Engine, event


@dataclass(frozen=True, slots=True)
class Statement:
    """What was run, as the driver was told; of a whole list, the first values."""

    words: str
    values: Any

    @property
    def is_ours(self) -> bool:
        """Tell it from what SQLAlchemy asks about the connection."""
        return self.words.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))


def listen(engine: Engine) -> list[Statement]:
    """Return a list that gets every statement from now on.

    Connections that `engine` has already are deaf: it must be new.
    """
    said: list[Statement] = []
    given = _on_sqlite(said) if engine.dialect.name == "sqlite" else _on_postgres(said)

    def connect(_: object, __: object, ___: object, options: dict[str, Any]) -> None:
        options.update(given)

    event.listen(engine, "do_connect", connect)
    return said


def _on_sqlite(said: list[Statement]) -> dict[str, Any]:
    class Cursor(sqlite3.Cursor):
        def execute(self, words: str, values: Any = (), /) -> Any:
            said.append(Statement(words, values))
            return super().execute(words, values)

        def executemany(self, words: str, values: Any, /) -> Any:
            values = list(values)
            said.append(Statement(words, values[0]))
            return super().executemany(words, values)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, *told: Any) -> sqlite3.Cursor:
            # A pragma or a begin: no statement of ours.
            return super().cursor(sqlite3.Cursor).execute(*told)

    return {"factory": Connection}


def _on_postgres(said: list[Statement]) -> dict[str, Any]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
            said.append(Statement(query, params))
            return super().execute(query, params, **how)

        def executemany(self, query: Any, params_seq: Any, **how: Any) -> None:
            values = list(params_seq)
            said.append(Statement(query, values[0]))
            super().executemany(query, values, **how)

    return {"cursor_factory": Cursor}
