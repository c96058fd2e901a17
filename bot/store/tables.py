"""All tables: a module that nobody has imported yet declares none of its own."""

from sqlalchemy import Table

from bot.store import (
    after,
    audit,
    care,
    chain,
    changes,
    civic,
    desk_messages,
    destroyed,
    drafts,
    frozen,
    logins,
    nights,
    outhooks,
    outreach,
    passes,
    results,
    reviews,
    sealed,
    spending,
    talks,
    trust,
    voices,
)
from bot.store.base import Base

DECLARING = (
    after,
    audit,
    care,
    chain,
    changes,
    civic,
    desk_messages,
    destroyed,
    drafts,
    frozen,
    logins,
    nights,
    outhooks,
    outreach,
    passes,
    results,
    reviews,
    sealed,
    spending,
    talks,
    trust,
    voices,
)
METADATA = Base.metadata
"""What knows them all."""


def all_tables() -> list[Table]:
    """Return every table; those come first that others point at."""
    return list(METADATA.sorted_tables)
