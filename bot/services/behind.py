"""What waits behind a voice note: its turns, one after another, and what goes wrong."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from bot.domain.errors import RefusedError
from bot.domain.messages import Pin
from bot.domain.say import Say
from bot.flows.reading import read_start, read_tap, read_text
from bot.flows.state import Kind, Message
from bot.flows.state import Talk as TalkState
from bot.services.arriving import (
    FLAGS,
    MOST_WAIT,
    SEALED,
    TAPPED,
    Arrived,
    is_over,
    reveals,
    unsealed,
)
from bot.services.faults import where
from bot.services.house import House, Scene
from bot.services.outbox import Owed
from bot.services.questions import is_asked_since, is_older
from bot.services.talks import TalkRow, talk_by_id
from bot.services.turning import load_state, put_aside, take_turn
from bot.store.errors import is_trouble
from bot.store.leases import DOUBT
from bot.store.talks import InboundMessage, Talk, is_open

log = logging.getLogger(__name__)
_note = aliased(InboundMessage)
_Waiting = Row[int, datetime | None, int | None]


def guarded(
    house: House,
    talk_id: int,
    key: str,
    work: Callable[[Scene, Say | None], list[Owed] | None],
) -> bool:
    """Run one turn's transaction; a refusal is told, a fault put aside with a task.

    False if there was nothing to do. Raises if the database is in trouble: the piece
    comes back then.
    """
    now = house.clock()
    try:
        owed = house.db.run(lambda db: work(Scene(house, db, now), None))
    except RefusedError as refusal:
        said = refusal.say
        owed = house.db.run(lambda db: work(Scene(house, db, now), said))
    except Exception as error:
        if is_trouble(error):
            raise
        log.error("turn failed talk=%s %s", talk_id, where(error))
        owed = house.db.run(lambda db: _aside(Scene(house, db, now), talk_id, key))
    house.postman.push(owed or [])
    return owed is not None


def let_go(scene: Scene, talk_id: int) -> None:
    """Stop holding the talk back once its last note is done and nothing waits."""
    more = select(InboundMessage.id).where(
        InboundMessage.talk_id == talk_id,
        InboundMessage.stage.in_(("listening", "waiting")),
    )
    if scene.db.execute(more.limit(1)).first() is None:
        talk = update(Talk).where(Talk.id == talk_id)
        scene.db.execute(talk.values(listening_until=None))


def _aside(scene: Scene, talk_id: int, key: str) -> list[Owed]:
    """Put aside whatever of this talk could not be answered; the sound stays.

    Words said on a ballot are emptied here too: they may be a vote.
    """
    talk = talk_by_id(scene, talk_id)
    values: dict[str, Any] = {"stage": "failed", "leased_until": None}
    row_id = int(key.removeprefix("in:"))
    body = select(InboundMessage.body).where(InboundMessage.id == row_id)
    sealed = SEALED in (scene.db.scalar(body) or {})
    if sealed or reveals(load_state(scene.house, talk), Message()):
        values["body"] = {}
    failed = update(InboundMessage).where(InboundMessage.id == row_id)
    scene.db.execute(failed.values(values))
    let_go(scene, talk_id)
    return put_aside(scene, talk, f"{key}:failed")


def catch_up(house: House, talk_id: int) -> int:
    """Take the turns of messages that waited behind a note; return how many."""
    count = 0
    while (row := house.db.run(partial(_next_waiting, house, talk_id))) is not None:
        message_id = row.id
        if _must_wait(row, house.clock()):
            break
        guarded(
            house,
            talk_id,
            f"in:{message_id}",
            partial(_waiting_turn, talk_id=talk_id, message_id=message_id),
        )
        count += 1
    return count


def _next_waiting(house: House, talk_id: int, db: Connection) -> _Waiting | None:
    """Return the oldest waiting message; without one, let the talk go at once.

    Both in one transaction: what comes in between would overtake, or wait in vain.
    """
    row = _oldest_waiting(db, talk_id)
    if row is None:
        let_go(Scene(house, db, house.clock()), talk_id)
    return row


def _must_wait(row: _Waiting, now: datetime) -> bool:
    """Tell whether the oldest waiting message is behind a note within its minute."""
    over = is_over(row.held, now)
    ahead = row.note is None or row.id < row.note
    return not (over or ahead)


def _oldest_waiting(db: Connection, talk_id: int) -> _Waiting | None:
    """Return the oldest waiting message, with its talk's minute and oldest note."""
    note = (
        select(func.min(_note.id))
        .where(_note.talk_id == talk_id, _note.stage == "listening")
        .scalar_subquery()
    )
    waiting = (
        select(
            InboundMessage.id,
            Talk.listening_until.label("held"),
            note.label("note"),
        )
        .join(Talk, Talk.id == InboundMessage.talk_id)
        .where(InboundMessage.talk_id == talk_id, InboundMessage.stage == "waiting")
        .order_by(InboundMessage.id)
        .limit(1)
    )
    return db.execute(waiting).one_or_none()


