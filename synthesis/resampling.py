"""Sound at one rate to the same sound at another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from synthesis.nouns import Samples


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """Return `samples`, taken `rate` times a second, as if taken `wanted` times."""
    if rate == wanted or not samples.size:
        return samples
    return joined(frames_at([frame(samples, rate)], wanted))


def frame(samples: Samples, rate: int) -> av.AudioFrame:
    """Wrap mono samples for FFmpeg."""
    shaped = np.ascontiguousarray(samples, dtype=np.float32).reshape(1, -1)
    made = av.AudioFrame.from_ndarray(shaped, format="flt", layout="mono")
    made.sample_rate = rate
    return made


def frames_at(frames: Iterable[av.AudioFrame], wanted: int) -> Iterator[av.AudioFrame]:
    """Mix to mono floats at the wanted rate, with what the filter still holds."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=wanted)
    for each in (*frames, None):
        yield from resampler.resample(each)


def joined(frames: Iterable[av.AudioFrame]) -> Samples:
    """Return the samples of all frames, one after the other."""
    parts = [each.to_ndarray().reshape(-1) for each in frames]
    return np.concatenate([np.zeros(0, np.float32), *parts]).astype(np.float32)
