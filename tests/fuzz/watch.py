"""Which tables a request has changed: triggers write it down, on either database.

A row that was written again with the same values counts too: who may change nothing may
not write at all.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, create_engine, inspect, text

NOTES = "fuzz_changes"
_VERBS = ("INSERT", "UPDATE", "DELETE")
_INTO = f"INSERT INTO {NOTES} (place, verb) VALUES"
_FUNCTION = (
    f"CREATE FUNCTION {NOTES}() RETURNS trigger AS $$ BEGIN "
    f"{_INTO} (TG_TABLE_NAME, TG_OP); RETURN NULL; END $$ LANGUAGE plpgsql"
)
Changes = Counter[tuple[str, str]]
"""How many rows of which table met which verb."""


def install(engine: Engine) -> None:
    """Have every table of ours tell of its changes."""
    sqlite = engine.dialect.name == "sqlite"
    step = "INTEGER PRIMARY KEY" if sqlite else "BIGSERIAL PRIMARY KEY"
    with engine.begin() as db:
        db.execute(text(f"CREATE TABLE {NOTES} (step {step}, place TEXT, verb TEXT)"))
        if not sqlite:
            db.execute(text(_FUNCTION))
        for table in inspect(db).get_table_names():
            if table not in {NOTES, "alembic_version"}:
                for statement in _on_sqlite(table) if sqlite else _on_postgres(table):
                    db.execute(text(statement))


def _on_sqlite(table: str) -> Iterator[str]:
    for verb in _VERBS:
        told = f"BEGIN {_INTO} ('{table}', '{verb}'); END"
        yield f"CREATE TRIGGER fuzz_{table}_{verb} AFTER {verb} ON {table} {told}"


def _on_postgres(table: str) -> Iterator[str]:
    verbs = " OR ".join(_VERBS)
    each = f"FOR EACH ROW EXECUTE FUNCTION {NOTES}()"
    yield f"CREATE TRIGGER fuzz_{table} AFTER {verbs} ON {table} {each}"


class Watch:
    """Eyes on the tables, through a connection of their own."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self._eyes = self._engine.connect()
        self._last = 0
        self.changes()

    def changes(self) -> Changes:
        """Return what was committed since the last look."""
        news = f"SELECT step, place, verb FROM {NOTES} WHERE step > {self._last}"
        rows = self._eyes.exec_driver_sql(news).all()
        if rows:
            self._last = max(row.step for row in rows)
        return Counter((row.place, row.verb.upper()) for row in rows)

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """Return what a query finds."""
        return list(self._eyes.execute(text(statement), values))

    def one(self, statement: str, **values: Any) -> Any:
        """Return the one value a query finds."""
        return self._eyes.execute(text(statement), values).scalar()

    def does(self, statement: str, **values: Any) -> None:
        """Change something behind the application's back; nobody is blamed for it."""
        self._eyes.execute(text(statement), values)
        self.changes()

    def close(self) -> None:
        self._eyes.close()
        self._engine.dispose()
