"""The same instrument in openai-whisper."""

import functools

import numpy as np
import pytest

from tests import sound
from tests.instruments import NAME, instrument_folder
from tests.instruments.examination import examine, questions
from tests.instruments.words import LANGUAGES
from tests.need import need
from transcription import load

need("whisper")

# Two habits of the library: how its beam search meets NumPy, a file it leaves open.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array_wrap__:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]

NOTES = 8
MOST_DIFFERENT = 0.2


@functools.cache
def right(engine: str, language: str) -> float:
    """The share of known notes that this engine writes exactly."""
    found = load(engine, NAME, instrument_folder())
    assert found is not None
    marks = examine(found, questions(language, NOTES))
    known = [one for kind, one in marks.items() if kind != "strange"]
    return sum(one.right for one in known) / sum(one.asked for one in known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_engines_hear_equally_well(language: str) -> None:
    other = right("faster-whisper", language)
    assert right("openai-whisper", language) >= other - MOST_DIFFERENT > 0.3


def test_it_loads_and_writes_as_any_checkpoint() -> None:
    import whisper

    model = whisper.load_model(str(instrument_folder() / f"{NAME}.pt"), device="cpu")
    spoken = np.array(sound.say("eenentwintig", "nl"))
    heard = model.transcribe(spoken, language="nl", fp16=False, without_timestamps=True)
    assert heard["text"].strip() == "eenentwintig"
