"""Eyes on the tables: every change of a message, in its order, without looking twice.

Triggers write each change into a table of the simulation, inside the transaction that
made it; what is rolled back was never there.
"""

from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
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
from bot.store.prepared import Prepared

KEPT = (
    *("talk_id", "channel", "dedupe_key", "kind", "priority", "delivery", "held"),
    *("reason", "due_at", "leased_until", "attempts", "again_id"),
)
_TIMES = {"due_at", "leased_until"}
_NUMBERS = {"talk_id", "priority", "attempts", "again_id"}


def _column(name: str) -> Column[Any]:
    if name in _TIMES:
        return Column(name, UtcTime)
    return Column(name, BigInteger if name in _NUMBERS else Text)


SEEN = Table(
    "simulation_seen",
    MetaData(),
    Column("step", Integer, primary_key=True),
    Column("row_id", BigInteger),
    Column("was", String(16)),
    *[_column(name) for name in KEPT],
)


Seen: Any = namedtuple("Seen", [each.name for each in SEEN.columns])  # type: ignore[misc]  # noqa: PYI024
_NEWS = Prepared(
    select(SEEN).where(SEEN.c.step > bindparam("last")).order_by(SEEN.c.step)
)


def install(engine: Engine) -> None:
    """Make the table and its triggers."""
    SEEN.create(engine)
    sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as db:
        for statement in _sqlite() if sqlite else _postgres():
            db.execute(text(statement))


def _sqlite() -> Iterator[str]:
    new = ", ".join(f"NEW.{name}" for name in KEPT)
    into = f"INSERT INTO simulation_seen (row_id, was, {', '.join(KEPT)})"
    for verb, was in (("INSERT", "NULL"), ("UPDATE", "OLD.delivery")):
        yield (
            f"CREATE TRIGGER simulation_{verb} AFTER {verb} ON outbound_messages "
            f"BEGIN {into} VALUES (NEW.id, {was}, {new}); END"
        )


def _postgres() -> Iterator[str]:
    new = ", ".join(f"NEW.{name}" for name in KEPT)
    into = f"INSERT INTO simulation_seen (row_id, was, {', '.join(KEPT)})"
    for verb, was in (("INSERT", "NULL"), ("UPDATE", "OLD.delivery")):
        yield (
            f"CREATE FUNCTION simulation_{verb}() RETURNS trigger AS $$ BEGIN {into} "
            f"VALUES (NEW.id, {was}, {new}); RETURN NULL; END $$ LANGUAGE plpgsql"
        )
        yield (
            f"CREATE TRIGGER simulation_{verb} AFTER {verb} ON outbound_messages "
            f"FOR EACH ROW EXECUTE FUNCTION simulation_{verb}()"
        )


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
    reason: str | None = None
    due: datetime | None = None
    leased: datetime | None = None
    again: int | None = None
    ended: tuple[str, datetime] | None = None


@dataclass(frozen=True)
class Change:
    """One step of a row: how its delivery was before (None: it was not there)."""

    letter: Letter
    was: str | None


@dataclass
class Watch:
    """All rows of the outbox, as far as committed changes were looked at."""

    engine: Engine
    letters: dict[int, Letter] = field(default_factory=dict)
    queued: dict[int, Letter] = field(default_factory=dict)
    _last: int = 0
    _eyes: Connection | None = None

    def look(self, now: datetime) -> list[Change]:
        """Take in what was committed since the last look."""
        if self._eyes is None:
            self._eyes = self.engine.connect().execution_options(only_reads=True)
        rows = _NEWS.rows(self._eyes, {"last": self._last})
        self._eyes.rollback()
        return [self._take(Seen(*row), now) for row in rows]

    def _take(self, row: Any, now: datetime) -> Change:
        self._last = row.step
        letter = self.letters.get(row.row_id)
        if letter is None:
            letter = self.letters[row.row_id] = Letter(
                row.row_id,
                row.talk_id,
                row.channel,
                row.dedupe_key,
                row.kind,
                row.priority,
                row.due_at,
            )
        letter.priority, letter.delivery = row.priority, row.delivery
        letter.held, letter.reason = row.held, row.reason
        letter.due, letter.leased, letter.again = (
            row.due_at,
            row.leased_until,
            row.again_id,
        )
        if row.delivery == "queued":
            self.queued[letter.id] = letter
        else:
            self.queued.pop(letter.id, None)
        if row.was == "queued" != row.delivery:
            letter.ended = (row.delivery, now)
        return Change(letter, row.was)
