"""Amounts, days and hours, worded for each language."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.languages import LANGUAGES
from bot.domain.money import Money
from bot.domain.say import Moment
from bot.i18n.values import amount_words, day_words, moment_words, money_words

AMSTERDAM = "Europe/Amsterdam"


def moment(text: str) -> Moment:
    return Moment(datetime.fromisoformat(text).astimezone(UTC), AMSTERDAM)


HOURS = {
    "00:30": ("12.30 uur 's nachts", "12:30 at night", "gece saat 12.30", "12:30 ليلاً"),
    "05:00": ("5 uur 's nachts", "5 at night", "gece saat 5", "5 ليلاً"),
    "09:00": ("9 uur 's ochtends", "9 in the morning", "sabah saat 9", "9 صباحاً"),
    "12:00": ("12 uur 's middags", "12 noon", "öğlen saat 12", "12 ظهراً"),
    "14:15": (
        "2.15 uur 's middags",
        "2:15 in the afternoon",
        "öğleden sonra saat 2.15",
        "2:15 بعد الظهر",
    ),
    "23:59": (
        "11.59 uur 's avonds",
        "11:59 in the evening",
        "akşam saat 11.59",
        "11:59 مساءً",
    ),
}


@pytest.mark.parametrize(("clock", "told"), HOURS.items())
def test_hours_are_said_by_the_part_of_the_day(
    clock: str, told: tuple[str, ...]
) -> None:
    at = moment(f"2026-11-13T{clock}+01:00")
    for language, words in zip(LANGUAGES, told, strict=True):
        assert moment_words(at, language).endswith(words)


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("nl", "vrijdag 13"),
        ("en", "Friday 13"),
        ("tr", "13 Kasım Cuma"),
        ("ar", "13/11"),
    ],
)
def test_midnight_ends_the_day_before_it(language: str, day: str) -> None:
    assert day in moment_words(moment("2026-11-14T00:00+01:00"), language)


def test_a_moment_follows_its_zone_and_the_summer() -> None:
    at = datetime(2026, 7, 1, 18, tzinfo=UTC)
    assert moment_words(Moment(at, AMSTERDAM), "en").endswith("8 in the evening")
    assert moment_words(Moment(at, "UTC"), "en").endswith("6 in the evening")


@pytest.mark.parametrize(
    ("cents", "told"),
    [
        (0, "0 euros"),
        (1_00, "1 euro"),
        (1_50, "1.50 euros"),
        (500_000_00, "500,000 euros"),
    ],
)
def test_amounts_in_english(cents: int, told: str) -> None:
    assert money_words(Money(cents), "en") == told


def test_values_are_worded_once() -> None:
    at, day, money = moment("2026-03-01T20:00+01:00"), date(2026, 3, 1), Money(7_00)
    told = [moment_words(at, "tr"), day_words(day, "tr"), money_words(money, "tr")]
    before = [f.cache_info().misses for f in (moment_words, day_words, money_words)]
    again = [moment_words(at, "tr"), day_words(day, "tr"), money_words(money, "tr")]
    after = [f.cache_info().misses for f in (moment_words, day_words, money_words)]
    assert (told, before) == (again, after)


@pytest.mark.parametrize(
    ("amount", "told"),
    [(None, "–"), (Money(0), "0 euro"), (Money(-1250), "−12,50 euro")],
)
def test_a_row_of_an_account_has_a_dash_or_a_sign(
    amount: Money | None, told: str
) -> None:
    assert amount_words(amount, "nl") == told
