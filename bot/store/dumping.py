"""A consistent copy of the whole database as one file, beside whoever works with it.

On SQLite by its own backup interface; on PostgreSQL by `pg_dump` in its custom format,
over the snapshot in which we count the rows.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    Connection,
    create_engine,
    func,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.engine import make_url

from bot.store.database import make_engine
from bot.store.postgres_client import run_client

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True, slots=True)
class Dump:
    """What a copy holds: kind of database, schema revision, rows by table.

    `schema` is the name of PostgreSQL's schema, "" for SQLite.
    """

    kind: str
    schema: str
    revision: str
    rows: Mapping[str, int]


def kind_of(url: str) -> str:
    """Return which database is at `url`."""
    return make_url(url).get_backend_name()


def dump(url: str, to: Path) -> Dump:
    """Copy the database at `url` into a new file, and tell what is in it.

    Raises ClientError where PostgreSQL's programs are missing or fail, and
    FileNotFoundError where there is no SQLite file.
    """
    return _dump_sqlite(url, to) if kind_of(url) == SQLITE else _dump_postgres(url, to)


def _dump_sqlite(url: str, to: Path) -> Dump:
    file = sqlite_file(url)
    if not file.exists():
        raise FileNotFoundError(file)
    with closing(sqlite3.connect(file)) as here, closing(sqlite3.connect(to)) as there:
        here.backup(there)
        # One file without a log beside it.
        there.execute("PRAGMA journal_mode=DELETE")
    engine = create_engine(f"sqlite:///{to}")
    try:
        with engine.connect() as db:
            return Dump(SQLITE, "", revision_of(db), rows_of(db))
    finally:
        engine.dispose()


def _dump_postgres(url: str, to: Path) -> Dump:
    engine = make_engine(url)
    try:
        with engine.connect().execution_options(
            isolation_level="REPEATABLE READ"
        ) as db:
            snapshot = db.scalar(text("SELECT pg_export_snapshot()"))
            schema = str(db.scalar(text("SELECT current_schema()")))
            told = Dump(POSTGRESQL, schema, revision_of(db), rows_of(db))
            run_client(
                url,
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--schema={schema}",
                f"--snapshot={snapshot}",
                f"--file={to}",
            )
            return told
    finally:
        engine.dispose()


def sqlite_file(url: str) -> Path:
    """Return the file of a SQLite address. Raises ValueError for one in memory."""
    name = make_url(url).database
    if not name or name == ":memory:":
        raise ValueError("a database in memory is gone with its process")
    return Path(name)


def revision_of(db: Connection) -> str:
    """Return the schema's revision, "" for a database that has none."""
    if not inspect(db).has_table("alembic_version"):
        return ""
    return str(db.scalar(text("SELECT version_num FROM alembic_version")) or "")


def rows_of(db: Connection) -> Mapping[str, int]:
    """Return how many rows each of its tables has."""
    names = sorted(inspect(db).get_table_names())
    return {
        name: db.scalar(select(func.count()).select_from(table(name))) or 0
        for name in names
    }


_LIFE = ("rounds", "residents", "officials")


def is_in_use(url: str) -> bool:
    """Tell whether a database has anything that somebody could miss."""
    if kind_of(url) == SQLITE and not sqlite_file(url).exists():
        return False
    engine = make_engine(url)
    try:
        with engine.connect().execution_options(only_reads=True) as db:
            there = set(inspect(db).get_table_names())
            return any(
                db.execute(select(text("1")).select_from(table(name)).limit(1)).first()
                for name in _LIFE
                if name in there
            )
    finally:
        engine.dispose()
