"""From sound to transcript: where silence stops and what language is chosen."""

from collections.abc import Mapping
from typing import NoReturn

import numpy as np
import pytest

from tests import sound
from transcription import SAMPLE_RATE, Level, Reason, Recogniser, Sound, Transcriber
from transcription.engine import PIECE_SECONDS, Piece


class Parrot:
    """An engine that counts what it is asked and always says the same."""

    def __init__(self, probabilities: Mapping[str, float] | None = None) -> None:
        self.probabilities = probabilities or {}
        self.detected = 0
        self.recognised = 0
        self.lengths: list[float] = []

    def detect(self, samples: np.ndarray) -> Mapping[str, float]:
        self.detected += 1
        return self.probabilities

    def recognise(self, samples: np.ndarray, language: str) -> Piece:
        self.recognised += 1
        self.lengths.append(samples.size / SAMPLE_RATE)
        return Piece("een bank erbij graag", 6, 78, -0.2, 0.01, 0.9)


def never() -> NoReturn:
    raise AssertionError("the engine was opened")


NOTHING_SAID = {
    "no sample at all": sound.silence(0),
    "a click of the button": sound.silence(0.05),
    "digital silence": sound.silence(10),
    "a quiet room": sound.noise(10, -60),
    "a fan": sound.noise(10, -40),
    "a waterfall": sound.noise(10, -20),
    "no numbers": np.full(SAMPLE_RATE, np.nan, dtype=np.float32),
}


@pytest.mark.parametrize("name", NOTHING_SAID)
@pytest.mark.parametrize("language", ["nl", None])
def test_where_nobody_speaks_no_engine_is_opened(
    name: str, language: str | None
) -> None:
    samples = NOTHING_SAID[name]
    seconds = samples.size / SAMPLE_RATE
    result = Recogniser(never).transcribe(Sound(samples, seconds), language)
    assert (result.text, result.level) == ("", Level.EMPTY)
    assert result.reasons == (Reason.NO_SPEECH,)
    assert result.language == language
    assert result.seconds == seconds
    assert result.speech_seconds < 0.3


def test_a_language_given_is_taken_as_it_is() -> None:
    parrot = Parrot({"nl": 0.9, "en": 0.1, "tr": 0.0, "ar": 0.0})
    result = Recogniser(lambda: parrot).transcribe(spoken(), "en")
    assert (result.language, result.probabilities) == ("en", {})
    assert parrot.detected == 0


def test_a_language_not_given_is_detected_once_for_the_whole_note() -> None:
    parrot = Parrot({"nl": 0.7, "en": 0.1, "tr": 0.1, "ar": 0.1})
    long = np.concatenate([sound.sentence()] * 10)
    result = Recogniser(lambda: parrot).transcribe(
        Sound(long, long.size / SAMPLE_RATE), None
    )
    assert result.language == "nl"
    assert (parrot.detected, parrot.recognised) == (1, 2)
    assert max(parrot.lengths) <= PIECE_SECONDS


@pytest.mark.parametrize(
    ("probabilities", "clear"),
    [
        ({"nl": 0.9, "en": 0.05, "tr": 0.0, "ar": 0.0}, "nl"),
        ({"nl": 0.62, "en": 0.2, "tr": 0.0, "ar": 0.0}, "nl"),
        ({"nl": 0.62, "en": 0.3, "tr": 0.0, "ar": 0.0}, None),
        ({"nl": 0.3, "en": 0.01, "tr": 0.0, "ar": 0.0}, None),
    ],
)
def test_only_a_wide_lead_makes_a_language_clear(
    probabilities: dict[str, float], clear: str | None
) -> None:
    parrot = Parrot(probabilities)
    result = Recogniser(lambda: parrot).transcribe(spoken(), None)
    assert result.clear_language() == clear
    assert (Reason.LANGUAGE_UNCLEAR in result.reasons) == (clear is None)


def test_a_note_with_a_part_missing_is_never_good() -> None:
    whole: Transcriber = Recogniser(Parrot)
    assert whole.transcribe(spoken(), "nl").level is Level.GOOD
    result = whole.transcribe(spoken(complete=False), "nl")
    assert (result.level, result.reasons) == (Level.UNSURE, (Reason.INCOMPLETE,))


def spoken(*, complete: bool = True) -> Sound:
    samples = sound.sentence()
    return Sound(samples, samples.size / SAMPLE_RATE, complete)
