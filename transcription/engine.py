"""What a recognition engine is: one short piece of speech in, text and signals out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

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


class Engine(Protocol):
    """A loaded model. Both methods may be called from several threads at once."""

    def detect(self, samples: npt.NDArray[np.float32]) -> Mapping[str, float]:
        """The probability of each of `LANGUAGES`; their sum may be below 1."""
        ...

    def recognise(self, samples: npt.NDArray[np.float32], language: str) -> Piece:
        """The text of at most `PIECE_SECONDS` of speech."""
        ...


def token_cap(seconds: float) -> int:
    """How many tokens a piece of this length may have before it is cut off.

    Fast Arabic needs about 10 per second; a model that loops would otherwise
    spend 220 on a sigh.
    """
    return min(MOST_TOKENS, FIRST_TOKENS + int(TOKENS_PER_SECOND * seconds))
