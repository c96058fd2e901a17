"""Broadcasts on their way: how far each is, and its pause, resumption and end.

Each verb commits, may be repeated, and says whether it changed anything. `who` is what
the log calls the person who asked: an id, never a name.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from bot.domain.kinds import BROADCAST, CHECKIN
from bot.domain.messages import Delivery
from bot.services.broadcasts import round_by_id, zone_of
from bot.services.desk.audit import note
from bot.services.house import House, Scene
from bot.services.news import push_time
from bot.services.spreading import TO_THE_END, drop_cancelled
from bot.store.bell import SEND, ring
from bot.store.outreach import CANCELLED, PAUSED, RUNNING, Broadcast
from bot.store.talks import OutboundMessage, Resident, Talk

log = logging.getLogger(__name__)
AT_ONCE = 50
_QUEUED = Delivery.QUEUED.value
_LOST = (Delivery.FAILED.value, Delivery.DROPPED.value)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is. `by` is who sent it, `written` whether all have a row.

    `counts` are messages by how they stand: queued, held (in the queue, but waiting
    for a template or for a resumption), sent, delivered, read, failed, unsure and
    dropped. A message that was owed anew counts once, as it stands now. `reasons` are
    those of the failed and the dropped.
    """

    id: int
    segment: str
    state: str
    people: int
    written: bool
    by: str
    starts_at: datetime
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """Return how many messages there are or will be."""
        rows = sum(self.counts.values())
        return rows if self.written else max(self.people, rows)

    @property
    def ended(self) -> int:
        """Return how many messages are out of the queue."""
        return sum(self.counts.values()) - self.counts["queued"] - self.counts["held"]


_COLUMNS = (
    Broadcast.id,
    Broadcast.segment,
    Broadcast.state,
    Broadcast.people,
    Broadcast.spread_to,
    Broadcast.by,
    Broadcast.starts_at,
)


def progress(db: Connection, broadcast_id: int) -> Progress | None:
    """Return how far a broadcast is; None if there is none with this id."""
    wanted: Any = select(*_COLUMNS).where(Broadcast.id == broadcast_id)
    found: Row[Any] | None = db.execute(wanted).one_or_none()
    return None if found is None else _with_counts(db, found)


def all_progress(db: Connection) -> list[Progress]:
    """Return how far the newest broadcasts are, newest first."""
    newest: Any = select(*_COLUMNS).order_by(Broadcast.id.desc()).limit(AT_ONCE)
    return [_with_counts(db, row) for row in db.execute(newest).all()]


def _with_counts(db: Connection, row: Row[Any]) -> Progress:
    message = OutboundMessage
    held = message.held.is_not(None)
    columns = (message.delivery, held.label("held"), message.reason)
    found = select(*columns, func.count().label("messages")).where(
        message.broadcast_id == row.id, message.again_id.is_(None)
    )
    told = Progress(
        id=row.id,
        segment=row.segment,
        state=row.state,
        people=row.people,
        written=row.spread_to == TO_THE_END,
        by=row.by,
        starts_at=row.starts_at,
    )
    for each in db.execute(found.group_by(*columns)):
        waits = each.delivery == _QUEUED and each.held
        told.counts["held" if waits else each.delivery] += each.messages
        if each.delivery in _LOST:
            told.reasons[each.reason or ""] += each.messages
    return told


def pause(house: House, broadcast_id: int, who: str) -> bool:
    """Let nothing more of a broadcast go out until it is resumed."""
    now = house.clock()
    return house.db.run(lambda db: _pause(Scene(house, db, now), broadcast_id, who))


def _pause(scene: Scene, broadcast_id: int, who: str) -> bool:
    db = scene.db
    if not _move(db, broadcast_id, (RUNNING,), PAUSED):
        return False
    _hold(db, broadcast_id)
    note(scene, who, "broadcast.pause", f"broadcast:{broadcast_id}")
    log.info("broadcast paused id=%s", broadcast_id)
    return True


def resume(house: House, broadcast_id: int, who: str) -> bool:
    """Let a paused broadcast go on, once quiet hours are over."""
    now = house.clock()
    return house.db.run(lambda db: _resume(Scene(house, db, now), broadcast_id, who))


def _resume(scene: Scene, broadcast_id: int, who: str) -> bool:
    db = scene.db
    if not _move(db, broadcast_id, (PAUSED,), RUNNING):
        return False
    message = OutboundMessage
    held = update(message).where(
        message.broadcast_id == broadcast_id, message.held == PAUSED
    )
    db.execute(held.values(held=None))
    paid_by = select(Broadcast.round_id).where(Broadcast.id == broadcast_id)
    zone = zone_of(round_by_id(scene, db.scalar(paid_by)))
    earliest = push_time(scene.house, scene.now, zone)
    if earliest > scene.now:
        overdue = _queued(broadcast_id).where(message.due_at < earliest)
        db.execute(overdue.values(due_at=earliest))
    ring(db, SEND)
    note(scene, who, "broadcast.resume", f"broadcast:{broadcast_id}")
    log.info("broadcast resumed id=%s", broadcast_id)
    return True


def cancel(house: House, broadcast_id: int, who: str) -> bool:
    """End a broadcast: what is not sent yet never will be.

    Those whose message is dropped need not wait three days for the next one.
    """
    now = house.clock()
    return house.db.run(lambda db: _cancel(Scene(house, db, now), broadcast_id, who))


def _cancel(scene: Scene, broadcast_id: int, who: str) -> bool:
    db, now = scene.db, scene.now
    if not _move(db, broadcast_id, (RUNNING, PAUSED), CANCELLED):
        return False
    _hold(db, broadcast_id)
    drop_cancelled(db, now)
    _forget_pushes(db, broadcast_id)
    note(scene, who, "broadcast.cancel", f"broadcast:{broadcast_id}")
    log.info("broadcast cancelled id=%s", broadcast_id)
    return True


def _move(db: Connection, broadcast_id: int, before: Sequence[str], after: str) -> bool:
    """Change its state; whoever spreads it is waited for, and finds it changed."""
    row = update(Broadcast).where(
        Broadcast.id == broadcast_id, Broadcast.state.in_(before)
    )
    return db.execute(row.values(state=after)).rowcount > 0


def _queued(broadcast_id: int) -> Any:  # noqa: ANN401 - an update
    return update(OutboundMessage).where(
        OutboundMessage.broadcast_id == broadcast_id,
        OutboundMessage.delivery == _QUEUED,
    )


def _hold(db: Connection, broadcast_id: int) -> None:
    """Hold all that is queued; what is being sent just now is only not repeated."""
    db.execute(_queued(broadcast_id).values(held=PAUSED))


def _forget_pushes(db: Connection, broadcast_id: int) -> None:
    """Set back when the last message was begun to those who got none of these."""
    message = OutboundMessage
    of_hers = (
        select(func.max(message.due_at))
        .join(Talk, Talk.id == message.talk_id)
        .where(
            Talk.resident_id == Resident.id,
            message.kind.in_((BROADCAST, CHECKIN)),
            message.delivery.not_in(_LOST),
        )
        .scalar_subquery()
    )
    dropped = (
        select(Talk.resident_id)
        .join(message, message.talk_id == Talk.id)
        .where(message.broadcast_id == broadcast_id, message.reason == CANCELLED)
    )
    spared = update(Resident).where(Resident.id.in_(dropped))
    db.execute(spared.values(pushed_at=of_hers))
