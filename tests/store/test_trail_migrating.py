"""Lines of the trail that are there come into its chain; taken back, they stay."""

import json
from typing import Any

from alembic import command
from sqlalchemy import text

from bot.services.trail_checks import _checked
from bot.store.database import make_engine
from bot.store.migrating import _config, migrate

LINES = 1_203
_INSERT = text(
    'INSERT INTO audit_lines (at, "by", act, subject, data) '
    "VALUES (:at, :by, :act, :subject, :data)"
)


def line(number: int) -> dict[str, Any]:
    """Return a line with all that JSON and time may hold."""
    at = f"2026-11-{number % 28 + 1:02} 11:00:00.{number % 1_000:06}"
    data = {"n": number, "name": "Ayşe أ", "share": 0.1, "list": [None, True]}
    who = {"by": "anna@city.example", "act": "plan.review", "subject": "plan:1"}
    return {"at": at, "data": json.dumps(data), **who}


def test_lines_that_are_there_are_chained(url: str) -> None:
    migrate(url, "0024")
    engine = make_engine(url)
    with engine.begin() as db:
        db.execute(text("SET TIME ZONE 'UTC'")) if not url.startswith("sqlite") else 0
        db.execute(_INSERT, [line(number) for number in range(LINES)])
    migrate(url)
    with engine.connect() as db:
        found = _checked(db, ())
    assert (found.entries, found.loose, found.faults) == (LINES, 0, ())
    migrate(url)
    with engine.connect() as db:
        assert _checked(db, ()).value == found.value, "run again, it changes nothing"
    engine.dispose()


def test_taken_back_the_lines_can_be_changed_again(url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    config = _config()
    with engine.begin() as db:
        db.execute(_INSERT, [line(1)])
    with engine.connect() as db:
        config.attributes["connection"] = db
        command.downgrade(config, "0024")
        db.commit()
    with engine.begin() as db:
        db.execute(text("UPDATE audit_lines SET act = 'x'"))
        assert db.scalar(text("SELECT count(*) FROM audit_lines")) == 1
    engine.dispose()
