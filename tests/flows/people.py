"""What the simulated residents are made of: people who slip, and what is heard of them.

All figures are here, each with its source or the word "assumed". People are the same in
all four languages, and whether they speak or type: person n draws the same numbers in
each group. Only what is heard of a voice note differs, as it was measured. So where one
language or one way of answering ends in fewer votes, it is the recogniser or the talk.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.domain.languages import LANGUAGES, Language
from bot.flows.state import Heard
from bot.flows.vocabulary import WORDS
from tests.flows.resident import Recording
from tests.flows.test_numbers import SCHOOLBOOK


@dataclass(frozen=True, slots=True)
class Habits:
    """What people do. Shares of answers where nothing else is said; all assumed."""

    unclear: float = 0.06
    """She mumbles, or says nothing; who types sends what is no word."""
    again: float = 0.03
    """She wants to hear the question once more."""
    wrong_number: float = 0.05
    """Of the times she names plans: one of them is another number than she means."""
    notices: float = 0.95
    """Of the times that a plan is read back which is not hers."""
    changes_mind: float = 0.08
    """Of the first read-backs that are right: she wants another plan after all."""
    silent: float = 0.02
    """She does not answer, and puts the phone away."""
    returns: float = 0.75
    """Of the silent: she comes back to it, half of them with the letter again."""
    taps_instead: float = 0.3
    """Behind an unclear turn, who speaks or types words taps a button for once."""
    gives_up: tuple[float, ...] = (0.03, 0.12, 0.3, 0.5)
    """Behind one, two, three, four or more unclear turns in a row."""
    knows: float = 0.5
    """She knows the numbers of her plans; the others are helped to choose."""
    words: Mapping[str, float] = field(
        default_factory=lambda: {"word": 0.45, "label": 0.4, "digit": 0.15}
    )
    """How a spoken answer is given: a word for it, what is on the button, its digit."""
    typing: Mapping[str, float] = field(
        default_factory=lambda: {"tap": 0.6, "digit": 0.2, "word": 0.15, "label": 0.05}
    )
    """How a silent answer is given."""


HABITS = Habits()

LIKES = 0.3
"""Of the plans she is shown: she would vote for it. Assumed."""
EARLY = 1.0
"""How much likelier she takes what she meets first, if all is as good. Assumed: twice.

It fades with each place, as `early` says.
"""


def early(place: int) -> float:
    """Return how much likelier somebody takes what she meets at `place`, from 0."""
    return 1 + EARLY * 0.7**place


@dataclass(frozen=True, slots=True)
class Hearing:
    """What became of so many notes of one kind, in voices the recogniser did not know.

    `unheard`: no speech was found. `right` and `mistaken` were believed, the latter
    though something else was written; what is left was not believed. `unsure` are those
    of the believed that are to be confirmed.
    """

    notes: int
    unheard: int
    right: int
    mistaken: int
    unsure: int


HEARD: Mapping[Language, Mapping[str, Hearing]] = {
    "nl": {
        "answer": Hearing(64, 2, 53, 6, 13),
        "number": Hearing(64, 0, 60, 4, 6),
        "counted": Hearing(64, 2, 43, 19, 1),
    },
    "en": {
        "answer": Hearing(64, 1, 57, 3, 11),
        "number": Hearing(64, 0, 64, 0, 4),
        "counted": Hearing(64, 3, 53, 8, 0),
    },
    "tr": {
        "answer": Hearing(64, 2, 56, 4, 5),
        "number": Hearing(64, 0, 64, 0, 5),
        "counted": Hearing(64, 5, 48, 10, 0),
    },
    "ar": {
        "answer": Hearing(64, 0, 57, 7, 5),
        "number": Hearing(64, 0, 62, 2, 2),
        "counted": Hearing(64, 4, 43, 17, 0),
    },
}
"""Measured: `python -m tests.instruments.evaluate FOLDER --count 64`.

The test instrument in voices it has never heard; short answers and single numbers are
right in 473 of 512 notes, several numbers in 187 of 256. See docs/performance.md.
"""

LOST_OF_MISTAKEN = 0.3
"""Of several numbers that were written wrong: one is left out, else one is another.

Assumed, after what was written in the same measurement.
"""


SAID: Mapping[Language, Mapping[str, str]] = {
    language: {act: row[language].split("|")[0] for act, row in WORDS.items()}
    for language in LANGUAGES
}
"""The word for each answer, as people know it whatever the bot understands."""


@dataclass(frozen=True, slots=True)
class Ear:
    """The recogniser in one language: what is written of what somebody says."""

    language: Language
    random: Random
    heard: Mapping[Language, Mapping[str, Hearing]] = field(
        default_factory=lambda: HEARD
    )

    def says(self, words: str) -> Recording:
        """Return what is heard of an answer in words."""
        return self._heard("answer", words, self._another_answer)

    def counts(self, numbers: Sequence[int]) -> Recording:
        """Return what is heard of numbers that are said in one breath."""
        kind = "number" if len(numbers) == 1 else "counted"
        return self._heard(kind, self._words(numbers), lambda: self._other(numbers))

    def _heard(self, kind: str, words: str, mistaken: Callable[[], str]) -> Recording:
        seen, drawn = self.heard[self.language][kind], self.random.random()
        place = drawn * seen.notes
        if place < seen.unheard:
            return Recording("", Heard.NOTHING)
        if place >= seen.unheard + seen.right + seen.mistaken:
            return Recording(words, Heard.BADLY)
        right = place < seen.unheard + seen.right
        unsure = self.random.random() * (seen.right + seen.mistaken) < seen.unsure
        level = Heard.UNSURE if unsure else Heard.WELL
        return Recording(words if right else mistaken(), level)

    def _another_answer(self) -> str:
        return self.random.choice([*SAID[self.language].values()])

    def _other(self, numbers: Sequence[int]) -> str:
        """Return the words with one number left out, or another one in its place."""
        place = self.random.randrange(len(numbers))
        left = [*numbers[:place], *numbers[place + 1 :]]
        if left and self.random.random() < LOST_OF_MISTAKEN:
            return self._words(left)
        left.insert(place, self.random.randrange(10, 100))
        return self._words(left)

    def _words(self, numbers: Sequence[int]) -> str:
        return " ".join(map(SCHOOLBOOK[self.language], numbers))
