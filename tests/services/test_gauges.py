"""The queue, read from the database: what it says, when it is red, what it costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import insert, select, text, update

from bot.services import gauges
from bot.services.gauges import Gauges, read_gauges
from bot.store.database import Database
from bot.store.outreach import Account
from bot.store.talks import OutboundMessage
from tests.services.figures import figures_of
from tests.services.test_outbox import owe_one, push_one
from tests.worlds import Person, World

REPLY, PUSH = "priority=reply", "priority=push"


def read(world: World) -> dict[str, float]:
    """Return the gauges as they are now, without their names' beginning."""
    registry = CollectorRegistry()
    registry.register(Gauges(world.house.db, world.clock))
    found = figures_of(registry).items()
    return {name.removeprefix("buurtstem_"): value for name, value in found}


def change(world: World, row: int, **values: Any) -> None:
    with world.house.db.engine.begin() as db:
        changed = update(OutboundMessage).where(OutboundMessage.id == row)
        db.execute(changed.values(values))


def pause(world: World, channel: str, **lasting: float) -> None:
    now = world.clock()
    values = {"channel": channel, "next_at": now, "paused_for": "blocked"}
    with world.house.db.engine.begin() as db:
        until = now + timedelta(**lasting)
        db.execute(insert(Account).values(paused_until=until, **values))


def test_an_empty_queue_is_well(each_world: World) -> None:
    seen = read(each_world)
    assert seen["database_up"] == 1
    assert seen["queue_late"] == seen["unsure"] == seen["notes_listening"] == 0
    assert seen["tasks_open{task=listen}"] == 0
    assert not [name for name in seen if name.startswith(("queue_size", "held{"))]


def test_what_waits_is_told_by_priority_and_channel(each_world: World) -> None:
    world = each_world
    ayse, fatima = world.person(), world.person(channel="whatsapp")
    owe_one(world, ayse, "a")
    world.clock.pass_time(seconds=20)
    owe_one(world, ayse, "b")
    push_one(world, fatima, "c")
    held = push_one(world, fatima, "d")
    change(world, held, held="template")
    change(world, owe_one(world, ayse, "e"), delivery="unsure")
    change(world, owe_one(world, ayse, "f"), delivery="delivered")
    world.clock.pass_time(seconds=10)
    seen = read(world)
    assert seen[f"queue_size{{channel=telegram,{REPLY}}}"] == 2
    assert seen[f"queue_oldest_seconds{{channel=telegram,{REPLY}}}"] == 30
    assert seen[f"queue_size{{channel=whatsapp,{PUSH}}}"] == 1
    assert seen[f"queue_oldest_seconds{{channel=whatsapp,{PUSH}}}"] == 10
    assert seen["held{held=template}"] == 1
    assert seen["unsure"] == 1


def test_what_is_for_tomorrow_is_not_old(world: World) -> None:
    row = push_one(world, world.person(), "a")
    change(world, row, due_at=world.clock() + timedelta(days=1))
    assert read(world)[f"queue_oldest_seconds{{channel=telegram,{PUSH}}}"] == 0
    assert read(world)["queue_late"] == 0


def test_notes_and_tasks_are_told(each_world: World, note: bytes) -> None:
    world = each_world
    person = world.person(channel="web")
    world.sends_note(person, note)
    world.clock.pass_time(seconds=7)
    world.taps(world.person(channel="web"), "person")
    seen = read(world)
    assert seen["notes_listening"] == 1
    assert seen["notes_oldest_seconds"] == 7


@pytest.mark.parametrize(("write", "patience"), [(owe_one, 60), (push_one, 900)])
def test_the_light_is_red_when_the_oldest_is_late(
    world: World, write: Callable[[World, Person, str], int], patience: int
) -> None:
    write(world, world.person(), "a")
    world.clock.pass_time(seconds=patience)
    assert read(world)["queue_late"] == 0
    world.clock.pass_time(seconds=1)
    assert read(world)["queue_late"] == 1


