"""Her own data, given to her: owed by a turn, made by a worker, gone after a day.

Nothing here holds a transaction while it reads files. A claim has a lease; if the
process dies, somebody else makes the file. What cannot be made becomes a task: the law
gives a city a month to answer.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, exists, or_, select, update

from bot.channels.base import MEDIA_BYTES
from bot.domain.effects import TaskKind
from bot.domain.languages import FALLBACK
from bot.domain.rounds import HOME_ZONE
from bot.domain.say import Reply
from bot.flows.state import Turn
from bot.services.files import discard
from bot.services.house import House, Scene
from bot.services.links import MEDIA_HOURS
from bot.services.mydata.hers import all_of_hers
from bot.services.mydata.packing import Book, Packed, TooLargeError, WritePage, pack
from bot.services.mydata.words import caption, here_it_is, not_made
from bot.services.outbox import Owed
from bot.services.talks import TalkRow, talk_by_id
from bot.services.task_rows import open_task
from bot.services.turning import load_state, owe_replies, say_replies
from bot.store.leases import is_free
from bot.store.media import ZIP, MediaUnavailableError
from bot.store.talks import HER_DATA, Media, Talk
from bot.store.voices import Speech

log = logging.getLogger(__name__)
_Claimed = Row[int, int | None, str, int]
"""Media id, talk id, channel, and how often it was tried before."""

LEASE = timedelta(minutes=10)
LIFE = timedelta(hours=MEDIA_HOURS)
"""How long the file lies here: as long as a link to it works."""

MOST_TRIES = 4
LOOK_DAYS = 5
MOST_BYTES = {"web": 64 * 1024 * 1024}
"""By channel; elsewhere MEDIA_BYTES: a send has to end within its lease."""

READ_FIRST = timedelta(minutes=2)
"""So long the file waits for what is still to be read aloud to her."""


def give_once(house: House, write: WritePage) -> bool:
    """Make the oldest file that is owed, and send it; False if there was none.

    What fails is tried again when its lease runs out, a few times; then a person is
    asked.
    """
    if not house.db.read(lambda db: db.scalar(_next(house.clock()))):
        return False
    row = house.db.run(lambda db: _claim(db, house.clock()))
    if row is None:
        return False
    try:
        packed = None if row.attempts >= MOST_TRIES else _make(house, row, write)
        key = house.media.save(packed.data, ZIP) if packed else ""
    except MediaUnavailableError as error:
        log.warning("data waits for files media=%s code=%s", row.id, error)
        return True
    if packed is None:
        log.error("data not made media=%s", row.id)
        _give_up(house, row)
    else:
        _hand_over(house, row, packed, key)
    return True


def _next(now: datetime) -> Any:  # noqa: ANN401 - a statement
    """Return a select of the id of what is to be made next."""
    being_read = exists().where(Speech.talk_id == Media.talk_id)
    return (
        select(Media.id)
        .where(
            Media.kind == HER_DATA,
            Media.fetched_at.is_(None),
            Media.delete_after.is_(None),
            is_free(Media.leased_until, now, LEASE),
            or_(~being_read, Media.created_at < now - READ_FIRST),
        )
        .order_by(Media.id)
        .limit(1)
    )


def _claim(db: Connection, now: datetime) -> _Claimed | None:
    found: Any = _next(now)
    if db.dialect.name != "sqlite":
        found = found.with_for_update(skip_locked=True)
    media = db.scalar(found)
    if media is None:
        return None
    columns = (Media.id, Media.talk_id, Media.channel, Media.attempts)
    row = db.execute(select(*columns).where(Media.id == media)).one()
    taken = {"leased_until": now + LEASE, "attempts": row.attempts + 1}
    db.execute(update(Media).where(Media.id == media).values(taken))
    return row


def _make(house: House, row: _Claimed, write: WritePage) -> Packed | None:
    """Read all that is hers at one moment, and pack it; None if it cannot fit.

    Raises MediaUnavailableError.
    """
    now = house.clock()

    def read(db: Connection) -> Book:
        talk = db.execute(
            select(Talk.resident_id, Talk.language).where(Talk.id == row.talk_id)
        ).one()
        rounds = house.catalog.view(db).rounds
        return Book(
            hers=all_of_hers(db, talk.resident_id, now),
            files={},
            rounds=rounds,
            language=talk.language or FALLBACK,
            made_at=now,
            zone=rounds[0].zone if rounds else HOME_ZONE,
        )

    # A note that is heard meanwhile must not look like one that was never asked about.
    book = house.db.snapshot(read)
    most = MOST_BYTES.get(row.channel, MEDIA_BYTES)
    try:
        return pack(house, book, write, most)
    except TooLargeError:
        return None


def _hand_over(house: House, row: _Claimed, packed: Packed, key: str) -> None:
    """Send the file, unless she was forgotten while it was made."""
    now = house.clock()
    values = {"key": key, "fetched_at": now, "delete_after": now + LIFE}

    def job(db: Connection) -> list[Owed] | None:
        if not db.execute(_unless_gone(row.id).values(values)).rowcount:
            return None
        scene = Scene(house, db, now)
        talk = talk_by_id(scene, row.talk_id)
        file = Reply(caption(), sound=row.id)
        owed = owe_replies(scene, talk, [file], f"data:{row.id}:file")
        owed += _say(scene, talk, here_it_is(whole=not packed.missing), row.id)
        return [] if talk.owed_elsewhere else owed

    owed = house.db.run(job)
    if owed is None:
        discard(house, key)
        return
    house.postman.push(owed)
    size = len(packed.data)
    log.info("data given media=%s files=%s bytes=%s", row.id, packed.files, size)


def _give_up(house: House, row: _Claimed) -> None:
    """Tell her that there is no file, and have a person see to it."""
    now = house.clock()

    def job(db: Connection) -> list[Owed]:
        values = {"fetched_at": now, "problem": "not_made"}
        if not db.execute(_unless_gone(row.id).values(values)).rowcount:
            return []
        scene = Scene(house, db, now)
        talk = talk_by_id(scene, row.talk_id)
        due = now + timedelta(days=LOOK_DAYS)
        task = {"kind": TaskKind.PERSON, "talk_id": talk.id}
        open_task(db, task | {"due_at": due, "created_at": now})
        owed = _say(scene, talk, not_made(), row.id)
        return [] if talk.owed_elsewhere else owed

    house.postman.push(house.db.run(job))


def _unless_gone(media: int) -> Any:  # noqa: ANN401 - a statement
    """Return an update of what is still owed: whoever is forgotten gets no file."""
    return update(Media).where(
        Media.id == media, Media.fetched_at.is_(None), Media.delete_after.is_(None)
    )


def _say(scene: Scene, talk: TalkRow, reply: Reply, media: int) -> list[Owed]:
    before = load_state(scene.house, talk)
    turn = Turn(before, [reply], aloud=bool(before.aloud))
    return say_replies(scene, talk, turn, f"data:{media}")
