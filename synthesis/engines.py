"""The two ways to make speech, each behind a program of its own."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Protocol

import numpy as np

from synthesis.child import Child
from synthesis.nouns import (
    LANGUAGES,
    RATE,
    SynthesisError,
    VoiceBroken,
    VoiceMissing,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from synthesis.nouns import Samples

RAW_SECONDS = 60.0
"""Where a program stops speaking, in the middle of a word if need be."""


class Engine(Protocol):
    """Says a line, as it comes. All methods may be called from several threads."""

    def identity(self, language: str) -> str:
        """Name engine, version, voice and speed. Raises `SynthesisError`."""
        ...

    def say(self, line: str, language: str) -> Samples:
        """Return raw speech at `RATE`. Raises `SynthesisError`."""
        ...

    def close(self) -> None:
        """End the program."""
        ...


@dataclass(frozen=True, slots=True)
class _Speaker:
    """A voice of eSpeak NG, and its speed in that library's words per minute."""

    voice: str
    rate: int


# The plain voice of each language, not one of the wheel's variants: those only move the
# formants that the language was tuned with. The speeds are those at which about 4.8
# syllables are heard in a second of speech, a little below what people talk at (5 to
# 6); a word of English has fewer syllables than the library thinks. Standard Arabic is
# a second language to many who hear it: 4.5.
ESPEAK_SPEAKERS = {
    "nl": _Speaker("nl", 148),
    "en": _Speaker("en", 132),
    "tr": _Speaker("tr", 150),
    "ar": _Speaker("ar", 135),
}


class Espeak:
    """eSpeak NG of the wheel espeakng-loader: always there, and always the same."""

    WALL_SECONDS = 10.0
    ANSWER_SECONDS = 20.0  # its start, and a busy machine
    MEMORY_BYTES = 256 * 1024 * 1024

    def __init__(self) -> None:
        """Start nothing yet."""
        limits = (RAW_SECONDS, self.WALL_SECONDS, self.MEMORY_BYTES)
        self._child = Child(["espeak-ng", *map(str, limits)], self.ANSWER_SECONDS)
        self._version: str | None = None

    def identity(self, language: str) -> str:
        """Name engine, version, voice and speed. Raises `SynthesisError`."""
        speaker = _speaker(language)
        # Asked for each row that is read aloud; looking it up takes a millisecond.
        self._version = self._version or _version("espeakng-loader")
        return f"espeak-ng {self._version} {speaker.voice} {speaker.rate}"

    def say(self, line: str, language: str) -> Samples:
        """Return raw speech at `RATE`. Raises `SynthesisError`."""
        speaker = _speaker(language)
        answer = self._child.ask(
            {"text": line, "voice": speaker.voice, "rate": speaker.rate}
        )
        return _sound(*answer)

    def close(self) -> None:
        """End the program."""
        self._child.close()


class Piper:
    """Piper voices from files: `<language>.onnx` and `<language>.onnx.json`.

    The same sentence sounds a little different each time: such voices hold chance.
    """

    ANSWER_SECONDS = 60.0  # reading a voice, then a minute of speech on a slow core
    MEMORY_BYTES = 4 * 1024 * 1024 * 1024

    def __init__(self, folder: Path) -> None:
        """Find the voices in `folder`; they are read at their first sentence.

        Raises `VoiceMissing` if Piper or every voice is not there, `VoiceBroken` if
        one is not what its description has to be.
        """
        self._version = _version("piper-tts", "pip install 'buurtstem[piper]'")
        self._files = _voice_files(folder)
        self._digests: dict[str, str] = {}
        self._lock = threading.Lock()
        limits = (RAW_SECONDS, self.ANSWER_SECONDS, self.MEMORY_BYTES)
        files = [f"{language}={file}" for language, file in self._files.items()]
        self._child = Child(["piper", *map(str, limits), *files], self.ANSWER_SECONDS)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that have a voice."""
        return frozenset(self._files)

    def identity(self, language: str) -> str:
        """Name engine, version and voice, by what its files hold."""
        with self._lock:
            if language not in self._digests:
                self._digests[language] = _digest(self._files[language])
            return f"piper {self._version} {self._digests[language]}"

    def say(self, line: str, language: str) -> Samples:
        """Return raw speech at `RATE`. Raises `SynthesisError`."""
        return _sound(*self._child.ask({"text": line, "voice": language}))

    def close(self) -> None:
        """End the program."""
        self._child.close()


def _speaker(language: str) -> _Speaker:
    if language not in ESPEAK_SPEAKERS:
        raise SynthesisError(f"no voice for language {language!r}", permanent=True)
    return ESPEAK_SPEAKERS[language]


def _version(package: str, remedy: str = "make setup") -> str:
    try:
        return version(package)
    except PackageNotFoundError as error:
        raise VoiceMissing(f"{package} is not installed: {remedy}") from error


def _voice_files(folder: Path) -> dict[str, Path]:
    found = {language: folder / f"{language}.onnx" for language in LANGUAGES}
    files = {language: file for language, file in found.items() if file.is_file()}
    if not files:
        raise VoiceMissing(
            f"no Piper voice in {folder}: copy nl.onnx and nl.onnx.json there (and en, "
            "tr, ar), or choose the engine espeak-ng"
        )
    for file in files.values():
        _check_description(file)
    return {language: file.absolute() for language, file in files.items()}


def _check_description(file: Path) -> None:
    description = file.with_name(f"{file.name}.json")
    try:
        rate = json.loads(description.read_text("utf-8"))["audio"]["sample_rate"]
    except FileNotFoundError as error:
        raise VoiceMissing(f"{file} lacks {description.name} beside it") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VoiceBroken(
            f"{description} is no description of a Piper voice: fetch both files again"
        ) from error
    if not isinstance(rate, int):
        raise VoiceBroken(f"{description} names no sample rate: fetch both files again")


def _digest(file: Path) -> str:
    whole = hashlib.sha256()
    try:
        for part in (file, file.with_name(f"{file.name}.json")):
            whole.update(part.read_bytes())
    except OSError as error:
        raise VoiceMissing(f"{file} has gone: {error.strerror}") from error
    return whole.hexdigest()[:16]


def _sound(header: Mapping[str, str | int], body: bytes) -> Samples:
    from synthesis.resampling import resampled

    samples = np.frombuffer(body, dtype=np.int16)
    loud = samples.astype(np.float32) / np.float32(32768)
    return resampled(loud, int(header["rate"]), RATE)
