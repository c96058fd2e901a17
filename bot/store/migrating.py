"""Brings a database to the newest schema, beside those who work with it.

On PostgreSQL a change of a table waits for whoever uses it just now, and everybody who
comes later waits behind the change. So it waits shortly, lets go, and asks again.
"""

import logging
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.exc import OperationalError

from bot.store.database import make_engine

log = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent / "migrations"
_ALONE = 4_115_276_883
"""The advisory lock of whoever migrates; any number, the same in all versions."""

_LOCK_WAIT = "2s"
TRIES, PAUSE_SECONDS = 120, 3.0
_CROSSED = frozenset({"55P03", "40P01"})
"""PostgreSQL's names for a lock that was not to be had, and for a deadlock."""


def migrate(url: str, revision: str = "head") -> None:
    """Run all migrations up to `revision`. Repeating it changes nothing.

    Others may work meanwhile, and may migrate too: whoever comes second waits for the
    first. Killed in the middle, it is run again. Raises OperationalError if the locks
    it needs on PostgreSQL were not to be had for ten minutes.
    """
    engine = make_engine(url)
    config = _config()
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            _run(engine, connection, lambda: command.upgrade(config, revision))
    finally:
        engine.dispose()


def _run(engine: Engine, connection: Connection, work: Callable[[], None]) -> None:
    if engine.dialect.name == "sqlite":
        with connection.begin():
            work()
        return
    event.listen(engine, "begin", _wait_shortly)
    _wait_for_turn(connection)
    _patiently(connection, work)


def _wait_shortly(connection: Connection) -> None:
    """Wait for locks shortly; outside a transaction nobody queues behind us."""
    driver = connection.connection.driver_connection
    if driver is not None and not driver.autocommit:
        driver.execute(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'")


def _wait_for_turn(connection: Connection) -> None:
    """Take the lock of whoever migrates; it ends with the connection.

    Asked for again and again: a statement that waits would keep the other from building
    an index.
    """
    told = False
    while not connection.scalar(select(func.pg_try_advisory_lock(_ALONE))):
        connection.rollback()
        if not told:
            log.warning("migration waits for another one")
            told = True
        time.sleep(0.5)
    connection.commit()


def _patiently(connection: Connection, work: Callable[[], None]) -> None:
    """Do `work` again while others hold what it needs: it begins where it stopped."""
    for left in reversed(range(TRIES)):
        try:
            work()
            connection.commit()
        except OperationalError as error:
            if not left or getattr(error.orig, "sqlstate", None) not in _CROSSED:
                raise
            connection.rollback()
            log.warning("migration waits for a lock tries_left=%s", left)
            time.sleep(PAUSE_SECONDS)
        else:
            return


@cache
def is_known(revision: str) -> bool:
    """Tell whether a migration of this version has that name, not one of a later."""
    found = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision in {each.revision for each in found}


@cache
def newest_revision() -> str:
    """Return the name of the newest migration."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None  # noqa: S101 - the folder holds at least one
    return head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
