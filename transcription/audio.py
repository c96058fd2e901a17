"""Recordings: bytes from anywhere to a `Sound`, and samples to a voice note."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transcription.nouns import (
    SAMPLE_RATE,
    BadAudio,
    BadReason,
    Sound,
    TranscriptionError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import av
    import numpy.typing as npt

MOST_BYTES = 16 * 1024 * 1024
MOST_SECONDS = 180.0
WALL_SECONDS = 20.0
MEMORY_BYTES = 512 * 1024 * 1024
MISSING_SHARE = 0.1
ROUNDING_SECONDS = 1.0

OPUS_RATE = 48_000
NOTE_BITS = 24_000
# WhatsApp shows a voice note with a play button up to 512 KB.
LONG_NOTE_SECONDS = 160.0
LONG_NOTE_BITS = 20_000

DECODER = Path(__file__).with_name("decode.py")
# The decoder reads hostile bytes: it gets no secret of ours to give away.
KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


def decode(
    data: bytes,
    announced_seconds: float | None = None,
    *,
    wall_seconds: float = WALL_SECONDS,
) -> Sound:
    """The sound in a recording of any usual format, whatever its name says.

    At most `MOST_BYTES` are read and `MOST_SECONDS` kept: of a longer recording
    the first part comes back, with `complete` False, as it is when more than a
    tenth is missing of what the file or `announced_seconds` promised. Takes
    `wall_seconds` at most. Raises `BadAudio` for what is no readable recording,
    `TranscriptionError` (not permanent) if no decoder could be started.
    """
    if not data:
        raise BadAudio(BadReason.EMPTY)
    if len(data) > MOST_BYTES:
        raise BadAudio(BadReason.TOO_BIG)
    header, body = _answer(_run_decoder(data, wall_seconds))
    if "bad" in header:
        raise BadAudio(BadReason(str(header["bad"])))
    samples = np.frombuffer(body, dtype=np.float32)
    seconds = samples.size / SAMPLE_RATE
    sound = Sound(samples, seconds, bool(header["complete"]))
    if _lacks(seconds, announced_seconds):
        return replace(sound, complete=False)
    return sound


def _lacks(seconds: float, announced_seconds: float | None) -> bool:
    # Platforms announce whole seconds, rounded either way.
    expected = min(announced_seconds or 0.0, MOST_SECONDS)
    return seconds + ROUNDING_SECONDS < expected * (1 - MISSING_SHARE)


def _run_decoder(data: bytes, wall_seconds: float) -> bytes:
    try:
        # -P keeps this folder, with its openai.py, off the child's import path.
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-P", str(DECODER), *_limits()],
            input=data,
            capture_output=True,
            timeout=wall_seconds,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadAudio(BadReason.TOO_SLOW) from error
    except OSError as error:
        raise TranscriptionError(
            f"no decoder could be started: {error}", permanent=False
        ) from error
    if done.returncode < 0:
        raise BadAudio(BadReason.BROKEN)
    if done.returncode > 0:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise TranscriptionError(f"the decoder failed: {last}", permanent=False)
    return done.stdout


def _limits() -> list[str]:
    return [str(MOST_SECONDS), str(MEMORY_BYTES), str(int(WALL_SECONDS))]


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    # Each idle arithmetic thread would reserve address space we count.
    return kept | {"OPENBLAS_NUM_THREADS": "1"}


def _answer(output: bytes) -> tuple[dict[str, str | int], bytes]:
    line, _, body = output.partition(b"\n")
    return json.loads(line), body


def to_voice_note(samples: npt.NDArray[np.float32]) -> bytes:
    """An OGG/Opus voice note of about 3 kB per second, for every messenger.

    Takes mono samples at `SAMPLE_RATE`. Raises `ValueError` if there are none.
    """
    if not samples.size:
        raise ValueError("a voice note needs sound")
    # Imported here: only a recording from a browser needs the encoder.
    import av

    note = io.BytesIO()
    with av.open(note, "w", format="ogg") as container:
        stream = container.add_stream(
            "libopus",
            rate=OPUS_RATE,
            layout="mono",
            options={"application": "voip"},
        )
        stream.bit_rate = _bits(samples.size / SAMPLE_RATE)
        for frame in (*_frames(samples), None):
            container.mux(stream.encode(frame))
    return note.getvalue()


def _bits(seconds: float) -> int:
    return NOTE_BITS if seconds <= LONG_NOTE_SECONDS else LONG_NOTE_BITS


def _frames(samples: npt.NDArray[np.float32]) -> Iterator[av.AudioFrame]:
    import av

    whole = np.ascontiguousarray(samples, dtype=np.float32).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(whole, format="flt", layout="mono")
    frame.sample_rate = SAMPLE_RATE
    resampler = av.AudioResampler(format="flt", layout="mono", rate=OPUS_RATE)
    yield from resampler.resample(frame)
    yield from resampler.resample(None)
