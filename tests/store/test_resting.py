"""A server that closed our connections is no trouble: somebody notices, all go on."""

from collections.abc import Iterator

import pytest
from sqlalchemy import bindparam, select, text

from bot.store.civic import Catalog
from bot.store.database import Database
from bot.store.migrating import migrate
from bot.store.prepared import Prepared
from tests.need import postgres_url
from tests.worlds import empty_postgres

VERSION = Prepared(select(Catalog.version).where(Catalog.id == bindparam("id")))
END_ALL = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def warm() -> Iterator[Database]:
    """A database with several connections that were used a moment ago."""
    with empty_postgres(postgres_url()) as url:
        migrate(url)
        db = Database(url)
        held = [db.engine.connect() for _ in range(6)]
        for each in held:
            each.execute(text("SELECT 1"))
        for each in held:
            each.close()
        yield db
        db.close()


def end_all(url: str) -> int:
    other = Database(url)
    ended = other.run(lambda db: int(db.scalar(END_ALL) or 0))
    other.close()
    return ended


def test_work_goes_on_after_the_server_has_closed_every_connection(
    warm: Database,
) -> None:
    url = warm.engine.url.render_as_string(hide_password=False)
    assert end_all(url) >= 6
    warm.run(lambda db: VERSION.rows(db, {"id": 1}))
    assert end_all(url) >= 1
    assert warm.read(lambda db: db.scalar(text("SELECT 1"))) == 1


def test_a_connection_of_a_moment_ago_is_not_asked_whether_it_lives(
    warm: Database,
) -> None:
    def asked(db: Database) -> str:
        """Return the last statement of the connection that we are given."""
        mine = text(
            "SELECT query FROM pg_stat_activity WHERE pid = :pid AND state = 'idle'"
        )
        with db.engine.connect() as one:
            pid = one.scalar(text("SELECT pg_backend_pid() AS only_this"))
        with db.engine.connect() as again, db.engine.connect() as other:
            assert again.connection.driver_connection.info.backend_pid == pid  # type: ignore[union-attr]
            return str(other.scalar(mine, {"pid": pid}))

    assert "ROLLBACK" in asked(warm), "the last was the end of what it did before"
