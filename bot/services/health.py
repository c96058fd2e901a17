"""Whether this process can do its work."""

from sqlalchemy import Connection, delete, insert, text
from sqlalchemy.exc import SQLAlchemyError

from bot.services.house import House
from bot.store.civic import Catalog
from bot.store.migrating import is_known, newest_revision

_NOBODY = 0
"""The id of a row that is never committed."""


def is_ready(house: House) -> bool:
    """Tell whether the database answers and its schema is ours, or that of a later one.

    A later version only adds: we work on beside it until we are replaced.
    """
    try:
        version = text("SELECT version_num FROM alembic_version")
        found = house.db.read(lambda db: db.scalar(version))
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
