"""How old the queue is: what is due and late, and what waits for a person."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from bot.services.queue import QueueState, queue_state
from bot.store.outreach import Account
from bot.store.talks import InboundMessage, OutboundMessage
from tests.worlds import Person, World

REPLY, PUSH = 0, 1


def owe(world: World, person: Person, seconds: float, **row: Any) -> None:
    """Owe somebody a reply that was due `seconds` ago."""
    due = world.clock() - timedelta(seconds=seconds)
    values = {
        "talk_id": person.talk,
        "channel": person.channel,
        "dedupe_key": f"test:{next(world.serial)}",
        "priority": REPLY,
        "text": "Dank u.",
        "choices": [],
        "delivery": "queued",
        "due_at": due,
        "created_at": due,
    }
    with world.house.db.engine.begin() as db:
        db.execute(insert(OutboundMessage).values(values | row))


def pause(world: World, channel: str, **later: float) -> None:
    now = world.clock()
    row = insert(Account).values(
        channel=channel,
        next_at=now,
        paused_until=now + timedelta(**later),
        paused_for="63018",
    )
    with world.house.db.engine.begin() as db:
        db.execute(row)


def state(world: World) -> QueueState:
    return world.house.db.read(lambda db: queue_state(db, world.clock()))


def test_an_empty_queue_is_not_late(each_world: World) -> None:
    found = state(each_world)
    assert found == QueueState({}, {}, 0, {}, (), 0)
    assert not found.is_late


@pytest.mark.parametrize(
    ("priority", "seconds", "late"),
    [
        pytest.param(REPLY, 60, False, id="a reply may take a minute"),
        pytest.param(REPLY, 61, True, id="a reply is late after a minute"),
        pytest.param(PUSH, 900, False, id="a push may take a quarter of an hour"),
        pytest.param(PUSH, 901, True, id="a push is late after a quarter of an hour"),
        pytest.param(REPLY, -5, False, id="what is due later is not late"),
    ],
)
def test_late_is_what_was_due_long_ago(
    each_world: World, priority: int, seconds: float, *, late: bool
) -> None:
    owe(each_world, each_world.person(), seconds, priority=priority)
    assert state(each_world).is_late is late


def test_the_age_is_that_of_the_oldest_row_of_each_channel(each_world: World) -> None:
    ayse, fatima = each_world.person(), each_world.person(channel="whatsapp")
    for person, seconds in ((ayse, 3), (ayse, 8), (fatima, 5), (ayse, -60)):
        owe(each_world, person, seconds)
    owe(each_world, fatima, 70, priority=PUSH)
    found = state(each_world)
    assert found.replies == {"telegram": 8, "whatsapp": 5}
    assert found.pushes == {"whatsapp": 70}
    assert (found.oldest_reply_seconds, found.oldest_push_seconds) == (8, 70)


@pytest.mark.parametrize("how", ["sent", "failed", "dropped", "unsure"])
def test_what_is_no_longer_queued_is_not_late(each_world: World, how: str) -> None:
    owe(each_world, each_world.person(), 9000, delivery=how)
    assert not state(each_world).is_late


def test_held_rows_are_counted_by_what_they_wait_for_and_are_not_late(
    each_world: World,
) -> None:
    person = each_world.person(channel="whatsapp")
    for held in ("template", "template", "paused"):
        owe(each_world, person, 9000, priority=PUSH, held=held)
    found = state(each_world)
    assert found.held == {"template": 2, "paused": 1}
    assert not found.is_late


def test_a_paused_channel_holds_its_pushes_back_but_no_replies(
    each_world: World,
) -> None:
    person = each_world.person(channel="whatsapp")
    owe(each_world, person, 9000, priority=PUSH)
    pause(each_world, "whatsapp", hours=1)
    found = state(each_world)
    assert [(each.channel, each.reason) for each in found.paused] == [
        ("whatsapp", "63018")
    ]
    assert not found.is_late
    owe(each_world, person, 61)
    assert state(each_world).is_late


def test_a_pause_that_is_over_excuses_nothing(each_world: World) -> None:
    owe(each_world, each_world.person(channel="whatsapp"), 9000, priority=PUSH)
    pause(each_world, "whatsapp", minutes=-1)
    assert state(each_world).is_late
    assert state(each_world).paused == ()


def test_unsure_rows_count_after_an_hour(each_world: World) -> None:
    person = each_world.person()
    owe(each_world, person, 3500, delivery="unsure")
    assert state(each_world).unsure == 0
    owe(each_world, person, 3700, delivery="unsure")
    assert state(each_world).unsure == 1


def test_voice_notes_count_after_ten_minutes(each_world: World) -> None:
    person, now = each_world.person(), each_world.clock()
    for n, (stage, minutes) in enumerate(
        (("listening", 11), ("listening", 9), ("waiting", 11), ("done", 11))
    ):
        row = insert(InboundMessage).values(
            talk_id=person.talk,
            channel="telegram",
            external_id=str(n),
            stage=stage,
            kind="voice",
            body={},
            received_at=now - timedelta(minutes=minutes),
        )
        with each_world.house.db.engine.begin() as db:
            db.execute(row)
    assert state(each_world).unheard == 1


def test_the_figures_are_read_from_the_head_of_an_index(world: World) -> None:
    statements: list[str] = []
    world.house.db.read(lambda db: _explained(db, world, statements))
    plans = [line for line in statements if "outbound_messages" in line]
    assert plans
    assert all("USING" in line and "INDEX ix_" in line for line in plans), plans


def _explained(db: Any, world: World, plans: list[str]) -> None:
    """Collect how SQLite would look up every statement of `queue_state`."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        seen.append((sql, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        queue_state(db, world.clock())
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    for sql, values in seen:
        rows = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        plans += [str(row[3]) for row in rows]
