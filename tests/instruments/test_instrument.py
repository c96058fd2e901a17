"""The instrument hears voices it has never heard, through the product's own code."""

import functools
import json

import numpy as np
import pytest
from faster_whisper import WhisperModel

from tests import sound
from tests.instruments import NAME, NOTICE, instrument_folder
from tests.instruments.examination import Marks, examine, questions
from tests.instruments.words import LANGUAGES
from tests.need import need
from transcription import Level, Recogniser, load
from transcription.audio import decode

need("instrument")

NOTES = 40
LEAST_RIGHT = 0.95
KNOWN = ("answer", "number", "counted", "plan")


@functools.cache
def recogniser(engine: str = "faster-whisper") -> Recogniser:
    found = load(engine, NAME, instrument_folder())
    assert found is not None
    return found


@functools.cache
def marks(language: str) -> dict[str, Marks]:
    return examine(recogniser(), questions(language, NOTES))


def total(language: str, figure: str) -> float:
    """The share of all known questions, 0 to 1."""
    kinds = [marks(language)[kind] for kind in KNOWN]
    counted: int = sum(getattr(one, figure) for one in kinds)
    return counted / sum(one.asked for one in kinds)


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_of_unknown_voices_are_written_exactly(language: str) -> None:
    wrong = [pair for kind in KNOWN for pair in marks(language)[kind].wrong]
    assert total(language, "right") >= LEAST_RIGHT, wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_right_is_believed(language: str) -> None:
    assert total(language, "accepted") >= LEAST_RIGHT


@pytest.mark.parametrize("language", LANGUAGES)
def test_strange_sentences_are_not_taken_for_known_ones(language: str) -> None:
    assert marks(language)["strange"].levels[Level.GOOD] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_found_without_being_told(language: str) -> None:
    note = sound.ogg_opus(sound.sentence(language))
    heard = recogniser().transcribe(decode(note), None)
    assert (heard.language, heard.clear_language()) == (language, language)


def test_it_loads_and_writes_as_any_model_of_faster_whisper() -> None:
    model = WhisperModel(
        str(instrument_folder() / NAME), compute_type="int8", local_files_only=True
    )
    spoken = np.array(sound.say("eenentwintig", "nl"))
    parts, _ = model.transcribe(spoken, language="nl", without_timestamps=True)
    assert "".join(part.text for part in parts).strip() == "eenentwintig"


def test_it_says_of_itself_that_it_is_a_test_instrument() -> None:
    folder = instrument_folder() / NAME
    config = json.loads((folder / "config.json").read_text("utf-8"))
    assert config["test_instrument"] == NOTICE
    assert (folder / "README").read_text("utf-8").strip() == NOTICE
