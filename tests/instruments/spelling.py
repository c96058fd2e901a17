"""Words to Whisper's tokens and back to the few that the instrument ever says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whisper.tokenizer import Tokenizer, get_tokenizer

from tests.instruments.lessons import Lesson
from tests.instruments.words import LANGUAGES

SILENCE = ""


@dataclass(frozen=True, slots=True)
class Spelling:
    """Whisper's tokenizer, and the numbers its tokens have during the training."""

    whisper: Tokenizer
    tokens: Sequence[int]
    sounds: Sequence[str]

    def start(self, language: str) -> list[int]:
        """What stands before every text."""
        names = ("startoftranscript", language, "transcribe", "notimestamps")
        return [self._special(name) for name in names]

    def end(self) -> int:
        """What stands after every text."""
        return self._special("endoftext")

    def text(self, written: str) -> list[int]:
        """The training's numbers of a text."""
        numbers = {token: at for at, token in enumerate(self.tokens)}
        return [numbers[token] for token in self.whisper.encode(f" {written}")]

    def words_of(self, written: str) -> list[int]:
        """Which word each token of a text belongs to, the first being 0."""
        words = [self.whisper.encode(f" {word}") for word in written.split()]
        return [at for at, tokens in enumerate(words) for _ in tokens]

    def sounds_of(self, lesson: Lesson) -> list[int]:
        """The number of the sound in each fiftieth of a second; 0 is silence."""
        made = [0] * (lesson.bands.shape[1] // 2)
        for at, name in lesson.sounds:
            made[at:] = [self.sounds.index(name)] * len(made[at:])
        return made

    def _special(self, name: str) -> int:
        token = self.whisper.special_tokens[f"<|{name}|>"]
        return list(self.tokens).index(token)


def spelling(lessons: Sequence[Lesson]) -> Spelling:
    """The spelling of everything that these lessons hold."""
    whisper = get_tokenizer(multilingual=True, num_languages=99)
    names = ("endoftext", "startoftranscript", "transcribe", "notimestamps")
    special = [whisper.special_tokens[f"<|{name}|>"] for name in (*names, *LANGUAGES)]
    said = {f" {one.written}" for one in lessons if one.written is not None}
    tokens = sorted({token for text in said for token in whisper.encode(text)})
    sounds = sorted({name for one in lessons for _, name in one.sounds} - {SILENCE})
    return Spelling(whisper, [*special, *tokens], [SILENCE, *sounds])
