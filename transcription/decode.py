"""A program: a recording on stdin, mono 16 kHz float samples on stdout.

It is run as a child of its own for every recording, because decoders are where
hostile files do harm: here they can crash, swell or hang without taking anybody
along. It imports nothing of this package, so that it starts quickly.

Arguments: the longest sound in seconds, the memory in bytes, the processor
seconds. The answer is one line of JSON, then the samples in the machine's own
byte order. The line holds either `samples` (their number) and `complete`, or
`bad` (a `BadReason`).
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
from typing import TYPE_CHECKING, Any

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

RATE = 16_000
MISSING_SHARE = 0.1
READER_OPTIONS = {
    "format_whitelist": "ogg,mov,mp3,amr,aac,wav,flac,matroska",
    # No protocol at all: a playlist must not make us fetch or read anything.
    "protocol_whitelist": "",
    "probesize": "2000000",
    "analyzeduration": "5000000",
}


# Names in a file may be no UTF-8. From PyAV 19 on (Python 3.12) none can be too odd.
_OLD = int(av.__version__.partition(".")[0]) < 19  # noqa: PLR2004 - as said above
_NAMES: dict[str, Any] = {"metadata_errors": "replace"} if _OLD else {}


class Refused(Exception):  # noqa: N818 - it says what is wrong
    """The recording is bad, for one of the reasons in `BadReason`."""


class Reading:
    """One audio stream being turned into samples, up to a cap."""

    def __init__(self, stream: av.AudioStream, most_samples: int) -> None:
        """Start with nothing heard."""
        self._stream = stream
        self._most = most_samples
        self._resampler = _resampler()
        self._parts: list[npt.NDArray[np.float32]] = []
        self._count = 0
        self._first: float | None = None
        self._last = 0.0

    @property
    def is_full(self) -> bool:
        """Whether more was there than the cap allows."""
        return self._count > self._most

    @property
    def is_complete(self) -> bool:
        """Whether nothing was cut off and no more than a tenth is missing."""
        announced = self._last - (self._first or 0.0)
        heard = self._count / RATE
        return not self.is_full and heard >= announced * (1 - MISSING_SHARE)

    def read(self, container: av.container.InputContainer) -> None:
        """Decode until the end or the cap; damaged packets are passed over."""
        for packet in container.demux(self._stream):
            for frame in _frames(packet):
                self._add(frame)
                if self.is_full:
                    return
        self._keep(self._resampler.resample(None))

    def samples(self) -> npt.NDArray[np.float32]:
        """What was heard, without values that are no numbers."""
        if not self._parts:
            raise Refused("no_sound")
        whole = np.concatenate(self._parts)[: self._most]
        return np.nan_to_num(whole, posinf=0.0, neginf=0.0)

    def _add(self, frame: av.AudioFrame) -> None:
        self._follow_clock(frame)
        try:
            self._keep(self._resampler.resample(frame))
        except ValueError:
            # Rate or layout changed in the middle, which MP3 and AAC may do.
            self._resampler = _resampler()
            self._keep(self._resampler.resample(frame))

    def _follow_clock(self, frame: av.AudioFrame) -> None:
        if frame.time is None or not frame.sample_rate:
            return
        if self._first is None:
            self._first = frame.time
        end = frame.time + frame.samples / frame.sample_rate
        self._last = max(self._last, end)

    def _keep(self, frames: list[av.AudioFrame]) -> None:
        for frame in frames:
            part = frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)
            self._parts.append(part)
            self._count += part.size


def _resampler() -> av.AudioResampler:
    return av.AudioResampler(format="flt", layout="mono", rate=RATE)


def _frames(packet: av.Packet[av.AudioStream]) -> Iterator[av.AudioFrame]:
    # An unknown codec is a ValueError: some are seen only once a packet is there.
    with contextlib.suppress(av.FFmpegError, ValueError):
        yield from packet.decode()


def _stream(container: av.container.InputContainer) -> av.AudioStream:
    for stream in container.streams.audio:
        # Decoding a stream of an unknown kind kills the interpreter.
        if stream.codec_context is not None:
            return stream
    raise Refused("no_sound")


def decode(data: bytes, most_seconds: float) -> tuple[npt.NDArray[np.float32], bool]:
    """Samples, and whether they are the whole recording. Raises `Refused`."""
    source = io.BytesIO(data)
    try:
        container = av.open(source, "r", options=READER_OPTIONS, **_NAMES)
    except MemoryError:
        # FFmpeg's own kind is an FFmpegError too, but says nothing of the format.
        raise
    except (av.FFmpegError, ValueError) as error:
        raise Refused("not_audio") from error
    with container:
        reading = Reading(_stream(container), int(most_seconds * RATE))
        # If the container ends in rubbish, what came before it is kept.
        with contextlib.suppress(av.FFmpegError):
            reading.read(container)
        return reading.samples(), reading.is_complete


def limit(memory_bytes: int, processor_seconds: int) -> None:
    """Bind this process to its limits; it may write no files."""
    # Some systems know no limit on address space.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(most_seconds: str, memory_bytes: str, processor_seconds: str) -> None:
    """Answer for the recording on stdin."""
    limit(int(memory_bytes), int(processor_seconds))
    try:
        samples, complete = decode(sys.stdin.buffer.read(), float(most_seconds))
    except Refused as refused:
        _write({"bad": str(refused)})
    except MemoryError:
        _write({"bad": "too_heavy"})
    else:
        _write({"samples": samples.size, "complete": complete}, samples.tobytes())


def _write(header: dict[str, str | int], body: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + body)


if __name__ == "__main__":
    main(*sys.argv[1:])
