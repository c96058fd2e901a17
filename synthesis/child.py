"""A program of ours that answers one question after another, started when needed."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from synthesis.nouns import SynthesisError, VoiceBroken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Header = Mapping[str, str | int]

PROGRAM = Path(__file__).with_name("speak.py")
# It reads what residents wrote: it gets no secret of ours to give away.
KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
CHUNK = 1024 * 1024

PERMANENT = {"too_slow": False, "too_heavy": True, "broken": True}


class _Ended(Exception):  # noqa: N818 - it says what happened
    """The program went away before its answer was whole, or says what is none."""


class Child:
    """One child process and the way to ask it. Safe to share between threads.

    Questions are answered one at a time. A program that died is started again, and
    ends by itself when we end, however we do.
    """

    def __init__(self, arguments: Sequence[str], answer_seconds: float) -> None:
        """Keep the arguments of the program; nothing is started yet."""
        self._arguments = arguments
        self._answer_seconds = answer_seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._inherited: list[object] = []

    def ask(self, question: Header) -> tuple[Header, bytes]:
        """Return the header and the body of the answer.

        Raises `VoiceBroken` if the program has no voice, `SynthesisError` for this
        question: permanent if it broke the program's own limits, not if the program
        gave no answer in time or ended twice.
        """
        with self._lock:
            try:
                header, body = self._asked(question)
            except _Ended:
                header, body = self._asked_again(question)
        if "bad" in header:
            raise _failure(header)
        return header, body

    def close(self) -> None:
        """End the program, if it runs; the next question starts another."""
        with self._lock:
            self._end()

    def _asked_again(self, question: Header) -> tuple[Header, bytes]:
        try:
            return self._asked(question)
        except _Ended as error:
            raise SynthesisError(
                "the program that speaks ended twice", permanent=False
            ) from error

    def _asked(self, question: Header) -> tuple[Header, bytes]:
        process = self._running()
        try:
            _write(process.stdin, json.dumps(question).encode() + b"\n")
            return _read(process.stdout, time.monotonic() + self._answer_seconds)
        except TimeoutError as error:
            self._end()
            raise SynthesisError(
                f"no speech came in {self._answer_seconds:g} seconds", permanent=False
            ) from error
        except BaseException:
            # What was not read of this answer would be taken for the next one's.
            self._end()
            raise

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            # Forked: the program is our parent's. Kept, for its end would be noticed.
            self._inherited.append(self._process)
            self._process, self._owner = None, os.getpid()
        if self._process is None:
            self._process = self._started()
        return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        try:
            # -P keeps this folder off the child's import path.
            return subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", str(PROGRAM), *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                # A group of its own: to be ended whole, and not by our Ctrl-C.
                start_new_session=True,
            )
        except OSError as error:
            raise SynthesisError(
                f"no program to speak could be started: {error}", permanent=False
            ) from error

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    # Each thread would reserve address space that is counted.
    return kept | {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def _write(pipe: IO[bytes] | None, line: bytes) -> None:
    # A question is shorter than what a pipe holds: this never waits.
    try:
        os.write(_number(pipe), line)
    except OSError as error:
        raise _Ended from error


def _number(pipe: IO[bytes] | None) -> int:
    if pipe is None or pipe.closed:
        raise _Ended
    return pipe.fileno()


def _read(source: IO[bytes] | None, deadline: float) -> tuple[Header, bytes]:
    pipe = _number(source)
    got = bytearray()
    while b"\n" not in got:
        got += _some(pipe, deadline)
    line, _, body = got.partition(b"\n")
    try:
        header: Header = json.loads(line)
    except ValueError as error:
        raise _Ended from error
    while len(body) < int(header.get("bytes", 0)):
        body += _some(pipe, deadline)
    return header, bytes(body)


def _some(pipe: int, deadline: float) -> bytes:
    """Return what comes next. Raises TimeoutError, and `_Ended` if nothing will."""
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError
    came = os.read(pipe, CHUNK)
    if not came:
        raise _Ended
    return came


def _failure(header: Header) -> SynthesisError:
    bad = str(header["bad"])
    if bad == "no_voice":
        return VoiceBroken(f"the voice cannot be used: {header['why']}")
    return SynthesisError(f"a sentence was not spoken: {bad}", permanent=PERMANENT[bad])
