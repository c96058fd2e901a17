"""Numbers as people write them in files, to exact ones; and back."""

import re
from fractions import Fraction

_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_SHARE = re.compile(r"\d+/0*[1-9]\d*")
_GROUPED = re.compile(
    r"(?P<whole>[+-]?\d{1,3}(?P<sign>[.,' \u00a0\u202f])\d{3}(?:(?P=sign)\d{3})*)"
    r"(?P<rest>(?!(?P=sign))[.,]\d+)?"
)
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_CENTS = 100
_MOST_DECIMALS = 9


def number(text: str) -> Fraction:
    """Return a number: "12.5", "12,5", "12.345,50", "12 345" or "1/3".

    Raises ValueError if it is none.
    """
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return Fraction(text.replace(",", "."))
    if _SHARE.fullmatch(text):
        return Fraction(text)
    grouped = _GROUPED.fullmatch(text)
    if grouped is None:
        raise ValueError(f'"{text}" is no number')
    whole_part = grouped["whole"].replace(grouped["sign"], "")
    return Fraction(whole_part + (grouped["rest"] or "").replace(",", "."))


def whole(text: str) -> int:
    """Return a whole number from nought up. Raises ValueError if it is none."""
    found = number(text)
    if found.denominator != 1 or found < 0:
        raise ValueError(f'"{text.strip()}" is no whole number')
    return int(found)


def cents(text: str) -> int:
    """Return an amount in whole cents.

    Raises ValueError if it is none, is below nought, or can be read in two ways:
    "12.345" is twelve thousand to one and twelve to another.
    """
    text = text.strip()
    if _TWO_WAYS.fullmatch(text):
        raise ValueError(f'"{text}" can be read in two ways; write it without a sign')
    found = number(text) * _CENTS
    if found.denominator != 1:
        raise ValueError(f'"{text}" is not a whole number of cents')
    if found < 0:
        raise ValueError(f'"{text}" is below nought')
    return int(found)


def amount(of_cents: int) -> str:
    """Return an amount as files have it: "12345", or "12345.50" if there are cents."""
    euros, rest = divmod(of_cents, _CENTS)
    return f"{euros}.{rest:02}" if rest else str(euros)


def written(found: Fraction | int) -> str:
    """Return a number that `number` gives back: "3", "0.5" or "1/3"."""
    found = Fraction(found)
    for places in range(_MOST_DECIMALS):
        scaled = found * 10**places
        if scaled.denominator == 1:
            digits = str(abs(int(scaled))).rjust(places + 1, "0")
            cut = len(digits) - places
            decimals = f".{digits[cut:]}" if places else ""
            return ("-" if found < 0 else "") + digits[:cut] + decimals
    return str(found)
