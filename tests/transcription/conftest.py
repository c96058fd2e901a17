"""One reciting model for the whole run: making it takes a third of a second."""

from pathlib import Path

import pytest

from tests.transcription.tiny_model import (
    random_weights,
    reciting_weights,
    write_folder,
)

SAID = "Een bank onder de linde."


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with a `reciting` and a `babbling` model."""
    folder = tmp_path_factory.mktemp("models")
    write_folder(folder / "reciting", reciting_weights(SAID))
    write_folder(folder / "babbling", random_weights())
    return folder
