"""Recognisers for tests: the real one on a tiny model, and one that obeys."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from tests.transcription.tiny_model import (
    FIRST_LANGUAGE,
    PLACES,
    Weights,
    reciting_weights,
    write_folder,
)
from transcription import Level, Reason, Sound, Transcriber, Transcript, load


def reciting(folder: Path, text: str, language: str) -> Transcriber:
    """Return faster-whisper on a model that hears `text` in every sound."""
    return _loaded(folder, reciting_weights(text, language))


def torn(folder: Path, text: str, one: str, other: str) -> Transcriber:
    """Return faster-whisper on a model that cannot tell two languages apart."""
    weights = reciting_weights(text, one)
    tokens = weights["decoder.token_embedding.weight"]
    tokens[FIRST_LANGUAGE + PLACES[other]] = tokens[FIRST_LANGUAGE + PLACES[one]]
    return _loaded(folder, weights)


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

    says: deque[str | Exception] = field(default_factory=deque)
    asked: list[str | None] = field(default_factory=list)

    def transcribe(self, sound: Sound, language: str | None = None) -> Transcript:
        self.asked.append(language)
        said = self.says.popleft()
        if isinstance(said, Exception):
            raise said
        return Transcript(
            text=said,
            language=language or "nl",
            probabilities={},
            level=Level.GOOD,
            seconds=sound.seconds,
            speech_seconds=sound.seconds,
            reasons=(),
        )
