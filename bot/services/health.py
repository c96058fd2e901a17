"""Whether this process can do its work, and how the database is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.services.house import House
from bot.store.civic import Catalog
from bot.store.migrating import is_known, newest_revision

_VERSION = text("SELECT version_num FROM alembic_version")
_NOBODY = 0
"""The id of a row that is never committed."""


def is_ready(house: House) -> bool:
    """Tell whether the database answers and its schema is ours, or that of a later one.

    A later version only adds: we work on beside it until we are replaced.
    """
    try:
        found = house.db.read(lambda db: db.scalar(_VERSION))
    except SQLAlchemyError:
        return False
    return found is not None and (found == newest_revision() or not is_known(found))


def can_write(house: House) -> bool:
    """Tell whether the database takes writes, by one that leaves nothing behind."""
    try:
        house.db.run(_write_and_take_back)
    except SQLAlchemyError:
        return False
    return True


def _write_and_take_back(db: Connection) -> None:
    # A row that is written as it is would not touch the disk on SQLite.
    db.execute(insert(Catalog).values(id=_NOBODY, version=0))
    db.execute(delete(Catalog).where(Catalog.id == _NOBODY))


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """What a database says of itself.

    `revision` is its schema, None if it has none; `newest` is ours. SQLite tells its
    journal mode, size in bytes and the free part of it (0 to 1); PostgreSQL its version
    (150000 is 15.0) and its clock.
    """

    revision: str | None
    newest: str
    journal: str | None = None
    size_bytes: int = 0
    free: float = 0.0
    version: int | None = None
    clock: datetime | None = None


def database_state(db: Connection) -> DatabaseState:
    """Ask the database about itself. Raises SQLAlchemyError if it does not answer."""
    has_schema = inspect(db).has_table("alembic_version")
    revision = db.scalar(_VERSION) if has_schema else None
    if db.dialect.name == "sqlite":
        return _sqlite_state(db, revision)
    return DatabaseState(
        revision=revision,
        newest=newest_revision(),
        version=int(db.scalar(text("SHOW server_version_num")) or 0),
        clock=db.scalar(select(func.clock_timestamp())),
    )


def _sqlite_state(db: Connection, revision: str | None) -> DatabaseState:
    def pragma(name: str) -> int:
        return int(db.scalar(text(f"PRAGMA {name}")) or 0)

    pages = pragma("page_count")
    return DatabaseState(
        revision=revision,
        newest=newest_revision(),
        journal=str(db.scalar(text("PRAGMA journal_mode"))),
        size_bytes=pages * pragma("page_size"),
        free=pragma("freelist_count") / max(pages, 1),
    )
