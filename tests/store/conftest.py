from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.database import Database
from bot.store.migrating import migrate
from tests.need import postgres_url
from tests.worlds import empty_postgres


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'city.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    """The address of an empty database, on each engine we support."""
    if request.param == "sqlite":
        yield sqlite_url
        return
    with empty_postgres(postgres_url()) as made:
        yield made


@pytest.fixture
def migrated(url: str) -> Iterator[Database]:
    """A database at the newest schema, on each engine we support."""
    migrate(url)
    db = Database(url)
    yield db
    db.close()


@pytest.fixture
def on_sqlite(sqlite_url: str) -> Iterator[Database]:
    migrate(sqlite_url)
    db = Database(sqlite_url)
    yield db
    db.close()
