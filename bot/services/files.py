"""Files whose store does not answer: everything is tried again, nothing is given up."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from bot.channels.base import ChannelError, Outcome
from bot.domain.messages import MediaRef
from bot.services.house import House
from bot.store.media import MediaUnavailableError
from bot.store.talks import Media

log = logging.getLogger(__name__)
SOONEST = timedelta(seconds=15)
LATEST = timedelta(minutes=5)
ELSEWHERE = "elsewhere"
"""The kind of a row whose file lies at a provider still, where `source` says."""

MESSAGE = "message"
"""The kind of a row for a message that a provider keeps still: it held a pass."""


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
        _leave(house, "leftover", "", "", key)


def forget_at_provider(house: House, channel: str, ref: MediaRef) -> None:
    """Delete a fetched file at the provider; if that fails now, the sweep does it.

    Commits. Raises nothing of the provider's.
    """
    try:
        house.channels[channel].delete_media(ref)
    except ChannelError as error:
        log.warning("media not deleted at provider code=%s", error.code)
        if not is_final(error):
            _leave(house, ELSEWHERE, channel, ref.place, "-")


def erase_at_provider(db: Connection, channel: str, place: str, now: datetime) -> None:
    """Have the sweep erase a message at its provider; commits nothing."""
    if place:
        db.execute(insert(Media).values(_left(MESSAGE, channel, place, "-", now)))


def is_final(error: ChannelError) -> bool:
    """Tell whether deleting will never work: it is no file of this provider's."""
    return error.outcome is Outcome.REFUSED and not error.ours


def _leave(house: House, kind: str, channel: str, place: str, key: str) -> None:
    """Write a row that says nothing but what the sweep has still to delete."""
    left = insert(Media).values(_left(kind, channel, place, key, house.clock()))
    house.db.run(lambda db: db.execute(left).rowcount)


def _left(
    kind: str, channel: str, place: str, key: str, now: datetime
) -> dict[str, Any]:
    return {
        "kind": kind,
        "channel": channel,
        "source": {"place": place},
        "key": key,
        "mime": "",
        "fetched_at": now,
        "delete_after": now,
        "created_at": now,
    }
