"""The nouns of hearing: a sound, what was probably said, and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SAMPLE_RATE = 16_000
"""Samples per second of every `Sound`."""

LANGUAGES = ("nl", "en", "tr", "ar")
"""The languages among which one is detected when none is given."""

CLEAR_LEAD = 0.4
CLEAR_PROBABILITY = 0.6


class Level(StrEnum):
    """How far a transcript may be trusted; what to do next follows from it."""

    GOOD = "good"
    UNSURE = "unsure"
    BAD = "bad"
    EMPTY = "empty"


class BadReason(StrEnum):
    """Why bytes could not be turned into sound."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    NOT_AUDIO = "not_audio"
    NO_SOUND = "no_sound"
    TOO_SLOW = "too_slow"
    TOO_HEAVY = "too_heavy"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Mono sound at `SAMPLE_RATE`, as 32-bit floats between -1 and 1.

    `complete` is False when it is only a part of the recording: the rest was
    beyond the cap (then `seconds` equals the cap) or was lost on the way.
    """

    samples: npt.NDArray[np.float32]
    seconds: float
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was probably said in a sound.

    `language` is the one it is written in: that of `LANGUAGES` which leads clearly,
    else the one given, else the likeliest; None if nothing was heard, or another
    language. `probabilities` is empty where too little was said to detect one;
    otherwise its sum may be well below 1: the rest went to other languages.
    `seconds` is the whole sound, `speech_seconds` the part in which somebody
    speaks, `unheard_seconds` the speech at the end that there was no time for.
    `reasons` says, in the words of `transcription.signals.Reason`, why the level is
    not GOOD. The text of a BAD transcript is for staff only.
    """

    text: str
    language: str | None
    probabilities: Mapping[str, float]
    level: Level
    seconds: float
    speech_seconds: float
    reasons: tuple[str, ...] = ()
    unheard_seconds: float = 0.0

    def clear_language(self) -> str | None:
        """The detected language if it leads by a wide margin, else None."""
        return clear_leader(self.probabilities)


def clear_leader(probabilities: Mapping[str, float]) -> str | None:
    """The likeliest language if it leads all others by a wide margin, else None."""
    ranked = sorted(probabilities, key=lambda name: -probabilities[name])
    if not ranked or probabilities[ranked[0]] < CLEAR_PROBABILITY:
        return None
    second = probabilities[ranked[1]] if len(ranked) > 1 else 0.0
    return ranked[0] if probabilities[ranked[0]] - second >= CLEAR_LEAD else None


class Transcriber(Protocol):
    """Turns sound into text."""

    def transcribe(self, sound: Sound, language: str | None) -> Transcript:
        """What was said in `sound`; `language` is the one she is expected to speak.

        Where another of the four was clearly spoken, it is written in that one. May be
        called from several threads at once. Raises `TranscriptionError`.
        """
        ...


class TranscriptionError(Exception):
    """A sound could not be turned into text.

    `permanent` means that the same attempt will fail again, whoever repeats it.
    """

    def __init__(self, message: str, *, permanent: bool) -> None:
        """Say what failed, in words for the operator's log."""
        super().__init__(message)
        self.permanent = permanent


class BadAudio(TranscriptionError):  # noqa: N818 - it says what is wrong
    """The bytes are not a recording we can read; always permanent."""

    def __init__(self, reason: BadReason) -> None:
        """Keep the reason, by which the answer to the resident is chosen."""
        super().__init__(f"unreadable recording: {reason}", permanent=True)
        self.reason = reason


class ModelError(TranscriptionError):
    """There is no usable model; recordings must wait for one, or for a person."""

    def __init__(self, message: str) -> None:
        """Say which model, and what the operator can do."""
        super().__init__(message, permanent=False)


class ModelMissing(ModelError):  # noqa: N818 - it says what is wrong
    """The model, a file of it, or the package that reads it is not there."""


class ModelBroken(ModelError):  # noqa: N818 - it says what is wrong
    """The model is there but cannot be loaded or used."""
