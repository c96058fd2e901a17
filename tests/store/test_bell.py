"""The bell on PostgreSQL: heard by all who wait, only for what was committed."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from bot.store.bell import FETCH, LISTEN, SEND, Bell, ring
from bot.store.database import Database, make_engine
from bot.store.migrating import migrate
from tests.e2e.city import wait_for
from tests.need import postgres_url
from tests.worlds import empty_postgres

GENEROUS = 60.0
FOR_EVER = 3_600.0
OURS = "query LIKE 'LISTEN%' AND datname = current_database()"


@pytest.fixture
def engine() -> Iterator[Engine]:
    with empty_postgres(postgres_url()) as url:
        made = make_engine(url)
        yield made
        made.dispose()


@pytest.fixture
def bell(engine: Engine) -> Iterator[Bell]:
    """A worker's bell that listens, and has told of it."""
    made = Bell(engine.url.render_as_string(hide_password=False))
    wait_for(lambda: listeners(engine), GENEROUS)
    hushed(made)
    yield made
    made.close()


def listeners(engine: Engine) -> list[int]:
    """Return the server's processes that listen to the bell for somebody."""
    with engine.connect() as db:
        found = text(f"SELECT pid FROM pg_stat_activity WHERE {OURS}")  # noqa: S608
        return list(db.scalars(found))


def hushed(bell: Bell) -> None:
    """Take the ring that comes with every beginning to listen."""
    for work in (SEND, LISTEN, FETCH):
        bell.wait(work, GENEROUS)


class Waiter:
    """Somebody who waits for work, and does not look for it meanwhile."""

    def __init__(self, bell: Bell, work: str) -> None:
        self.woken = threading.Event()
        self._thread = threading.Thread(target=self._wait, args=(bell, work))
        self._thread.start()

    def _wait(self, bell: Bell, work: str) -> None:
        bell.wait(work, FOR_EVER)
        self.woken.set()

    def wakes(self) -> bool:
        return self.woken.wait(GENEROUS)


def test_a_commit_wakes_who_waits_for_that_work_and_nobody_else(
    engine: Engine, bell: Bell
) -> None:
    sends, listens = Waiter(bell, SEND), Waiter(bell, LISTEN)
    with engine.begin() as db:
        ring(db, LISTEN)
    assert listens.wakes()
    assert not sends.woken.is_set()
    with engine.begin() as db:
        ring(db, SEND)
    assert sends.wakes()


def test_what_was_rolled_back_wakes_nobody(engine: Engine, bell: Bell) -> None:
    """Rings arrive in the order of commits: a later one proves that it did not come."""
    sends, listens = Waiter(bell, SEND), Waiter(bell, LISTEN)
    with engine.connect() as db:
        ring(db, SEND)
        db.rollback()
        ring(db, LISTEN)
        db.commit()
    assert listens.wakes()
    assert not sends.woken.is_set()
    bell.wake()
    assert sends.wakes()


def test_nothing_is_rung_before_the_commit(engine: Engine, bell: Bell) -> None:
    sends, listens = Waiter(bell, SEND), Waiter(bell, LISTEN)
    with engine.begin() as slow:
        ring(slow, SEND)
        with engine.begin() as quick:
            ring(quick, LISTEN)
        assert listens.wakes()
        assert not sends.woken.is_set()
    assert sends.wakes()


def test_a_lost_connection_is_heard_again_and_nothing_rung_meanwhile_is_missed(
    engine: Engine, bell: Bell
) -> None:
    sends = Waiter(bell, SEND)
    (before,) = listeners(engine)
    with engine.begin() as db:
        db.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": before})
        ring(db, SEND)
    assert sends.wakes(), "it looks for work as soon as it hears again"
    wait_for(lambda: listeners(engine) not in ([], [before]), GENEROUS)
    hushed_after_loss(bell)
    again = Waiter(bell, SEND)
    with engine.begin() as db:
        ring(db, SEND)
    assert again.wakes()


def hushed_after_loss(bell: Bell) -> None:
    """Take what is left of the ring; who waited for SEND has taken that."""
    bell.wait(LISTEN, GENEROUS)
    bell.wait(SEND, 0)


def test_what_is_owed_rings_with_its_commit(engine: Engine, bell: Bell) -> None:
    """The transactions of the product, not only a bell that somebody pulls."""
    url = engine.url.render_as_string(hide_password=False)
    migrate(url)
    db = Database(url)
    sends = Waiter(bell, SEND)
    db.run(lambda at: ring(at, SEND))
    assert sends.wakes()
    db.close()


def test_on_sqlite_there_is_no_bell_and_who_waits_looks_again(tmp_path: str) -> None:
    bell = Bell(f"sqlite:///{tmp_path}/city.db")
    assert not bell.hears
    bell.wait(SEND, 0)
    bell.close()
