"""A recogniser that hears a plan of its own in every note, or nothing, or breaks."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np

from tests import sound
from transcription import Level, ModelMissing, Sound, Transcript, audio

_decode_once = functools.cache(audio.decode)


@functools.cache
def short_note() -> bytes:
    """A fifth of a second of noise, as phones send it."""
    return sound.ogg_opus(sound.noise(0.2).astype(np.float32))


@contextmanager
def decoded_once() -> Iterator[None]:
    """Let the decoder's process run once for each sound: the same bytes sound alike."""
    with patch.object(audio, "decode", _decode_once):
        yield


@dataclass
class Whisperer:
    """Hears words that nobody has said before."""

    heard: int = 0

    def transcribe(self, sound: Sound, language: str | None = None) -> Transcript:
        self.heard += 1
        if self.heard % 17 == 0:
            raise ModelMissing("no model can make this out")
        levels = (Level.GOOD, Level.GOOD, Level.GOOD, Level.BAD)
        return Transcript(
            text=f"Een schommel op plek {self.heard} in het park.",
            language=language or "nl",
            probabilities={"nl": 0.9, "en": 0.1},
            level=levels[self.heard % 4],
            seconds=sound.seconds,
            speech_seconds=sound.seconds,
            reasons=(),
        )
