"""How much of what was said a recogniser got wrong, by language and recogniser.

Word error rate: words replaced, left out or added, as a share of the words that a
person wrote down; the character error rate likewise. Both texts are made alike first:
`normalised` says how.
"""

import random
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import jiwer

FEWEST = 30
"""With fewer notes an interval says more than anybody knows."""

RESAMPLES = 1_000
SEED = 2026
"""The same notes give the same interval."""

ARABIC = frozenset({"ar", "ary"})
_TURKISH = str.maketrans({"I": "ı", "İ": "i"})
_LETTERS = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "ئ": "ي",
        "ى": "ي",
        "ة": "ه",
        "\u0640": None,
    }
)
_APOSTROPHES = dict.fromkeys(map(ord, "'\u2019\u2018\u02bc`"))
_NOT_WORD = re.compile(r"[^\w\s]|_", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a person wrote down of a note, and what a recogniser made of it."""

    language: str
    engine: str
    model: str
    reference: str
    hypothesis: str


@dataclass(frozen=True, slots=True)
class Score:
    """What a recogniser got wrong in a language, as shares: 0.25 is every fourth.

    `low` and `high` hold the word error rate with 95 % certainty, as far as these notes
    stand for others; None for fewer than `FEWEST`. A rate above 1 is possible: words
    can be made up.
    """

    language: str
    engine: str
    model: str
    notes: int
    words: int
    word_errors: float
    character_errors: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class _Count:
    """Errors and lengths of one note."""

    word_errors: int
    words: int
    character_errors: int
    characters: int


def normalised(text: str, language: str) -> str:
    """Return `text` as it is compared: small letters, no punctuation, digits 0-9.

    Apostrophes go without a trace, all other signs become spaces. Turkish I and İ
    become ı and i. In Arabic, vowel marks and the stretch mark go, and the letters that
    people write either way are one: hamza on any seat, final ya and ta marbuta. Accents
    of Latin letters stay.
    """
    if language == "tr":
        text = text.translate(_TURKISH)
    text = unicodedata.normalize("NFKC", text).casefold()
    if language in ARABIC:
        text = _without_marks(text.translate(_LETTERS))
    text = "".join(map(_digit, text.translate(_APOSTROPHES)))
    return " ".join(_NOT_WORD.sub(" ", text).split())


def _without_marks(text: str) -> str:
    return "".join(each for each in text if not unicodedata.combining(each))


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def scores(trials: Iterable[Trial]) -> list[Score]:
    """Return a score for each language and recogniser, in the order of their names.

    Notes of which nothing is left but signs do not count.
    """
    counted: dict[tuple[str, str, str], list[_Count]] = {}
    for each in trials:
        if count := _count(each):
            key = (each.language, each.engine, each.model)
            counted.setdefault(key, []).append(count)
    return [_score(*key, counts) for key, counts in sorted(counted.items())]


def _count(trial: Trial) -> _Count | None:
    said = normalised(trial.reference, trial.language)
    heard = normalised(trial.hypothesis, trial.language)
    if not said:
        return None
    words = jiwer.process_words(said, heard)
    signs = jiwer.process_characters(said, heard)
    return _Count(
        word_errors=words.substitutions + words.deletions + words.insertions,
        words=words.hits + words.substitutions + words.deletions,
        character_errors=signs.substitutions + signs.deletions + signs.insertions,
        characters=signs.hits + signs.substitutions + signs.deletions,
    )


def _score(language: str, engine: str, model: str, counts: Sequence[_Count]) -> Score:
    low, high = _interval(counts) if len(counts) >= FEWEST else (None, None)
    characters = sum(each.characters for each in counts)
    return Score(
        language=language,
        engine=engine,
        model=model,
        notes=len(counts),
        words=sum(each.words for each in counts),
        word_errors=_rate(counts),
        character_errors=sum(each.character_errors for each in counts) / characters,
        low=low,
        high=high,
    )


def _rate(counts: Sequence[_Count]) -> float:
    errors = sum(each.word_errors for each in counts)
    return errors / sum(each.words for each in counts)


def _interval(counts: Sequence[_Count]) -> tuple[float, float]:
    """Draw notes anew, with repeats, and leave out the outer twentieth.

    Whole notes are drawn: the words of one voice stand and fall together.
    """
    dice = random.Random(SEED)  # noqa: S311 - no secret
    rates = sorted(_rate(dice.choices(counts, k=len(counts))) for _ in range(RESAMPLES))
    outer = RESAMPLES // 40
    return rates[outer], rates[-outer - 1]


def as_json(score: Score) -> Mapping[str, object]:
    """Return a score as JSON knows it: rates to four places."""
    told = {name: getattr(score, name) for name in score.__slots__}
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in told.items()
    }
