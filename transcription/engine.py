"""What a recognition engine is: one short piece of speech in, text and signals out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from transcription.nouns import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

PIECE_SECONDS = 25.0
"""The longest piece an engine is given; Whisper's own window is 30 seconds."""

MOST_TOKENS = 220
FIRST_TOKENS = 40
TOKENS_PER_SECOND = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """What an engine made of one piece of speech.

    `logprob` is the mean natural logarithm of the probability per token,
    `no_speech` the model's own probability that nobody speaks, `compression`
    how many times smaller the text is when packed.
    """

    text: str
    tokens: int
    token_cap: int
    logprob: float
    no_speech: float
    compression: float


class Window(Protocol):
    """One piece of speech that a model has taken in.

    Taking it in is most of the work: what is asked of it then costs no second time.
    """

    def languages(self) -> Mapping[str, float]:
        """The probability of each of `LANGUAGES`; their sum may be below 1."""
        ...

    def words(self, language: str) -> Piece:
        """The text, written as `language`."""
        ...


class Engine(Protocol):
    """A loaded model. May be used from several threads at once.

    `device` is where it runs ("cpu" or "cuda"), `at_once` how many pieces it hears
    side by side; more wait for their turn.
    """

    device: str
    at_once: int

    def take_in(self, samples: npt.NDArray[np.float32]) -> Window:
        """Take in at most `PIECE_SECONDS` of speech. Raises `TranscriptionError`."""
        ...


DEVICES = ("auto", "cpu", "cuda")
MOST_THREADS = 4


@dataclass(frozen=True, slots=True)
class Machine:
    """What of the machine an engine may use.

    `device` is one of `DEVICES`. `threads` are its processor threads in all; None is
    one per core, at most `MOST_THREADS`: each piece heard beside another costs memory.
    """

    device: str = "auto"
    threads: int | None = None

    def shared(self, per_piece: int) -> tuple[int, int]:
        """The threads for one piece, and how many pieces are heard side by side."""
        most = self.threads or min(MOST_THREADS, os.cpu_count() or 1)
        each = min(per_piece, most)
        return each, most // each


ANY = Machine()
"""Whatever the machine has."""

# What Whisper takes the four for most easily. Nobody here is answered in these.
_KIN = {"nl": ("nl", "af"), "tr": ("tr", "az"), "en": ("en",), "ar": ("ar",)}


def of_four(probabilities: Mapping[str, float]) -> dict[str, float]:
    """The probability of each of `LANGUAGES`, their nearest kin counted with them."""
    return {
        language: sum(probabilities.get(each, 0.0) for each in _KIN[language])
        for language in LANGUAGES
    }


def token_cap(seconds: float) -> int:
    """How many tokens a piece of this length may have before it is cut off.

    Fast Arabic needs about 10 per second; a model that loops would otherwise
    spend 220 on a sigh.
    """
    return min(MOST_TOKENS, FIRST_TOKENS + int(TOKENS_PER_SECOND * seconds))
