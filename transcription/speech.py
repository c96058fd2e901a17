"""Where somebody speaks in a sound, and the pieces a recogniser is given.

The detector is Silero's, carried by the faster-whisper package; both engines
use it. Recognisers invent text in silence, so silence never reaches them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps

from transcription.engine import PIECE_SECONDS
from transcription.nouns import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

PAD = int(0.4 * SAMPLE_RATE)
PAUSE = 2 * SAMPLE_RATE
PIECE = int(PIECE_SECONDS * SAMPLE_RATE)
SHORTEST_PIECE = SAMPLE_RATE

OPTIONS = VadOptions(
    min_silence_duration_ms=100,
    speech_pad_ms=0,
    max_speech_duration_s=PIECE_SECONDS - 1,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a sound, counted in samples; `end` is not part of it."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Its number of samples."""
        return self.end - self.start


def find_speech(samples: npt.NDArray[np.float32]) -> list[Span]:
    """The stretches in which somebody speaks, in order, without any margin."""
    if not samples.size:
        return []
    found = get_speech_timestamps(np.nan_to_num(samples), OPTIONS)
    return [Span(int(one["start"]), int(one["end"])) for one in found]


def speech_seconds(spans: Sequence[Span]) -> float:
    """How long somebody speaks."""
    return sum(span.length for span in spans) / SAMPLE_RATE


def cut(
    samples: npt.NDArray[np.float32], spans: Sequence[Span]
) -> list[npt.NDArray[np.float32]]:
    """The speech in pieces of 1 to `PIECE_SECONDS` seconds, long pauses left out.

    Cuts fall between spans, so never inside a word unless nobody pauses.
    """
    clean = np.nan_to_num(samples)
    groups = pack(stretches(spans, len(samples)))
    return [_join(clean, group) for group in groups]


def stretches(spans: Sequence[Span], total: int) -> Iterator[Span]:
    """Spans with a margin, those with a short pause between them made one."""
    current: Span | None = None
    for span in spans:
        if current is None:
            current = span
        elif _belongs(current, span):
            current = Span(current.start, span.end)
        else:
            yield _padded(current, total)
            current = span
    if current is not None:
        yield _padded(current, total)


def _belongs(current: Span, span: Span) -> bool:
    together = span.end - current.start + 2 * PAD
    return span.start - current.end < PAUSE and together <= PIECE


def _padded(span: Span, total: int) -> Span:
    return Span(max(0, span.start - PAD), min(total, span.end + PAD))


def pack(parts: Iterator[Span]) -> list[list[Span]]:
    """Stretches in groups, in order, each group at most one piece long."""
    groups: list[list[Span]] = []
    room = 0
    for part in parts:
        if part.length > room:
            groups.append([])
            room = PIECE
        groups[-1].append(part)
        room -= part.length
    return groups


def _join(
    samples: npt.NDArray[np.float32], spans: Sequence[Span]
) -> npt.NDArray[np.float32]:
    piece = np.concatenate([samples[span.start : span.end] for span in spans])
    lacking = max(0, SHORTEST_PIECE - piece.size)
    return np.pad(piece, (0, lacking)).astype(np.float32)
