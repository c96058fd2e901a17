"""A migration beside those who work: nobody fails or waits long; crashes are mended."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, event, inspect, text

from bot.channels.base import Sent
from bot.services.outbox import Owed
from bot.store.base import Base
from bot.store.database import make_engine
from bot.store.migrating import migrate, newest_revision
from tests.e2e.city import wait_for
from tests.houses import at_once
from tests.need import postgres_url
from tests.services.test_outbox import ends
from tests.store.old_code import OldCode
from tests.store.released import content, fill
from tests.store.test_upgrading import differing
from tests.worlds import World, empty_postgres, open_world

GENEROUS = 60.0
MOST_CRASHES = 300
PUSHED = "ix_outbound_messages_pushed"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A city at version 0.1, with rows, on each database."""
    migrate(url, "0001")
    made = make_engine(url)
    fill(made)
    yield made
    made.dispose()


@pytest.fixture
def on_postgres() -> Iterator[str]:
    with empty_postgres(postgres_url()) as made:
        migrate(made, "0001")
        filled = make_engine(made)
        fill(filled)
        filled.dispose()
        yield made


@pytest.fixture
def looking_on(on_postgres: str) -> Iterator[Engine]:
    """Somebody else who looks into that database."""
    made = make_engine(on_postgres)
    yield made
    made.dispose()


class PowerCutError(Exception):
    """Ends a process in the middle of its work."""


@contextmanager
def dies_at(number: int) -> Iterator[list[str]]:
    """Let whatever uses a database die at its so-many-th statement."""
    seen: list[str] = []

    def die(*arguments: Any) -> None:
        seen.append(arguments[2])
        if len(seen) == number:
            raise PowerCutError

    event.listen(Engine, "before_cursor_execute", die)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", die)


def test_a_migration_that_died_at_any_step_can_be_run_again(
    engine: Engine, url: str
) -> None:
    before = content(engine)
    for number in range(1, MOST_CRASHES):
        with dies_at(number) as seen:
            try:
                migrate(url)
            except PowerCutError:
                continue
            assert len(seen) < number
            break
    assert number > len(before)
    assert differing(before, content(engine)) == []
    with engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_two_machines_that_migrate_at_once_both_succeed(url: str) -> None:
    ends = at_once(lambda: migrate(url), lambda: migrate(url))
    assert ends == [None, None]
    migrate(url)
    engine = make_engine(url)
    with engine.connect() as db:
        found = db.scalars(text("SELECT version_num FROM alembic_version")).all()
    engine.dispose()
    assert list(found) == [newest_revision()]


def is_valid(engine: Engine, index: str) -> bool | None:
    found = text(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"
    )
    with engine.connect() as db:
        valid: bool | None = db.scalar(found, {"name": index})
    return valid


def test_an_index_left_half_built_is_built_anew(
    on_postgres: str, looking_on: Engine
) -> None:
    engine = looking_on
    half = text(f"CREATE INDEX CONCURRENTLY {PUSHED} ON outbound_messages (sent_at)")

    def build() -> None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.execute(half)

    with engine.begin() as writer:
        writer.execute(text("UPDATE outbound_messages SET attempts = 1 WHERE id = 1"))
        builder = threading.Thread(target=lambda: swallowed(build))
        builder.start()
        wait_for(lambda: killed(engine, "CREATE INDEX CONCURRENTLY"), GENEROUS)
        builder.join(GENEROUS)
    assert is_valid(engine, PUSHED) is False
    migrate(on_postgres)
    assert is_valid(engine, PUSHED) is True


def swallowed(job: Callable[[], object]) -> None:
    """Run what is killed from outside; how it ends is looked at in the database."""
    (end,) = at_once(job)
    assert isinstance(end, Exception)


def killed(engine: Engine, words: str) -> bool:
    """Kill whoever waits in a statement that begins so; False if nobody does yet."""
    found = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE query LIKE :words AND wait_event_type = 'Lock' "
        "AND datname = current_database()"
    )
    with engine.connect() as db:
        return bool(db.scalar(found, {"words": f"{words}%"}))


