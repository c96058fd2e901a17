"""Spreads broadcasts: a row of the outbox for each person, in portions.

A portion and how far it went are one transaction: whoever dies in between leaves the
portion to the next one, who does it once. Nothing is held in memory but a portion.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    String,
    cast,
    exists,
    literal,
    select,
    update,
)

from bot.domain.languages import FALLBACK, LANGUAGES
from bot.domain.messages import Delivery
from bot.services.broadcasts import CLOSING, letter, round_by_id, wording, zone_of
from bot.services.fates import is_shut
from bot.services.holding import QUIET_DAYS
from bot.services.house import House, Scene
from bot.services.news import push_time
from bot.services.outbox import LEASE, PUSH, filled_slots, rendered
from bot.services.reading import Reading, read_replies
from bot.services.segments import find_people, next_people, parse_segment, read_by
from bot.services.sounds import make_ahead
from bot.services.spacing import Spacing
from bot.services.speaking import sound_of
from bot.store.bell import SEND, ring
from bot.store.dialect import insert_once
from bot.store.leases import free_at, is_free_at
from bot.store.outreach import CANCELLED, DONE, RUNNING, Broadcast
from bot.store.talks import OutboundMessage, Resident, Talk

log = logging.getLogger(__name__)
PORTION = 500
TO_THE_END = 2**62
"""Where `spread_to` stands once everybody has a row: beyond every resident."""

_UNSPREAD = (Broadcast.state == RUNNING, Broadcast.spread_to < TO_THE_END)
_IN_QUEUE = exists().where(
    OutboundMessage.broadcast_id == Broadcast.id,
    OutboundMessage.delivery == Delivery.QUEUED.value,
)
_ENDED = (Broadcast.state == RUNNING, Broadcast.spread_to == TO_THE_END, ~_IN_QUEUE)
_LEFT_OVER = (Broadcast.state == CANCELLED, _IN_QUEUE)


def spread_broadcasts(house: House, most: int = PORTION) -> bool:
    """Write the next portion of the oldest broadcast; False if there is none.

    A portion is of at most so many people.
    Marks those as done of which nothing is left in the queue. Any number of processes
    may call it at once.
    """
    if house.db.read(lambda db: _is_there(db, *_UNSPREAD)):
        read_ahead(house)
        now = house.clock()
        return house.db.run(lambda db: spread_portion(Scene(house, db, now), most))
    if house.db.read(lambda db: _is_there(db, *_ENDED)):
        house.db.run(_finish)
    if house.db.read(lambda db: _is_there(db, *_LEFT_OVER)):
        now = house.clock()
        house.db.run(lambda db: drop_cancelled(db, now))
    return False


def read_ahead(house: House) -> None:
    """Have the oldest broadcast read aloud before its rows are written.

    It sounds the same to all who read a language, so it is made four times, not once
    for everybody. What cannot be made goes out as text alone.
    """
    if house.voice is None:
        return
    readings = house.db.read(lambda db: _readings(Scene(house, db, house.clock())))
    for reading in readings:
        make_ahead(house, reading)


def _readings(scene: Scene) -> list[Reading]:
    oldest = select(Broadcast.texts, Broadcast.round_id).where(*_UNSPREAD)
    row = scene.db.execute(oldest.order_by(Broadcast.id).limit(1)).one_or_none()
    if row is None:
        return []
    reply = wording(row.texts, round_by_id(scene, row.round_id))
    return [read_replies([reply], each) for each in LANGUAGES]


def _is_there(db: Connection, *conditions: Any) -> bool:  # noqa: ANN401 - SQL
    return bool(db.scalar(select(exists().where(*conditions))))


def _finish(db: Connection) -> None:
    ended = update(Broadcast).where(*_ENDED).values(state=DONE)
    for each in db.scalars(ended.returning(Broadcast.id)):
        log.info("broadcast done id=%s", each)


def drop_cancelled(db: Connection, now: datetime) -> None:
    """Drop what is queued of cancelled broadcasts, and what came back from a send."""
    cancelled = select(Broadcast.id).where(*_LEFT_OVER)
    left = update(OutboundMessage).where(
        OutboundMessage.broadcast_id.in_(cancelled),
        OutboundMessage.delivery == Delivery.QUEUED.value,
        is_free_at(OutboundMessage.leased_until),
    )
    gone = {"delivery": Delivery.DROPPED.value, "reason": CANCELLED, "held": None}
    db.execute(left.values(gone | {"text": ""}), free_at(now, LEASE))


@dataclass(frozen=True, slots=True)
class _Cast:
    """A broadcast that is being spread, locked: its row, and when each one's turn is.

    `earliest` is the first moment that is not quiet.
    """

    scene: Scene
    row: Row[Any]
    spacing: Spacing
    earliest: datetime


def spread_portion(scene: Scene, most: int = PORTION) -> bool:
    """Write the next portion; False if there is none that nobody else is writing."""
    row = _lock_oldest(scene.db)
    if row is None:
        return False
    segment = parse_segment(row.segment)
    people = find_people(scene, segment)
    portion = next_people(scene.db, people, row.spread_to, most)
    if not portion:
        _keep(scene, row.id, spread_to=TO_THE_END)
        return True
    readers = read_by(scene, segment, Talk.resident_id.in_(portion))
    places = _owe_to(scene, row, readers)
    _keep(scene, row.id, spread_to=portion[-1], places=places, spread_at=scene.now)
    ring(scene.db, SEND)
    return True


def _lock_oldest(db: Connection) -> Row[Any] | None:
    columns = (
        Broadcast.id,
        Broadcast.key,
        Broadcast.segment,
        Broadcast.texts,
        Broadcast.sounds,
        Broadcast.round_id,
        Broadcast.spread_to,
        Broadcast.places,
        Broadcast.starts_at,
    )
    oldest: Any = select(*columns).where(*_UNSPREAD).order_by(Broadcast.id).limit(1)
    row: Row[Any] | None = db.execute(
        oldest.with_for_update(skip_locked=True)
    ).one_or_none()
    return row


def _keep(scene: Scene, broadcast_id: int, **values: object) -> None:
    row = update(Broadcast).where(Broadcast.id == broadcast_id)
    scene.db.execute(row.values(values))


def _owe_to(scene: Scene, row: Row[Any], readers: Sequence[Row[Any]]) -> dict[str, int]:
    """Owe it to these people; return how many places are given away by now."""
    a_round = round_by_id(scene, row.round_id)
    zone = zone_of(a_round)
    spacing = Spacing(scene.house, zone, row.starts_at, Counter(row.places))
    earliest = push_time(scene.house, scene.now, zone)
    casting = _Cast(scene, row, spacing, earliest)
    by_language = {
        each: _worded(scene, row, each)
        for each in {reader.language or FALLBACK for reader in readers}
    }
    rows = [
        words | _addressed(casting, reader, words["sound"])
        for reader in sorted(readers, key=lambda each: each.resident_id)
        for words in [by_language[reader.language or FALLBACK]]
    ]
    if rows:
        scene.db.execute(insert_once(scene.db, OutboundMessage), rows)
        _keep_pushed(scene.db, row.key, [reader.resident_id for reader in readers])
    return dict(spacing.given)


def _worded(scene: Scene, row: Row[Any], language: str) -> dict[str, Any]:
    """Return what is the same for all who read a language."""
    a_round = round_by_id(scene, row.round_id)
    told = wording(row.texts, a_round)
    text, choices = rendered(told, language)
    aloud: int | None = (row.sounds or {}).get(language)
    if aloud is None and scene.house.voice:
        aloud = sound_of(scene, read_replies([told], language))
    words = letter(row.texts, a_round)
    return {
        "priority": PUSH,
        "text": text,
        "choices": choices,
        "sound": aloud,
        "secret": False,
        "delivery": Delivery.QUEUED.value,
        "attempts": 0,
        "created_at": scene.now,
        "kind": words.kind,
        "slots": filled_slots(words, language),
        "round_id": row.round_id,
        "broadcast_id": row.id,
    }


def _addressed(casting: _Cast, reader: Row[Any], sound: int | None) -> dict[str, Any]:
    """Return what is hers alone: her talk, when it is her turn, and whether she hears.

    `sound` is what is heard of it in her language.
    """
    return {
        "talk_id": reader.id,
        "sound": sound if reader.aloud else None,
        "channel": reader.channel,
        "dedupe_key": f"{casting.row.key}:{reader.resident_id}",
        "due_at": _due(casting, reader),
    }


def _due(casting: _Cast, reader: Row[Any]) -> datetime:
    """Return her place in the pace, or when three days are over."""
    begun = replace(casting.scene, now=max(casting.scene.now, casting.spacing.start))
    shut = is_shut(begun, reader)
    due = max(casting.spacing.place(reader.channel, shut=shut), casting.earliest)
    if reader.pushed_at is None or casting.row.key.startswith(CLOSING):
        return due  # what corrects a date cannot wait three days
    free: datetime = reader.pushed_at + timedelta(days=QUIET_DAYS)
    return (
        due
        if free <= due
        else push_time(casting.scene.house, free, casting.spacing.zone)
    )


def _keep_pushed(db: Connection, key: str, residents: Sequence[int]) -> None:
    """Count the messages just owed, for the next ones to wait for."""
    hers = literal(f"{key}:").concat(cast(Resident.id, String))
    pushed = update(Resident).where(
        Resident.id.in_(residents), OutboundMessage.dedupe_key == hers
    )
    db.execute(pushed.values(pushed_at=OutboundMessage.due_at))
