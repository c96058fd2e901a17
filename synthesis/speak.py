"""A program: sentences on stdin, sound on stdout, one after the other until the end.

It is run as a child of its own because both libraries it can use, eSpeak NG and
Piper, are under the GPL, and because they read what residents wrote: here they can
crash, swell or hang without taking anybody along. It imports nothing of this package.

Arguments: the engine, the longest sound in seconds, the seconds for one sentence,
the memory in bytes; for Piper also `language=file` for each of its voices.

A question is a line of JSON: `text`, `voice` and, for eSpeak NG, `rate` in words per
minute. An answer is a line of JSON, then as many bytes as its `bytes` says: 16-bit
samples, mono, in the machine's own byte order, `rate` of them per second. An answer
with `bad` says why there is no sound: `too_slow`, `too_heavy` or `broken` is this
sentence; with `no_voice` and a `why`, no sentence can be spoken in this voice.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import sys
import unicodedata
from typing import IO, TYPE_CHECKING, NoReturn, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from piper import PiperVoice

PARENT_LOOKED_FOR_SECONDS = 2.0
CHUNK = 65_536

# espeak-ng/speak_lib.h
SYNCHRONOUS = 2
CHARACTERS_UTF8 = 1  # and not SSML, nor phonemes between double brackets
POSITION_CHARACTER = 1
SPEAKING_RATE = 1
# How a fork says why it ended without sound.
TOO_HEAVY, NO_VOICE, BROKEN = 3, 4, 5
SAMPLE_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Unspoken(Exception):  # noqa: N818 - it says why
    """There is no sound of this sentence: `too_slow`, `too_heavy` or `broken`."""


class NoVoice(Exception):  # noqa: N818 - it says what is wrong
    """There is no sound of any sentence in this voice; the message says why."""


class Engine(Protocol):
    """A library that has been loaded."""

    def say(self, text: str, voice: str, rate: int) -> tuple[bytes, int]:
        """Return samples and their rate. Raises `Unspoken` and `NoVoice`."""
        ...


class Espeak:
    """eSpeak NG, loaded once; each sentence is said in a fork of that moment.

    The library keeps state from one sentence to the next. A fork begins where all
    others began, so that the same sentence always sounds the same, and spares the
    start of an interpreter.
    """

    def __init__(self, most_seconds: float, wall_seconds: float, memory: int) -> None:
        """Load the library and its data. Raises OSError and `NoVoice`."""
        import espeakng_loader

        self._wall, self._memory = wall_seconds, memory
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        folder = espeakng_loader.get_data_path().encode()
        # Not the mode with a thread of its own: a fork would come without it.
        self._rate = self._library.espeak_Initialize(SYNCHRONOUS, 0, folder, 0)
        if self._rate <= 0:
            raise NoVoice(f"eSpeak NG finds no data in {folder.decode()}")
        self._most_bytes = int(most_seconds * self._rate) * 2

    def say(self, text: str, voice: str, rate: int) -> tuple[bytes, int]:
        """Return samples of at most the longest sound. Raises as `Engine` says."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            self._say_and_end(writing, text, voice, rate)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            made = pipe.read()
        _, status = os.waitpid(child, 0)
        if status and os.waitstatus_to_exitcode(status) == NO_VOICE:
            raise NoVoice(f"eSpeak NG has no voice {voice!r}")
        if status:
            raise Unspoken(_reason(os.waitstatus_to_exitcode(status)))
        return made, self._rate

    def _say_and_end(self, pipe: int, text: str, voice: str, rate: int) -> NoReturn:
        """Be the fork; whatever happens, it never returns to the parent's loop."""
        try:
            # Its own alarm: it ends in time even if nobody is left to wait for it.
            signal.setitimer(signal.ITIMER_REAL, self._wall)
            limit(self._memory)
            made = self._samples(text.encode(errors="replace"), voice, rate)
            with os.fdopen(pipe, "wb") as output:
                output.write(made)
            os._exit(0)
        except MemoryError:
            os._exit(TOO_HEAVY)
        except NoVoice:
            os._exit(NO_VOICE)
        finally:
            os._exit(BROKEN)

    def _samples(self, text: bytes, voice: str, rate: int) -> bytes:
        made = bytearray()

        def keep(samples: ctypes._Pointer[ctypes.c_short], count: int, _: int) -> bool:
            if count > 0:
                made.extend(ctypes.string_at(samples, 2 * count))
            return len(made) > self._most_bytes  # a true answer ends the sentence

        kept = SAMPLE_CALLBACK(keep)
        self._library.espeak_SetSynthCallback(kept)
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise NoVoice(voice)
        self._library.espeak_SetParameter(SPEAKING_RATE, rate, 0)
        self._library.espeak_Synth(
            text, len(text) + 1, 0, POSITION_CHARACTER, 0, CHARACTERS_UTF8, None, None
        )
        return bytes(made[: self._most_bytes])


