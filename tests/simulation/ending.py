"""What must be true of the tables: every now and then, and when all is quiet."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from bot.domain.messages import Reach
from tests.simulation.city import City

FINAL = {"sent", "delivered", "read", "failed", "dropped"}
_INBOUND = """
    SELECT i.id, i.channel, i.external_id, i.stage, i.kind,
        (SELECT count(*) FROM outbound_messages o WHERE o.dedupe_key IN
            ('in:' || i.id || '\\:0', 'in:' || i.id || '\\:failed\\:0')) AS answers
    FROM inbound_messages i
"""
_TWICE = """
    SELECT text, count(*) FROM plans WHERE text <> '' GROUP BY text HAVING count(*) > 1
"""
_OPEN_TASKS = "SELECT talk_id FROM tasks WHERE kind = 'unsure' AND done_at IS NULL"
_STATES = "SELECT id, talk_id, delivery, held, reason, due_at FROM outbound_messages"


def rows(db: Connection, sql: str) -> Sequence[Any]:
    return db.execute(text(sql)).all()


def check_now(city: City) -> None:
    """Check what holds at any moment."""
    with city.engine.connect().execution_options(only_reads=True) as db:
        for rule, what in (*_inbound(city, db), *_plans(db)):
            city.judge.blame(rule, what)
        for what in city.ballots.check(db):
            city.judge.blame("ballot", what)


def check_end(city: City) -> None:
    """Check what holds once everything has been sent and answered."""
    check_now(city)
    with city.engine.connect().execution_options(only_reads=True) as db:
        for rule, what in (*_waiting(db), *_outbound(db)):
            city.judge.blame(rule, what)


def _inbound(city: City, db: Connection) -> Iterator[tuple[str, str]]:
    """Every acknowledged message has its row, and one turn once it was its turn."""
    found = {(row.channel, row.external_id): row for row in rows(db, _INBOUND)}
    for key, content in city.acknowledged.items():
        row = found.get(key)
        if isinstance(content, Reach):
            continue
        if row is None:
            yield "inbound", f"{key} was acknowledged and is lost"
        elif row.stage in {"done", "failed"} and row.answers != 1:
            yield "turn", f"inbound {row.id} ({row.kind}) has {row.answers} answers"


def _plans(db: Connection) -> Iterator[tuple[str, str]]:
    for row in rows(db, _TWICE):
        yield "plan", f"a plan is stored {row[1]} times"


def _waiting(db: Connection) -> Iterator[tuple[str, str]]:
    waiting = (
        "SELECT id, stage FROM inbound_messages WHERE stage NOT IN ('done', 'failed')"
    )
    for row in rows(db, waiting):
        yield "turn", f"inbound {row.id} is {row.stage} for ever"


def _outbound(db: Connection) -> Iterator[tuple[str, str]]:
    """Every message has ended, is held with a reason, or is on a person's list."""
    asked = {row.talk_id for row in rows(db, _OPEN_TASKS)}
    for row in rows(db, _STATES):
        held = row.delivery == "queued" and row.held
        listed = row.delivery == "unsure" and row.talk_id in asked
        if row.delivery not in FINAL and not held and not listed:
            yield "owed", f"row {row.id} is {row.delivery} for ever, due {row.due_at}"
