"""What the database says of the queue at the moment of asking, for Prometheus.

Every statement reads a partial index that holds only what is open, so that asking costs
the same with a thousand messages behind us and with five million.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    func,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.effects import TaskKind
from bot.meters import CLOSED, PRIORITIES, closed
from bot.services.events import IS_OWED
from bot.services.faults import where
from bot.services.outbox import PUSH, REPLY
from bot.services.passes import HOUR, SLIP, UNKNOWN
from bot.store.civic import Task
from bot.store.database import Database
from bot.store.outhooks import HookDispatch, HookEndpoint
from bot.store.outreach import Account
from bot.store.passes import PassTry
from bot.store.talks import InboundMessage, OutboundMessage
from bot.store.voices import Speech

log = logging.getLogger(__name__)
KEPT_SECONDS = 5.0
WRONG = (SLIP, UNKNOWN)
LATE = {REPLY: timedelta(seconds=60), PUSH: timedelta(minutes=15)}
"""How long a message may be due before the light goes red."""

MOST_COUNTED = 20_000
"""A queue is counted up to here: a broadcast to a city must not make asking slow."""


def _line(priority: int, channel: str) -> Select[int, str, int, datetime | None]:
    """Return the question for one line of the queue."""
    # The words of the index itself: then both databases see that it fits.
    waits = select(OutboundMessage.due_at).where(
        text("delivery = 'queued' AND held IS NULL"),
        OutboundMessage.priority == priority,
        OutboundMessage.channel == channel,
    )
    some = waits.limit(MOST_COUNTED).subquery()
    oldest = waits.order_by(OutboundMessage.due_at).limit(1)
    return select(
        literal(priority).label("priority"),
        literal(channel).label("channel"),
        select(func.count()).select_from(some).scalar_subquery().label("size"),
        oldest.scalar_subquery().label("due"),
    )


QUEUE = union_all(
    *(
        _line(priority, channel)
        for priority in (REPLY, PUSH)
        for channel in sorted(CLOSED["channel"])
    )
)
UNSURE = (
    select(func.count()).select_from(OutboundMessage).where(text("delivery = 'unsure'"))
)
HELD = (
    select(OutboundMessage.held, func.count().label("size"))
    .where(text("delivery = 'queued' AND held IS NOT NULL"))
    .group_by(OutboundMessage.held)
)
NOTES = select(
    func.count().label("size"), func.min(InboundMessage.received_at).label("since")
).where(text("stage = 'listening' AND stage IN ('waiting', 'listening')"))
SPEECHES = select(
    func.count().label("size"), func.min(Speech.created_at).label("since")
)
EVENTS = (
    select(func.count().label("size"), func.min(HookDispatch.due_at).label("since"))
    .join(HookEndpoint, HookEndpoint.id == HookDispatch.endpoint_id)
    .where(IS_OWED, HookEndpoint.off_at.is_(None))
)
HOOKS_OFF = select(func.count()).where(HookEndpoint.off_at.is_not(None))
PAUSED = select(Account.channel, Account.paused_until)
KINDS = tuple(word for name, word in vars(TaskKind).items() if name.isupper())
WRONG_PASSES = (
    select(PassTry.kind, func.count().label("size"))
    .where(PassTry.kind.in_(WRONG), PassTry.at > bindparam("since"))
    .group_by(PassTry.kind)
)
TASKS = (
    select(Task.kind, func.count().label("size"))
    .where(Task.kind.in_(KINDS), Task.done_at.is_(None))
    .group_by(Task.kind)
)


@dataclass(frozen=True, slots=True)
class Line:
    """What waits on one channel at one priority, and since when something is due."""

    priority: int
    channel: str
    size: int
    due: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read at one moment."""

    at: datetime
    queue: Sequence[Line]
    unsure: int
    held: Mapping[str, int]
    paused: Mapping[str, bool]
    notes: int
    oldest_note: datetime | None
    speeches: int
    oldest_speech: datetime | None
    tasks: Mapping[str, int] = field(default_factory=dict)
    wrong_passes: Mapping[str, int] = field(default_factory=dict)
    events: int = 0
    oldest_event: datetime | None = None
    hooks_off: int = 0

    def age(self, since: datetime | None) -> float:
        """Return how many seconds ago that was; 0 if it is still to come."""
        return max(0.0, (self.at - since).total_seconds()) if since else 0.0

    @property
    def is_late(self) -> bool:
        """Whether the oldest due message has waited longer than it may.

        Held messages do not count, nor what we begin on a channel that is paused.
        """
        return any(
            self.at - line.due > LATE[line.priority]
            for line in self.queue
            if not (line.priority == PUSH and self.paused.get(line.channel))
        )


