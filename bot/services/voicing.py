"""Speech that is owed, made by a worker: claimed, rendered, sent behind its text.

Nothing here holds a transaction while it renders. A claim has a lease; if the process
dies, somebody else takes the speech up again. What cannot be made is given up after a
few tries: she has the text.
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, Row, delete, exists, select, update

from bot.domain.messages import Delivery
from bot.domain.say import Reply
from bot.services.files import discard
from bot.services.house import House, Scene
from bot.services.outbox import PUSH, REPLY, Owed, Push, owe
from bot.services.reading import Reading, find_voices, load_reading
from bot.services.sounds import Made, keep_own, keep_shared, make_note
from bot.services.talks import TalkRow, talk_by_id
from bot.services.turning import owe_replies
from bot.store.leases import is_free
from bot.store.media import MediaUnavailableError
from bot.store.talks import OutboundMessage
from bot.store.voices import Speech
from synthesis import SynthesisError

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=1)
MOST_TRIES = 4
LIFE = timedelta(days=30)
SECRET_LIFE = timedelta(hours=1)
"""How long sound is kept that is hers alone; the second where it shows a choice."""

_ours = OutboundMessage


@dataclass(frozen=True, slots=True)
class Job:
    """Something to read aloud, leased to us; `row` is the message it belongs to."""

    id: int
    talk: int
    row: int
    attempts: int
    reading: Reading


def speak_once(house: House) -> bool:
    """Make the oldest speech that is owed, and send it; False if there was none."""
    if house.voice is None:
        return False
    found = house.db.run(lambda db: _claim(db, house.clock()))
    if found is None:
        return False
    try:
        job = _opened(house, found)
        began = time.monotonic()
        made = make_note(house, job.reading)
        house.meters.read_aloud(time.monotonic() - began)
    except (SynthesisError, MediaUnavailableError, InvalidToken, OSError) as error:
        _try_later(house, found, error)
        return True
    finish(house, job, made)
    return True


def _claim(db: Connection, now: datetime) -> Row[Any] | None:
    free = is_free(Speech.leased_until, now, LEASE)
    oldest: Any = select(Speech.__table__).where(free).order_by(Speech.id).limit(1)
    if db.dialect.name != "sqlite":
        oldest = oldest.with_for_update(skip_locked=True)
    row: Row[Any] | None = db.execute(oldest).one_or_none()
    if row is not None:
        lease = update(Speech).where(Speech.id == row.id)
        taken = {"leased_until": now + LEASE, "attempts": row.attempts + 1}
        db.execute(lease.values(taken))
    return row


def _opened(house: House, row: Row[Any]) -> Job:
    """Read what was owed. Raises InvalidToken if the key is another one by now."""
    reading = load_reading(house.keys.open_words(row.words))
    return Job(row.id, row.talk_id, row.outbound_id, row.attempts + 1, reading)


def _try_later(house: House, row: Row[Any], error: Exception) -> None:
    """Let a speech wait a minute for its next try; the last one ends it."""
    log.warning("not read aloud speech=%s kind=%s", row.id, type(error).__name__)
    hopeless = isinstance(error, InvalidToken) or getattr(error, "permanent", False)
    if row.attempts + 1 < MOST_TRIES and not hopeless:
        return
    over = delete(Speech).where(Speech.id == row.id)
    house.db.run(lambda db: db.execute(over).rowcount)
    house.meters.speech_ended("failed")


def finish(house: House, job: Job, made: Made) -> None:
    """Send what was made, unless she has gone on meanwhile."""
    now = house.clock()
    given = house.db.run(lambda db: _finish(Scene(house, db, now), job, made))
    house.postman.push(given.owed)
    house.meters.speech_ended("sent" if given.heard else "overtaken")
    if not given.kept:
        discard(house, made.key)


@dataclass(frozen=True, slots=True)
class _Given:
    """What became of the sound: whether she hears it, and whether its file is kept."""

    heard: bool
    kept: bool
    owed: list[Owed] = field(default_factory=list)


def _finish(scene: Scene, job: Job, made: Made) -> _Given:
    """Give the sound to its message."""
    done = delete(Speech).where(Speech.id == job.id)
    if not scene.db.execute(done).rowcount:
        return _Given(heard=False, kept=False)
    talk = talk_by_id(scene, job.talk)  # locked: nobody answers meanwhile
    row = scene.db.execute(_message(job.row)).one_or_none()
    if row is None or not _still_wanted(scene, row):
        kept = _keep_if_shared(scene, job, made) is not None
        return _Given(heard=False, kept=kept)
    media = _keep_if_shared(scene, job, made) or _keep_hers(scene, talk, job, made)
    if _attach(scene, row, media):
        return _Given(heard=True, kept=True)
    owed = _own_message(scene, talk, row, media)
    return _Given(heard=True, kept=True, owed=owed)


def _message(row: int) -> Any:  # noqa: ANN401 - a statement
    columns = (
        _ours.id,
        _ours.talk_id,
        _ours.dedupe_key,
        _ours.priority,
        _ours.delivery,
        _ours.template,
        _ours.secret,
        _ours.kind,
        _ours.round_id,
        _ours.reason,
    )
    return select(*columns).where(_ours.id == row)


def _still_wanted(scene: Scene, row: Row[Any]) -> bool:
    """Tell whether it still makes sense to hear it.

    A reply that she has answered already is not read any more; nor is what was dropped.
    """
    if row.delivery in {Delivery.DROPPED, Delivery.FAILED}:
        return False
    if row.priority == PUSH:
        return row.template is None or row.delivery == Delivery.QUEUED
    newer = exists().where(
        _ours.talk_id == row.talk_id, _ours.id > row.id, _ours.priority == REPLY
    )
    return not scene.db.scalar(select(newer))


def _keep_if_shared(scene: Scene, job: Job, made: Made) -> int | None:
    """Keep sound that others may hear too; None if it is hers alone."""
    if not job.reading.is_shared:
        return None
    key = find_voices(scene).whole(job.reading)
    return keep_shared(scene, key, job.reading.language, made)


def _keep_hers(scene: Scene, talk: TalkRow, job: Job, made: Made) -> int:
    life = SECRET_LIFE if job.reading.secret else LIFE
    return keep_own(scene, talk.id, talk.channel, made, life)


def _attach(scene: Scene, row: Row[Any], media: int) -> bool:
    """Let a message that still waits carry it; False if that is under way or gone."""
    waiting = update(_ours).where(
        _ours.id == row.id,
        _ours.sound.is_(None),
        _ours.delivery == Delivery.QUEUED.value,
        _ours.leased_until.is_(None),
    )
    return scene.db.execute(waiting.values(sound=media)).rowcount > 0


def _own_message(scene: Scene, talk: TalkRow, row: Row[Any], media: int) -> list[Owed]:
    """Owe the sound as a message of its own, behind the text that is gone already."""
    key = f"{row.dedupe_key}:aloud"
    told = Reply((), sound=media, secret=row.secret)
    if row.priority == PUSH:
        owe(scene, talk, told, key, push=Push(scene.now, round_id=row.round_id))
        return []
    owed = owe_replies(scene, talk, [told], key)
    return [] if talk.owed_elsewhere else owed
