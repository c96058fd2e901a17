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

FSI, PDI = "\u2068", "\u2069"
AMSTERDAM = "Europe/Amsterdam"
BENCH = {"nl": "Bank", "en": "Bench", "tr": "Bank", "ar": "مقعد"}


def row(msgid: str, **params: Param) -> Say:
    return Say(msgid, params)


def amount(cents: int) -> Say:
    return row("It costs %(amount)s.", amount=Money(cents))


def plan(title: Param, number: int = 21) -> Say:
    return row("%(plan)s – %(title)s", plan=number, title=title)


def moment(text: str) -> Moment:
    return Moment(datetime.fromisoformat(text).astimezone(UTC), AMSTERDAM)


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
