from collections.abc import Iterator
from pathlib import Path

import pytest

from synthesis import Voice, open_voice
from tests import sound
from tests.houses import Street, open_street
from tests.need import postgres_url
from tests.services.approving import connected
from tests.services.ears import Ears
from tests.standins.twilio import TwilioStandIn
from tests.worlds import World, open_world, own_postgres


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A neighbourhood on SQLite."""
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_world(url, tmp_path / "media") as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def each_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The same neighbourhood on each database we support."""
    if request.param == "sqlite":
        yield request.getfixturevalue("world")
        return
    with (
        own_postgres(postgres_url()) as url,
        open_world(url, tmp_path / "media") as made,
    ):
        yield made


@pytest.fixture(scope="session")
def note() -> bytes:
    """A Dutch sentence as a voice note."""
    return sound.ogg_opus(sound.sentence("nl"))


@pytest.fixture
def ears() -> Ears:
    """A recogniser that hears what the test tells it to."""
    return Ears()


@pytest.fixture(scope="session")
def voice() -> Iterator[Voice]:
    """The synthesiser itself."""
    found = open_voice("espeak-ng", Path("none"))
    assert found is not None
    yield found
    found.close()


@pytest.fixture
def aloud(tmp_path: Path, ears: Ears, voice: Voice) -> Iterator[Street]:
    """The same city, which reads aloud."""
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_street(url, tmp_path, ears, voice=voice) as made:
        yield made


@pytest.fixture
def street(tmp_path: Path, ears: Ears) -> Iterator[Street]:
    """A city with real channels, on SQLite."""
    with open_street(f"sqlite:///{tmp_path / 'city.db'}", tmp_path, ears) as made:
        yield made


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def city(each_world: World, twilio: TwilioStandIn) -> Iterator[World]:
    """A neighbourhood on each database, with WhatsApp."""
    yield from connected(each_world, twilio)


@pytest.fixture
def small_city(world: World, twilio: TwilioStandIn) -> Iterator[World]:
    """The same on SQLite only, where no SQL is looked at."""
    yield from connected(world, twilio)
