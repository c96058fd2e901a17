"""What can be seen of a sound without hearing it: length, level, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from synthesis.levels import FRAME, frame_levels, loudness, voiced_frames
from synthesis.nouns import MOST_SECONDS, RATE

if TYPE_CHECKING:
    from synthesis.nouns import Samples

SILENT_PEAK = 0.003
QUIET_LOUDNESS = -32.0
LONGEST_PAUSE_SECONDS = 2.0

FULL_SCALE = 0.99
FULL_SAMPLES = 12
"""So many samples at full scale within a second are cut tops, not one loud moment."""

CUT_FRAMES = 2
CUT_RANGE = 20.0
"""Speech that at an end is within so many decibels of its loudness was cut off."""


class Fault(StrEnum):
    """What is wrong with a sound that somebody is to hear."""

    SILENT = "silent"
    CLIPPED = "clipped"
    CUT = "cut"
    TOO_QUIET = "too_quiet"
    TOO_LONG = "too_long"
    LONG_SILENCE = "long_silence"


@dataclass(frozen=True, slots=True)
class Waveform:
    """Length in seconds, highest absolute value, and decibels of full scale.

    `loudness` is the root mean square of the part in which somebody speaks; minus
    infinity if nobody does.
    """

    seconds: float
    peak: float
    loudness: float
    faults: tuple[Fault, ...]


def waveform(samples: Samples) -> Waveform:
    """Measure a sound at `RATE`, as a check on what is sent or was recorded."""
    peak = float(np.max(np.abs(samples), initial=0.0))
    return Waveform(
        seconds=samples.size / RATE,
        peak=peak,
        loudness=loudness(samples),
        faults=_faults(samples, peak),
    )


def _faults(samples: Samples, peak: float) -> tuple[Fault, ...]:
    if not peak >= SILENT_PEAK:  # also if it is no number
        return (Fault.SILENT,)
    seen = {
        Fault.CLIPPED: _is_clipped(samples),
        Fault.CUT: _is_cut(samples),
        Fault.TOO_QUIET: loudness(samples) < QUIET_LOUDNESS,
        Fault.TOO_LONG: samples.size > MOST_SECONDS * RATE,
        Fault.LONG_SILENCE: _longest_pause(samples) > LONGEST_PAUSE_SECONDS,
    }
    return tuple(fault for fault, is_there in seen.items() if is_there)


def _is_clipped(samples: Samples) -> bool:
    full = np.flatnonzero(np.abs(samples) >= FULL_SCALE)
    in_each_second = np.bincount(full // RATE)
    return bool(np.max(in_each_second, initial=0) >= FULL_SAMPLES)


def _is_cut(samples: Samples) -> bool:
    frames = frame_levels(samples[: samples.size // FRAME * FRAME])
    if not frames.size:
        return False
    limit = 10 ** ((loudness(samples) - CUT_RANGE) / 20)
    ends = (frames[:CUT_FRAMES], frames[-CUT_FRAMES:])
    return any(bool(np.min(end) > limit) for end in ends)


def _longest_pause(samples: Samples) -> float:
    voiced = np.flatnonzero(voiced_frames(frame_levels(samples)))
    return float(np.max(np.diff(voiced), initial=0)) * FRAME / RATE
