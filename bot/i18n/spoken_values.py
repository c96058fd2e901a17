"""Amounts, days, hours and codes as they are said, not as they are written.

Hours keep their number and add the minutes ("negen uur dertig"): "half tien" is half
past eight to many who learnt Dutch late. An Arabic month is said by its name and by its
number, for the names differ between Rabat and Damascus, and the screen shows a number.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.domain.money import Money
from bot.domain.say import Code, Moment
from bot.i18n.catalogues import find_spoken
from bot.i18n.number_words import number_words
from bot.i18n.values import LOCALES, part_of_day

_REMEMBERED = 4_096
_HALF_HOUR, _QUARTER, _TWELVE, _TEN = 30, 15, 12, 10

_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
    "twentieth"
).split()

# Monday first, as `date.weekday` counts.
_AR_DAYS: Sequence[str] = (
    "الِاثْنَيْن",
    "الثُّلَاثَاء",
    "الأَرْبِعَاء",
    "الخَمِيس",
    "الجُمُعَة",
    "السَّبْت",
    "الأَحَد",
)
_AR_MONTHS: Sequence[str] = (
    "يَنَايِر",
    "فِبْرَايِر",
    "مَارِس",
    "أَبْرِيل",
    "مَايُو",
    "يُونْيُو",
    "يُولْيُو",
    "أُغُسْطُس",
    "سِبْتَمْبَر",
    "أُكْتُوبَر",
    "نُوفَمْبَر",
    "دِيسَمْبَر",
)
_AR_HOURS: Sequence[str] = (
    "الوَاحِدَةَ",
    "الثَّانِيَةَ",
    "الثَّالِثَةَ",
    "الرَّابِعَةَ",
    "الخَامِسَةَ",
    "السَّادِسَةَ",
    "السَّابِعَةَ",
    "الثَّامِنَةَ",
    "التَّاسِعَةَ",
    "العَاشِرَةَ",
    "الحَادِيَةَ عَشْرَةَ",
    "الثَّانِيَةَ عَشْرَةَ",
)
_CENTS: Mapping[str, str] = {
    "nl": "{euros} en {cents} cent",
    "en": "{euros} and {cents} cents",
    "tr": "{euros} {cents} sent",
    "ar": "{euros} وَ{cents} سِنْت",
}
_PLUS: Mapping[str, str] = {"nl": "plus", "en": "plus", "tr": "artı", "ar": "زَائِد"}


def say_value(value: Money | Moment | date | Code, language: str) -> str:
    """Return an amount, an instant, a day or a code as it is said."""
    match value:
        case Money():
            return say_money(value, language)
        case Moment():
            return say_moment(value, language)
        case Code():
            return say_code(value, language)
        case date():
            return say_day(value, language)


@lru_cache(maxsize=_REMEMBERED)
def say_money(money: Money, language: str) -> str:
    """Return an amount: "twaalfduizend vijfhonderd euro", "one euro and ten cents"."""
    euros, cents = divmod(money.cents, 100)
    pattern = find_spoken(language, "%(sum)s euro", "%(sum)s euros", euros)
    told = pattern.fill({"sum": number_words(euros, language)})
    if not cents:
        return told
    words = number_words(cents, language)
    if language == "ar":
        words = words.replace("اِ", "ا", 1)  # "and" takes its first vowel
    return _CENTS[language].format(euros=told, cents=words)


@lru_cache(maxsize=_REMEMBERED)
def say_day(day: date, language: str) -> str:
    """Return a day: "vrijdag dertien november", "Friday the thirteenth of November"."""
    number = number_words(day.day, language)
    if language == "ar":
        month = f"{_AR_MONTHS[day.month - 1]}، شَهْر {number_words(day.month, 'ar')}"
        return f"{_AR_DAYS[day.weekday()]}، {number} {month}"
    weekday = format_date(day, "EEEE", locale=LOCALES[language])
    month = format_date(day, "MMMM", locale=LOCALES[language])
    if language == "en":
        return f"{weekday} the {_ordinal(day.day)} of {month}"
    if language == "tr":
        return f"{number} {month} {weekday}"
    return f"{weekday} {number} {month}"


@lru_cache(maxsize=_REMEMBERED)
def say_moment(moment: Moment, language: str) -> str:
    """Return day and hour in the zone of the moment; midnight ends the day before."""
    local = moment.at.astimezone(ZoneInfo(moment.zone))
    midnight = (local.hour, local.minute) == (0, 0)
    told = {
        "day": say_day(local.date() - timedelta(days=midnight), language),
        "hour": say_hour(local, language),
    }
    return find_spoken(language, part_of_day(local)).fill(told)


def say_hour(local: datetime, language: str) -> str:
    """Return the hour of a twelve-hour clock: "negen uur dertig", "dokuz buçuk"."""
    hour, minute = local.hour % _TWELVE or _TWELVE, local.minute
    if language == "ar":
        return _AR_HOURS[hour - 1] + _arabic_minutes(minute)
    words = number_words(hour, language) + (" uur" if language == "nl" else "")
    if not minute:
        return words
    if language == "tr" and minute == _HALF_HOUR and hour != _TWELVE:
        return f"{words} buçuk"  # the half of twelve has a word of its own there
    nought = "oh " if language == "en" and minute < _TEN else ""
    return f"{words} {nought}{number_words(minute, language)}"


def say_code(code: Code, language: str) -> str:
    """Return a code sign by sign, with a pause after each group.

    "020 123" is said "nul twee nul, één twee drie"; letters by their names.
    """
    return ", ".join(
        " ".join(_sign(sign, language) for sign in group).rstrip(",")
        for group in code.groups
    )


def _sign(sign: str, language: str) -> str:
    if sign == "+":
        return _PLUS[language]
    if sign.isdecimal():
        return number_words(int(sign), language)
    # A capital that stands apart is read as a letter, never as the word "a".
    return f"{sign.upper()},"


def _ordinal(number: int) -> str:
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    tens, unit = ("twenty" if number < 30 else "thirty"), number % 10  # noqa: PLR2004
    return f"{tens}-{_ORDINALS[unit - 1]}" if unit else f"{tens.removesuffix('y')}ieth"


def _arabic_minutes(minute: int) -> str:
    """Return what follows the hour: nothing, a quarter, a half, or so many minutes."""
    if minute in {0, _QUARTER, _HALF_HOUR}:
        return {0: "", _QUARTER: " وَالرُّبْعَ", _HALF_HOUR: " وَالنِّصْفَ"}[minute]
    if minute <= len("12"):
        return (" وَدَقِيقَة", " وَدَقِيقَتَيْن")[minute - 1]
    words = number_words(minute, "ar", feminine=True)
    return f" وَ{words} " + ("دَقَائِق" if minute <= _TEN else "دَقِيقَة")
