"""Whether this process can do its work."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.services.house import House
from bot.store.migrating import newest_revision


def is_ready(house: House) -> bool:
    """Tell whether the database answers and is at the newest schema."""
    try:
        version = text("SELECT version_num FROM alembic_version")
        found = house.db.read(lambda db: db.scalar(version))
    except SQLAlchemyError:
        return False
    return bool(found == newest_revision())
