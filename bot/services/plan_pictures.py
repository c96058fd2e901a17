"""The public picture of a plan: made small, shown where plans come one by one."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from bot.domain.plans import Status
from bot.services.catalog import touch
from bot.services.files import discard
from bot.services.house import House, Scene
from bot.services.links import JPEG
from bot.services.pictures import without_traces
from bot.services.plans import PlanKey, PlanRefused, plan_key, refuse_frozen
from bot.services.scanning import HarmfulError, check
from bot.store.civic import PlanRow
from bot.store.talks import Media

log = logging.getLogger(__name__)
KIND = "picture"
MOST_BYTES = 100_000
"""Forty of these are 4 MB at most, on a phone that pays for each."""

_TRIES = ((800, 82), (800, 65), (800, 50), (560, 50), (320, 50))
"""Longest side and quality, best first; whatever there is fits the last."""


def show_picture(house: House, number: int, data: bytes, by: str) -> None:
    """Make a picture the public one of a plan, in place of the one before.

    `data` is JPEG, PNG or WebP; what is kept is a small JPEG without hidden data. Only
    a public plan has one. Raises UnknownPlan, PlanRefused for anything that is no
    picture, a plan that is not public, and one on a frozen ballot; and
    MediaUnavailableError where nothing can be kept. Nothing has changed then.
    """
    house.db.run(lambda db: _can_change(db, number))
    try:
        check(house, data)
    except HarmfulError as found:
        raise PlanRefused(f"the virus scanner found {found} in it") from None
    made = _for_phones(data)
    key = house.media.save(made, JPEG)
    now, hashed = house.clock(), hashlib.sha256(made).hexdigest()
    try:
        house.db.run(lambda db: _keep(Scene(house, db, now), number, key, hashed, by))
    except PlanRefused:
        discard(house, key)
        raise
    log.info("picture of plan shown plan=%s", number)


def remove_picture(scene: Scene, number: int) -> bool:
    """Take the public picture of a plan away; False if there is none.

    Raises UnknownPlan, and PlanRefused for a plan on a frozen ballot.
    """
    plan = plan_key(scene.db, number)
    refuse_frozen(scene.db, plan)
    gone = take_away(scene.db, [plan.id], scene.now)
    touch(scene.db)
    log.info("picture of plan removed plan=%s", number)
    return gone


def take_away(db: Connection, plans: Sequence[int], now: datetime) -> bool:
    """Take the pictures of these plans away and leave the files to the sweep.

    Returns whether there was any. Whoever calls this tells the catalogue.
    """
    theirs = select(PlanRow.picture_id).where(
        PlanRow.id.in_(plans), PlanRow.picture_id.is_not(None)
    )
    media = list(db.scalars(theirs))
    if not media:
        return False
    db.execute(update(Media).where(Media.id.in_(media)).values(delete_after=now))
    bare = {"picture_id": None, "picture_hash": None}
    db.execute(update(PlanRow).where(PlanRow.id.in_(plans)).values(bare))
    return True


def public_picture(house: House, media_id: int) -> bytes | None:
    """Return the JPEG of a plan that everybody may see; None if this is none.

    Raises MediaUnavailableError if the store does not answer.
    """
    return _load(house, PlanRow.picture_id == media_id)


def picture_of(house: House, number: int) -> bytes | None:
    """Return the JPEG of the public plan with this number; None if there is none.

    Raises MediaUnavailableError if the store does not answer.
    """
    return _load(house, PlanRow.number == number)


def _load(house: House, plan: ColumnElement[bool]) -> bytes | None:
    found = (
        select(Media.key)
        .join(PlanRow, PlanRow.picture_id == Media.id)
        .where(plan, PlanRow.title.is_not(None), PlanRow.public_at.is_not(None))
        .where(PlanRow.status != Status.WITHDRAWN.value)
    )
    key = house.db.read(lambda db: db.scalar(found))
    if key is None:
        return None
    try:
        return house.media.load(key)
    except FileNotFoundError:
        return None


def _can_change(db: Connection, number: int) -> PlanKey:
    """Return the plan if its picture may change. Raises UnknownPlan, PlanRefused."""
    plan = plan_key(db, number)
    titled = select(PlanRow.title).where(PlanRow.id == plan.id)
    if plan.status is Status.WITHDRAWN:
        raise PlanRefused(f"plan {number} was taken back by its author")
    if db.scalar(titled) is None:
        raise PlanRefused(f"plan {number} is not public: run plans publish first")
    refuse_frozen(db, plan)
    return plan


def _keep(scene: Scene, number: int, key: str, hashed: str, by: str) -> None:
    db, now = scene.db, scene.now
    plan = _can_change(db, number)
    take_away(db, [plan.id], now)
    row: dict[str, Any] = {"kind": KIND, "channel": "", "mime": JPEG, "key": key}
    row |= {"source": {"place": "", "by": by}, "attempts": 0}
    row |= {"fetched_at": now, "created_at": now}
    made = insert(Media).values(row).returning(Media.id)
    shown = {"picture_id": db.scalar(made), "picture_hash": hashed}
    db.execute(update(PlanRow).where(PlanRow.id == plan.id).values(shown))
    touch(db)


def _for_phones(data: bytes) -> bytes:
    """Return a picture as a small JPEG. Raises PlanRefused if it is none."""
    made = b""
    try:
        for longest, quality in _TRIES:
            made = without_traces(data, longest, quality)
            if len(made) <= MOST_BYTES:
                break
    except ValueError as error:
        raise PlanRefused(
            f"this is not a picture that can be used ({error}): give a JPEG, PNG or "
            "WebP of at most 40 megapixels"
        ) from None
    return made
