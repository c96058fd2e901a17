"""Digits said one by one or in groups: telephone numbers and codes.

"nul zes, twaalf, dubbel drie" is 061233. Groups up to 9999 are known, as Turkish and
Dutch numbers are said; where digits stand in several places, the longest run is meant.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from bot.domain.languages import Language
from bot.flows.numbers import LONGEST, number_words
from bot.flows.spelling import plain

_TIMES: Mapping[Language, Mapping[str, int]] = {
    "nl": {"dubbel": 2, "dubbele": 2, "twee keer": 2, "driemaal": 3, "drie keer": 3},
    "en": {"double": 2, "triple": 3, "treble": 3},
    "tr": {"çift": 2, "iki tane": 2, "iki kere": 2, "üç tane": 3, "üç kere": 3},
    "ar": {"مرتين": 2, "دوبل": 2, "جوج ديال": 2},
}
_OWN: Mapping[Language, Mapping[str, str]] = {
    "nl": {"o": "0", "plus": "00"},
    "en": {"o": "0", "oh": "0", "nought": "0", "nil": "0", "plus": "00"},
    "tr": {"artı": "00"},
    "ar": {"زائد": "00", "زايد": "00"},
}
# Words between digits that are none and end no run.
_BETWEEN = frozenset("en and ve و w dan then sonra ثم streepje dash".split())
_HUNDREDS: Mapping[Language, str] = {
    "nl": "driehonderd vierhonderd vijfhonderd zeshonderd zevenhonderd achthonderd "
    "negenhonderd",
    "en": "three_hundred four_hundred five_hundred six_hundred seven_hundred "
    "eight_hundred nine_hundred",
    "tr": "üç_yüz dört_yüz beş_yüz altı_yüz yedi_yüz sekiz_yüz dokuz_yüz",
    "ar": "ثلاثمئة أربعمئة خمسمئة ستمئة سبعمئة ثمانمئة تسعمئة",
}


_THOUSANDS: Mapping[Language, Mapping[str, int]] = {
    "nl": {"duizend": 1},
    "en": {"thousand": 1},
    "tr": {"bin": 1},
    "ar": {"ألف": 1, "آلاف": 1, "ألفين": 2, "ألفان": 2},
}
"""Words for a thousand; with 2 where the word itself says two thousand."""

_PAIRS_OF_HUNDREDS: Mapping[Language, str] = {"nl": "honderd", "en": "hundred"}
"""Languages that say 4711 as "forty-seven hundred eleven" too."""


def find_digits(words: Sequence[str], language: Language) -> str | None:
    """Return the longest run of digits in plain `words`, as 0-9; None if there is none.

    A leading plus comes back as 00. Numbers of several digits keep their zeros ("06").
    """
    runs = [""]
    words = [part for word in words for part in _unglued(word, language)]
    at = 0
    while at < len(words):
        digits, width = _digits_at(words, at, language)
        if digits:
            runs[-1] += digits
        elif words[at] not in _BETWEEN:
            runs.append("")
        at += width
    return max(runs, key=len) or None


def in_pairs(digits: str) -> str:
    """Return digits two by two, as they are read out: "06 12 34 56 78"."""
    return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def _digits_at(words: Sequence[str], at: int, language: Language) -> tuple[str, int]:
    """Return the digits that begin at word `at` ("" if none), and how many words."""
    times, skipped = _times_at(words, at, language)
    if skipped and at + skipped < len(words):
        digit, width = _digits_at(words, at + skipped, language)
        if len(digit) == 1:
            return digit * times, skipped + width
    if words[at].isascii() and words[at].isdigit():
        return words[at], 1
    if four := _four_at(words, at, language):
        return four
    table = _table(language)
    for width in range(min(LONGEST, len(words) - at), 0, -1):
        digits = table.get(" ".join(words[at : at + width]))
        if digits is not None:
            return digits, width
    bare = words[at].removeprefix("و")
    if bare != words[at] and bare:
        return _digits_at([*words[:at], bare, *words[at + 1 :]], at, language)
    return "", 1


def _unglued(word: str, language: Language) -> Iterator[str]:
    """Take apart what Dutch writes as one: "vierduizend", "zevenenveertighonderd"."""
    if language == "nl":
        for joint in ("duizend", "honderd"):
            lead, found, after = word.partition(joint)
            value = number_words(language).get(lead, 0)
            least = 1 if joint == "duizend" else _TEN + 1
            if found and least <= value < _HUNDRED:
                yield from (part for part in (lead, joint, after) if part)
                return
    yield word


_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000


def _four_at(
    words: Sequence[str], at: int, language: Language
) -> tuple[str, int] | None:
    """Return four digits said as one number at word `at`, and how many words."""
    lead, width = _value_at(words, at, language, _HUNDRED)
    joint = at + width
    times = _thousand(words[joint], language) if joint < len(words) else 0
    if times and (not width or 1 <= lead < _TEN):
        most, step = _THOUSAND, _THOUSAND * times
    elif width and lead > _TEN and _is_hundred(words, joint, language):
        most, step = _HUNDRED, _HUNDRED
    else:
        return None
    rest, more = _value_at(words, joint + 1, language, most)
    return f"{(lead or 1) * step + rest:04}", width + 1 + more


def _thousand(word: str, language: Language) -> int:
    known = {plain(each): times for each, times in _THOUSANDS[language].items()}
    return known.get(word) or known.get(word.removeprefix("و"), 0)


def _is_hundred(words: Sequence[str], at: int, language: Language) -> bool:
    return at < len(words) and words[at] == _PAIRS_OF_HUNDREDS.get(language)


def _value_at(
    words: Sequence[str], at: int, language: Language, most: int
) -> tuple[int, int]:
    """Return the number below `most` that begins at word `at`, and its words."""
    if at < len(words) and words[at] in _BETWEEN:
        value, width = _value_at(words, at + 1, language, most)
        return value, width + 1 if width else 0
    table = _table(language)
    bare = [word if n else word.removeprefix("و") for n, word in enumerate(words[at:])]
    for width in range(min(LONGEST, len(bare)), 0, -1):
        digits = table.get(" ".join(bare[:width]))
        if digits is not None and not digits.startswith("0") and int(digits) < most:
            return int(digits), width
    return 0, 0


def _times_at(words: Sequence[str], at: int, language: Language) -> tuple[int, int]:
    for phrase, times in _TIMES[language].items():
        width = len(phrase.split())
        if " ".join(words[at : at + width]) == plain(phrase, language):
            return times, width
    return 1, 0


@cache
def _table(language: Language) -> Mapping[str, str]:
    """Return every way to say one digit or a group of digits."""
    table = {words: str(n) for words, n in number_words(language).items()}
    table |= dict(_groups(language))
    own = {plain(word, language): digits for word, digits in _OWN[language].items()}
    return MappingProxyType(table | own)


def _groups(language: Language) -> Iterator[tuple[str, str]]:
    """Yield 300 to 999, which no plan has but a telephone number may."""
    below = [(w, n) for w, n in number_words(language).items() if 0 < n < 100]  # noqa: PLR2004
    joints = {"nl": ("", " "), "en": (" ", " and "), "tr": (" ", ""), "ar": (" و",)}
    for hundred, name in enumerate(_HUNDREDS[language].split(), 3):
        said = plain(name.replace("_", " "), language)
        yield said, str(hundred * 100)
        for words, n in below:
            yield from (
                (f"{said}{joint}{words}", str(hundred * 100 + n))
                for joint in joints[language]
            )
