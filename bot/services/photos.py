"""Photos at intake: smaller, and without what the camera wrote into them."""

import io
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from bot.channels.base import ChannelError, Outcome
from bot.domain.messages import MediaRef
from bot.services.house import House
from bot.services.voice import (
    BACK_OFF,
    MOST_TRIES,
    forget_at_provider,
    write_media,
)
from bot.store.base import spelled
from bot.store.talks import Media

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1_600
QUALITY = 82
LEASE = timedelta(minutes=5)


def without_traces(data: bytes) -> bytes:
    """Return a photo as JPEG without EXIF, position or any other hidden data.

    It is turned upright first and made at most 1,600 pixels long. Raises ValueError for
    anything that is no picture, or has more pixels than a camera makes.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError("not a picture") from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def fetch_photo_once(house: House) -> bool:
    """Fetch one photo that is not here yet, without its hidden data; False if none."""
    row = house.db.run(lambda db: _claim(db, house.clock()))
    if row is None:
        return False
    try:
        key = house.media.save(without_traces(_bytes(house, row)), "image/jpeg")
    except ChannelError as error:
        _not_fetched(house, row, error)
    except (ValueError, OSError):
        _give_up(house, row, "bad_photo")
    else:
        now = house.clock()
        write_media(house, row.id, key=key, mime="image/jpeg", fetched_at=now)
    if row.key:
        house.media.delete(row.key)
    return True


def _not_fetched(house: House, row: Row[Any], error: ChannelError) -> None:
    """Try again later where that can help; the lease says when."""
    if error.outcome is not Outcome.RETRY or row.attempts + 1 >= MOST_TRIES:
        _give_up(house, row, error.code)
        return
    wait = error.wait_seconds or BACK_OFF[row.attempts]
    later = house.clock() + timedelta(seconds=wait)
    write_media(house, row.id, leased_until=later)


def _give_up(house: House, row: Row[Any], problem: str) -> None:
    write_media(house, row.id, key=None, problem=problem, fetched_at=house.clock())


def _bytes(house: House, row: Row[Any]) -> bytes:
    """Return the photo as it came. Raises ChannelError or FileNotFoundError."""
    if row.key is not None:
        return house.media.load(row.key)
    channel = house.channels[row.channel]
    ref = MediaRef(row.source["place"], row.mime, row.source.get("size"))
    data = channel.fetch(ref)
    forget_at_provider(channel, ref)
    return data


def _claim(db: Connection, now: datetime) -> Row[Any] | None:
    """Lease a photo that is to be fetched, unless it is to be deleted already."""
    waiting = (
        select(
            Media.id,
            Media.channel,
            Media.source,
            Media.mime,
            Media.key,
            Media.attempts,
        )
        .where(
            Media.kind == spelled("photo"),
            Media.fetched_at.is_(None),
            Media.delete_after.is_(None),
            or_(Media.leased_until.is_(None), Media.leased_until < now),
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
