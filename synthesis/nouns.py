"""The nouns of speaking: samples, a voice, and what can go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# In quotes, so that importing this package does not cost the loading of numpy.
Samples: TypeAlias = "npt.NDArray[np.float32]"
"""Mono sound at `RATE`, between -1 and 1."""

RATE = 24_000
"""Samples per second of all sound in this package."""

MOST_SECONDS = 60.0
"""The longest voice note."""

LANGUAGES = ("nl", "en", "tr", "ar")
"""The languages in which somebody can be spoken to."""


class Voice(Protocol):
    """Says a sentence. All methods may be called from several threads."""

    def identity(self, language: str) -> str:
        """Name all that decides how this language sounds, as part of cache keys.

        Stable between processes and machines: engine, version, voice, speed. Raises
        `SynthesisError` for a language without a voice, and if a voice is not there.
        """
        ...

    def speak(self, text: str, language: str) -> Samples:
        """Say one sentence or row; see `synthesis.Speaker` for what is promised."""
        ...

    def close(self) -> None:
        """End the programs that speak. They are started again if need be."""
        ...


class SynthesisError(Exception):
    """A text could not be spoken.

    `permanent` means that the same attempt will fail again, whoever repeats it.
    """

    def __init__(self, message: str, *, permanent: bool) -> None:
        """Say what failed, in words for the operator's log; never the text itself."""
        super().__init__(message)
        self.permanent = permanent


class VoiceError(SynthesisError):
    """There is no usable voice; whoever listens has to read until there is one."""

    def __init__(self, message: str) -> None:
        """Say which voice, and what the operator can do."""
        super().__init__(message, permanent=False)


class VoiceMissing(VoiceError):  # noqa: N818 - it says what is wrong
    """The voice, a file of it, or the package that reads it is not there."""


class VoiceBroken(VoiceError):  # noqa: N818 - it says what is wrong
    """The voice is there but cannot be loaded or used."""
