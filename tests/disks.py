"""Disks that take nothing more, without a disk of one's own."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.store.database import Database

ROOM = 4_096
"""Less than SQLite's log needs for one page of a transaction."""


@contextmanager
def full_disk(db: Database) -> Iterator[None]:
    """Let no file of this process grow beyond a page, SQLite's log first of all."""
    at = db.engine.raw_connection()
    assert at.driver_connection is not None
    at.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    at.close()
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


@contextmanager
def no_more_pages(db: Database) -> Iterator[None]:
    """Let SQLite itself say that the disk is full: no page more than there are."""

    def limit(connection: Any, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(db.engine, "connect", limit)
    db.close()
    try:
        yield
    finally:
        event.remove(db.engine, "connect", limit)
        db.close()
