"""Faults that can be seen of a sound without hearing it."""

import numpy as np
import pytest

from synthesis import RATE, Fault, Samples, Speaker, waveform
from tests.synthesis.conftest import SENTENCES
from tests.synthesis.test_levels import silence, tone


@pytest.fixture(scope="module")
def said(voice: Speaker) -> Samples:
    return voice.speak(SENTENCES["en"], "en")


def test_good_speech_has_no_fault(said: Samples) -> None:
    seen = waveform(said)
    assert seen.faults == ()
    assert seen.seconds == said.size / RATE
    assert seen.peak == float(np.max(np.abs(said)))


@pytest.mark.parametrize(
    "nothing", [silence(0), silence(3), tone(3, 0.002), silence(1) * np.float32("nan")]
)
def test_silence_is_nothing_but_silent(nothing: Samples) -> None:
    assert waveform(nothing).faults == (Fault.SILENT,)


def test_of_silence_the_loudness_is_minus_infinity() -> None:
    assert waveform(silence(1)).loudness == -np.inf


def test_cut_tops_are_clipped(said: Samples) -> None:
    assert waveform(np.clip(said * 6, -1, 1)).faults == (Fault.CLIPPED,)


def test_one_loud_moment_is_not_clipped(said: Samples) -> None:
    loud = said / np.max(np.abs(said))
    assert waveform(loud).faults == ()


@pytest.mark.parametrize("end", ["begin", "end"])
def test_speech_without_its_begin_or_end_is_cut(said: Samples, end: str) -> None:
    loudest = int(np.argmax(np.abs(said)))
    part = said[loudest:] if end == "begin" else said[:loudest]
    assert Fault.CUT in waveform(part).faults


def test_soft_speech_is_too_quiet(said: Samples) -> None:
    assert waveform(said * np.float32(0.1)).faults == (Fault.TOO_QUIET,)


def test_more_than_a_minute_is_too_long(said: Samples) -> None:
    assert waveform(np.tile(said, 60 * RATE // said.size + 1)).faults == (
        Fault.TOO_LONG,
    )


def test_a_hole_in_the_middle_is_a_long_silence(said: Samples) -> None:
    assert waveform(np.concatenate([said, silence(1.5), said])).faults == ()
    holed = np.concatenate([said, silence(2.5), said])
    assert waveform(holed).faults == (Fault.LONG_SILENCE,)


def test_loudness_is_that_of_the_speech_and_not_of_its_pauses(said: Samples) -> None:
    padded = np.concatenate([silence(1.9), said, silence(1.9)])
    expected = waveform(said).loudness
    assert waveform(padded).loudness == pytest.approx(expected, abs=0.2)


def test_a_tone_of_half_the_scale_is_9_decibels_below_it() -> None:
    seen = waveform(tone(1.0, 0.5))
    assert seen.loudness == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.01)
