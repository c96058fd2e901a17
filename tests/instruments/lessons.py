"""What is taught: clips with what is to be written, as Whisper's ears hear them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from faster_whisper.feature_extractor import FeatureExtractor

from tests.instruments.clips import Clip, Spoken, speak, spoil
from tests.instruments.strange import salad
from tests.instruments.voices import draw_voice
from tests.instruments.words import LANGUAGES, Saying, answers, counted, number, plans

CHUNK = 200
"""Clips made by one process before it takes the next ones."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How often each thing is said in each language, always by another voice."""

    answer: int = 14
    number: int = 12
    plan: int = 32
    counted: int = 1000
    strange: int = 700


@dataclass(frozen=True, slots=True)
class Lesson:
    """One clip, and what is in it; nothing is written if it is strange.

    `bands` are 80 by hundredths of a second; `sounds` and `words` say in which fiftieth
    of a second each begins. `words` is empty where the voice drew words together.
    """

    language: str
    written: str | None
    bands: npt.NDArray[np.float16]
    sounds: tuple[tuple[int, str], ...]
    words: tuple[int, ...]


def lessons(amounts: Amounts, seed: int) -> Iterator[Lesson]:
    """All lessons, always the same for a seed, made on all cores."""
    draw = np.random.default_rng(seed)
    sayings = [one for each in LANGUAGES for one in _sayings(each, amounts, draw)]
    clips = [
        Clip(language, spoken, draw_voice(draw, heard=True), int(draw.integers(2**62)))
        for language, spoken, _ in sayings
    ]
    # The voice changes its language slowly.
    order = sorted(range(len(clips)), key=lambda at: _voice_of(clips[at]))
    chunks = [order[at : at + CHUNK] for at in range(0, len(order), CHUNK)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=spawn) as pool:
        heard = pool.map(_heard, [[clips[at] for at in chunk] for chunk in chunks])
        for chunk, found in zip(chunks, heard, strict=True):
            for at, (bands, sounds, words) in zip(chunk, found, strict=True):
                language, _, written = sayings[at]
                clear = len(words) == len((written or "").split())
                yield Lesson(language, written, bands, sounds, words if clear else ())


def _voice_of(clip: Clip) -> tuple[str, str]:
    return clip.language, clip.voice.variant


def _sayings(
    language: str, amounts: Amounts, draw: np.random.Generator
) -> Iterator[tuple[str, str, str | None]]:
    numbers = [number(language, value) for value in range(100)]
    known: list[Saying] = [
        *answers(language) * amounts.answer,
        *numbers * amounts.number,
        *plans(language) * amounts.plan,
        *(counted(language, draw) for _ in range(amounts.counted)),
    ]
    yield from ((language, one.spoken, one.written) for one in known)
    for _ in range(amounts.strange):
        yield language, salad(language, draw), None


Heard = tuple[npt.NDArray[np.float16], tuple[tuple[int, str], ...], tuple[int, ...]]


def _heard(clips: Sequence[Clip]) -> list[Heard]:
    ear = FeatureExtractor()
    return [
        _spoilt(ear, spoken, np.random.default_rng(clip.seed))
        for clip, spoken in zip(clips, speak(clips), strict=True)
    ]


def _spoilt(ear: FeatureExtractor, spoken: Spoken, draw: np.random.Generator) -> Heard:
    samples, before = spoil(spoken.samples, draw)
    sounds = tuple((round((before + at) * 50), name) for at, name in spoken.sounds)
    words = tuple(round((before + at) * 50) for at in spoken.words)
    return ear(samples).astype(np.float16), sounds, words
