"""Pieces of speech to a voice note, and back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import av
import numpy as np

from synthesis.nouns import MOST_SECONDS, RATE
from synthesis.resampling import frame, frames_at, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from synthesis.nouns import Samples

OPUS_RATE = 48_000
NOTE_BITS = 24_000
PAUSE = 0.35

LEAD_SECONDS = 0.15
TAIL_SECONDS = 0.25
"""Silence around a note: phones switch their sound on late and off early."""

CODER_SECONDS = 0.02
"""At most so much the coder adds at the end, to fill its last packet."""

# The same sound is the same bytes: no random stream number, no date.
MUXER = {"fflags": "bitexact"}
CODER = {"application": "voip", "flags": "bitexact"}


def fits(
    pieces: Sequence[Samples], pause: float = PAUSE, longest: float = MOST_SECONDS
) -> int:
    """Return how many of the first pieces fit into one note of `longest` seconds.

    `pause` is in seconds, between two pieces.
    """
    around = LEAD_SECONDS + TAIL_SECONDS + CODER_SECONDS
    room = int(longest * RATE) - _silence(around)
    for count, piece in enumerate(pieces):
        room -= piece.size + (_silence(pause) if count else 0)
        if room < 0:
            return count
    return len(pieces)


def voice_note(pieces: Sequence[Samples], pause: float = PAUSE) -> bytes:
    """Join pieces to an OGG/Opus voice note of 3 kB per second, for every messenger.

    Takes as many as `fits`; the same pieces make the same bytes. Raises `ValueError`
    if there are none, or the first alone is too long.
    """
    taken = fits(pieces, pause)
    if not taken:
        raise ValueError(
            "a voice note needs sound, and its first piece has to fit into "
            f"{MOST_SECONDS:g} seconds"
        )
    return _encoded(np.concatenate(list(_with_pauses(pieces[:taken], pause))))


def samples_of(note: bytes) -> Samples:
    """Decode a note of ours, or of anyone we trust, to samples at `RATE`.

    Foreign bytes are for `transcription`, which decodes them in a child process.
    Raises `ValueError` if it is no sound.
    """
    try:
        with av.open(io.BytesIO(note), "r", format="ogg") as container:
            return joined(frames_at(container.decode(audio=0), RATE))
    except (av.FFmpegError, IndexError) as error:
        raise ValueError("this is no voice note") from error


def seconds_of(note: bytes) -> float:
    """Return how long a note of ours sounds, without decoding it.

    Its last page says where it ends, its first how much of the beginning is skipped
    (RFC 7845). Raises `ValueError` if it is no such note.
    """
    head, page = note.find(b"OpusHead"), note.rfind(b"OggS")
    if head < 0 or page <= head or len(note) < page + 14:
        raise ValueError("this is no voice note")
    skipped = int.from_bytes(note[head + 10 : head + 12], "little")
    end = int.from_bytes(note[page + 6 : page + 14], "little", signed=True)
    return max(0, end - skipped) / OPUS_RATE


def _with_pauses(pieces: Sequence[Samples], pause: float) -> Iterator[Samples]:
    yield np.zeros(_silence(LEAD_SECONDS), dtype=np.float32)
    for count, piece in enumerate(pieces):
        if count:
            yield np.zeros(_silence(pause), dtype=np.float32)
        yield piece
    yield np.zeros(_silence(TAIL_SECONDS), dtype=np.float32)


def _silence(seconds: float) -> int:
    return int(seconds * RATE)


def _encoded(samples: Samples) -> bytes:
    note = io.BytesIO()
    with av.open(note, "w", format="ogg", options=MUXER) as container:
        stream = container.add_stream(
            "libopus", rate=OPUS_RATE, layout="mono", options=CODER
        )
        stream.bit_rate = NOTE_BITS
        for each in (*frames_at([frame(samples, RATE)], OPUS_RATE), None):
            container.mux(stream.encode(each))
    return note.getvalue()
