"""Whether this process can do its work."""

from sqlalchemy import text

from bot.services.house import House
from bot.store.migrating import newest_revision


def is_ready(house: House) -> bool:
    """Tell whether the database answers and is at the newest schema."""
    with house.db.engine.connect() as db:
        found = db.scalar(text("SELECT version_num FROM alembic_version"))
    return found == newest_revision()
