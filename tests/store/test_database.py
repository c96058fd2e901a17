"""Durable, honest with errors, and one writer that many may share."""

import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.clock import utc_now
from bot.domain.errors import RefusedError
from bot.domain.say import Say
from bot.store.civic import Catalog, HookCall
from bot.store.database import TOGETHER, Database, make_engine
from bot.store.prepared import Prepared
from bot.store.talks import Resident, Talk

SECRET = "my street is Plein 4"


def note(name: str, db: Connection) -> str:
    row = {"id": name, "kind": "test", "answer": {}, "at": utc_now()}
    db.execute(insert(HookCall).values(row))
    return name


def noting(name: str) -> Callable[[Connection], str]:
    return lambda db: note(name, db)


def noted(db: Database) -> set[str]:
    with db.engine.connect() as read:
        return set(read.scalars(select(HookCall.id)))


def together(jobs: list[Callable[[], object]]) -> None:
    """Run all jobs at the same moment, each in a thread of its own."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        gate.wait()
        job()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


@pytest.mark.parametrize(
    ("pragma", "wanted"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 15_000),
    ],
)
def test_every_connection_is_durable_and_honest(
    on_sqlite: Database, pragma: str, wanted: object
) -> None:
    held = [on_sqlite.engine.connect() for _ in range(3)]
    for each in held:
        assert each.scalar(text(f"PRAGMA {pragma}")) == wanted
        each.close()
    assert on_sqlite.run(lambda db: db.scalar(text(f"PRAGMA {pragma}"))) == wanted


def test_a_row_of_nobody_is_refused(migrated: Database) -> None:
    orphan = {"resident_id": 404, "channel": "web", "address": "x"}
    row = insert(Talk).values(orphan | {"created_at": utc_now()})
    with pytest.raises(IntegrityError):
        migrated.run(lambda db: db.execute(row).rowcount)


def test_what_is_emptied_leaves_no_bytes_behind(
    on_sqlite: Database, tmp_path: Path
) -> None:
    """An emptied vote must not be found in the file by whoever gets the disk."""
    words = "stem 21 30 70 " * 20

    def say(db: Connection) -> None:
        person = insert(Resident).values(created_at=utc_now()).returning(Resident.id)
        row = {"resident_id": db.scalar(person), "channel": "web", "address": "a"}
        db.execute(insert(Talk).values(row | {"state": words, "created_at": utc_now()}))

    on_sqlite.run(say)
    file = tmp_path / "city.db"
    assert b"stem 21 30" in file.read_bytes() + Path(f"{file}-wal").read_bytes()
    on_sqlite.run(lambda db: db.execute(update(Talk).values(state=None)).rowcount)
    with sqlite3.connect(file) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    assert b"stem 21 30" not in file.read_bytes()
    assert b"stem 21 30" not in Path(f"{file}-wal").read_bytes()


def test_many_writers_lose_nothing(migrated: Database) -> None:
    names = {f"job-{n}" for n in range(40)}
    together([partial(migrated.run, noting(name)) for name in names])
    assert noted(migrated) == names


def test_a_counter_that_many_raise_counts_every_one(migrated: Database) -> None:
    def raise_it(db: Connection) -> None:
        db.execute(update(Catalog).values(version=Catalog.version + 1))

    migrated.run(
        lambda db: db.execute(insert(Catalog).values(id=1, version=0)).rowcount
    )
    together([lambda: migrated.run(raise_it)] * 24)
    assert migrated.run(lambda db: db.scalar(select(Catalog.version))) == 24


def test_a_snapshot_sees_nothing_of_what_is_written_meanwhile(
    migrated: Database,
) -> None:
    migrated.run(noting("before"))

    def look(db: Connection) -> list[set[str]]:
        first = set(db.scalars(select(HookCall.id)))
        migrated.run(noting("meanwhile"))
        return [first, set(db.scalars(select(HookCall.id)))]

    assert migrated.snapshot(look) == [{"before"}, {"before"}]


def test_a_failing_job_leaves_its_neighbours_work_and_keeps_its_own_error(
    migrated: Database,
) -> None:
    told: dict[int, RefusedError] = {}
    given: dict[int, object] = {}

    def job(number: int, db: Connection) -> str:
        name = note(f"job-{number}", db)
        if number % 3 == 0:
            raise RefusedError(Say("No %(n)s.", {"n": number}))
        return name

    def run(number: int) -> None:
        try:
            given[number] = migrated.run(partial(job, number))
        except RefusedError as error:
            told[number] = error

    together([partial(run, number) for number in range(30)])
    assert sorted(told) == list(range(0, 30, 3))
    assert {n: e.say.params["n"] for n, e in told.items()} == {n: n for n in told}
    assert given == {n: f"job-{n}" for n in range(30) if n % 3}
    assert noted(migrated) == set(given.values())


def test_more_jobs_than_one_commit_takes_all_get_their_turn(
    on_sqlite: Database,
) -> None:
    count = TOGETHER + 20
    blocked, going = threading.Event(), threading.Event()

    def hold(db: Connection) -> None:
        blocked.set()
        going.wait(10)

    first = threading.Thread(target=on_sqlite.run, args=(hold,))
    first.start()
    blocked.wait(10)
    others = [
        threading.Thread(target=on_sqlite.run, args=(noting(f"job-{n}"),))
        for n in range(count)
    ]
    for each in others:
        each.start()
    going.set()
    for each in (first, *others):
        each.join(10)
    assert len(noted(on_sqlite)) == count


def test_waiting_jobs_share_one_commit(on_sqlite: Database) -> None:
    seen: list[int] = []
    blocked, going = threading.Event(), threading.Event()

    def hold(db: Connection) -> None:
        blocked.set()
        going.wait(10)

    def count(db: Connection) -> None:
        seen.append(db.scalar(text("SELECT count(*) FROM hook_calls")) or 0)
        note(f"job-{len(seen)}", db)

    first = threading.Thread(target=on_sqlite.run, args=(hold,))
    first.start()
    blocked.wait(10)
    others = [threading.Thread(target=on_sqlite.run, args=(count,)) for _ in range(8)]
    for each in others:
        each.start()
    while len(on_sqlite._shared._queue) < len(others):
        threading.Event().wait(0.001)
    commits = _commits(on_sqlite)
    going.set()
    for each in (first, *others):
        each.join(10)
    assert seen == list(range(8))
    assert len(commits) == 2


def _commits(db: Database) -> list[object]:
    made: list[object] = []
    event.listen(db.engine, "commit", made.append)
    return made


def test_not_even_a_thread_that_is_killed_takes_its_neighbours_along(
    on_sqlite: Database,
) -> None:
    """A neighbour whose work was undone must not be told that it is done."""
    blocked, going = threading.Event(), threading.Event()
    ended: dict[str, object] = {}

    def hold(db: Connection) -> None:
        blocked.set()
        going.wait(10)

    def leave(db: Connection) -> None:
        raise SystemExit

    def run(name: str, job: Callable[[Connection], object]) -> None:
        try:
            ended[name] = on_sqlite.run(job)
        except BaseException as error:  # noqa: BLE001 - looked at below
            ended[name] = error

    first = threading.Thread(target=on_sqlite.run, args=(hold,))
    first.start()
    blocked.wait(10)
    threads = [
        threading.Thread(target=run, args=("leaves", leave)),
        threading.Thread(target=run, args=("stays", noting("stays"))),
    ]
    for each in threads:
        each.start()
        while not on_sqlite._shared._queue:
            threading.Event().wait(0.001)
    going.set()
    for each in (first, *threads):
        each.join(10)
    assert isinstance(ended["leaves"], SystemExit)
    told_it_is_done = ended["stays"] == "stays"
    assert told_it_is_done == (noted(on_sqlite) == {"stays"})
    assert told_it_is_done or isinstance(ended["stays"], BaseException)


@pytest.mark.parametrize("how", ["core", "prepared"])
def test_errors_never_show_what_was_written(migrated: Database, how: str) -> None:
    row = {"id": SECRET, "kind": SECRET, "answer": {"said": SECRET}, "at": utc_now()}
    statement = insert(HookCall)
    names: dict[str, Any] = {name: bindparam(name) for name in row}
    prepared = Prepared(statement.values(names))

    def twice(db: Connection) -> None:
        for _ in range(2):
            if how == "core":
                db.execute(statement.values(row))
            else:
                prepared.run(db, row)

    with pytest.raises(DBAPIError) as found:
        migrated.run(twice)
    assert isinstance(found.value, IntegrityError)
    assert "hook_calls" in str(found.value)
    assert SECRET not in str(found.value)


def test_a_new_file_that_somebody_writes_to_just_now_is_waited_for(
    tmp_path: Path,
) -> None:
    """SQLite turns its log on only while nobody writes, and does not wait for that."""
    file = tmp_path / "city.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE first (id INTEGER)")
    ends = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    ends.start()
    engine = make_engine(f"sqlite:///{file}")
    with engine.connect() as db:
        assert db.scalar(text("PRAGMA journal_mode")) == "wal"
    engine.dispose()
    ends.join()
    other.close()
