"""Recognisers for tests: the real one on a tiny model, and one that obeys."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from tests.transcription.tiny_model import (
    Weights,
    random_weights,
    reciting_weights,
    torn_weights,
    write_folder,
)
from transcription import Level, Reason, Sound, Transcriber, Transcript, load


def reciting(
    folder: Path, text: str, language: str, sureness: float = 3.0
) -> Transcriber:
    """Return faster-whisper on a model that hears `text` in every sound.

    `sureness` is as in `reciting_weights`.
    """
    return _loaded(folder, reciting_weights(text, language, sureness=sureness))


def lost(folder: Path) -> Transcriber:
    """Return faster-whisper on a model that finds every language equally likely."""
    return _loaded(folder, random_weights())


def torn(folder: Path, text: str, one: str, other: str) -> Transcriber:
    """Return faster-whisper on a model that cannot tell two languages apart."""
    return _loaded(folder, torn_weights(text, one, other))


def _loaded(folder: Path, weights: Weights) -> Transcriber:
    write_folder(folder, weights)
    found = load("faster-whisper", str(folder), folder.parent)
    assert found is not None
    return found


@dataclass(frozen=True)
class Muffled:
    """Hears the same in every sound, and knows that it is no good."""

    says: str
    reasons: tuple[str, ...] = (Reason.VERY_LOW_CONFIDENCE,)
    language: str = "nl"

    def transcribe(self, sound: Sound, language: str | None = None) -> Transcript:
        return Transcript(
            text=self.says,
            language=language or self.language,
            probabilities={},
            level=Level.BAD,
            seconds=sound.seconds,
            speech_seconds=sound.seconds,
            reasons=self.reasons,
        )


@dataclass
class Ears:
    """Hears what it is told to hear, note by note; `asked` are the languages given."""

    says: deque[str | Exception | Level] = field(default_factory=deque)
    asked: list[str | None] = field(default_factory=list)

    def transcribe(self, sound: Sound, language: str | None = None) -> Transcript:
        self.asked.append(language)
        said = self.says.popleft()
        if isinstance(said, Exception):
            raise said
        level = said if isinstance(said, Level) else Level.GOOD
        return Transcript(
            text="" if isinstance(said, Level) else said,
            language=language or "nl",
            probabilities={},
            level=level,
            seconds=sound.seconds,
            speech_seconds=sound.seconds,
            reasons=(),
        )
