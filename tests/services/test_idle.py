"""A worker that finds nothing to do has not searched: its questions go by indexes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.services.house import House
from bot.services.notes import listen_once
from bot.services.photos import fetch_photo_once
from bot.worker import catch_up_overdue, tidy
from tests.worlds import World

LOOPS = (catch_up_overdue, fetch_photo_once, listen_once, tidy)
MANY_ROWS = "talks|residents|media|inbound_messages|outbound_messages|plans"
SEARCHES = re.compile(
    rf"SCAN (?:{MANY_ROWS})(?:_\d)?(?! USING)|Seq Scan on (?:{MANY_ROWS})\b"
)


@contextmanager
def heard(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Yield the statements that are run until the block ends, with their values."""
    said: list[tuple[str, Any]] = []

    def hear(_: object, __: object, words: str, values: Any, *___: object) -> None:
        said.append((words, values))

    event.listen(engine, "before_cursor_execute", hear)
    yield said
    event.remove(engine, "before_cursor_execute", hear)


def plan(house: House, words: str, values: Any) -> str:
    """Return how the database goes about it, if looking at a whole table is dear."""
    sqlite = house.db.is_sqlite
    with house.db.engine.connect() as db:
        if not sqlite:
            db.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
        rows = db.exec_driver_sql(explain + words, values).all()
        return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("loop", LOOPS, ids=lambda each: each.__name__)
def test_what_an_idle_loop_asks_is_found_by_an_index(
    each_world: World, loop: Any
) -> None:
    house = each_world.house
    with heard(house.db.engine) as said:
        assert not loop(house)
    assert said
    plans = [plan(house, *each) for each in said]
    assert [each for each in plans if SEARCHES.search(each)] == []
