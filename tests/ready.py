"""Databases that are ready at once: copies of one that was migrated and filled once.

Each process of a test run makes a template for each filling it is asked for, and tests
get copies: to migrate a database anew takes longer than most tests.
"""

import atexit
import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from uuid import uuid4

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from bot.store.migrating import migrate
from tests.need import postgres_url

OURS = "test_"
"""What the names of databases begin with that a test made for itself."""

TRIES, PAUSE_SECONDS = 50, 0.2

Fill = Callable[[str], None]
"""Fills the migrated database of an address."""


def make_ready(url: str, filling: str, fill: Fill) -> bool:
    """Make the database at `url` a copy of the one that `fill` filled.

    `filling` names what that is. False if there was one that holds anything: then it is
    migrated only.
    """
    if make_url(url).get_backend_name() == "sqlite":
        path = Path(make_url(url).database or "")
        if not path.exists():
            shutil.copyfile(_sqlite_template(filling, fill), path)
            return True
    elif _is_ours(url) and _is_empty(url):
        create_postgres(url, _postgres_template(filling, fill))
        return True
    migrate(url)
    return False


def create_postgres(url: str, template: str | None = None) -> None:
    """Create a database anew, as a copy of `template` if it is given.

    It does not wait for its disk: no test pulls the plug of the server itself.
    """
    name = make_url(url).database
    copied = f' TEMPLATE "{template}"' if template else ""
    _admin(
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}"{copied}',
        f'ALTER DATABASE "{name}" SET synchronous_commit = off',
    )


def drop_postgres(url: str) -> None:
    """Drop a database, whoever still speaks with it.

    The server's own sweeper (autovacuum) may be at work there. Only a superuser could
    turn it out; it goes by itself.
    """
    drop = f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)'
    for _ in range(TRIES):
        try:
            return _admin(drop)
        except ProgrammingError as error:
            if not isinstance(error.orig, InsufficientPrivilege):
                raise
        time.sleep(PAUSE_SECONDS)
    return _admin(drop)


def _admin(*statements: str) -> None:
    """Do what cannot be done in a database itself, from the one tests are given."""
    with _server().connect() as db:
        for each in statements:
            db.execute(text(each))


@cache
def _server() -> Engine:
    """Return the connection on which a process makes and drops databases."""
    engine = create_engine(postgres_url(), isolation_level="AUTOCOMMIT", pool_size=1)
    atexit.register(engine.dispose)
    return engine


def _is_ours(url: str) -> bool:
    """Tell whether tests made this database, and may make it anew."""
    return (make_url(url).database or "").startswith(OURS)


def _is_empty(url: str) -> bool:
    """Tell whether nothing is in a database, or there is none yet."""
    known = text("SELECT 1 FROM pg_database WHERE datname = :name")
    with _server().connect() as db:
        if db.scalar(known, {"name": make_url(url).database}) is None:
            return True
    engine = create_engine(url)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


@cache
def _sqlite_template(filling: str, fill: Fill) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="ready_"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / f"{filling}.db"
    migrate(f"sqlite:///{path}")
    fill(f"sqlite:///{path}")
    return path


@cache
def _postgres_template(filling: str, fill: Fill) -> str:
    name = f"ready_{filling}_{uuid4().hex[:8]}"
    address = make_url(postgres_url()).set(database=name)
    url = address.render_as_string(hide_password=False)
    create_postgres(url)
    atexit.register(_forget, url)
    migrate(url)
    fill(url)
    return name


def _forget(url: str) -> None:
    with contextlib.suppress(SQLAlchemyError):
        drop_postgres(url)
