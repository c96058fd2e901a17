"""What must be true of the tables: every now and then, and when all is quiet."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from tests.simulation.city import City
from tests.simulation.residents import ONCE

FINAL = {"sent", "delivered", "read", "failed", "dropped"}
_STORED = "SELECT channel, external_id FROM inbound_messages"
_TWICE = """
    SELECT text, count(*) FROM plans WHERE text LIKE :once
    GROUP BY text HAVING count(*) > 1
"""
_ADDRESSES_IN_CLEAR = """
    SELECT count(*) FROM talks
    WHERE address NOT LIKE 'enc1:%' AND address NOT LIKE 'forgotten:%'
"""
_WORDS_IN_CLEAR = """
    SELECT count(*) FROM outbound_messages
    WHERE text <> '' AND text NOT LIKE 'enc1:%'
"""
_OPEN_TASKS = "SELECT talk_id FROM tasks WHERE kind = 'unsure' AND done_at IS NULL"
_STATES = "SELECT id, talk_id, delivery, held, reason, due_at FROM outbound_messages"


def rows(db: Connection, sql: str, **values: str) -> Sequence[Any]:
    return db.execute(text(sql), values).all()


def check_now(city: City) -> None:
    """Check what holds at any moment."""
    with city.engine.connect().execution_options(only_reads=True) as db:
        for rule, what in _plans(db):
            city.judge.blame(rule, what)
        for what in city.ballots.check(db):
            city.judge.blame("ballot", what)


def check_end(city: City) -> None:
    """Check what holds once everything has been sent and answered."""
    check_now(city)
    with city.engine.connect().execution_options(only_reads=True) as db:
        rules = (*_kept(city, db), *_waiting(db), *_outbound(db), *_in_clear(db))
        for rule, what in rules:
            city.judge.blame(rule, what)


def _kept(city: City, db: Connection) -> Iterator[tuple[str, str]]:
    """Every message that somebody was thanked for is still there."""
    stored = {(row.channel, row.external_id) for row in rows(db, _STORED)}
    for key in city.judge.promised - stored:
        yield "kept", f"{key} was acknowledged and is there no more"


def _in_clear(db: Connection) -> Iterator[tuple[str, str]]:
    """Whatever people said, and where they are reached, lies encrypted."""
    kinds = {"addresses": _ADDRESSES_IN_CLEAR, "messages": _WORDS_IN_CLEAR}
    for what, found in kinds.items():
        if count := rows(db, found)[0][0]:
            yield "sealed", f"{count} {what} are in clear"


def _plans(db: Connection) -> Iterator[tuple[str, str]]:
    """What only one person can say, once, is one plan."""
    for row in rows(db, _TWICE, once=f"{ONCE}%"):
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
