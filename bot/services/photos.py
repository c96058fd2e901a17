"""Photos at intake: smaller, and without what the camera wrote into them."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.channels.base import ChannelError, Outcome
from bot.domain.messages import MediaRef
from bot.meters import Lapsed
from bot.services.counting import count_noted
from bot.services.files import discard, forget_at_provider, try_again_at
from bot.services.house import House
from bot.services.letter_photos import answer_photo, is_for_pass, looked_at
from bot.services.pictures import without_traces
from bot.services.scanning import HARMFUL, HarmfulError, check
from bot.services.squares import pass_token
from bot.services.voice import (
    LEASE,
    MOST_TRIES,
    put_off,
    write_media,
)
from bot.store.base import spelled
from bot.store.leases import is_free
from bot.store.media import MediaUnavailableError
from bot.store.talks import Media

log = logging.getLogger(__name__)


def fetch_photo_once(house: House) -> bool:
    """Fetch one photo that is not here yet, without its hidden data; False if none.

    Its original is deleted once the clean one is kept, or it has proved to be none. One
    that may show a voting pass is looked at first; with a pass on it, or sent where one
    was asked for, it is not kept at all.
    """
    row = house.db.run(lambda db: _claim(db, house.clock()))
    if row is None:
        return False
    # Without a key, a lease that is over may be how a fetch waited for its next try.
    if row.leased_until is not None and row.key is not None:
        count_noted(house.meters, [Lapsed("photo", row.id)])
    try:
        data = _bytes(house, row)
        check(house, data)
        token = pass_token(data) if looked_at(row) else ""
        if token or is_for_pass(house, row):
            _let_go(house, row, token)
            return True
        key = house.media.save(without_traces(data), "image/jpeg")
    except ChannelError as error:
        _not_fetched(house, row, error)
    except MediaUnavailableError as error:
        _wait_for_store(house, row, error)
    except HarmfulError as found:
        _drop_original(house, row)
        _give_up(house, row, HARMFUL, str(found))
    except (ValueError, OSError):
        _give_up(house, row, "bad_photo")
        _drop_original(house, row)
    else:
        now = house.clock()
        scanned = now if house.scanner is not None else None
        kept = {"key": key, "mime": "image/jpeg", "fetched_at": now}
        kept |= {"scanned_at": scanned}
        answer_photo(house, row, "", kept)
        _drop_original(house, row)
    return True


def _let_go(house: House, row: Row[Any], token: str) -> None:
    """Delete a photo of a letter everywhere, and then go on with its turn.

    In this order: whoever dies between finds no photo, and asks for the pass again.
    """
    _drop_original(house, row)
    now = house.clock()
    gone = {"key": None, "fetched_at": now, "delete_after": now}
    answer_photo(house, row, token, gone)


def _not_fetched(house: House, row: Row[Any], error: ChannelError) -> None:
    """Try again later where that can help; the lease says when."""
    if error.outcome is not Outcome.RETRY or row.attempts + 1 >= MOST_TRIES:
        _give_up(house, row, error.code)
        return
    later = house.clock() + put_off(error, row.attempts + 1)
    write_media(house, row.id, leased_until=later)


def _wait_for_store(house: House, row: Row[Any], error: MediaUnavailableError) -> None:
    """Let a photo wait until the media store answers; this was none of its tries."""
    log.warning("photo waits for the store media=%s code=%s", row.id, error)
    later = try_again_at(row.created_at, house.clock())
    write_media(house, row.id, leased_until=later, attempts=row.attempts)


def _give_up(house: House, row: Row[Any], problem: str, harm: str = "") -> None:
    """Take its turn without a photo; `harm` is what a scanner found in it."""
    lost = {"key": None, "problem": problem, "fetched_at": house.clock()}
    answer_photo(house, row, "", lost, harm)


def _bytes(house: House, row: Row[Any]) -> bytes:
    """Return the photo as it came.

    Raises ChannelError, FileNotFoundError or MediaUnavailableError.
    """
    if row.key is not None:
        return house.media.load(row.key)
    return house.channels[row.channel].fetch(_ref(row))


def _drop_original(house: House, row: Row[Any]) -> None:
    """Delete the photo as it came, here or at the provider."""
    if row.key is not None:
        discard(house, row.key)
    else:
        forget_at_provider(house, row.channel, _ref(row))


def _ref(row: Row[Any]) -> MediaRef:
    return MediaRef(row.source["place"], row.mime, row.source.get("size"))


def _claim(db: Connection, now: datetime) -> Row[Any] | None:
    """Lease a photo that is to be fetched, unless it is to be deleted already."""
    waiting = (
        select(
            Media.id,
            Media.talk_id,
            Media.channel,
            Media.source,
            Media.mime,
            Media.key,
            Media.attempts,
            Media.leased_until,
            Media.created_at,
        )
        .where(
            Media.kind == spelled("photo"),
            Media.fetched_at.is_(None),
            Media.delete_after.is_(None),
            is_free(Media.leased_until, now, LEASE),
        )
        .order_by(Media.id)
        .limit(1)
    )
    if db.dialect.name != "sqlite":
        waiting = waiting.with_for_update(skip_locked=True)
    row = db.execute(waiting).one_or_none()
    if row is not None:
        lease = update(Media).where(Media.id == row.id)
        db.execute(lease.values(leased_until=now + LEASE, attempts=row.attempts + 1))
    return row
