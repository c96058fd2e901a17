"""The examination: voices never heard, through everything the product does to a note.

Each clip is spoken, spoilt, packed as OGG/Opus, and given as bytes to the product's own
decoder, speech detector, engine and judge of levels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.instruments.clips import Clip, Samples, speak, spoil
from tests.instruments.strange import SENTENCES
from tests.instruments.voices import draw_voice
from tests.instruments.words import Saying, answers, counted, number, plans
from tests.sound import ogg_opus
from transcription import Level, Recogniser, Transcript
from transcription.audio import decode

SEED = 20_261


@dataclass(frozen=True, slots=True)
class Question:
    """What is said, what should be written (None: it cannot know), and the note."""

    language: str
    kind: str
    written: str | None
    samples: Samples

    def note(self) -> bytes:
        """The voice note as it comes from a messenger."""
        return ogg_opus(self.samples)


@dataclass(slots=True)
class Marks:
    """How one kind of question went in one language.

    `unheard` are those in which the product found too little speech to ask any engine;
    `right` is what was written exactly, `believed` those of them it did not call bad;
    `mistaken` is what was written otherwise and believed, `unsure` what of all that is
    believed it would have confirmed.
    """

    asked: int = 0
    unheard: int = 0
    right: int = 0
    believed: int = 0
    mistaken: int = 0
    unsure: int = 0
    languages: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str]] = field(default_factory=list)

    def add(self, question: Question, heard: Transcript, language: str | None) -> None:
        """Count one answer; `language` is the one detected."""
        right = question.written is not None and heard.text == question.written
        self.asked += 1
        self.unheard += heard.level is Level.EMPTY
        self.right += right
        believed = heard.level in {Level.GOOD, Level.UNSURE}
        self.believed += right and believed
        self.mistaken += believed and not right
        self.unsure += heard.level is Level.UNSURE
        self.languages += language == question.language
        self.levels[heard.level.value] += 1
        if not right:
            self.wrong.append((question.written or "-", heard.text))

    @property
    def share(self) -> float:
        """The share of what reached the engine that was written exactly, 0 to 1."""
        return self.right / max(1, self.asked - self.unheard)


def questions(language: str, count: int) -> list[Question]:
    """`count` of each of answers, numbers and counted; fewer plans and strange ones."""
    draw = np.random.default_rng([SEED, *language.encode()])
    asked = list(_asked(language, count, draw))
    clips = [
        Clip(language, spoken, draw_voice(draw, heard=False), int(draw.integers(2**62)))
        for _, spoken, _ in asked
    ]
    return [
        Question(
            language,
            kind,
            written,
            spoil(spoken.samples, np.random.default_rng(one.seed))[0],
        )
        for (kind, _, written), one, spoken in zip(
            asked, clips, speak(clips), strict=True
        )
    ]


def _asked(
    language: str, count: int, draw: np.random.Generator
) -> Iterator[tuple[str, str, str | None]]:
    some: dict[str, Sequence[Saying]] = {
        "answer": _spread(answers(language), count, draw),
        "number": _spread([number(language, one) for one in range(100)], count, draw),
        "counted": [counted(language, draw) for _ in range(count)],
        "plan": plans(language),
    }
    for kind, sayings in some.items():
        yield from ((kind, one.spoken, one.written) for one in sayings)
    yield from (("strange", text, None) for text in SENTENCES[language])


def _spread(
    sayings: Sequence[Saying], count: int, draw: np.random.Generator
) -> list[Saying]:
    """`count` of them in any order; each once before any comes again."""
    rounds = [draw.permutation(len(sayings)) for _ in range(-(-count // len(sayings)))]
    return [sayings[int(at)] for at in np.concatenate(rounds)[:count]]


def examine(
    recogniser: Recogniser, asked: Sequence[Question], *, detecting: bool = False
) -> dict[str, Marks]:
    """Marks for each kind of question; the language is told unless `detecting`."""
    marks: dict[str, Marks] = {}
    for one in asked:
        sound = decode(one.note())
        heard = recogniser.transcribe(sound, None if detecting else one.language)
        marks.setdefault(one.kind, Marks()).add(one, heard, heard.language)
    return marks
