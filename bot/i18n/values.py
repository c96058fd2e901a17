"""Amounts, days and hours in the words of each language, with the digits 0-9.

The same few values are said many times, so each is worded once and remembered.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from bot.domain.money import Money
from bot.domain.say import N_, Code, Moment
from bot.i18n.catalogues import Pattern, find_pattern

# Morocco writes 0-9 and 12.500, as the Dutch and Turkish readers of one letter see it.
LOCALES: Mapping[str, str] = {"nl": "nl", "en": "en_GB", "tr": "tr", "ar": "ar_MA"}
_DAYS: Mapping[str, str] = {
    "nl": "EEEE d MMMM",
    "en": "EEEE d MMMM",
    "tr": "d MMMM EEEE",
    "ar": "EEEE d/M",  # names of months differ between the countries of our readers
}
_BETWEEN_HOUR_AND_MINUTES: Mapping[str, str] = {
    "nl": ".",
    "en": ":",
    "tr": ".",
    "ar": ":",
}
_REMEMBERED = 4_096

# The first hour of each part of the day; the last that has begun is meant.
_PARTS: tuple[tuple[int, str], ...] = (
    (0, N_("%(day)s, %(hour)s at night")),
    (6, N_("%(day)s, %(hour)s in the morning")),
    (12, N_("%(day)s, %(hour)s at noon")),
    (13, N_("%(day)s, %(hour)s in the afternoon")),
    (18, N_("%(day)s, %(hour)s in the evening")),
)


@lru_cache(maxsize=_REMEMBERED)
def money_words(money: Money, language: str) -> str:
    """Return an amount as "12.500 euro"; cents are said only if there are any."""
    euros, cents = divmod(money.cents, 100)
    count = 2 if cents else euros  # "1.50 euros", as one says it
    pattern = ngettext("%(sum)s euro", "%(sum)s euros", count, language)
    return pattern.fill({"sum": money_digits(money, language)})


def money_digits(money: Money, language: str) -> str:
    """Return an amount without its unit, "12,500"; cents only if there are any."""
    places = "#,##0.00" if money.cents % 100 else "#,##0"
    amount = Decimal(money.cents) / 100
    return format_decimal(amount, places, locale=LOCALES[language])


def amount_words(money: Money | None, language: str) -> str:
    """Return a row of an account: a dash for no amount, a minus below nothing."""
    if money is None:
        return "–"
    sign = "−" if money.cents < 0 else ""
    return sign + money_words(Money(abs(money.cents)), language)


@lru_cache(maxsize=_REMEMBERED)
def day_words(day: date, language: str) -> str:
    """Return a day with its weekday: "vrijdag 13 november", "13 Kasım Cuma"."""
    return format_date(day, _DAYS[language], locale=LOCALES[language])


@lru_cache(maxsize=_REMEMBERED)
def moment_words(moment: Moment, language: str) -> str:
    """Return an instant as day and hour of its zone: "…, 8 uur 's avonds".

    Midnight is said as the end of the day before it: "until Friday, 12 at night"
    must not be taken for the night after.
    """
    local = moment.at.astimezone(ZoneInfo(moment.zone))
    day = local.date() - timedelta(days=local.time() == time.min)
    told = {"day": day_words(day, language), "hour": _hour(local, language)}
    return find_pattern(language, part_of_day(local)).fill(told)


def part_of_day(local: datetime) -> str:
    """Return the message id that says a day, an hour, and the part of the day."""
    return [row for first, row in _PARTS if first <= local.hour][-1]


def code_words(code: Code) -> str:
    """Return a code as it came if it has groups, else in threes: "+31 612 345 678"."""
    groups = code.groups
    text = code.text.strip()
    return text if not groups or "".join(groups) != text else " ".join(groups)


def ngettext(one: str, many: str, n: int, language: str) -> Pattern:
    """Return the form for `n`; named so that the extraction knows both ids."""
    return find_pattern(language, one, many, n)


def _hour(local: datetime, language: str) -> str:
    """Return the hour as on a wall clock: "8", or "8.30" if it is not whole."""
    hour = str(local.hour % 12 or 12)
    if not local.minute:
        return hour
    return f"{hour}{_BETWEEN_HOUR_AND_MINUTES[language]}{local.minute:02}"
