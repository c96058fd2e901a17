"""An outbox full of messages that are due, for measuring who empties it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from bench import postgres
from bot.domain.kinds import BROADCAST
from bot.store.database import Database
from bot.store.migrating import migrate
from bot.store.talks import OutboundMessage, Resident, Talk

PORTION = 5_000
WORDS = (
    "A message from the municipality of Amsterdam:\n"
    "On Saturday we plant the trees of plan 21 on the square.\n"
    "Everybody is welcome at ten o'clock. There will be tea.\n"
    "No more messages? Type or say: stop."
)


@contextmanager
def empty(database: str) -> Iterator[str]:
    """Yield the address of an empty database, gone with the block."""
    if database == "PostgreSQL":
        with postgres.fresh() as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'outbox.db'}"


def fill(url: str, channel: str, count: int) -> None:
    """Make the tables and owe one push, due now, to each of `count` new people."""
    migrate(url)
    database = Database(url)
    for first in range(0, count, PORTION):
        numbers = range(first, min(first + PORTION, count))
        rows = _rows(channel, numbers, datetime.now(UTC))
        database.run(lambda db, rows=rows: _insert(db, rows))  # type: ignore[misc]
    database.close()


def left(database: Database) -> int:
    """Return how many messages are still queued."""
    queued = select(func.count()).where(OutboundMessage.delivery == "queued")
    return database.read(lambda db: db.scalar(queued) or 0)


def _rows(channel: str, numbers: range, now: datetime) -> list[list[dict[str, Any]]]:
    people = [{"id": n + 1, "created_at": now} for n in numbers]
    talks = [
        {
            "id": n + 1,
            "resident_id": n + 1,
            "channel": channel,
            "address": str(31_600_000_000 + n),
            "language": "en",
            "created_at": now,
        }
        for n in numbers
    ]
    owed = [
        {
            "talk_id": n + 1,
            "channel": channel,
            "dedupe_key": f"cast:bench:{n}",
            "priority": 1,
            "kind": BROADCAST,
            "text": WORDS,
            "choices": [],
            "secret": False,
            "delivery": "queued",
            "attempts": 0,
            "due_at": now,
            "created_at": now,
        }
        for n in numbers
    ]
    return [people, talks, owed]


def _insert(db: Any, rows: list[list[dict[str, Any]]]) -> None:
    for table, values in zip((Resident, Talk, OutboundMessage), rows, strict=True):
        db.execute(insert(table), values)
