"""The worker after trouble: it waits until others have written down what they sent."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.services.health import can_write
from bot.store.civic import Catalog
from bot.store.database import Database
from bot.worker import TROUBLE_SECONDS, Worker
from tests.disks import full_disk
from tests.e2e.city import wait_for
from tests.services.test_outbox import owe_one
from tests.worlds import World, table

GENEROUS = 60.0


class Away(Database):
    """A database that is away until it is back; counts who asks."""

    def __init__(self, real: Database) -> None:
        self._real = real
        self.engine, self.is_sqlite = real.engine, real.is_sqlite
        self.asked, self.back = 0, threading.Event()

    def run(self, job: Callable[[Any], Any]) -> Any:
        return self._answer(self._real.run, job)

    def read(self, job: Callable[[Any], Any]) -> Any:
        return self._answer(self._real.read, job)

    def _answer(self, run: Callable[..., Any], job: Callable[[Any], Any]) -> Any:
        self.asked += 1
        if not self.back.is_set():
            raise OperationalError("SELECT", None, Exception("gone"))
        return run(job)


def test_after_trouble_nothing_is_claimed_before_others_had_time_to_write(
    world: World,
) -> None:
    """From the moment the database is back, however long it was away before."""
    owe_one(world, world.person(channel="web"), "k")
    db = Away(world.house.db)
    worker = Worker(replace(world.house, db=db))
    worker.start()
    wait_for(lambda: db.asked > len(worker.threads) * 2, GENEROUS)
    came_back = time.monotonic()
    db.back.set()
    wait_for(lambda: world.postman.taken, GENEROUS)
    waited = time.monotonic() - came_back
    worker.stop()
    assert waited >= TROUBLE_SECONDS


def test_a_worker_in_trouble_ends_when_it_is_asked_to(world: World) -> None:
    db = Away(world.house.db)
    worker = Worker(replace(world.house, db=db))
    worker.start()
    wait_for(lambda: db.asked > len(worker.threads) * 2, GENEROUS)
    threads = list(worker.threads)
    worker.stop()
    assert not any(each.is_alive() for each in threads)


def test_trying_to_write_changes_nothing_and_tells_the_truth(
    each_world: World,
) -> None:
    house = each_world.house
    before = each_world.rows(table(Catalog))
    assert can_write(house)
    assert each_world.rows(table(Catalog)) == before
    if house.db.is_sqlite:
        with full_disk(house.db):
            assert not can_write(house)
        assert can_write(house)


def test_a_server_that_takes_calls_and_says_nothing_is_given_up() -> None:
    """A webhook must not hang for minutes on a machine that is half dead."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        db = Database(f"postgresql+psycopg://x@127.0.0.1:{port}/x")
        with pytest.raises(OperationalError):
            db.read(lambda at: at)
        db.close()
