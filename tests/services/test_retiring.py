"""What is old goes: the clock is moved past each date, for every column about people.

The rows are made from the inventory and the tables, so that a new column cannot be
left out.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    Table,
    insert,
    select,
    update,
)

from bot.domain.round_terms import Retention
from bot.services.catalog import touch
from bot.services.corrections import date_sound
from bot.services.retiring import retire
from bot.services.searching import nothing_to_find
from bot.services.sweep import sweep
from bot.services.walking import AT_ONCE
from bot.store.base import Base, UtcTime
from bot.store.care import CareRow
from bot.store.civic import PlanRow, RoundRow, Task
from bot.store.inventory import PERSONAL
from bot.store.keeping import By, Keep, keep_of
from bot.store.spending import Spending
from bot.store.talks import InboundMessage, Talk
from tests.services.test_sweep import keep
from tests.worlds import COLLECTING, Person, World, table

MARK = "hers"
LONG = 4_000
"""Days after which nothing that has a date is left."""

JOBS = {By.SWEEP, By.RETIRING}


def of_jobs() -> Mapping[str, Keep]:
    """Return the rule of each column about people that a job sees to."""
    rules = {column: keep_of(column) for column in PERSONAL}
    return {column: keep for column, keep in rules.items() if keep.by in JOBS}


def fill(world: World) -> None:
    """Put one row about one person into every table that has a column about people."""
    now = world.clock()
    known: dict[str, Any] = {}
    wanted = needed({column.partition(".")[0] for column in of_jobs()})
    with world.house.db.engine.begin() as db:
        slug = RoundRow.slug == COLLECTING
        known["rounds"] = db.scalar(select(RoundRow.id).where(slug))
        for each in Base.metadata.sorted_tables:
            if each.name not in wanted:
                continue
            row = a_row(each, known, now) | special(world, each.name)
            made = db.execute(insert(each).values(row))
            known[each.name] = made.inserted_primary_key[0]  # type: ignore[index]


def needed(names: set[str]) -> set[str]:
    """Return these tables and all that their rows lead to, but for rounds."""
    tables = [Base.metadata.tables[name] for name in names]
    others = {key.column.table.name for each in tables for key in each.foreign_keys} - {
        "rounds"
    }
    return names if others <= names else needed(names | others)


def a_row(each: Table, known: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    row = {}
    for column in each.c:
        target = next(iter(column.foreign_keys), None)
        if target is not None:
            row[column.name] = known[target.column.table.name]
        elif column.name != "id" or not isinstance(column.type, Integer):
            row[column.name] = a_value(column, now)
    if "plan_id" in row and "other_id" not in each.c:
        row["plan_id"] = known.get("plans", row["plan_id"])
    return row


def a_value(column: Column[Any], now: datetime) -> Any:
    kinds: tuple[tuple[Any, Any], ...] = (
        (UtcTime, now),
        (JSON, {"text": MARK}),
        (Boolean, True),
        (LargeBinary, MARK.encode()),
        (Float, 1.5),
        (Integer, 7_000_007),
    )
    for kind, value in kinds:
        if isinstance(column.type, kind):
            return value
    return f"{MARK} {column.name}"[: getattr(column.type, "length", None) or 80]


def special(world: World, name: str) -> dict[str, Any]:
    """Return what a row of this table has to be so that its time can come."""
    now = world.clock()
    rows: dict[str, dict[str, Any]] = {
        "talks": {"channel": "telegram", "forgotten_at": None},
        "media": {
            "kind": "voice",
            "channel": "telegram",
            "key": world.house.media.save(b"her voice", "audio/ogg"),
            "delete_after": now + timedelta(days=30),
        },
        "inbound_messages": {"stage": "done"},
        "outbound_messages": {"delivery": "sent", "secret": False, "held": None},
        "plans": {"status": "received", "number": 7_000_007, "title": None},
        "plan_care": {"next_at": None},
        "hook_events": {"uid": MARK},
        "spendings": {"counters": None, "state": "approved"},
    }
    return rows.get(name, {})


def is_empty(value: object) -> bool:
    gone = isinstance(value, str) and value.startswith("forgotten:")
    nothing: tuple[Any, ...] = (
        "",
        None,
        [],
        {},
        {"place": ""},
        nothing_to_find()["search"],
    )
    return gone or value in nothing


def left(world: World) -> dict[str, object]:
    """Return what is still there of columns that should be empty by now."""
    found: dict[str, object] = {}
    for each in Base.metadata.sorted_tables:
        names = [
            column.name
            for column in each.c
            if (keep := of_jobs().get(f"{each.name}.{column.name}"))
            and not keep.nameless
        ]
        for row in world.rows(each.select()) if names else ():
            kept = {name: getattr(row, name) for name in names}
            found |= {f"{each.name}.{n}": v for n, v in kept.items() if not is_empty(v)}
    return found


def let_go(world: World) -> None:
    while sweep(world.house):
        pass
    retire(world.house)
    while sweep(world.house):
        pass


def test_past_every_date_nothing_of_her_is_left(each_world: World) -> None:
    world = each_world
    fill(world)
    world.clock.pass_time(days=LONG)
    let_go(world)
    assert left(world) == {}
    addresses = [row.address for row in world.rows(table(Talk))]
    assert [each for each in addresses if not each.startswith("forgotten:")] == []
    assert world.rows(table(Spending))[0].what == {"text": MARK}, "accounts stay"


def test_every_column_of_a_job_is_filled_before(world: World) -> None:
    """A column that these rows never fill would be found empty for ever."""
    fill(world)
    assert set(left(world)) == {c for c, k in of_jobs().items() if not k.nameless}


@pytest.mark.parametrize(
    ("days", "columns"),
    [
        ("messages_days", {"inbound_messages.body", "outbound_messages.text"}),
        ("messages_days", {"desk_messages.dutch"}),
        ("tasks_days", {"tasks.note", "tasks.outcome_note"}),
        ("people_days", {"talks.address", "talks.phone"}),
    ],
)
def test_it_goes_on_its_day_and_not_before(
    each_world: World, days: str, columns: set[str]
) -> None:
    world = each_world
    fill(world)
    until = getattr(Retention(), days)
    world.clock.pass_time(days=until - 1)
    let_go(world)
    assert columns <= set(left(world))
    world.clock.pass_time(days=2)
    let_go(world)
    assert not columns & set(left(world))


def test_a_round_may_lay_down_other_days(world: World) -> None:
    fill(world)
    with world.house.db.engine.begin() as db:
        for row in db.execute(table(RoundRow)).all():
            kept = {"marks_days": 30, "messages_days": 10, "plans_days": 20}
            data = row.data | {"retention": kept}
            db.execute(update(RoundRow).where(RoundRow.id == row.id).values(data=data))
        touch(db)
    world.clock.pass_time(days=11)
    let_go(world)
    assert "inbound_messages.body" not in left(world)
    assert "plans.text" in left(world)


def test_a_round_may_let_sound_go_sooner(each_world: World) -> None:
    world = each_world
    number = world.plan(world.person(), a_round=COLLECTING)
    note = keep(world, world.person())
    with world.house.db.engine.begin() as db:
        this = RoundRow.slug == COLLECTING
        data = db.scalar(select(RoundRow.data).where(this)) or {}
        kept = {"retention": {"marks_days": 30, "sounds_days": 3}}
        db.execute(update(RoundRow).where(this).values(data=data | kept))
        plan_id = db.scalar(select(PlanRow.id).where(PlanRow.number == number)) or 0
        date_sound(db, [note], plan_id, None, world.clock())
    world.clock.pass_time(days=2)
    assert sweep(world.house) == 0
    world.clock.pass_time(days=2)
    assert sweep(world.house) == 1


def test_what_waits_for_an_official_stays_until_it_is_done(world: World) -> None:
    fill(world)
    change(world, update(Task).values(done_at=None))
    world.clock.pass_time(days=LONG)
    let_go(world)
    kept = {"tasks.note", "inbound_messages.body", "talks.address"}
    assert kept <= set(left(world))
    change(world, update(Task).values(done_at=world.clock()))
    world.clock.pass_time(days=LONG)
    let_go(world)
    assert left(world) == {}


def test_the_author_of_a_plan_that_is_looked_after_stays(each_world: World) -> None:
    world = each_world
    fill(world)
    mine = PlanRow.number == 7_000_007
    change(world, update(PlanRow).where(mine).values(status="started"))
    later = world.clock() + timedelta(days=LONG + 90)
    change(world, update(CareRow).values(next_at=later))
    world.clock.pass_time(days=LONG)
    let_go(world)
    kept = set(left(world))
    assert {"talks.address", "plans.text", "plans.resident_id"} <= kept
    assert "inbound_messages.body" not in kept, "what was said goes all the same"


def change(world: World, statement: Any) -> None:
    with world.house.db.engine.begin() as db:
        db.execute(statement)


def wrote(world: World, person: Person, count: int) -> None:
    now = world.clock()
    rows = [
        {
            "talk_id": person.talk,
            "channel": "telegram",
            "external_id": f"many:{number}",
            "stage": "done",
            "kind": "text",
            "body": {"text": MARK},
            "attempts": 0,
            "received_at": now,
        }
        for number in range(count)
    ]
    with world.house.db.engine.begin() as db:
        db.execute(insert(InboundMessage), rows)


def test_many_go_in_batches_and_the_log_counts_them(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    wrote(world, world.person(), AT_ONCE * 2 + 1)
    world.clock.pass_time(days=400)
    with caplog.at_level(logging.INFO):
        gone = retire(world.house)
    assert gone["messages_in"] == AT_ONCE * 2 + 1
    told = [each.message for each in caplog.records if "retired" in each.message]
    assert told == [f"retired what=messages_in rows={AT_ONCE * 2 + 1}"]
    assert retire(world.house) == dict.fromkeys(gone, 0)


def test_broken_off_in_the_middle_it_goes_on(each_world: World) -> None:
    world = each_world
    wrote(world, world.person(), AT_ONCE * 3)
    world.clock.pass_time(days=400)
    pieces = iter(range(2))

    def dies() -> datetime:
        """Tell the time of two pieces, and then no more."""
        next(pieces)
        return world.clock()

    with pytest.raises(StopIteration):
        retire(replace(world.house, clock=dies))
    full = [row for row in world.rows(table(InboundMessage)) if row.body]
    assert len(full) == AT_ONCE
    assert retire(world.house)["messages_in"] == AT_ONCE
    assert [row for row in world.rows(table(InboundMessage)) if row.body] == []
