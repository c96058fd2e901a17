"""Whether this process can do its work."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.services.house import House
from bot.store.migrating import is_known, newest_revision


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
