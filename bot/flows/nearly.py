"""A small spoken answer that is nearly one we know.

The words of a note are compared with all that can be said where she is. What lies near
is taken only if nothing that means something else is nearly as near, and it never
counts without being read back (`Checking`, or the read-back of a ballot).

A number takes a lead of `LEAD`: whatever is one letter away from a number's word can
then never be taken for another number, however the words of the two are built.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.domain.languages import Language
from bot.domain.plans import FIRST_NUMBER
from bot.flows.misheard import ANSWERS, HOMOPHONES, ordinals, others
from bot.flows.numbers import number_words
from bot.flows.sounds import ALIKE, EDIT, FAR, Lexicon
from bot.flows.spelling import plain
from bot.flows.vocabulary import LABELS, VERBS, WORDS
from bot.flows.words import is_empty, is_joint, says_nothing, understand

MOST_WORDS = 12
"""A longer note is no small answer."""
LEAD = 3
"""How much nearer numbers must be than any others: an edit and a sound."""
LEAD_OF_OTHERS = 2
"""The same where there are none, or where all sounds are right: an edit."""
_WIDEST, _KEPT, _MOST = 6, 40, 6
_AND = "و"


@dataclass(frozen=True, slots=True)
class _Reading:
    """Known words that stand for the words so far: how far off, and whether too far.

    `counted` tells that the last of them is a number; `numbers` that there are any.
    """

    words: tuple[str, ...] = ()
    cost: int = 0
    fits: bool = True
    counted: bool = False
    numbers: bool = False


@dataclass(frozen=True, slots=True)
class _Meaning:
    act: str | None
    numbers: tuple[int, ...]


def nearest(
    text: str, language: Language, acts: frozenset[str], expected: frozenset[str]
) -> str | None:
    """Return the known words that `text` nearly says; None if there are none for sure.

    `acts` are all that can be said where she is, `expected` those the state itself asks
    for. What comes back means one thing: an act, numbers, or both.
    """
    words = plain(text, language).split()
    if not 0 < len(words) <= MOST_WORDS or "?" in text or "؟" in text:
        return None
    found: dict[_Meaning, _Reading] = {}
    for reading in sorted(_readings(words, language, acts), key=lambda each: each.cost):
        meaning = _meaning(reading, language, acts | expected, expected)
        if meaning is not None and _is_possible(meaning):
            found.setdefault(meaning, reading)
    return _chosen(found, language)


def _is_possible(meaning: _Meaning) -> bool:
    """Tell whether somebody can mean this: nothing is done with plan 1."""
    small = any(number < FIRST_NUMBER for number in meaning.numbers)
    return not small or (meaning.act is None and len(meaning.numbers) == 1)


def _chosen(found: dict[_Meaning, _Reading], language: Language) -> str | None:
    """Return the nearest meaning as words, if it leads."""
    if not found:
        return None
    (best, reading), *others = found.items()
    for other, behind in others:
        differ = best.numbers != other.numbers
        lead = LEAD if differ and reading.cost > ALIKE else LEAD_OF_OTHERS
        if behind.cost < reading.cost + lead:
            return None
    if not reading.fits or reading.cost > _MOST:
        return None
    return _said(best, language) if best.numbers else " ".join(reading.words)


def _said(meaning: _Meaning, language: Language) -> str:
    """Return act and numbers as one would type them: "steun 62", "21, 30"."""
    numbers = ", ".join(map(str, meaning.numbers))
    if meaning.act is None:
        return numbers
    table = VERBS if meaning.numbers and meaning.act in VERBS else WORDS
    word = table.get(meaning.act, VERBS.get(meaning.act, {}))[language].split("|")[0]
    return f"{word} {numbers}".strip()


def _meaning(
    reading: _Reading,
    language: Language,
    acts: frozenset[str],
    expected: frozenset[str],
) -> _Meaning | None:
    words = reading.words
    if reading.numbers:
        words = tuple(word for word in words if not says_nothing(word, language))
    found = understand(" ".join(words), language)
    numbers = found.numbers if reading.numbers else ()
    act = found.act(expected)
    if act is not None and (act in acts or act in VERBS):
        return _Meaning(act, numbers)
    return _Meaning(None, numbers) if act is None and found.bare else None


def _readings(
    words: Sequence[str], language: Language, acts: frozenset[str]
) -> Iterator[_Reading]:
    """Yield ways to take all the words for known ones, the nearest of them."""
    so_far: list[list[_Reading]] = [[] for _ in range(len(words) + 1)]
    so_far[0] = [_Reading()]
    for at in range(len(words)):
        steps = list(_steps(words, at, language, acts))
        for before in _nearest_of(so_far[at]):
            for width, step in steps:
                if (after := _joined(before, step)) is not None:
                    so_far[at + width].append(after)
    return iter(so_far[-1])


def _nearest_of(readings: Sequence[_Reading]) -> list[_Reading]:
    """Return the nearest of these, one for the same words."""
    best: dict[tuple[tuple[str, ...], bool], _Reading] = {}
    for each in sorted(readings, key=lambda each: (each.cost, not each.fits)):
        best.setdefault((each.words, each.counted), each)
    return list(best.values())[:_KEPT]


def _joined(before: _Reading, step: _Reading) -> _Reading | None:
    """Return the reading with one step more; None if it is none.

    Behind a number "to" and "for" are numbers too ("twenty for"), not empty words; in
    front of one they are no numbers ("for twenty").
    """
    (word,) = step.words
    homophone = word.startswith("=")
    if not step.counted and not homophone and before.counted and word in BOTH:
        return None
    if homophone and before.words and not before.counted:
        return None
    cost = before.cost + step.cost
    if cost > FAR:
        return None
    words = (*before.words, word.removeprefix("="))
    fits, numbers = before.fits and step.fits, before.numbers or step.counted
    return _Reading(words, cost, fits, step.counted, numbers)


BOTH = frozenset(word for table in HOMOPHONES.values() for word in table)


def _steps(
    words: Sequence[str], at: int, language: Language, acts: frozenset[str]
) -> Iterator[tuple[int, _Reading]]:
    """Yield what the next words can stand for, with how many they are."""
    word = words[at]
    if is_empty(word, language):
        yield 1, _Reading((word,))
    if word.isascii() and word.isdigit():
        yield 1, _Reading((word,), counted=True)
    if (answer := _answers(language).get(word)) is not None:
        yield 1, _Reading((answer,), ALIKE)
    for joint, way in _ways(word):
        if (number := HOMOPHONES[language].get(way)) is not None:
            name = f"={joint}{_names(language)[number]}"
            yield 1, _Reading((name,), ALIKE, counted=True)
    for width in range(1, min(_WIDEST, len(words) - at) + 1):
        if width > 1 and is_joint(words[at + width - 1]):
            continue
        said = " ".join(words[at : at + width])
        if (ordinal := _ordinals(language).get(said.replace(" ", ""))) is not None:
            yield width, _Reading((ordinal,), ALIKE, counted=True)
        near = [*_near(said, numbers_near(language), counted=True)]
        if not others(language).intersection(way for _, way in _ways(said)):
            near += _near(said, _commands(language, acts), counted=False)
        yield from ((width, each) for each in near)


def _near(said: str, lexicon: Lexicon, *, counted: bool) -> Iterator[_Reading]:
    """Yield what lies near these words; an "and" is not misheard, it joins numbers."""
    for joint, way in _ways(said):
        for canonical, (cost, length) in lexicon.near(way).items():
            if counted and _joints(way) != _joints(canonical):
                continue
            word = f"{joint}{canonical}"
            yield _Reading((word,), cost, cost <= _allowed(length), counted)


def _joints(words: str) -> int:
    return len(words) - len(words.lstrip(_AND))


def _ways(said: str) -> Iterator[tuple[str, str]]:
    """Yield words as they are, and with the Arabic "and" taken off the first."""
    yield "", said
    if said.startswith(_AND) and len(said) > 1:
        yield _AND, said.removeprefix(_AND).strip()


def _allowed(length: int) -> int:
    """Return how far off a word of this length may be: short ones must sound right."""
    edits = 0 if length < 4 else 1 if length < 8 else 2 if length < 14 else 3  # noqa: PLR2004
    return max(ALIKE, edits * EDIT)


@cache
def _names(language: Language) -> dict[int, str]:
    """Return one way to write each number, the one a schoolbook has."""
    names: dict[int, str] = {}
    for words, number in number_words(language).items():
        names.setdefault(number, words)
    return names


@cache
def numbers_near(language: Language) -> Lexicon:
    """Return the numbers of a language, to be asked for what lies near."""
    names = _names(language)
    return Lexicon(language, {w: names[n] for w, n in number_words(language).items()})


@cache
def _answers(language: Language) -> Mapping[str, str]:
    slips = ANSWERS[language].items()
    return {plain(slip): plain(answer) for slip, answer in slips}


@cache
def _ordinals(language: Language) -> Mapping[str, str]:
    """Return ordinals, written as one, with the words of their numbers."""
    names = _names(language)
    return {w.replace(" ", ""): names[n] for w, n in ordinals(language).items()}


@cache
def _commands(language: Language, acts: frozenset[str]) -> Lexicon:
    """Return the phrases of these acts, and the verbs that stand before a number."""
    rows = (*WORDS.items(), *LABELS.items())
    wanted = [texts[language] for act, texts in rows if act in acts]
    wanted += [texts[language] for texts in VERBS.values()]
    phrases = [each for row in wanted for each in row.split("|")]
    return Lexicon(language, {plain(each, language): each for each in phrases})