def _reason(code: int) -> str:
    if code == TOO_HEAVY:
        return "too_heavy"
    return "too_slow" if code == -signal.SIGALRM else "broken"


class Piper:
    """Voices of Piper, each read when it is first asked for and kept.

    Who asks limits the time, by ending this program.
    """

    def __init__(
        self, files: Mapping[str, str], most_seconds: float, memory: int
    ) -> None:
        """Keep where the voices are. Raises ImportError if Piper is not installed."""
        from piper import PiperVoice

        self._load = PiperVoice.load
        self._files = files
        self._most_seconds = most_seconds
        self._loaded: dict[str, PiperVoice] = {}
        limit(memory)

    def say(self, text: str, voice: str, rate: int) -> tuple[bytes, int]:  # noqa: ARG002
        """Return samples at the voice's own speed. Raises as `Engine` says."""
        loaded = self._voice(voice)
        # Vowel marks that people wrote are better than those a model guesses.
        loaded.use_tashkeel = not _has_vowel_marks(text)
        try:
            return self._samples(loaded, text), loaded.config.sample_rate
        except MemoryError as error:
            raise Unspoken("too_heavy") from error
        # onnxruntime and Piper each raise their own, some of them bare.
        except Exception as error:
            raise Unspoken("broken") from error

    def _samples(self, voice: PiperVoice, text: str) -> bytes:
        made = bytearray()
        most_bytes = int(self._most_seconds * voice.config.sample_rate) * 2
        for chunk in voice.synthesize(text):
            made += chunk.audio_int16_bytes
            if len(made) > most_bytes:
                break
        return bytes(made[:most_bytes])

    def _voice(self, name: str) -> PiperVoice:
        if name not in self._loaded:
            try:
                self._loaded[name] = self._load(self._files[name])
            # Whatever it is that the file is not.
            except Exception as error:
                raise NoVoice(f"{self._files[name]}: {error}") from error
        return self._loaded[name]


def _has_vowel_marks(text: str) -> bool:
    # Everyday Arabic has one here and there: "شكراً" is not marked.
    marks = sum(unicodedata.combining(letter) > 0 for letter in text)
    return 3 * marks > sum(map(str.isalpha, text))


def limit(memory_bytes: int) -> None:
    """Bind this process to so much memory; it leaves no core and writes no file."""
    # Some systems know no limit on address space.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def questions(pipe: int) -> Iterator[dict[str, str | int]]:
    """Yield what is asked until nobody is left who could ask.

    The end of the pipe says so. A process that was forked while we ran may hold it
    open, so we also look whether our parent is still the same.
    """
    parent = os.getppid()
    waiting = bytearray()
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    while os.getppid() == parent:
        if not poll.poll(PARENT_LOOKED_FOR_SECONDS * 1000):
            continue
        came = os.read(pipe, CHUNK)
        if not came:
            return
        waiting += came
        *lines, rest = waiting.split(b"\n")
        waiting = bytearray(rest)
        yield from map(json.loads, lines)


def answer(engine: Engine, question: dict[str, str | int], output: IO[bytes]) -> None:
    """Say one sentence and write what came of it."""
    text, voice = str(question["text"]), str(question["voice"])
    try:
        samples, rate = engine.say(text, voice, int(question.get("rate", 0)))
    except Unspoken as unspoken:
        write(output, {"bad": str(unspoken)})
    except NoVoice as lack:
        write(output, {"bad": "no_voice", "why": str(lack)})
    else:
        write(output, {"bytes": len(samples), "rate": rate}, samples)


def own_output() -> IO[bytes]:
    """Keep stdout for answers: what a library prints goes where its errors go."""
    kept = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(kept, "wb")


def write(output: IO[bytes], header: dict[str, str | int], body: bytes = b"") -> None:
    """Write one answer, at once."""
    output.write(json.dumps(header).encode() + b"\n" + body)
    output.flush()


def opened(engine: str, limits: list[str], files: list[str]) -> Engine:
    """Load the engine of this name. Raises what its library raises, and `NoVoice`."""
    most_seconds, wall_seconds, memory_bytes = limits
    if engine == "piper":
        voices = dict(each.split("=", 1) for each in files)
        return Piper(voices, float(most_seconds), int(memory_bytes))
    return Espeak(float(most_seconds), float(wall_seconds), int(memory_bytes))


def main(engine: str, *arguments: str) -> None:
    """Answer all questions on stdin."""
    output = own_output()
    try:
        ready = opened(engine, list(arguments[:3]), list(arguments[3:]))
    # Whatever it is, the operator has to hear it from who started us.
    except Exception as error:  # noqa: BLE001
        write(output, {"bad": "no_voice", "why": f"{type(error).__name__}: {error}"})
        return
    for question in questions(sys.stdin.fileno()):
        answer(ready, question, output)


if __name__ == "__main__":
    main(*sys.argv[1:])
