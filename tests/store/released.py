"""A city as version 0.1 left it: a row in every table, written as that version did."""

import json
from typing import Any

from sqlalchemy import Connection, Engine, text

RELEASED = ("0001",)
"""The newest revision of every version that cities may have installed."""

NOON = "2026-11-18 11:00:00.000000"
LATER = "2026-11-20 08:00:00.000000"
DELIVERIES = ("queued", "unsure", "sent", "failed", "delivered", "read", "dropped")
ROUND = {
    "slug": "oud-2025",
    "title": {"nl": "De buurt beslist"},
    "municipality": "Amsterdam",
    "area": {"nl": "Slotermeer"},
    "budget_cents": 5_000_00,
    "threshold": 10,
    "plans_per_person": 5,
    "max_picks": 3,
    "legal_basis": "Besluit 12",
    "decision": "https://city.example/besluit-12",
    "starts": {"collecting": "2026-11-01T08:00:00+00:00"},
}
ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("catalog", {"id": 1, "version": 7}),
    ("content_sids", {"key": "q3", "sid": "HX1"}),
    ("erasures", {"address_hash": "0a" * 32, "kept_plans": True, "at": NOON}),
    ("hook_calls", {"id": "call-1", "kind": "results.publish", "answer": {"told": 2}}),
    ("officials", {"id": 1, "email": "els@city.example", "name": "Els"}),
    ("residents", {"id": 1, "may_write": True, "pushed_at": NOON}),
    ("residents", {"id": 2}),
    ("residents", {"id": 3}),
    ("rounds", {"id": 1, "slug": "oud-2025", "data": ROUND}),
    ("ballots", {"id": "b1", "round_id": 1, "voter": "v1", "picks": [901]}),
    ("marks", {"round_id": 1, "resident_id": 1, "day": "2026-11-18"}),
    ("talks", {"id": 1, "channel": "whatsapp", "address": "+31612345678"}),
    ("talks", {"id": 2, "channel": "telegram", "address": "42"}),
    ("talks", {"id": 3, "channel": "web", "address": "w1"}),
    ("talks", {"id": 4, "channel": "whatsapp", "address": "+31612345679"}),
    ("media", {"id": 1, "talk_id": 1, "kind": "voice", "key": "ab.ogg"}),
    ("media", {"id": 2, "talk_id": 2, "kind": "photo", "key": "ab.jpg"}),
    ("plans", {"id": 1, "number": 901, "resident_id": 1, "talk_id": 1}),
    ("checkins", {"id": 1, "plan_id": 1, "question": {"nl": "Goed zo?"}}),
    ("decisions", {"plan_id": 1, "outcome": "infeasible", "data": {"nl": "Smal."}}),
    ("follows", {"plan_id": 1, "resident_id": 2, "at": NOON}),
    ("inbound_messages", {"id": 1, "talk_id": 1, "stage": "done", "media_id": 1}),
    ("inbound_messages", {"id": 2, "talk_id": 2, "stage": "listening"}),
    ("inbound_messages", {"id": 3, "talk_id": 2, "stage": "waiting"}),
    ("inbound_messages", {"id": 4, "talk_id": 3, "stage": "failed"}),
    *(
        ("outbound_messages", {"id": row, "talk_id": 1, "delivery": delivery})
        for row, delivery in enumerate(DELIVERIES, 1)
    ),
    ("outbound_messages", {"id": 8, "talk_id": 2, "priority": 1, "sound": 1}),
    ("outbound_messages", {"id": 9, "talk_id": 3, "due_at": LATER}),
    ("plan_media", {"plan_id": 1, "media_id": 1}),
    ("plan_stages", {"id": 1, "plan_id": 1, "status": "received", "note": {}}),
    ("supports", {"plan_id": 1, "resident_id": 2, "at": NOON}),
    ("tasks", {"id": 1, "kind": "unsure", "talk_id": 1, "plan_id": 1, "media_id": 1}),
    ("checkin_answers", {"id": 1, "checkin_id": 1, "resident_id": 2}),
)
CHANNELS = {1: "whatsapp", 2: "telegram", 3: "web", 4: "whatsapp"}
_STATE = '{"v":1,"state":{"at":"Menu"},"talk":{"language":"tr"}}'
_NEEDED: dict[str, dict[str, Any]] = {
    "hook_calls": {"at": NOON},
    "officials": {"role": "reviewer", "created_at": NOON},
    "residents": {"created_at": NOON},
    "rounds": {"created_at": NOON},
    "ballots": {"receipt": "R1"},
    "talks": {"language": "tr", "state": _STATE, "created_at": NOON},
    "media": {"source": {}, "mime": "audio/ogg", "attempts": 0, "created_at": NOON},
    "plans": {
        "round_id": 1,
        "status": "received",
        "text": "Bank onder de bomen.",
        "spoken": False,
        "place": "",
        "supports": 1,
        "created_at": NOON,
    },
    "checkins": {"asked_at": NOON},
    "decisions": {"standing": "final", "at": NOON},
    "inbound_messages": {
        "kind": "text",
        "body": {"text": "hallo"},
        "attempts": 0,
        "received_at": NOON,
    },
    "outbound_messages": {
        "priority": 0,
        "text": "Dank u wel.",
        "choices": [],
        "secret": False,
        "delivery": "queued",
        "attempts": 0,
        "due_at": NOON,
        "created_at": NOON,
    },
    "plan_stages": {"by": "hook", "at": NOON},
    "tasks": {"note": "", "due_at": NOON, "created_at": NOON},
    "checkin_answers": {"answer": "yes", "text": "", "at": NOON},
}


