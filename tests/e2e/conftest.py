from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.city import City, Watch, open_city
from tests.need import postgres_url
from tests.standins.judges import verdicts
from tests.standins.oracles import has_oracles
from tests.standins.recorder import RECORD
from tests.transcription.tiny_model import reciting_weights, write_folder
from tests.worlds import empty_postgres

SPOKEN = "Een bank onder de linden."


@pytest.fixture(scope="session")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    """After the last test, nothing that any process wrote may tell on anybody."""
    watching = Watch(tmp_path_factory.mktemp("logs"))
    yield watching
    assert watching.count
    assert watching.leaks() == []


@pytest.fixture(scope="session", autouse=True)
def judged() -> Iterator[None]:
    """After the last test, every request to a provider is held against its rules."""
    before = len(RECORD)
    yield
    faults = verdicts(RECORD[before:])
    assert not faults, "\n".join(faults)
    if not has_oracles():
        pytest.skip("../shared/oracles is absent: only the limits were judged")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "says"
    return write_folder(folder, reciting_weights(SPOKEN, "nl"))


@pytest.fixture(scope="session")
def city(
    tmp_path_factory: pytest.TempPathFactory, watch: Watch, model: Path
) -> Iterator[City]:
    """The city most tests live in: SQLite, one process with its worker inside."""
    folder = tmp_path_factory.mktemp("city")
    heard = {"WHISPER_ENGINE": "faster-whisper", "WHISPER_MODEL": str(model)}
    database = f"sqlite:///{folder / 'city.db'}"
    with open_city(database, folder, watch, **heard) as made:
        made.serve()
        yield made


@pytest.fixture(scope="session")
def big_city(tmp_path_factory: pytest.TempPathFactory, watch: Watch) -> Iterator[City]:
    """A city that has outgrown one machine: PostgreSQL, web and worker apart."""
    folder = tmp_path_factory.mktemp("big")
    with (
        empty_postgres(postgres_url()) as database,
        open_city(database, folder, watch) as made,
    ):
        made.serve("--processes", "2", "--without-worker")
        made.start("worker")
        yield made