def _waiting_turn(
    scene: Scene, refused: Say | None, *, talk_id: int, message_id: int
) -> list[Owed] | None:
    """Take the turn of one message that waited; None if somebody else has done it."""
    done = update(InboundMessage).where(
        InboundMessage.id == message_id, InboundMessage.stage == "waiting"
    )
    if not scene.db.execute(done.values(stage="done")).rowcount:
        return None
    stored = scene.db.execute(
        select(
            InboundMessage.kind,
            InboundMessage.body,
            InboundMessage.media_id,
            InboundMessage.received_at,
        ).where(InboundMessage.id == message_id)
    ).one()
    talk = talk_by_id(scene, talk_id)
    before = load_state(scene.house, talk)
    found = Waited(*stored)._replace(body=unsealed(scene.house, stored.body))
    message = _read_again(before, found, late=_came_before(scene, talk, found))
    if SEALED in stored.body or found.kind == "pin" or reveals(before, message):
        emptied = update(InboundMessage).where(InboundMessage.id == message_id)
        scene.db.execute(emptied.values(body={}))
    arrived = Arrived(message_id, message, about_id=found.body.get(TAPPED))
    return take_turn(scene, talk, before, arrived, refused)


class Waited(NamedTuple):
    """A message that waited behind a note, in the order its columns are read."""

    kind: str
    body: Mapping[str, Any]
    media_id: int | None
    received_at: datetime


def _came_before(scene: Scene, talk: TalkRow, row: Waited) -> bool:
    """Tell whether a message that waited is older than the question that is open now.

    A tap says itself which question it is on, words only by when they came.
    """
    if (on := row.body.get(TAPPED)) is not None:
        return is_older(scene.db, row.body["tap"], on, talk.asked_id)
    since = is_asked_since(scene.db, talk.asked_id, row.received_at)
    return since or row.body.get("stale", False)


def _read_again(before: TalkState, row: Waited, *, late: bool) -> Message:
    """Read a stored message again, in the light of where the talk is now.

    `late`: it came before the question that is open now.
    """
    if "tap" in row.body:
        return read_tap(row.body["tap"], stale=late)
    if "start" in row.body:
        return read_start(row.body["start"])
    if "pin" in row.body:
        return Message(Kind.PIN, pin=Pin(*row.body["pin"]))
    text = row.body.get("text", "")
    flags = {name: row.body.get(name, False) for name in FLAGS} | {"stale": late}
    if row.kind == "photo":
        return Message(Kind.PHOTO, text, media=row.media_id)
    if row.kind == "text":
        return read_text(before, text, **flags)
    return Message(Kind.UNKNOWN)


def overdue_talks(db: Connection, now: datetime) -> Sequence[int]:
    """Return talks whose minute of waiting is over, or whose note was lost to a crash.

    (Its own turn was taken, and the process ended before the turns behind it.)
    """
    talk, held = InboundMessage.talk_id, Talk.listening_until
    listening = exists().where(
        _note.talk_id == talk, is_open(_note), _note.stage == "listening"
    )
    ended = or_(held <= now, held > now + MOST_WAIT + DOUBT)
    over = exists().where(Talk.id == talk, ended)
    found = (
        select(talk)
        .where(is_open(InboundMessage), InboundMessage.stage == "waiting")
        .where(or_(~listening, over))
        .distinct()
    )
    return list(db.scalars(found))
