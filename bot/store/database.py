"""The engine, and transactions that may share one commit.

SQLite has one writer. Jobs that wait for it are taken together: they run one after the
other in one transaction, and one commit (one flush to disk) pays for all. A job that
raises is undone together with its neighbours, who are then run again, each alone. So a
job may run more than once and must do nothing outside its connection. What a job noted
in the audit trail comes into the chain of the trail right before its commit.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.store import trail
from bot.store.errors import without_values
from bot.store.resting import Resting
from bot.store.sealed import Safe, seal_with

T = TypeVar("T")
Job = Callable[[Connection], T]

TOGETHER = 64
TRIES = 3
BUSY_MILLISECONDS = 15_000
_LOG_PAUSE = 0.02
ALIVE: Mapping[str, int] = {
    "connect_timeout": 4,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""How soon we notice that PostgreSQL does not answer (libpq; the last one in ms)."""


class Database:
    """Runs jobs in transactions. Safe to share between threads, not across a fork.

    `where` is an address, or an engine that others use too. Without a `safe` nothing is
    sealed, and nothing that is sealed can be read.
    """

    def __init__(self, where: str | Engine, safe: Safe | None = None) -> None:
        self.engine = make_engine(where) if isinstance(where, str) else where
        if safe is not None:
            seal_with(self.engine, safe)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._shared = SharedCommit(self.engine)
        self._resting = None if self.is_sqlite else Resting(self.engine)

    def run(self, job: Job[T]) -> T:
        """Run `job` in a transaction, commit, and return what it returned.

        Raises what the job raised, with nothing of it left behind. `job` may be run
        again: on SQLite when a neighbour of the same commit failed, on PostgreSQL up
        to three times when a key was taken, rows were locked crosswise or the server
        had closed the connection.
        """
        return self._shared.run(job) if self.is_sqlite else self._again(self._once, job)

    def read(self, job: Job[T]) -> T:
        """Run `job`, which only reads, beside whoever writes; commit nothing."""
        return self._look(job) if self.is_sqlite else self._again(self._look, job)

    def snapshot(self, job: Job[T]) -> T:
        """Run `job`, which only reads, on one moment of the database.

        What others commit meanwhile is not seen: rows that belong together fit.
        """
        options: dict[str, Any] = {"only_reads": True}
        if not self.is_sqlite:  # there each statement sees a moment of its own
            options["isolation_level"] = "REPEATABLE READ"
        with self.engine.connect().execution_options(**options) as db:
            return job(db)

    def _again(self, run: Callable[[Job[T]], T], job: Job[T]) -> T:
        """Run `job` by `run`, up to three times."""
        for _ in range(TRIES - 1):
            try:
                return run(job)
            except IntegrityError:
                continue
            except OperationalError:
                if self._resting:
                    self._resting.doubt()
        return run(job)

    def _look(self, job: Job[T]) -> T:
        with self.engine.connect().execution_options(only_reads=True) as db:
            return job(db)

    def _once(self, job: Job[T]) -> T:
        with self.engine.begin() as db:
            trail.begin(db)
            result = job(db)
            head = trail.append_noted(db)
        trail.tell(head)
        return result

    def close(self) -> None:
        """Close all connections."""
        self._shared.close()
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    """Return the engine for `url`; the folder of a SQLite file is made if needed.

    Errors never show the values of a statement: those are people's words.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        engine = create_engine(
            address,
            connect_args=dict(ALIVE),
            hide_parameters=True,
            pool_size=24,
            max_overflow=8,
            pool_use_lifo=True,  # the same few stay warm: their statements are prepared
        )
        event.listen(engine, "handle_error", _hide_values)
        return engine
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, hide_parameters=True, pool_size=32, max_overflow=32)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _hide_values(context: ExceptionContext) -> None:
    """Take the values out of an error before anybody can log them."""
    if context.sqlalchemy_exception is not None:
        without_values(context.sqlalchemy_exception)


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - DBAPI object
    """Make a connection durable and honest; we begin transactions ourselves."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    _keep_a_log(connection)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # an emptied vote leaves no bytes in the file
    ):
        connection.execute(f"PRAGMA {pragma}")


def _keep_a_log(connection: Any) -> None:  # noqa: ANN401 - DBAPI object
    """Turn the log of writes on; only the first connection of a new file changes it.

    SQLite does not wait with this for whoever writes just now, so we do.
    """
    end = time.monotonic() + BUSY_MILLISECONDS / 1_000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(_LOG_PAUSE)
        else:
            return


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a lock taken half-way cannot be waited for."""
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - it is open
    only_reads = connection.get_execution_options().get("only_reads", False)
    driver.execute("BEGIN" if only_reads else "BEGIN IMMEDIATE")


class _Ticket(Generic[T]):
    """One job in the queue, and what became of it."""

    def __init__(self, job: Job[T]) -> None:
        self.job = job
        self.called = threading.Event()
        self.done = False
        self.result: T | None = None
        self.error: BaseException | None = None

    def outcome(self) -> T:
        if self.error is not None:
            raise self.error
        return cast("T", self.result)


class SharedCommit:
    """Lets whoever comes first commit for all who wait, then hands the baton on."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._queue: list[_Ticket[Any]] = []
        self._connection: Connection | None = None
        self._busy = False

    def run(self, job: Job[T]) -> T:
        """Run `job` in a transaction that it may share with others."""
        ticket = _Ticket(job)
        with self._lock:
            self._queue.append(ticket)
            leads = not self._busy
            self._busy = True
        if not leads:
            ticket.called.wait()
        if not ticket.done:
            self._lead()
        return ticket.outcome()

    def _lead(self) -> None:
        """Commit everything that waits, wake its owners, and call the next leader."""
        with self._lock:
            batch, self._queue = self._queue[:TOGETHER], self._queue[TOGETHER:]
        try:
            self._commit(batch)
        finally:
            with self._lock:
                following = self._queue[0] if self._queue else None
                self._busy = following is not None
            for ticket in batch:
                ticket.done = True
                ticket.called.set()
            if following is not None:
                following.called.set()

    def _writer(self) -> Connection:
        """Return the one connection that writes; only the leader touches it."""
        if self._connection is None or self._connection.closed:
            self._connection = self._engine.connect()
        return self._connection

    def _commit(self, batch: list[_Ticket[Any]]) -> None:
        try:
            with self._writer().begin():
                db = self._writer()
                trail.begin(db)
                results = [ticket.job(db) for ticket in batch]
                head = trail.append_noted(db)
        except BaseException as error:  # noqa: BLE001 - given to its owner
            self._drop()
            if len(batch) == 1:
                batch[0].error = error
                return
            for ticket in batch:
                self._commit([ticket])
            return
        trail.tell(head)
        for ticket, result in zip(batch, results, strict=True):
            ticket.result = result

    def _drop(self) -> None:
        """Let go of a connection that saw an error: the next one starts clean."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Close the writing connection."""
        self._drop()
