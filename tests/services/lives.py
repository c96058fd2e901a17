"""A row about one person in every table that has a column about residents.

The rows are made from the inventory and the tables: each value is told from every other
one, so that whoever finds it knows whose it is and of which column.
"""

import itertools
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    Table,
    insert,
    select,
)

from bot.flows.saved import dump_talk
from bot.flows.state import Draft
from bot.flows.state import Talk as TalkState
from bot.store.base import Base, UtcTime
from bot.store.civic import RoundRow
from bot.store.inventory import PERSONAL
from tests.worlds import COLLECTING, World
from tools.inventory import AUTHOR, RESIDENT, VOTER, kind_of

HERS = {RESIDENT, AUTHOR, VOTER}
Life = Mapping[str, dict[str, Any]]
"""The row of a person in each table, by its name."""


def columns_about_residents() -> list[str]:
    """Return every column that the inventory says is about a resident."""
    return sorted(name for name in PERSONAL if kind_of(name) in HERS)


def live(world: World, name: str, other: Life | None = None) -> Life:
    """Let somebody leave a row in every table; `name` stands in all she said.

    With `other` she has been asked to meet that author.
    """
    marks = (f"{name}{n:03}" for n in itertools.count(1))
    known: dict[str, Any] = {}
    life: dict[str, dict[str, Any]] = {}
    with world.house.db.engine.begin() as db:
        slug = RoundRow.slug == COLLECTING
        known["rounds"] = db.scalar(select(RoundRow.id).where(slug))
        for each in wanted():
            row = _row(each, known, marks, world)
            row |= _special(world, each.name, next(marks), known, other)
            known[each.name] = _insert(db, each, row)
            life[each.name] = row | ({"id": known[each.name]} if "id" in each.c else {})
    return life


def wanted() -> list[Table]:
    """Return these tables and all that their rows lead to, but for rounds."""
    names = {name.partition(".")[0] for name in columns_about_residents()}
    while True:
        tables = [Base.metadata.tables[name] for name in names]
        led = {key.column.table.name for each in tables for key in each.foreign_keys}
        if led - {"rounds"} <= names:
            return [each for each in Base.metadata.sorted_tables if each.name in names]
        names |= led - {"rounds"}


def _insert(db: Connection, table: Table, row: Mapping[str, Any]) -> Any:
    return db.execute(insert(table).values(row)).inserted_primary_key[0]  # type: ignore[index]


def _row(
    table: Table, known: Mapping[str, Any], marks: Iterator[str], world: World
) -> dict[str, Any]:
    row = {}
    for column in table.c:
        target = next(iter(column.foreign_keys), None)
        if target is not None:
            row[column.name] = known[target.column.table.name]
        elif column.name != "id" or not isinstance(column.type, Integer):
            row[column.name] = _value(column, next(marks), world)
    if "plan_id" in row:
        row["plan_id"] = known.get("plans", row["plan_id"])
    return row


def _value(column: Column[Any], mark: str, world: World) -> Any:
    """Return a value of the column's type that no other column has."""
    number = 1_000_000 * ord(mark[0]) + int(mark[1:])
    kinds: tuple[tuple[Any, Any], ...] = (
        (UtcTime, world.clock() - timedelta(seconds=number % 1_000_000)),
        (JSON, {"nl": mark, "text": mark}),
        (Boolean, True),
        (LargeBinary, mark.encode()),
        (Float, number + 0.5),
        (Integer, number),
    )
    for kind, value in kinds:
        if isinstance(column.type, kind):
            return value
    return mark


def _special(
    world: World, table: str, mark: str, known: Mapping[str, Any], other: Life | None
) -> dict[str, Any]:
    """Return what a row of this table has to be to be a row of a real life."""
    now = world.clock()
    ahead, behind = now + timedelta(days=9), now - timedelta(days=9)
    begun = TalkState(language="nl", draft=Draft(text=mark))
    rows: dict[str, dict[str, Any]] = {
        "talks": {
            "channel": "telegram",
            "language": "nl",
            "state": dump_talk(begun),
            "forgotten_at": None,
        },
        "media": {
            "kind": "voice",
            "channel": "telegram",
            "key": world.house.media.save(mark.encode(), "audio/ogg"),
            "delete_after": ahead,
            "fetched_at": behind,
            "problem": None,
            "source": {"place": f"{mark} place"},
        },
        "inbound_messages": {
            "stage": "done",
            "kind": "text",
            "body": {"text": f"{mark} body"},
        },
        "outbound_messages": {
            "delivery": "sent",
            "secret": False,
            "held": None,
            "slots": {"title": f"{mark} slot"},
            "choices": [[mark, f"{mark} label", ""]],
        },
        "plans": {"status": "received", "picture_id": known.get("media")},
        "plan_stages": {"status": "received"},
        "meetings": {"other_id": (other or {}).get("plans", {}).get("id")}
        if other
        else {},
        "tasks": {"kind": "person"},
        "hook_events": {"uid": mark},
        "spendings": {"counters": None, "state": "approved"},
    }
    return rows.get(table, {})