def test_the_old_version_works_on_while_the_new_one_migrates(
    on_postgres: str, looking_on: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """Also while a long report keeps the migration from the tables it wants."""
    migrating = threading.Thread(target=migrate, args=(on_postgres,))
    with OldCode(on_postgres) as old:
        old.goes_on(5, GENEROUS)
        with looking_on.begin() as report:
            report.execute(text("SELECT count(*) FROM talks"))
            migrating.start()
            wait_for(lambda: "migration waits for a lock" in caplog.text, GENEROUS)
            old.goes_on(1, GENEROUS)
        migrating.join(GENEROUS)
        assert not migrating.is_alive()
        old.goes_on(5, GENEROUS)
    assert old.errors == []
    with looking_on.connect() as db:
        kept = db.scalar(
            text("SELECT count(*) FROM inbound_messages WHERE external_id LIKE 'old:%'")
        )
        version = db.scalar(text("SELECT version_num FROM alembic_version"))
    assert kept == old.turns
    assert version == newest_revision()


LOCKS = text(
    "SELECT DISTINCT relation::regclass::text FROM pg_locks "
    "WHERE pid = pg_backend_pid() AND granted AND locktype = 'relation' "
    "AND mode IN ('ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')"
)


def test_a_migration_locks_one_table_in_use_at_a_time(
    on_postgres: str, looking_on: Engine
) -> None:
    """Whoever holds one and waits for another ends in a circle with a running turn."""
    with looking_on.connect() as db:
        used = {*inspect(db).get_table_names()}
    held: list[set[str]] = []

    def note(connection: Connection, *_: object) -> None:
        if not asking and connection.dialect.name == "postgresql":
            asking.append(True)
            held.append(used & {*connection.scalars(LOCKS)})
            asking.clear()

    asking: list[bool] = []
    event.listen(Engine, "after_cursor_execute", note)
    try:
        migrate(on_postgres)
    finally:
        event.remove(Engine, "after_cursor_execute", note)
    assert len(held) > len(used)
    assert [each for each in held if len(each) > 1] == []
    assert {"talks", "media", "outbound_messages"} <= set().union(*held)


class NewCode:
    """People who write and a worker who answers, with the code of today."""

    def __init__(self, world: World) -> None:
        self._world, self._ending = world, threading.Event()
        self.turns, self.sent = 0, list[int]()
        self.ends: list[object] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.ends = at_once(self._write, self._send)

    def _write(self) -> None:
        person = self._world.person()
        while not self._ending.wait(0.005):
            self._world.says(person, "status")
            self.turns += 1

    def _send(self) -> None:
        while not self._ending.wait(0.005):
            for owed in [*self._at_hand(), *self._world.claim()]:
                ends(self._world, owed, Sent(f"x{owed.row}"))
                self.sent.append(owed.row)

    def _at_hand(self) -> list[Owed]:
        """Take what turns gave their process to send."""
        mine = self._world.postman.taken
        return [mine.pop(0) for _ in range(len(mine))]

    def goes_on(self) -> None:
        """Wait until it has done more since now."""
        turns, sent = self.turns, len(self.sent)
        wait_for(lambda: self.turns > turns + 3 and len(self.sent) > sent + 3, GENEROUS)

    def close(self) -> None:
        self._ending.set()
        self._thread.join(GENEROUS)


def test_the_new_version_works_on_while_migrations_are_run_again(
    on_postgres: str, tmp_path: Path
) -> None:
    """Once with nothing to do, once with an index to build on a table in use."""
    with open_world(on_postgres, tmp_path / "media", demo=False) as world:
        engine = world.house.db.engine
        new = NewCode(world)
        new.goes_on()
        migrate(on_postgres)
        new.goes_on()
        with engine.begin() as db:
            db.execute(text("UPDATE alembic_version SET version_num = '0001'"))
            db.execute(text(f"DROP INDEX {PUSHED}"))
        migrate(on_postgres)
        new.goes_on()
        new.close()
        assert new.ends == [None, None]
        assert is_valid(engine, PUSHED)
        assert len(new.sent) == len(set(new.sent))
