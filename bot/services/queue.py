"""How old the queue is, and what in it waits for a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from bot.services.outbox import PUSH, REPLY
from bot.store.outreach import Account
from bot.store.talks import InboundMessage, OutboundMessage

MOST_REPLY_SECONDS = 60.0
MOST_PUSH_SECONDS = 15 * 60.0
UNSURE_AFTER = timedelta(hours=1)
UNHEARD_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Paused:
    """A channel on which nothing that we begin goes out; `reason` is a machine word."""

    channel: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class QueueState:
    """What is owed and late, at one moment.

    `replies` and `pushes` are {channel: seconds since its oldest due row was due}, with
    nothing for a channel where none is due; held rows and pushes of paused channels are
    left out. `unsure` counts rows that are so for over an hour, `held` is {what for:
    rows}, `unheard` counts voice notes not recognised after ten minutes.
    """

    replies: Mapping[str, float]
    pushes: Mapping[str, float]
    unsure: int
    held: Mapping[str, int]
    paused: tuple[Paused, ...]
    unheard: int

    @property
    def oldest_reply_seconds(self) -> float:
        """How long the oldest due reply has been due; 0 if none is."""
        return max(self.replies.values(), default=0.0)

    @property
    def oldest_push_seconds(self) -> float:
        """How long the oldest due push has been due; 0 if none is."""
        return max(self.pushes.values(), default=0.0)

    @property
    def is_late(self) -> bool:
        """Whether somebody has waited longer than a working installation lets her."""
        return (
            self.oldest_reply_seconds > MOST_REPLY_SECONDS
            or self.oldest_push_seconds > MOST_PUSH_SECONDS
        )


def queue_state(db: Connection, now: datetime) -> QueueState:
    """Return how the queue is at `now` (aware UTC).

    Only reads. Each statement looks at the head of an index, or at the rows that wait
    for a person; what is queued for later costs nothing.
    """
    paused = _paused(db, now)
    pushes = _oldest_due(db, PUSH, now)
    for each in paused:
        pushes.pop(each.channel, None)
    return QueueState(
        replies=_oldest_due(db, REPLY, now),
        pushes=pushes,
        unsure=_unsure(db, now),
        held=_held(db),
        paused=paused,
        unheard=_unheard(db, now),
    )


# Written out in the statement: a bound value would hide the partial index from it.
_QUEUED = OutboundMessage.delivery == literal_column("'queued'")
_UNSURE = OutboundMessage.delivery == literal_column("'unsure'")
_LISTENING = InboundMessage.stage == literal_column("'listening'")


def _oldest_due(db: Connection, priority: int, now: datetime) -> dict[str, float]:
    """Return {channel: seconds late}, reading one row of the index per channel."""
    late: dict[str, float] = {}
    row = _first_after(db, priority, "")
    while row is not None:
        channel, due_at = row
        if due_at <= now:
            late[channel] = (now - due_at).total_seconds()
        row = _first_after(db, priority, channel)
    return late


def _first_after(
    db: Connection, priority: int, channel: str
) -> tuple[str, datetime] | None:
    """Return the next channel with something queued, and when its first is due."""
    first = (
        select(OutboundMessage.channel, OutboundMessage.due_at)
        .where(
            _QUEUED,
            OutboundMessage.held.is_(None),
            OutboundMessage.priority == priority,
            OutboundMessage.channel > channel,
        )
        .order_by(OutboundMessage.channel, OutboundMessage.due_at)
        .limit(1)
    )
    row = db.execute(first).first()
    return None if row is None else (row.channel, row.due_at)


def _paused(db: Connection, now: datetime) -> tuple[Paused, ...]:
    paused = select(Account.channel, Account.paused_until, Account.paused_for)
    rows = db.execute(paused.where(Account.paused_until > now))
    return tuple(
        Paused(row.channel, row.paused_until, row.paused_for or "unknown")
        for row in rows
    )


def _unsure(db: Connection, now: datetime) -> int:
    """Count what is unsure for long; `due_at` was set when its send ended."""
    return _count(db, _UNSURE, OutboundMessage.due_at < now - UNSURE_AFTER)


def _held(db: Connection) -> dict[str, int]:
    counted = (
        select(OutboundMessage.held, func.count())
        .where(_QUEUED, OutboundMessage.held.is_not(None))
        .group_by(OutboundMessage.held)
    )
    return {str(held): count for held, count in db.execute(counted)}


def _unheard(db: Connection, now: datetime) -> int:
    return _count(db, _LISTENING, InboundMessage.received_at < now - UNHEARD_AFTER)


def _count(db: Connection, *conditions: ColumnElement[bool]) -> int:
    return int(db.scalar(select(func.count()).where(*conditions)) or 0)
