"""From a `Say` to what the reader sees, in four languages."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.languages import LANGUAGES, Language
from bot.domain.money import Money
from bot.domain.say import Free, Local, Moment, Param, Say
from bot.i18n import CatalogueError, direction, list_label, render
from bot.i18n.catalogues import find_pattern, load_translations
from bot.i18n.values import day_words, moment_words, money_words

FSI, PDI = "\u2068", "\u2069"
AMSTERDAM = "Europe/Amsterdam"
BENCH = {"nl": "Bank", "en": "Bench", "tr": "Bank", "ar": "مقعد"}


def row(msgid: str, **params: Param) -> Say:
    return Say(msgid, params)


def amount(cents: int) -> Say:
    return row("It costs %(amount)s.", amount=Money(cents))


def plan(title: Param, number: int = 21) -> Say:
    return row("%(plan)s – %(title)s", plan=number, title=title)


def moment(text: str, zone: str = AMSTERDAM) -> Moment:
    return Moment(datetime.fromisoformat(text).astimezone(UTC), zone)


IN_FOUR_LANGUAGES: list[tuple[str, Say, Mapping[str, str]]] = [
    (
        "a sentence without parameters",
        Say("You can vote now."),
        {
            "nl": "U kunt nu stemmen.",
            "en": "You can vote now.",
            "tr": "Şimdi oy verebilirsiniz.",
            "ar": "يمكنكم التصويت الآن.",
        },
    ),
    (
        "one row that greets each reader differently",
        Say("Welcome. English: choose 2."),
        {
            "nl": "Welkom. Nederlands: kies 1.",
            "en": "Welcome. English: choose 2.",
            "tr": "Hoş geldiniz. Türkçe: 3'ü seçin.",
            "ar": "أهلاً بكم. العربية: اختاروا 4.",
        },
    ),
    (
        "a plan's number is not grouped",
        row("Your plan has number %(plan)s.", plan=1100),
        {
            "nl": "Uw plan heeft nummer 1100.",
            "en": "Your plan has number 1100.",
            "tr": "Planınızın numarası: 1100.",
            "ar": "رقم خطتكم: 1100.",
        },
    ),
    (
        "whole euros",
        amount(12_500_00),
        {
            "nl": "Het kost 12.500 euro.",
            "en": "It costs 12,500 euros.",
            "tr": "Maliyeti: 12.500 euro.",
            "ar": "التكلفة: 12.500 يورو.",
        },
    ),
    (
        "cents only where there are any",
        amount(1_250_50),
        {
            "nl": "Het kost 1.250,50 euro.",
            "en": "It costs 1,250.50 euros.",
            "tr": "Maliyeti: 1.250,50 euro.",
            "ar": "التكلفة: 1.250,50 يورو.",
        },
    ),
    (
        "a day with its weekday",
        row("The result comes on %(date)s.", date=date(2026, 11, 13)),
        {
            "nl": "De uitslag komt op vrijdag 13 november.",
            "en": "The result comes on Friday 13 November.",
            "tr": "Sonuç 13 Kasım Cuma tarihinde açıklanacak.",
            "ar": "تُعلن النتيجة يوم الجمعة 13/11.",
        },
    ),
    (
        "a moment by the clock of its zone",
        row(
            "You can vote until %(closing)s.",
            closing=moment("2026-11-13T20:00+01:00"),
        ),
        {
            "nl": "U kunt stemmen tot vrijdag 13 november, 8 uur 's avonds.",
            "en": "You can vote until Friday 13 November, 8 in the evening.",
            "tr": "Oy vermek için son tarih: 13 Kasım Cuma, akşam saat 8.",
            "ar": "يمكنكم التصويت حتى الجمعة 13/11، الساعة 8 مساءً.",
        },
    ),
    (
        "a text that officials gave in each language",
        plan(Local(BENCH)),
        {"nl": "21 – Bank", "en": "21 – Bench", "tr": "21 – Bank", "ar": "21 – مقعد"},
    ),
    (
        "a text that is only there in Dutch",
        plan(Local({"nl": "Bank"})),
        {
            "nl": "21 – Bank",
            "en": "21 – Bank",
            "tr": "21 – Bank",
            "ar": f"21 – {FSI}Bank{PDI}",
        },
    ),
    (
        "words of a person in Latin letters",
        plan(Free("Bank (2)!")),
        {
            "nl": "21 – Bank (2)!",
            "en": "21 – Bank (2)!",
            "tr": "21 – Bank (2)!",
            "ar": f"21 – {FSI}Bank (2)!{PDI}",
        },
    ),
    (
        "words of a person in Arabic letters",
        plan(Free("مقعد تحت الشجر")),
        {
            "nl": f"21 – {FSI}مقعد تحت الشجر{PDI}",
            "en": f"21 – {FSI}مقعد تحت الشجر{PDI}",
            "tr": f"21 – {FSI}مقعد تحت الشجر{PDI}",
            "ar": "21 – مقعد تحت الشجر",
        },
    ),
    (
        "a sentence within a row",
        row(
            "%(date)s: %(status)s",
            date=date(2026, 11, 13),
            status=Say("This plan is chosen."),
        ),
        {
            "nl": "vrijdag 13 november: Dit plan is gekozen.",
            "en": "Friday 13 November: This plan is chosen.",
            "tr": "13 Kasım Cuma: Bu plan seçildi.",
            "ar": "الجمعة 13/11: تم اختيار هذه الخطة.",
        },
    ),
    (
        "a name of the product in an Arabic sentence",
        row(
            "Welcome to Buurtstem, from the municipality of %(city)s.",
            city=Free("Amsterdam"),
        ),
        {
            "nl": "Welkom bij Buurtstem, van de gemeente Amsterdam.",
            "en": "Welcome to Buurtstem, from the municipality of Amsterdam.",
            "tr": "Amsterdam Belediyesi'nin Buurtstem hattına hoş geldiniz.",
            "ar": f"أهلاً بكم في {FSI}Buurtstem{PDI}، "
            f"خدمة من بلدية {FSI}Amsterdam{PDI}.",
        },
    ),
    (
        "a receipt, read from the left in every language",
        row("Your receipt: %(receipt)s.", receipt="7K4M-21"),
        {
            "nl": "Uw bewijs: 7K4M-21.",
            "en": "Your receipt: 7K4M-21.",
            "tr": "Takip numaranız: 7K4M-21.",
            "ar": f"رقم الإيصال: {FSI}7K4M-21{PDI}.",
        },
    ),
]


@pytest.mark.parametrize(
    ("say", "told"),
    [pytest.param(say, told, id=name) for name, say, told in IN_FOUR_LANGUAGES],
)
def test_in_four_languages(say: Say, told: Mapping[str, str]) -> None:
    assert {language: render(say, language) for language in LANGUAGES} == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_say_in_its_own_language_is_shown_in_it(language: Language) -> None:
    greeting = "Welcome. English: choose 2."
    assert render(Say(greeting, language="ar"), language) == render(Say(greeting), "ar")


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


@pytest.mark.parametrize("n", [0, 1, 2, 3, 11, 100, 101])
def test_every_arabic_plural_form_is_worded(n: int) -> None:
    told = render(Say("%(sum)s euro", {"sum": "x", "n": n}, "%(sum)s euros"), "ar")
    assert told == f"{FSI}x{PDI} يورو"


def test_a_plural_is_chosen_by_n() -> None:
    def told(n: int) -> str:
        return render(Say("%(sum)s euro", {"sum": n, "n": n}, "%(sum)s euros"), "en")

    assert [told(n) for n in (0, 1, 2)] == ["0 euros", "1 euro", "2 euros"]


def test_a_plural_without_its_number_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="whole number"):
        render(Say("%(sum)s euro", {"sum": 1}, "%(sum)s euros"), "nl")


def test_a_missing_parameter_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="plan"):
        render(Say("Plan %(plan)s."), "nl")


def test_a_message_of_no_catalogue_is_its_own_text() -> None:
    assert render(row("A new row with %(what)s.", what=1), "tr") == "A new row with 1."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_button_has_words(language: str) -> None:
    words = {"nl": "Kies", "en": "Choose", "tr": "Seçin", "ar": "اختاروا"}
    assert list_label(language) == words[language]


def test_only_arabic_is_written_from_the_right() -> None:
    assert [direction(language) for language in LANGUAGES] == ["ltr"] * 3 + ["rtl"]


def test_values_are_worded_once() -> None:
    at, day, money = moment("2026-03-01T20:00+01:00"), date(2026, 3, 1), Money(7_00)
    told = [moment_words(at, "tr"), day_words(day, "tr"), money_words(money, "tr")]
    before = [f.cache_info().misses for f in (moment_words, day_words, money_words)]
    again = [moment_words(at, "tr"), day_words(day, "tr"), money_words(money, "tr")]
    after = [f.cache_info().misses for f in (moment_words, day_words, money_words)]
    assert (told, before) == (again, after)


def test_a_catalogue_that_is_not_compiled_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        CatalogueError, match=r"nl/LC_MESSAGES/messages\.mo.*make setup"
    ):
        load_translations(tmp_path, "nl")


def test_a_catalogue_that_is_none_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "nl" / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a catalogue")
    with pytest.raises(CatalogueError, match="make setup"):
        load_translations(tmp_path, "nl")


def test_a_fifth_language_is_refused() -> None:
    with pytest.raises(CatalogueError, match="'fr' is none of nl, en, tr, ar"):
        find_pattern("fr", "Yes")
