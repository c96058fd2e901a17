"""The figures in a running text, as words: amounts, days, hours, shares, codes.

The patterns are tried in the order of `_FIGURES`, the special before the plain, so that
"€ 12.500" is money before it is a number. What hangs on a letter ("3e", "12a") is left
to the synthesiser, which knows its own ordinals.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import partial

from bot.domain.money import Money
from bot.domain.say import Code
from bot.i18n.catalogues import find_spoken
from bot.i18n.number_words import number_words
from bot.i18n.spoken_values import say_code, say_day, say_hour, say_money
from bot.i18n.values import part_of_day

_NOT_BEHIND = r"(?<![A-Za-zÀ-ɏ\d])(?<!\d[.,])"
_NOT_BEFORE = r"(?![A-Za-zÀ-ɏ\d])(?![.,]\d)"
_NUMBER = r"(?:\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,]\d{1,2})?"
_EURO = r"(?:€|EUR\b|[Ee]uros?\b|[Aa]vro\b|يورو)"
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_TOUCHES = re.compile(r"[^\W_و]|€")
_FEWEST_OF_A_CODE = 7

_RANGE: Mapping[str, str] = {
    "nl": "{} tot {}",
    "en": "{} to {}",
    "tr": "{} ile {} arası",
    "ar": "{} إِلَى {}",
}
_PERCENT: Mapping[str, str] = {
    "nl": "{} procent",
    "en": "{} percent",
    "tr": "yüzde {}",
    "ar": "{} بِالْمِئَة",
}
_POINT: Mapping[str, str] = {
    "nl": "{} komma {}",
    "en": "{} point {}",
    "tr": "{} virgül {}",
    "ar": "{} فَاصِلَة {}",
}


def figures_in_words(text: str, language: str) -> str:
    """Return `text`, its digits being 0-9, with its figures in words."""
    for pattern, say in _FIGURES:
        text = pattern.sub(partial(_replaced, say, language), text)
    return text


def _replaced(say: "_Say", language: str, found: re.Match[str]) -> str:
    """Return the words for a figure, parted from letters and figures beside it."""
    before = found.string[: found.start()][-1:]
    behind = found.string[found.end() :][:1]
    gaps = (" " if _TOUCHES.match(beside) else "" for beside in (before, behind))
    return say(found, language).join(gaps)


def _money(found: re.Match[str], language: str) -> str:
    whole, cents = _parts(found["a"] or found["b"])
    return say_money(Money(whole * 100 + int(cents.ljust(2, "0"))), language)


def _day(found: re.Match[str], language: str) -> str:
    day, month, year = (int(found[part]) for part in ("d", "m", "y"))
    try:
        return f"{say_day(date(year, month, day), language)} "
    except ValueError:
        return found[0]


def _hour(found: re.Match[str], language: str) -> str:
    at = datetime.combine(date.min, time(int(found["h"]), int(found["m"])))
    told = {"day": "", "hour": say_hour(at, language)}
    return find_spoken(language, part_of_day(at)).fill(told).lstrip(" ,،")


def _code(found: re.Match[str], language: str) -> str:
    if sum(sign.isdigit() for sign in found[0]) < _FEWEST_OF_A_CODE:
        return found[0]
    return say_code(Code(found[0]), language)


def _percent(found: re.Match[str], language: str) -> str:
    return _PERCENT[language].format(_said(found["a"] or found["b"], language))


def _range(found: re.Match[str], language: str) -> str:
    ends = (number_words(int(found[end]), language) for end in ("a", "b"))
    return _RANGE[language].format(*ends)


def _number(found: re.Match[str], language: str) -> str:
    return _said(found[0], language)


def _said(digits: str, language: str) -> str:
    """Return a figure as one says it: whole, with a fraction, or sign by sign."""
    if digits.startswith("0") and digits.isdecimal() and len(digits) > 1:
        return say_code(Code(digits), language)
    whole, fraction = _parts(digits)
    words = number_words(whole, language)
    if not fraction.strip("0"):
        return words
    return _POINT[language].format(words, say_code(Code(fraction), language))


def _parts(digits: str) -> tuple[int, str]:
    """Return the whole of a figure and the digits behind its point, "" for none."""
    whole, _, fraction = _THOUSANDS.sub("", digits).replace(",", ".").partition(".")
    return int(whole), fraction


_DAY = rf"(?P<d>\d\d?)[-/.](?P<m>\d\d?)[-/.](?P<y>\d{{4}}){_NOT_BEFORE}"
_CLOCK = rf"(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d){_NOT_BEFORE}(?:\s*uur\b)?"
_ENDS = rf"(?P<a>\d{{1,4}})[-–](?P<b>\d{{1,4}})(?![-–]\d){_NOT_BEFORE}"
_EURO_FIRST = rf"{_EURO}\s*(?P<a>{_NUMBER}){_NOT_BEFORE}"
_EURO_LAST = rf"{_NOT_BEHIND}(?P<b>{_NUMBER})(?:,-)?\s*{_EURO}"
_PHONE = r"(?<![\w.,])(?:\+|0)\d(?:[\d ()-]*\d)(?!\w)|(?<!\w)\d{8,}(?!\w)"
_SHARE = rf"{_NOT_BEHIND}(?P<a>{_NUMBER})\s*%|%\s?(?P<b>{_NUMBER}){_NOT_BEFORE}"

_Say = Callable[[re.Match[str], str], str]
_FIGURES: Sequence[tuple[re.Pattern[str], _Say]] = (
    (re.compile(f"{_EURO_FIRST}|{_EURO_LAST}"), _money),
    (re.compile(_NOT_BEHIND + _DAY), _day),
    (re.compile(_NOT_BEHIND + _CLOCK), _hour),
    (re.compile(_PHONE), _code),
    (re.compile(_SHARE), _percent),
    (re.compile(rf"{_NOT_BEHIND}(?<![-–]){_ENDS}"), _range),
    (re.compile(_NOT_BEHIND + _NUMBER + _NOT_BEFORE), _number),
    # What is left are rows of figures with points ("1.2.3"): one after the other.
    (re.compile(r"(?<![A-Za-zÀ-ɏ\d])\d+(?![A-Za-zÀ-ɏ\d])"), _number),
)
