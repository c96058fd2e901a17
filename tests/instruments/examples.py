"""Lessons varied while they are learnt, so that none is ever heard twice.

A few thousand clips are soon known by heart. So each time a lesson comes it is faster
or slower, from a smaller or larger mouth, louder or softer, and with holes; and some
come two behind each other, which teaches to write what is heard and not what is usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tests.instruments.lessons import Lesson
from tests.instruments.spelling import Spelling

JOINED = 0.2
LONGEST_JOINED = 500
TEMPO = (0.85, 1.18)
MOUTH = (0.92, 1.08)
LOUDNESS = 0.25
HOLES = 2
WIDEST_BANDS, WIDEST_FRAMES = 12, 8

Bands = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Example:
    """A lesson in numbers: tokens before and in the text, sounds by 20 milliseconds.

    `text` is None if the lesson is strange; `may_join` tells that it is no sentence.
    `spans` are the first place of each token's word and that of the next word, in 20
    milliseconds; empty if unknown.
    """

    bands: Bands
    start: list[int]
    text: list[int] | None
    end: int
    sounds: npt.NDArray[np.int64]
    spans: list[tuple[int, int]]
    may_join: bool

    @property
    def frames(self) -> int:
        """Its length in hundredths of a second."""
        return int(self.bands.shape[1])


def example(lesson: Lesson, spelling: Spelling) -> Example:
    """The lesson in the training's numbers."""
    written = lesson.written
    return Example(
        bands=lesson.bands,
        start=spelling.start(lesson.language),
        text=None if written is None else spelling.text(written),
        end=spelling.end(),
        sounds=np.array(spelling.sounds_of(lesson)),
        spans=_spans(lesson, spelling),
        may_join=written is None or not written.endswith("."),
    )


def _spans(lesson: Lesson, spelling: Spelling) -> list[tuple[int, int]]:
    if not lesson.words or lesson.written is None:
        return []
    starts = [*lesson.words, lesson.bands.shape[1] // 2]
    words = spelling.words_of(lesson.written)
    return [(starts[word], starts[word + 1]) for word in words]


def joined(examples: Sequence[Example], draw: np.random.Generator) -> list[Example]:
    """The same examples, some with another one of their language behind them."""
    partners = draw.integers(0, len(examples), len(examples))
    chances = draw.random(len(examples))
    return [
        _join(one, examples[int(at)]) if chance < JOINED else one
        for one, at, chance in zip(examples, partners, chances, strict=True)
    ]


def _join(one: Example, other: Example) -> Example:
    fits = one.frames + other.frames <= LONGEST_JOINED and one.start == other.start
    if not (fits and one.may_join and other.may_join):
        return one
    known = one.text is not None and other.text is not None
    even = one.frames // 2 * 2
    return replace(
        one,
        bands=np.concatenate([one.bands[:, :even], other.bands], axis=1),
        text=[*(one.text or ()), *(other.text or ())] if known else None,
        sounds=np.concatenate([one.sounds, other.sounds]),
        spans=_moved_behind(one, other, even // 2),
    )


def _moved_behind(one: Example, other: Example, places: int) -> list[tuple[int, int]]:
    if not (one.spans and other.spans):
        return []
    return [*one.spans, *((at + places, end + places) for at, end in other.spans)]


def varied(one: Example, draw: np.random.Generator) -> Example:
    """The example as somebody else might have said it."""
    frames = int(one.frames / draw.uniform(*TEMPO))
    places = np.linspace(0, len(one.sounds) - 1, frames // 2).round().astype(int)
    bands = _resized(one.bands.astype(np.float32).T, frames, one.frames / frames).T
    bands = _resized(bands, len(bands), draw.uniform(*MOUTH))
    bands = bands + np.float32(draw.uniform(-LOUDNESS, LOUDNESS))
    ratio = frames / one.frames
    return replace(
        one,
        bands=_with_holes(bands, draw),
        sounds=one.sounds[places],
        spans=[(int(at * ratio), int(end * ratio)) for at, end in one.spans],
    )


def _resized(rows: Bands, count: int, step: float) -> Bands:
    """`count` rows, each `step` further on than the one before; the last one stays."""
    at = np.minimum(np.arange(count) * step, len(rows) - 1).astype(np.float32)
    below = at.astype(int)
    above = np.minimum(below + 1, len(rows) - 1)
    share = (at - below)[:, None]
    made: Bands = rows[below] * (1 - share) + rows[above] * share
    return made


def _with_holes(bands: Bands, draw: np.random.Generator) -> Bands:
    silent = bands.min()
    made = bands.copy()
    for _ in range(HOLES):
        band, frame = int(draw.integers(80)), int(draw.integers(made.shape[1]))
        made[band : band + int(draw.integers(WIDEST_BANDS))] = silent
        made[:, frame : frame + int(draw.integers(WIDEST_FRAMES))] = silent
    return made
