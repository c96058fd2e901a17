"""Numbers in words, 0 to 299, in the four languages: what a plan number can be.

One table per language maps every way to say a number (spelled plainly, see
`spelling.plain`) to the number. Longest match first: "yirmi bir" is 21, not 20, 1.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from bot.flows.arabic import Spoken, arabic_numbers, joined
from bot.flows.spelling import plain

TOP = 299
LONGEST = 6

_NL_UNITS = "nul een twee drie vier vijf zes zeven acht negen".split()
_NL_TEENS = (
    "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien"
).split()
_NL_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()
_EN_UNITS = "zero one two three four five six seven eight nine".split()
_EN_TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_TR_UNITS = "sıfır bir iki üç dört beş altı yedi sekiz dokuz".split()
_TR_TENS = "on yirmi otuz kırk elli altmış yetmiş seksen doksan".split()
_AND = "و"
"""Arabic writes "and" together with the next word: "عشرين وثلاثين", "٢١ و٣٠"."""


def _dutch() -> Iterator[Spoken]:
    """Dutch says the unit first: eenentwintig, also written apart."""
    below = [*enumerate(_NL_UNITS), *enumerate(_NL_TEENS, 10)]
    for ten, name in enumerate(_NL_TENS, 2):
        below.append((ten * 10, name))
        for unit, word in enumerate(_NL_UNITS[1:], 1):
            below += [
                (ten * 10 + unit, f"{word}{gap}en{gap}{name}") for gap in ("", " ")
            ]
    for number, words in below:
        yield words, number
        for hundred, name in (
            (100, "honderd"),
            (200, "tweehonderd"),
            (200, "twee honderd"),
        ):
            ways = [name] if number == 0 else [f"{name}{words}", f"{name} {words}"]
            ways += [f"{name} en {words}"] if number else []
            yield from ((way, hundred + number) for way in ways)


def _english() -> Iterator[Spoken]:
    """English: twenty one; one hundred and ten, a hundred ten, one ten."""
    below = [*enumerate(_EN_UNITS), *enumerate(_EN_TEENS, 10)]
    for ten, name in enumerate(_EN_TENS, 2):
        below.append((ten * 10, name))
        below += [(ten * 10 + u, f"{name} {w}") for u, w in enumerate(_EN_UNITS[1:], 1)]
    hundreds = ((100, "one hundred"), (100, "a hundred"), (100, "hundred"))
    for number, words in below:
        yield words, number
        for hundred, name in (*hundreds, (200, "two hundred")):
            ways = [f"{name} {words}", f"{name} and {words}"] if number else [name]
            yield from ((way, hundred + number) for way in ways)


def _turkish() -> Iterator[Spoken]:
    """Turkish counts straight on: yüz yirmi bir; also written together."""
    below = list(enumerate(_TR_UNITS))
    for ten, name in enumerate(_TR_TENS, 1):
        below.append((ten * 10, name))
        for unit, word in enumerate(_TR_UNITS[1:], 1):
            below += [(ten * 10 + unit, f"{name}{gap}{word}") for gap in (" ", "")]
    for number, words in below:
        yield words, number
        for hundred, name in ((100, "yüz"), (200, "iki yüz"), (200, "ikiyüz")):
            ways = [f"{name} {words}", f"{name}{words}"] if number else [name]
            yield from ((way, hundred + number) for way in ways)


@cache
def number_words(language: str) -> Mapping[str, int]:
    """Return every plain spelling of 0 to 299 in `language`, with its number."""
    makers = {"nl": _dutch, "en": _english, "tr": _turkish, "ar": arabic_numbers}
    return MappingProxyType({plain(words): n for words, n in makers[language]()})


def find_numbers(words: Sequence[str], language: str) -> tuple[list[int], list[str]]:
    """Split plain words into the numbers among them and the words that are left.

    A digit counts only as a word of its own: "na3am" and "2e" hold no number.
    """
    parts = list(numbers_among(words, language))
    found = [number for number, _ in parts if number is not None]
    return found, [word for number, word in parts if number is None]


def numbers_among(
    words: Sequence[str], language: str
) -> Iterator[tuple[int | None, str]]:
    """Yield the words in order: each number with all its words, others with None."""
    table = number_words(language)
    at = 0
    while at < len(words):
        number, width = _number_at(words, at, table)
        yield number, " ".join(words[at : at + width])
        at += width


def _number_at(
    words: Sequence[str], at: int, table: Mapping[str, int]
) -> tuple[int | None, int]:
    """Return the number that begins at word `at`, and how many words it takes."""
    word = words[at]
    if word.isascii() and word.isdigit():
        return (int(word), 1) if len(word) <= 4 else (None, 1)  # noqa: PLR2004
    for width in range(min(LONGEST, len(words) - at), 0, -1):
        number = table.get(joined(" ".join(words[at : at + width])))
        if number is not None:
            return number, width
    bare = word.removeprefix(_AND)
    if bare not in {"", word} and not bare.startswith(_AND * 2):
        return _number_at([*words[:at], bare, *words[at + 1 :]], at, table)
    return None, 1
