"""Files whose store does not answer: everything is tried again, nothing is given up."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import insert

from bot.services.house import House
from bot.store.media import MediaUnavailableError
from bot.store.talks import Media

log = logging.getLogger(__name__)
SOONEST = timedelta(seconds=15)
LATEST = timedelta(minutes=5)


def try_again_at(since: datetime, now: datetime) -> datetime:
    """Return when to ask the store again for what has waited `since` then.

    The longer it has waited the later, so that a store that is away for a day is not
    asked for thousands of files a minute; five minutes at most.
    """
    return now + min(max(now - since, SOONEST), LATEST)


def discard(house: House, key: str) -> None:
    """Delete a file that no row names any more; if that fails now, the sweep does it.

    Commits. Raises nothing of the store's.
    """
    try:
        house.media.delete(key)
    except MediaUnavailableError as error:
        log.warning("file left to the sweep code=%s", error)
        now = house.clock()
        left = insert(Media).values(
            channel="",
            kind="leftover",
            source={"place": ""},
            key=key,
            mime="",
            fetched_at=now,
            delete_after=now,
            created_at=now,
        )
        house.db.run(lambda db: db.execute(left).rowcount)
