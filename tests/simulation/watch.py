"""Eyes on the tables: every change of a message, in its order, without looking twice.

Triggers write each change into a table of the simulation, inside the transaction that
made it; what is rolled back was never there.
"""

import heapq
from collections import namedtuple
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    select,
    text,
)

from bot.store.base import UtcTime
from bot.store.leases import LONGER
from bot.store.prepared import Prepared

SEEN = Table(
    "simulation_seen",
    MetaData(),
    Column("step", Integer, primary_key=True),
    Column("source", String(32)),
    Column("row_id", BigInteger),
    Column("was", String(16)),
    Column("talk_id", BigInteger),
    Column("channel", Text),
    Column("key", Text),
    Column("kind", Text),
    Column("state", String(16)),
    Column("leased_until", UtcTime),
    Column("priority", BigInteger),
    Column("held", Text),
    Column("due_at", UtcTime),
)
_BOTH = ("talk_id", "channel", "kind", "leased_until")
_SOURCES: Mapping[str, Mapping[str, str]] = {
    "inbound_messages": {
        **dict(zip(_BOTH, _BOTH, strict=True)),
        "key": "external_id",
        "state": "stage",
    },
    "outbound_messages": {
        **dict(zip(_BOTH, _BOTH, strict=True)),
        "key": "dedupe_key",
        "state": "delivery",
        "priority": "priority",
        "held": "held",
        "due_at": "due_at",
    },
}
"""The tables that are watched: {column of ours: column of theirs}."""

AHEAD = timedelta(seconds=5)
"""How far a clock may be ahead of the others."""

OPEN = {"listening", "waiting"}
"""The stages of a message whose turn is still to come."""

Seen: Any = namedtuple("Seen", [each.name for each in SEEN.columns])  # type: ignore[misc]  # noqa: PYI024
_NEWS = Prepared(
    select(SEEN).where(SEEN.c.step > bindparam("last")).order_by(SEEN.c.step)
)


def install(engine: Engine) -> None:
    """Make the table and its triggers."""
    SEEN.create(engine)
    sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as db:
        for source in _SOURCES:
            for verb in ("INSERT", "UPDATE"):
                note = _note(source, verb)
                for statement in (_sqlite if sqlite else _postgres)(source, verb, note):
                    db.execute(text(statement))


def _note(source: str, verb: str) -> str:
    """Return the statement that a trigger runs."""
    columns = _SOURCES[source]
    was = f"OLD.{columns['state']}" if verb == "UPDATE" else "NULL"
    new = ", ".join(f"NEW.{theirs}" for theirs in columns.values())
    return (
        f"INSERT INTO simulation_seen (source, row_id, was, {', '.join(columns)}) "  # noqa: S608 - names of our own
        f"VALUES ('{source}', NEW.id, {was}, {new})"
    )


def _sqlite(source: str, verb: str, note: str) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER simulation_{source}_{verb} AFTER {verb} ON {source} "
        f"BEGIN {note}; END"
    )


def _postgres(source: str, verb: str, note: str) -> Iterator[str]:
    name = f"simulation_{source}_{verb}"
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {note}; RETURN NULL; "
        "END $$ LANGUAGE plpgsql"
    )
    yield (
        f"CREATE TRIGGER {name} AFTER {verb} ON {source} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


@dataclass
class Received:
    """A row of the inbound messages as it is now."""

    id: int
    talk: int
    channel: str
    external: str
    kind: str
    stage: str = ""
    leased: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN


@dataclass
class Letter:
    """A row of the outbox as it is now, and what it was at first.

    `ended` is when it was last seen to leave the queue.
    """

    id: int
    talk: int
    channel: str
    key: str
    kind: str | None
    born: int
    planned: datetime
    priority: int = 0
    delivery: str = "queued"
    held: str | None = None
    due: datetime | None = None
    leased: datetime | None = None
    ended: tuple[str, datetime] | None = None

    @property
    def goes_at(self) -> datetime | None:
        """When it can be claimed; None if it has ended or is held."""
        if self.delivery != "queued" or self.held is not None or self.due is None:
            return None
        return max(self.due, self.leased - AHEAD if self.leased else self.due)

    def is_contested(self, now: datetime) -> bool:
        """Tell whether its lease is over by somebody's clock, and nobody has it yet."""
        if self.leased is None:
            return False
        return self.leased - AHEAD <= now <= self.leased + LONGER + AHEAD


@dataclass(frozen=True)
class Change:
    """One step of a row: how it was before (None: it was not there), and is now."""

    row: Letter | Received
    was: str | None
    now: str


@dataclass
class Watch:
    """All messages, as far as committed changes were looked at: the first `seen`."""

    engine: Engine
    letters: dict[int, Letter] = field(default_factory=dict)
    queued: dict[int, Letter] = field(default_factory=dict)
    leased: dict[int, Letter] = field(default_factory=dict)
    received: dict[int, Received] = field(default_factory=dict)
    open: dict[int, Received] = field(default_factory=dict)
    seen: int = 0
    _moments: list[tuple[datetime, int]] = field(default_factory=list)
    _eyes: Connection | None = None

    @property
    def eyes(self) -> Connection:
        """The connection that looks; whoever uses it ends its transaction."""
        if self._eyes is None:
            self._eyes = self.engine.connect().execution_options(only_reads=True)
        return self._eyes

    def look(self, now: datetime) -> list[Change]:
        """Take in what was committed since the last look."""
        rows = _NEWS.rows(self.eyes, {"last": self.seen})
        self.eyes.rollback()
        return [self._take(Seen(*row), now) for row in rows]

    def next_due(self) -> datetime | None:
        """Return when the next message can be claimed; None if none waits."""
        while self._moments:
            at, row = self._moments[0]
            if self.letters[row].goes_at == at:
                return at
            heapq.heappop(self._moments)
        return None

    def _take(self, row: Any, now: datetime) -> Change:
        self.seen = row.step
        if row.source == "inbound_messages":
            return Change(self._take_received(row), row.was, row.state)
        return Change(self._take_letter(row, now), row.was, row.state)

    def _take_received(self, row: Any) -> Received:
        found = self.received.get(row.row_id)
        if found is None:
            found = self.received[row.row_id] = Received(
                row.row_id, row.talk_id, row.channel, row.key, row.kind
            )
        found.stage, found.leased = row.state, row.leased_until
        if found.is_open:
            self.open[found.id] = found
        else:
            self.open.pop(found.id, None)
        return found

    def _take_letter(self, row: Any, now: datetime) -> Letter:
        letter = self.letters.get(row.row_id)
        if letter is None:
            letter = self.letters[row.row_id] = Letter(
                *(row.row_id, row.talk_id, row.channel, row.key, row.kind),
                *(row.priority, row.due_at),
            )
        letter.priority, letter.delivery, letter.held = (
            *(row.priority, row.state, row.held),
        )
        letter.due, letter.leased = row.due_at, row.leased_until
        if row.state == "queued":
            self.queued[letter.id] = letter
        else:
            self.queued.pop(letter.id, None)
        if row.state == "queued" and letter.leased is not None:
            self.leased[letter.id] = letter
        else:
            self.leased.pop(letter.id, None)
        if letter.goes_at is not None:
            heapq.heappush(self._moments, (letter.goes_at, letter.id))
        if row.was == "queued" != row.state:
            letter.ended = (row.state, now)
        return letter
