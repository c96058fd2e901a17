"""Cities for the promises: real channels on each database, with and without passes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from synthesis import Voice
from tests.houses import Street, open_street
from tests.need import postgres_url
from tests.services.conftest import (
    each_world,
    ears,
    note,
    street,
    voice,
    world,
)
from tests.services.ears import Ears
from tests.web.conftest import at_desk, client
from tests.worlds import own_postgres

__all__ = ["at_desk", "client", "each_world", "ears", "note", "street", "voice"]
__all__ += ["world"]


@contextmanager
def address_of(kind: str, folder: Path) -> Iterator[str]:
    """Name a database of a kind for a city to be opened on."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'city.db'}"
        return
    with own_postgres(postgres_url()) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with address_of(request.param, tmp_path) as address:
        yield address


@pytest.fixture
def each_street(url: str, tmp_path: Path, ears: Ears) -> Iterator[Street]:
    """A city with real channels."""
    with open_street(url, tmp_path, ears) as made:
        yield made


@pytest.fixture
def each_aloud(url: str, tmp_path: Path, ears: Ears, voice: Voice) -> Iterator[Street]:
    """The same city, which reads aloud."""
    with open_street(url, tmp_path, ears, voice=voice) as made:
        yield made


@pytest.fixture
def each_by_pass(url: str, tmp_path: Path, ears: Ears) -> Iterator[Street]:
    """The same city, where one votes with a pass."""
    with open_street(url, tmp_path, ears, eligibility="pass") as made:
        yield made