def read_gauges(db: Connection, now: datetime) -> Reading:
    """Read everything in one transaction."""
    notes = db.execute(NOTES).one()
    speeches = db.execute(SPEECHES).one()
    events = db.execute(EVENTS).one()
    return Reading(
        at=now,
        queue=[
            Line(row.priority, row.channel, row.size, row.due)
            for row in db.execute(QUEUE)
            if row.due is not None
        ],
        unsure=int(db.scalar(UNSURE) or 0),
        held={row.held or "": row.size for row in db.execute(HELD)},
        paused={
            row.channel: row.paused_until is not None and row.paused_until > now
            for row in db.execute(PAUSED)
        },
        notes=notes.size,
        oldest_note=notes.since,
        speeches=speeches.size,
        oldest_speech=speeches.since,
        tasks={row.kind: row.size for row in db.execute(TASKS)},
        wrong_passes={
            row.kind: row.size
            for row in db.execute(WRONG_PASSES, {"since": now - HOUR})
        },
        events=events.size,
        oldest_event=events.since,
        hooks_off=db.scalar(HOOKS_OFF) or 0,
    )


class Gauges:
    """Asks the database at most every five seconds, and never raises.

    While it does not answer, only `buurtstem_database_up` is told, as 0.
    """

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._last: Reading | None = None

    def collect(self) -> Iterator[Metric]:
        """Yield all gauges."""
        reading = self._reading()
        yield _one("database_up", "Whether the database answers.", reading is not None)
        if reading is not None:
            yield from _queue(reading)
            yield from _waiting(reading)

    def _reading(self) -> Reading | None:
        with self._lock:
            since = self._read_at
            if since is None or time.monotonic() - since >= KEPT_SECONDS:
                self._last = self._read()
                self._read_at = time.monotonic()
            return self._last

    def _read(self) -> Reading | None:
        try:
            return self._db.read(lambda db: read_gauges(db, self._clock()))
        except SQLAlchemyError as error:
            log.warning("gauges not read %s", where(error))
            return None


def _queue(reading: Reading) -> Iterator[Metric]:
    labels = ("priority", "channel")
    size = _gauge(
        "queue_size", f"Messages owed and not held, up to {MOST_COUNTED}.", labels
    )
    age = _gauge("queue_oldest_seconds", "How long the oldest has been due.", labels)
    for line in reading.queue:
        names = [PRIORITIES[line.priority], closed("channel", line.channel)]
        size.add_metric(names, line.size)
        age.add_metric(names, reading.age(line.due))
    late = "1 if a reply is due for a minute, or a push for fifteen."
    yield from (size, age, _one("queue_late", late, reading.is_late))


def _waiting(reading: Reading) -> Iterator[Metric]:
    yield _one("unsure", "Messages of which nobody knows yet.", reading.unsure)
    held = _gauge("held", "Messages that wait, by why.", ("held",))
    for word, size in reading.held.items():
        held.add_metric([closed("held", word)], size)
    paused = _gauge("account_paused", "1 while nothing begins there.", ("channel",))
    for channel, is_paused in reading.paused.items():
        paused.add_metric([closed("channel", channel)], is_paused)
    tasks = _gauge("tasks_open", "What waits for officials.", ("task",))
    for kind in KINDS:
        tasks.add_metric([closed("task", kind)], reading.tasks.get(kind, 0))
    wrong = _gauge("wrong_passes", "Passes wrong in the last hour.", ("wrong",))
    for kind in WRONG:
        wrong.add_metric([kind], reading.wrong_passes.get(kind, 0))
    age = reading.age(reading.oldest_note)
    yield from (held, paused, tasks, wrong)
    yield _one("notes_listening", "Voice notes not yet heard.", reading.notes)
    yield _one("notes_oldest_seconds", "How long the oldest has waited.", age)
    age = reading.age(reading.oldest_speech)
    yield _one("speeches", "Messages still to be read aloud.", reading.speeches)
    yield _one("speeches_oldest_seconds", "How long the oldest has waited.", age)
    age = reading.age(reading.oldest_event)
    yield _one("events_owed", "Events the city's systems are owed.", reading.events)
    yield _one("events_oldest_seconds", "How long the oldest has been due.", age)
    yield _one("hooks_off", "Systems that nothing is sent to.", reading.hooks_off)


def _gauge(name: str, told: str, labels: Sequence[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"buurtstem_{name}", told, labels=labels)


def _one(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"buurtstem_{name}", told, value=value)