def fill(engine: Engine) -> None:
    """Write a row (or several) into every table of revision 0001."""
    with engine.begin() as db:
        if engine.dialect.name == "postgresql":
            db.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        for table, some in ROWS:
            values = _NEEDED.get(table, {}) | _by_talk(table, some) | some
            names = ", ".join(f'"{name}"' for name in values)
            marks = ", ".join(f":{name}" for name in values)
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
            db.execute(text(statement), _plain(values))
        if engine.dialect.name == "postgresql":
            _count_on(db)


def _count_on(db: Connection) -> None:
    """Let PostgreSQL number on from the rows that were written with a number."""
    for table in sorted(
        {name for name, some in ROWS if isinstance(some.get("id"), int)}
    ):
        last = (
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) "  # noqa: S608
            f"FROM {table} HAVING pg_get_serial_sequence('{table}', 'id') IS NOT NULL"
        )
        db.execute(text(last))


def _by_talk(table: str, some: dict[str, Any]) -> dict[str, Any]:
    """Return what differs by talk: a person, a channel, a name of the provider's."""
    row, talk = some.get("id"), some.get("talk_id")
    if table == "talks":
        heard = NOON if row != 4 else None
        return {"resident_id": min(int(row or 0), 3), "last_inbound_at": heard}
    if table in {"media", "inbound_messages", "outbound_messages"}:
        named = {"channel": CHANNELS[talk or 1]}
        if table == "inbound_messages":
            named["external_id"] = f"in-{row}"
        if table == "outbound_messages":
            named["dedupe_key"] = f"said:{row}:0"
        return named
    return {}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: json.dumps(value) if isinstance(value, dict | list) else value
        for name, value in values.items()
    }


def content(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of the tables of version 0.1, with all columns they have now."""
    with engine.connect() as db:
        if engine.dialect.name == "postgresql":
            db.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        return {table: _all(db, table) for table in sorted({name for name, _ in ROWS})}


def _all(db: Connection, table: str) -> list[dict[str, Any]]:
    rows = db.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - our own names
    return sorted((dict(row._mapping) for row in rows), key=_first_columns)


def _first_columns(row: dict[str, Any]) -> str:
    """Order rows by what stands first in them: their keys."""
    return str(list(row.values())[:2])
