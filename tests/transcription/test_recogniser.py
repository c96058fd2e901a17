"""From sound to transcript: where silence stops and what language is chosen."""

from collections.abc import Mapping
from typing import NoReturn

import numpy as np
import pytest

from tests import sound
from transcription import SAMPLE_RATE, Level, Reason, Recogniser, Sound, Transcriber
from transcription.engine import PIECE_SECONDS, Piece
from transcription.recogniser import DETECTABLE_SECONDS, Trial


class Parrot:
    """An engine that counts what it is asked and always says the same.

    `clock` moves on by `costs` seconds with every piece.
    """

    device, at_once = "cpu", 1

    def __init__(
        self, probabilities: Mapping[str, float] | None = None, costs: float = 0.0
    ) -> None:
        self.probabilities = {"nl": 0.9, "en": 0.1, "tr": 0.0, "ar": 0.0}
        self.probabilities |= probabilities or {}
        self.costs, self.now = costs, 0.0
        self.detected = 0
        self.languages_of_words: list[str] = []
        self.lengths: list[float] = []

    def clock(self) -> float:
        return self.now

    def take_in(self, samples: np.ndarray) -> "Taken":
        self.now += self.costs
        self.lengths.append(samples.size / SAMPLE_RATE)
        return Taken(self)


class Taken:
    """What the parrot took in."""

    def __init__(self, parrot: Parrot) -> None:
        self.parrot = parrot

    def languages(self) -> Mapping[str, float]:
        self.parrot.detected += 1
        return self.parrot.probabilities

    def words(self, language: str) -> Piece:
        self.parrot.languages_of_words.append(language)
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
    "music": sound.music(10),
    "music in a loud street": sound.over(sound.music(10), sound.noise(10, -15), 0),
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


def test_a_language_is_detected_once_and_no_piece_is_taken_in_twice() -> None:
    parrot = Parrot({"nl": 0.7, "en": 0.1, "tr": 0.1, "ar": 0.1})
    result = Recogniser(lambda: parrot).transcribe(long_note(), None)
    assert result.language == "nl"
    assert (parrot.detected, len(parrot.lengths)) == (1, 2)
    assert parrot.languages_of_words == ["nl", "nl"]
    assert max(parrot.lengths) <= PIECE_SECONDS


CLEAR_TURKISH = {"nl": 0.05, "en": 0.05, "tr": 0.85, "ar": 0.05}
RATHER_TURKISH = {"nl": 0.3, "en": 0.05, "tr": 0.6, "ar": 0.05}


def test_another_of_the_four_that_leads_clearly_is_written_as_itself() -> None:
    parrot = Parrot(CLEAR_TURKISH)
    result = Recogniser(lambda: parrot).transcribe(spoken(), "nl")
    assert (result.language, result.clear_language()) == ("tr", "tr")
    assert parrot.languages_of_words == ["tr"]
    assert result.level is Level.GOOD


def test_one_that_only_just_leads_does_not_push_the_expected_one_aside() -> None:
    parrot = Parrot(RATHER_TURKISH)
    result = Recogniser(lambda: parrot).transcribe(spoken(), "nl")
    assert (result.language, result.clear_language()) == ("nl", None)
    assert result.level is Level.GOOD, "she was expected to speak it"


@pytest.mark.parametrize("language", ["nl", None])
def test_of_a_word_or_two_no_language_is_believed(language: str | None) -> None:
    parrot = Parrot(CLEAR_TURKISH)
    short = sound.say("Ja, dat is goed.")
    note = Sound(short, short.size / SAMPLE_RATE)
    result = Recogniser(lambda: parrot).transcribe(note, language)
    assert result.speech_seconds < DETECTABLE_SECONDS
    assert result.clear_language() is None
    assert result.probabilities == {}
    assert parrot.detected == (language is None)
    assert parrot.languages_of_words == [language or "tr"]
    assert (Reason.LANGUAGE_UNCLEAR in result.reasons) == (language is None)


@pytest.mark.parametrize("language", ["nl", None])
def test_a_language_beside_the_four_is_not_written_at_all(language: str | None) -> None:
    parrot = Parrot({"nl": 0.1, "en": 0.02, "tr": 0.02, "ar": 0.1})
    result = Recogniser(lambda: parrot).transcribe(spoken(), language)
    assert (result.text, result.language, result.level) == ("", None, Level.BAD)
    assert result.reasons == (Reason.OTHER_LANGUAGE,)
    assert parrot.languages_of_words == []


def test_a_note_that_takes_too_long_is_left_and_says_what_remains() -> None:
    parrot = Parrot(costs=3)
    recogniser = Recogniser(lambda: parrot, budget_seconds=5, clock=parrot.clock)
    result = recogniser.transcribe(long_note(times=30), "nl")
    assert len(parrot.lengths) == 2, "after 6 seconds no third piece is begun"
    assert result.level is Level.BAD
    assert Reason.OUT_OF_TIME in result.reasons
    heard = sum(parrot.lengths)
    assert result.unheard_seconds == pytest.approx(result.seconds - heard, abs=3)


def test_a_window_is_tried_to_know_how_fast_the_machine_is() -> None:
    parrot = Parrot(costs=2)
    trial = Recogniser(lambda: parrot, clock=parrot.clock).try_window()
    assert trial == Trial("cpu", 1, window_seconds=PIECE_SECONDS, took_seconds=2)


def long_note(times: int = 10) -> Sound:
    long = np.concatenate([sound.sentence()] * times)
    return Sound(long, long.size / SAMPLE_RATE)


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


@pytest.mark.parametrize("decibel", [-10, 0])
def test_music_behind_her_voice_hides_none_of_it(decibel: float) -> None:
    samples = sound.over(sound.sentence(), sound.music(5), decibel)
    result = Recogniser(Parrot).transcribe(Sound(samples, samples.size / 16e3), "nl")
    assert result.speech_seconds == pytest.approx(3.1, abs=0.4)


def test_a_note_with_a_part_missing_is_never_good() -> None:
    whole: Transcriber = Recogniser(Parrot)
    assert whole.transcribe(spoken(), "nl").level is Level.GOOD
    result = whole.transcribe(spoken(complete=False), "nl")
    assert (result.level, result.reasons) == (Level.UNSURE, (Reason.INCOMPLETE,))


def spoken(*, complete: bool = True) -> Sound:
    samples = sound.sentence()
    return Sound(samples, samples.size / SAMPLE_RATE, complete)
