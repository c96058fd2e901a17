"""Trimmed, equally loud, never above -3 dB."""

import numpy as np
import pytest

from synthesis import RATE, Samples, Speaker, levelled, waveform
from synthesis.levels import (
    EDGE_SECONDS,
    LOUDNESS,
    PEAK,
    limited,
    loudness,
    shortened,
    trimmed,
)
from tests.synthesis.conftest import SENTENCES


def tone(seconds: float, height: float, pitch: float = 200.0) -> Samples:
    times = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(height * np.sin(2 * np.pi * pitch * times), dtype=np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), dtype=np.float32)


@pytest.mark.parametrize("gain", [0.05, 0.3, 1.0, 8.0])
def test_what_was_recorded_soft_or_loud_comes_out_alike(
    voice: Speaker, gain: float
) -> None:
    said = voice.speak(SENTENCES["nl"], "nl")
    made = levelled(said * np.float32(gain))
    assert loudness(made) == pytest.approx(LOUDNESS, abs=1.0)
    assert np.max(np.abs(made)) <= PEAK


def test_silence_is_trimmed_and_a_soft_edge_stays() -> None:
    made = levelled(np.concatenate([silence(1.5), tone(1.0, 0.2), silence(0.7)]))
    assert made.size / RATE == pytest.approx(1.0 + 2 * EDGE_SECONDS, abs=0.01)
    assert abs(float(made[0])) < 1e-6
    assert abs(float(made[-1])) < 1e-6


def test_sound_that_begins_at_once_is_given_an_edge() -> None:
    made = trimmed(tone(1.0, 0.2))
    assert made.size / RATE == pytest.approx(1.0 + 2 * EDGE_SECONDS, abs=0.01)


@pytest.mark.parametrize("nothing", [silence(0), silence(2), tone(1, 0.0005)])
def test_of_silence_nothing_is_left(nothing: Samples) -> None:
    assert levelled(nothing).size == 0


def test_what_is_no_number_is_silence() -> None:
    broken = tone(1.0, 0.2)
    broken[1000:1010] = np.nan
    broken[2000:2010] = np.inf
    made = levelled(broken)
    assert np.isfinite(made).all()
    assert loudness(made) == pytest.approx(LOUDNESS, abs=0.5)


def test_a_loud_moment_is_pressed_and_the_rest_is_left_alone() -> None:
    quiet = tone(1.0, 0.1)
    spiked = quiet.copy()
    spiked[12_000] = 1.5
    made = limited(spiked)
    assert np.max(np.abs(made)) <= PEAK
    far = np.r_[0:10_000, 14_000:24_000]
    assert np.allclose(made[far], quiet[far], atol=1e-6)


def test_nothing_loud_means_nothing_changes() -> None:
    quiet = tone(1.0, 0.3)
    assert np.array_equal(limited(quiet), quiet)


def test_a_long_sound_ends_in_its_last_quiet_moment() -> None:
    words = [np.append(tone(0.8, 0.3), silence(0.2)) for _ in range(9)]
    made = shortened(np.concatenate(words), 7.5)
    assert 6.8 < made.size / RATE < 7.0
    assert np.max(np.abs(made[-100:])) < 1e-3


def test_what_is_short_enough_is_left_alone() -> None:
    said = tone(2.0, 0.3)
    assert shortened(said, 2.0) is said


def test_a_sound_of_few_samples_is_levelled_too() -> None:
    made = levelled(tone(0.003, 0.5))
    assert 0 < waveform(made).peak <= PEAK