def test_held_messages_and_paused_channels_are_not_late(world: World) -> None:
    held = push_one(world, world.person(), "a")
    change(world, held, held="paused")
    push_one(world, world.person(channel="whatsapp"), "b")
    pause(world, "whatsapp", hours=2)
    world.clock.pass_time(hours=1)
    seen = read(world)
    assert seen["queue_late"] == 0
    assert seen["account_paused{channel=whatsapp}"] == 1
    owe_one(world, world.person(channel="whatsapp"), "c")
    world.clock.pass_time(minutes=2)
    assert read(world)["queue_late"] == 1, "a pause does not hold replies"
    world.clock.pass_time(hours=1)
    assert read(world)["account_paused{channel=whatsapp}"] == 0


def test_the_database_is_asked_at_most_every_five_seconds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Gauges(world.house.db, world.clock)
    asked = []
    real = world.house.db.read

    def counting(job: Any) -> Any:
        asked.append(job)
        return real(job)

    monkeypatch.setattr(world.house.db, "read", counting)
    for _ in range(3):
        list(found.collect())
    assert len(asked) == 1
    monkeypatch.setattr(gauges, "KEPT_SECONDS", 0.0)
    list(found.collect())
    assert len(asked) == 2


@pytest.mark.parametrize(
    "url",
    ["sqlite:////proc/nowhere.db", "postgresql+psycopg://postgres@127.0.0.1:1/none"],
)
def test_a_database_that_does_not_answer_is_told_and_no_error(
    world: World, url: str
) -> None:
    db = Database(url)
    (up,) = Gauges(db, world.clock).collect()
    assert up.name == "buurtstem_database_up"
    assert up.samples[0].value == 0
    db.close()


MANY = {
    "sqlite": """WITH RECURSIVE n(i) AS (
        SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)""",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, 8000))",
}
INSERT = """
INSERT INTO outbound_messages (id, talk_id, channel, dedupe_key, priority, text,
    choices, secret, delivery, attempts, due_at, created_at)
"""
ROWS = """
SELECT 100000 + i, {talk}, 'telegram', 'many:' || i, 0, 'a sentence of some length',
    '[]', {no}, 'delivered', 1, '2026-11-18 11:00:00{zone}', '2026-11-18 11:00:00{zone}'
FROM n
"""
STATEMENTS: dict[str, tuple[Any, str]] = {
    "queue": (gauges.QUEUE, "ix_outbound_messages_ready"),
    "unsure": (gauges.UNSURE, "ix_outbound_messages_open"),
    "held": (gauges.HELD, "ix_outbound_messages_open"),
}


def fill(world: World, talk: int) -> None:
    """Have sent eight thousand messages."""
    with world.house.db.engine.begin() as db:
        kind = db.dialect.name
        no, zone = ("0", "") if kind == "sqlite" else ("false", "+00:00")
        values = ROWS.format(talk=talk, no=no, zone=zone)
        whole = (
            f"{INSERT} {MANY[kind]} {values}"
            if kind == "sqlite"
            else f"{MANY[kind]} {INSERT} {values}"
        )
        if kind == "postgresql":
            whole = whole.replace("'[]'", "'[]'::json")
            dated = "'2026-11-18 11:00:00+00:00'"
            whole = whole.replace(dated, f"{dated}::timestamptz")
        db.execute(text(whole))
        db.execute(text("ANALYZE"))


def plan(db: Any, statement: Any) -> str:
    """Return how the database would carry a statement out."""
    whole = statement.compile(db, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if db.dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(str(row) for row in db.execute(text(f"{explain} {whole}")))


def is_scan(found: str) -> bool:
    """Tell whether a plan reads the whole table."""
    return "Seq Scan on outbound" in found or (
        "SCAN outbound_messages" in found and "USING" not in found
    )


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_question_reads_only_what_is_open(each_world: World, name: str) -> None:
    statement, index = STATEMENTS[name]
    person = each_world.person()
    owe_one(each_world, person, "a")
    fill(each_world, person.talk)
    with each_world.house.db.engine.connect() as db:
        found = plan(db, statement)
        assert index in found, found
        assert not is_scan(found), found
        bad = select(OutboundMessage.text).where(OutboundMessage.text != "")
        assert is_scan(plan(db, bad)), "a bad question is seen"
    reading = each_world.house.db.read(lambda db: read_gauges(db, each_world.clock()))
    assert [line.size for line in reading.queue] == [1]
