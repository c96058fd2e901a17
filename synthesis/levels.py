"""Equally loud, never clipped, and silent at both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from synthesis.nouns import RATE

if TYPE_CHECKING:
    import numpy.typing as npt

    from synthesis.nouns import Samples

FRAME = RATE // 100
"""Samples in which loudness is looked at: 10 ms."""

PEAK = 10 ** (-3 / 20)
LOUDNESS = -19.0
"""The root mean square of speech, in decibels of full scale, that all is brought to.

As loud as a podcast in one channel. The peaks of eSpeak NG lie up to 19 dB above its
mean, so the highest are pressed by 3 dB to stay below `PEAK`.
"""

VOICED_RANGE = 25.0
"""How far below the loudest frames a frame still counts as speech, in decibels."""

FLOOR = 1e-3
"""What is never above this is silence (-60 dB)."""

EDGE_SECONDS = 0.03

LOOKED_BACK_SECONDS = 3
QUIET_FRAMES = 6
"""A moment between two words, long enough to end in."""

SMOOTHING = 2


def levelled(samples: Samples) -> Samples:
    """Trim silence off both ends, bring speech to `LOUDNESS` and peaks below `PEAK`.

    Leaves `EDGE_SECONDS` of near silence at either end. Returns no samples at all if
    nothing is heard; values that are no numbers count as silence.
    """
    clean = np.nan_to_num(samples, posinf=0.0, neginf=0.0)
    speech = trimmed(clean)
    if not speech.size:
        return speech
    gain = 10 ** ((LOUDNESS - loudness(speech)) / 20)
    return _faded(limited(speech * np.float32(gain)))


def loudness(samples: Samples) -> float:
    """Return the root mean square of the voiced part, in decibels of full scale."""
    frames = frame_levels(samples)
    voiced = frames[voiced_frames(frames)]
    if not voiced.size:
        return -np.inf
    return float(20 * np.log10(np.sqrt(np.mean(np.square(voiced)))))


def frame_levels(samples: Samples) -> npt.NDArray[np.float64]:
    """Return the root mean square of each `FRAME`; a last part counts as a whole."""
    count = -(-samples.size // FRAME)
    padded = np.zeros(count * FRAME)
    padded[: samples.size] = samples
    means = np.mean(np.square(padded.reshape(count, FRAME)), axis=1)
    return np.asarray(np.sqrt(means), dtype=np.float64)


def voiced_frames(frames: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which frames are speech, for levels from `frame_levels`."""
    if not frames.size:
        return np.zeros(0, dtype=np.bool_)
    # Not the loudest: a knock on the microphone would make all speech silence.
    loud = float(np.quantile(frames, 0.95))
    least = max(loud * 10 ** (-VOICED_RANGE / 20), FLOOR)
    return np.asarray(frames >= least, dtype=np.bool_)


def trimmed(samples: Samples) -> Samples:
    """Cut silence off both ends; exactly `EDGE_SECONDS` around the sound stay.

    The edges are made of zeros where the sound begins or ends at once.
    """
    heard = np.flatnonzero(np.abs(samples) > max(FLOOR, _quiet(samples)))
    edge = int(EDGE_SECONDS * RATE)
    if not heard.size:
        return samples[:0]
    padded = np.pad(samples, edge)
    return np.asarray(padded[heard[0] : heard[-1] + 1 + 2 * edge], dtype=np.float32)


def shortened(samples: Samples, most_seconds: float) -> Samples:
    """Leave out what is beyond `most_seconds`, from a quiet moment shortly before."""
    most = int(most_seconds * RATE)
    if samples.size <= most:
        return samples
    first = max(0, most - LOOKED_BACK_SECONDS * RATE)
    levels = frame_levels(samples[first:most])
    around = np.convolve(levels, np.ones(QUIET_FRAMES), mode="valid")
    quietest = int(np.flatnonzero(around == around.min())[-1])
    end = first + (quietest + QUIET_FRAMES // 2) * FRAME
    return _faded(samples[:end])


def _quiet(samples: Samples) -> float:
    # 40 dB below the peak: the soft end of a last letter is louder than that.
    return float(np.max(np.abs(samples), initial=0.0)) / 100


def limited(samples: Samples) -> Samples:
    """Press the loudest moments so far that nothing is above `PEAK`.

    Between blocks of 5 ms the gain runs along straight lines, and at each point it
    stands low enough for both of its neighbours: so no sample is missed.
    """
    block = FRAME // 2
    count = -(-samples.size // block)
    padded = np.zeros(count * block, dtype=np.float32)
    padded[: samples.size] = np.abs(samples)
    needed = PEAK / np.maximum(padded.reshape(count, block).max(axis=1), PEAK)
    around = np.pad(needed, SMOOTHING, mode="edge")
    nodes = np.lib.stride_tricks.sliding_window_view(around, 2 * SMOOTHING + 1)
    middles = (np.arange(count) + 0.5) * block
    gain = np.interp(np.arange(samples.size), middles, nodes.min(axis=1))
    pressed = np.clip(samples * gain, -PEAK, PEAK)
    return np.asarray(pressed, dtype=np.float32)


def _faded(samples: Samples) -> Samples:
    """Let the edges rise from zero and fall back to it, so that nothing clicks."""
    edge = min(int(EDGE_SECONDS * RATE), samples.size // 2)
    slope = np.linspace(0.0, 1.0, edge, dtype=np.float32)
    faded = samples.copy()
    faded[:edge] *= slope
    faded[faded.size - edge :] *= slope[::-1]
    return faded
