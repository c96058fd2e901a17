"""Databases on a PostgreSQL server: made for one measurement, dropped after it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from sqlalchemy import URL, make_url

from bench.processes import own_cpu_seconds

NAMED_BY = "BUURTSTEM_BENCH_POSTGRES"
LOCAL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
FEW_SECONDS = 3


def server() -> URL:
    """Return the address of the server to measure on."""
    return make_url(os.environ.get(NAMED_BY, LOCAL))


def lack() -> str | None:
    """Say why nothing can be measured on PostgreSQL; None if it can."""
    try:
        psycopg.connect(conninfo(server()), connect_timeout=FEW_SECONDS).close()
    except psycopg.OperationalError:
        return f"PostgreSQL: not measured, no server answers ({NAMED_BY} names one)."
    return None


def conninfo(url: URL | str) -> str:
    """Return an address as the driver itself takes it."""
    plain = make_url(url).set(drivername="postgresql")
    return plain.render_as_string(hide_password=False)


@contextmanager
def connected(url: URL | str) -> "Iterator[psycopg.Connection]":
    """Connect until the block ends; each statement commits by itself."""
    with psycopg.connect(conninfo(url), autocommit=True) as db:
        yield db


@contextmanager
def fresh(template: str | None = None) -> Iterator[str]:
    """Make a database until the block ends and yield its address.

    It is a copy of the one at address `template`, if that is given.
    """
    name = f"bench_{uuid4().hex[:12]}"
    create(name, template)
    try:
        yield address(name)
    finally:
        drop(name)


def address(name: str) -> str:
    """Return the address of a database on the server."""
    return server().set(database=name).render_as_string(hide_password=False)


def create(name: str, template: str | None = None) -> None:
    """Make a database, as a copy of the one at address `template` if that is given.

    Nobody may be connected to that one meanwhile.
    """
    other = template and make_url(template).database
    copied = f' TEMPLATE "{other}" STRATEGY file_copy' if other else ""
    with connected(server()) as db:
        db.execute(f'CREATE DATABASE "{name}"{copied}'.encode())


def drop(name: str) -> None:
    """Drop a database, whoever is connected to it; nothing happens without it."""
    with connected(server()) as db:
        db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def names(beginning: str) -> list[str]:
    """Return the databases whose names begin like this."""
    with connected(server()) as db:
        found = db.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
            [beginning],
        )
        return [row[0] for row in found.fetchall()]


def backend_cpu_seconds(url: str) -> float:
    """Return what the server's processes for a database have used so far.

    Only those that are there now, without the one that is asked, and only on this
    machine: 0.0 from elsewhere.
    """
    with connected(url) as db:
        found = db.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return sum(own_cpu_seconds(row[0]) for row in found.fetchall())
