"""Sound as a phone would send it, from sentences: spoken, blurred, noisy, packed.

A clip always gives the same sound: it is spoken by a fresh copy of the voice, and
spoilt by what it draws from its own seed.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from tests.instruments.speaker import ESPEAK_RATE, HEAD, MARK
from tests.instruments.voices import Voice, asked
from tests.sound import RATE, ogg_opus

WORD_BEGINS = " "
SPEAKER = Path(__file__).with_name("speaker.py")

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clip:
    """One sentence to be spoken by one voice; `seed` decides how it is spoilt."""

    language: str
    spoken: str
    voice: Voice
    seed: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence as sound, and when, in seconds, sounds of speech and words begin."""

    samples: Samples
    sounds: tuple[tuple[float, str], ...]
    words: tuple[float, ...]


def speak(clips: Sequence[Clip]) -> list[Spoken]:
    """Every clip as clean sound: mono samples at 16 kHz, the loudest at 1."""
    told = [json.dumps(asked(one.spoken, one.language, one.voice)) for one in clips]
    done = subprocess.run(
        [sys.executable, str(SPEAKER)],
        input="\n".join(told).encode(),
        capture_output=True,
        check=True,
    )
    answers = zip(clips, _unpacked(done.stdout), strict=True)
    return [_stretched(*answer, clip.voice.stretch) for clip, answer in answers]


Answer = tuple[npt.NDArray[np.int16], list[tuple[int, bytes]]]


def _unpacked(answer: bytes) -> Iterator[Answer]:
    at = 0
    while at < len(answer):
        samples, marks = HEAD.unpack_from(answer, at)
        at += HEAD.size
        end = at + 2 * samples
        after = end + marks * MARK.size
        raw = np.frombuffer(answer, np.int16, samples, at)
        yield raw, list(MARK.iter_unpack(answer[end:after]))
        at = after


def _stretched(
    raw: npt.NDArray[np.int16], marks: Sequence[tuple[int, bytes]], stretch: float
) -> Spoken:
    named = [(at / 1000 * stretch, _sign(name)) for at, name in marks]
    sounds = tuple((at, name) for at, name in named if name != WORD_BEGINS)
    words = tuple(at for at, name in named if name == WORD_BEGINS)
    return Spoken(_resampled(raw, stretch), sounds, words)


def _sign(name: bytes) -> str:
    """A sound's sign without its stress; a long one may be cut inside a letter."""
    return name.rstrip(b"\0").decode(errors="ignore").lstrip("ˈˌ")


def _resampled(raw: npt.NDArray[np.int16], stretch: float) -> Samples:
    """To 16 kHz; a stretch of 1.1 makes it a tenth longer and deeper."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    frame = av.AudioFrame.from_ndarray(raw.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = round(ESPEAK_RATE / stretch)
    frames = [*resampler.resample(frame), *resampler.resample(None)]
    joined = np.concatenate([one.to_ndarray().reshape(-1) for one in frames])
    return (joined / max(1e-3, float(np.abs(joined).max()))).astype(np.float32)


def spoil(samples: Samples, draw: np.random.Generator) -> tuple[Samples, float]:
    """What a phone in a kitchen makes of it, and after how many seconds it begins."""
    sound = _in_a_room(samples, draw) if draw.random() < 0.3 else samples
    sound = _through_a_telephone(sound, draw) if draw.random() < 0.3 else sound
    sound, before = _with_margins(sound, draw)
    sound = sound * draw.uniform(0.05, 0.9) / max(1e-3, float(np.abs(sound).max()))
    if draw.random() < 0.6:
        sound = sound + _noise(sound, draw)
    sound = np.clip(sound, -1, 1).astype(np.float32)
    if draw.random() < 0.1:
        sound = packed(sound, int(draw.choice([16_000, 24_000])))
    return sound, before


def packed(samples: Samples, bits: int) -> Samples:
    """The sound after a voice note in Opus, `bits` per second."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with av.open(io.BytesIO(ogg_opus(samples, bits)), "r") as note:
        frames = [
            one for frame in note.decode(audio=0) for one in resampler.resample(frame)
        ]
    return np.concatenate([one.to_ndarray().reshape(-1) for one in frames])


def _in_a_room(samples: Samples, draw: np.random.Generator) -> Samples:
    """An echo that dies within a tenth of a second or two."""
    length = int(draw.uniform(0.05, 0.2) * RATE)
    fading = np.exp(-np.arange(length) / (length / 5))
    echo = draw.standard_normal(length) * fading * draw.uniform(0.02, 0.15)
    echo[0] = 1.0
    size = _fast(len(samples) + length)
    blurred = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(echo, size), size)
    return blurred[: len(samples) + length].astype(np.float32)


def _through_a_telephone(samples: Samples, draw: np.random.Generator) -> Samples:
    """Weak lows and highs, as cheap microphones have them."""
    size = _fast(len(samples))
    spectrum = np.fft.rfft(samples, size)
    hertz = np.fft.rfftfreq(size, 1 / RATE) + 1
    low, high = draw.uniform(60, 300), draw.uniform(3200, 8000)
    shape = 1 / np.sqrt(1 + (low / hertz) ** 4) / np.sqrt(1 + (hertz / high) ** 8)
    return np.fft.irfft(spectrum * shape, size)[: len(samples)].astype(np.float32)


def _with_margins(samples: Samples, draw: np.random.Generator) -> tuple[Samples, float]:
    """Silence before and after; a second at least, as the product's own pieces."""
    before, after = (int(draw.uniform(0.02, most) * RATE) for most in (0.45, 0.25))
    lacking = max(0, RATE - before - after - len(samples))
    return np.pad(samples, (before, after + lacking)), before / RATE


def _noise(samples: Samples, draw: np.random.Generator) -> Samples:
    """White, falling or humming, 10 to 40 dB below the speech."""
    count = len(samples)
    slope = draw.uniform(0, 1)
    spectrum = np.fft.rfft(draw.standard_normal(count), _fast(count))
    spectrum /= (np.arange(len(spectrum)) + 10) ** slope
    noise = np.fft.irfft(spectrum)[:count]
    loudness = np.sqrt(np.mean(samples**2)) * 10 ** (-draw.uniform(10, 40) / 20)
    made: Samples = (noise * loudness / np.sqrt(np.mean(noise**2))).astype(np.float32)
    return made


def _fast(count: int) -> int:
    """The next power of two: a transform of any other length is far slower."""
    return 1 << (count - 1).bit_length()
