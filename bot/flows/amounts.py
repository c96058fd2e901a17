"""Amounts of money as people write and say them: "12,50", "twaalf euro vijftig"."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from bot.domain.languages import Language
from bot.domain.spending import MOST_CENTS
from bot.flows.digits import find_digits
from bot.flows.numbers import find_numbers
from bot.flows.spelling import plain

_EURO = frozenset(map(plain, "euro euros eur avro yuro يورو أورو اورو".split()))
_COMMA = frozenset(map(plain, "komma comma point virgül فاصلة".split()))
_CENT = frozenset(map(plain, "cent cents sent ct سنت سنتا سنتات سنتيم".split()))
_HALF: Mapping[str, int] = {plain("buçuk"): 50, plain("نصف"): 50, plain("ونصف"): 50}
_SIGNS = str.maketrans({"٫": ".", "٬": "", "،": ",", "\u00a0": " ", "\u202f": " "})
_WRITTEN = re.compile(
    r"(?<![\d.,])(?P<euros>\d{1,3}(?:[. ]\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,7})"
    r"(?:[.,](?P<cents>\d{1,2}|-+))?(?![.,]?\d)"
)
_LONGEST = 7
_HUNDRED = 100


def find_amount(text: str, language: Language) -> int | None:
    """Return the one amount in `text`, in cents; None if there is none, or several.

    Figures of any script, with point or comma; words of the talk's language.
    """
    plainly = "".join(map(_digit, text.translate(_SIGNS)))
    cents = _written(plainly)
    if cents is None:
        cents = _said(plain(text, language).split(), language)
    return cents if cents and 0 < cents <= MOST_CENTS else None


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def _written(text: str) -> int | None:
    """Return an amount that is one figure with its cents: "1.250,00", "€ 12.5"."""
    found = list(_WRITTEN.finditer(text))
    if len(found) != 1 or len(re.findall(r"\d+", text)) != _parts(found[0][0]):
        return None
    euros = int(re.sub(r"\D", "", found[0]["euros"]))
    cents = (found[0]["cents"] or "").strip("-").ljust(2, "0")
    if any(word in _CENT for word in plain(text).split()):
        return euros if not int(cents) else None
    return euros * _HUNDRED + int(cents)


def _parts(figure: str) -> int:
    return len(re.findall(r"\d+", figure))


def _said(words: Sequence[str], language: Language) -> int | None:
    """Return an amount in words: euros before the word for them, cents behind it."""
    parts = _COMMA if _COMMA.intersection(words) else _EURO
    at = next((n for n, word in enumerate(words) if word in parts), None)
    if at is None:
        return _without_euro(words, language)
    euros = _number(words[:at], language)
    after = [word for word in words[at + 1 :] if word not in _CENT | _EURO]
    half = next((_HALF[word] for word in (*words[:at], *after) if word in _HALF), 0)
    cents = half or (_number(after, language) or 0)
    if euros is None or cents >= _HUNDRED:
        return None
    return euros * _HUNDRED + cents


def _without_euro(words: Sequence[str], language: Language) -> int | None:
    """Return what is said without the word: "twelve fifty", "fifty cents"."""
    if words and words[-1] in _CENT:
        return _number(words[:-1], language)
    numbers, rest = find_numbers(words, language)
    if len(numbers) == 2 and not rest and numbers[1] < _HUNDRED:  # noqa: PLR2004
        return numbers[0] * _HUNDRED + numbers[1]
    whole = _number(words, language)
    return None if whole is None else whole * _HUNDRED


def _number(words: Sequence[str], language: Language) -> int | None:
    """Return the one number in these words, up to seven digits."""
    told = [word for word in words if word not in _HALF]
    numbers, _ = find_numbers(told, language)
    digits = find_digits(told, language) or ""
    if len(numbers) > 1:
        return None
    if numbers and len(digits) <= len(str(numbers[0])):
        return numbers[0]
    return int(digits) if 0 < len(digits) <= _LONGEST else None
