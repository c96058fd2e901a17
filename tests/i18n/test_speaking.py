"""What is handed to a synthesiser for one row, in the four languages."""

import re
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.languages import LANGUAGES
from bot.domain.money import Money
from bot.domain.say import N_, Code, Free, Local, Moment, Param, Ready, Say
from bot.i18n.aloud import LONGEST
from bot.i18n.rendering import render
from bot.i18n.speaking import label_words, speak
from tests.phonemes import sounds

WORDS = N_("%(words)s")


def moment(text: str) -> Moment:
    return Moment(datetime.fromisoformat(text).astimezone(UTC), "Europe/Amsterdam")


def said(value: Param, language: str) -> str:
    """Return what is said for a value that is the whole row, composed, with no end."""
    spoken = speak(Say(WORDS, {"words": value}), language)
    return unicodedata.normalize("NFC", spoken).rstrip(".")


def four(**told: str) -> list[tuple[str, str]]:
    return [(language, told[language]) for language in LANGUAGES]


@pytest.mark.parametrize(
    ("language", "words"),
    four(
        nl="twaalf duizend vijfhonderd euro",
        en="twelve thousand five hundred euros",
        tr="on iki bin beş yüz euro",
        ar="اِثْنَيْ عَشَر أَلْف وَخَمْسِمِئَه يُورُو",
    ),
)
def test_an_amount_is_said_in_words_however_it_is_written(
    language: str, words: str
) -> None:
    assert said(Money.euros(12_500), language) == words
    for written in ("€ 12.500", "€12500", "12.500 euro", "12,500.00 €", "12500 EUR"):
        assert said(Free(written), language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    four(
        nl="twaalf euro en vijftig cent",
        en="twelve euros and fifty cents",
        tr="on iki euro elli sent",
        ar="اِثْنَيْ عَشَر يُورُو وَخَمْسِين سِنْت",
    ),
)
def test_cents_are_said_behind_the_euros(language: str, words: str) -> None:
    assert said(Money(12_50), language) == words
    assert said(Free("€ 12,50"), language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    four(
        nl="zaterdag achtentwintig november",
        en="Saturday the twenty-eighth of November",
        tr="yirmi sekiz Kasım Cumartesi",
        ar="السَبْت، ثَمَانِيَه وَعِشْرِين نُوفَمْبَر، شَهْر أَحَدَ عَشَر",
    ),
)
def test_a_day_is_said_with_its_name_and_its_month(language: str, words: str) -> None:
    assert said(date(2026, 11, 28), language) == words
    assert said(Free("28-11-2026"), language).strip() == words


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        (
            "21:30",
            (
                "negen uur dertig 's avonds",
                "nine thirty in the evening",
                "akşam saat dokuz buçuk",
                "السَاعَةَ تَّاسِعَةَ وَنِّصْفَ مَسَاءً",
            ),
        ),
        (
            "08:05",
            (
                "acht uur vijf 's ochtends",
                "eight oh five in the morning",
                "sabah saat sekiz beş",
                "السَاعَةَ ثَّامِنَةَ وَخَمْس دَقَائِق صَبَاحًا",
            ),
        ),
        (
            "12:00",
            (
                "twaalf uur 's middags",
                "twelve noon",
                "öğlen saat on iki",
                "السَاعَةَ ثَّانِيَةَ عَشْرَةَ ظُهْرًا",
            ),
        ),
    ],
)
def test_an_hour_is_said_with_its_part_of_the_day(
    clock: str, told: tuple[str, ...]
) -> None:
    at = moment(f"2026-11-13T{clock}+01:00")
    for language, words in zip(LANGUAGES, told, strict=True):
        assert said(at, language).endswith(f" {words}")
        assert said(Free(clock), language) == words


def test_midnight_is_said_as_the_end_of_the_day_before() -> None:
    assert "dertien november" in said(moment("2026-11-14T00:00+01:00"), "nl")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("020 123 45", "nul twee nul, één twee drie, vier vijf"),
        ("+31612345678", "plus drie één, zes één twee, drie vier vijf, zes zeven acht"),
        ("0612345678", "nul zes één, twee drie vier, vijf zes zeven acht"),
        ("KXQ4-7M2P", "K, X, Q, vier, zeven M, twee P"),
    ],
)
def test_a_code_is_said_sign_by_sign_with_a_pause_between_groups(
    code: str, told: str
) -> None:
    assert said(Code(code), "nl") == told


def test_a_code_is_shown_in_the_groups_it_came_in_or_in_threes() -> None:
    shown = {code: render(Say(WORDS, {"words": Code(code)}), "nl") for code in CODES}
    assert shown == CODES


CODES = {
    "020 123 4567": "020 123 4567",
    "+31612345678": "+31 612 345 678",
    "0612345678": "061 234 5678",
    "KXQ4-7M2P": "KXQ4-7M2P",
    "1234": "1234",
    "12345678": "123 456 78",
    "": "",
}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("50%", "vijftig procent"),
        ("8-10 mensen", "acht tot tien mensen"),
        ("1,5 meter", "één komma vijf meter"),
        ("06-12345678", "nul zes, één twee drie vier vijf zes zeven acht"),
        ("om 20:30 uur", "om acht uur dertig 's avonds"),
        ("plan ٢١", "plan eenentwintig"),
        ("1.2.3", "één.twee.drie"),
        ("3e straat", "3e straat"),
        ("31-2-2026", "eenendertig-twee-twee duizend zessentwintig"),
        ("0€0", "nul euro nul"),
    ],
)
def test_figures_in_a_persons_words_are_said_as_one_says_them(
    written: str, told: str
) -> None:
    assert said(Free(written), "nl") == told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("- Een bank\n• bloemen 🌳", "Een bank. bloemen"),
        ("Een bank!!! Ja??!", "Een bank! Ja?"),
        ("een bank (bij het plein) [[_^_ja]]", "een bank, bij het plein, ja"),
        ("fiets & auto, en/of bus", "fiets en auto, en, of bus"),
        ("Zie https://x.example/a?b=1.", "Zie: De link staat in het tekstbericht"),
        ("mail a.b@c.example", "mail: Het mailadres staat in het tekstbericht"),
        ("jaaaaaaa", "jaa"),
        ("\u202eabc\u0000 def", "abc def"),
        ("🌳🌳", ""),
        ("...", ""),
        ("", ""),
    ],
)
def test_signs_become_pauses_or_go(written: str, told: str) -> None:
    assert said(Free(written), "nl") == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_words_of_a_person_are_cut_behind_a_sentence(language: str) -> None:
    whole = said(Free("Een bank bij het plein. " * 3), language)
    cut = said(Free("Een bank bij het plein. " * 200), language)
    assert whole.endswith("plein")
    rest = said(Say("And so on. The rest is in the text message."), language)
    assert cut.endswith(f"plein. {rest}")
    assert len(cut) <= LONGEST[language] + len(rest) + 2


@pytest.mark.parametrize("text", ["1" * 5_000, "x" * 5_000, "\n" * 5_000, "(" * 5_000])
def test_whatever_is_endless_comes_to_an_end(text: str) -> None:
    words = said(Free(text), "nl")
    assert words.endswith("De rest staat in het tekstbericht")
    assert len(words) < 650


def test_our_own_text_is_never_cut() -> None:
    pushed = "Uw plan is gekozen.\n" * 40
    assert said(Ready(pushed), "nl").count("Uw plan is gekozen") == 40


def test_a_plan_in_a_list_is_its_number_and_its_title() -> None:
    row = Say("%(plan)s – %(title)s", {"plan": 21, "title": Local({"nl": "Een bank"})})
    assert speak(row, "nl") == "eenentwintig: Een bank."
    assert label_words(row, "nl") == "eenentwintig: Een bank"


def test_a_label_stands_in_a_sentence_without_its_own_end() -> None:
    label = Say("How is it going?")
    row = Say("For %(label)s, say %(n)s.", {"label": label, "n": 3})
    assert speak(row, "en") == "How is it going? Say three."


def test_arabic_counts_plans_in_the_feminine_and_euros_in_the_masculine() -> None:
    many = "You may choose %(n)s plans. Fewer is fine."
    row = Say("You may choose one plan.", {"n": 3}, plural=many)
    assert " ثَلَاث خُطَط." in speak(row, "ar")
    assert said(Money.euros(3), "ar") == "ثَلَاثَه يُورُو"


def test_a_row_of_another_language_is_said_in_that_language() -> None:
    assert speak(Say("English? Say 2.", language="tr"), "nl") == "Türkçe için üç deyin."


@given(st.text(max_size=400), st.sampled_from(LANGUAGES))
def test_whatever_a_person_writes_one_clean_line_is_said(
    text: str, language: str
) -> None:
    words = said(Free(text), language)
    assert "\n" not in words
    assert not re.search(r"[\[\]{}<>€%@]|https?:", words)
    assert not re.search(r"(?<![A-Za-zÀ-ɏ\d])\d+(?![A-Za-zÀ-ɏ\d])", words)


@given(
    st.from_regex(r"([€%+ ]?\d{1,9}[-.,:/ %€]){1,8}\d", fullmatch=True),
    st.sampled_from(LANGUAGES),
)
def test_whatever_figures_a_person_writes_none_is_left(
    text: str, language: str
) -> None:
    assert not re.search(r"\d{1,9}(?!\d)", said(Free(text), language))


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("خُطَّةٌ", "χut̪ːatun"),
        ("خُطَّة", "χut̪ːah"),
        ("قُولُوا", "quːluː"),
        ("فِي الْحَيّ", "filħaiː"),
        ("فِي السَّاعَة", "fissaːʕah"),
        ("أَوِ اكْتُبُوا", "ʔauiktubuː"),
        ("بِالْعَرَبِيَّة", "bilʕarabiːah"),
        ("السَّبَب", "ʔassabab"),
        ("قُولُوا اسْمَ", "quːlusma"),
        ("شُكْرًا لَكُمْ", "ʃukranlakum"),
    ],
)
def test_arabic_is_spelled_for_the_ear(written: str, heard: str) -> None:
    told = speak(Say(WORDS, {"words": Free(written)}), "ar")
    assert sounds([told], "ar")[0].replace("a.", "a").replace("u.", "u") == heard


def test_dutch_is_spelled_for_the_ear() -> None:
    assert said(36, "nl") == "zessendertig"
    assert said(Free("Typ of zeg: plan. U typt."), "nl").startswith("Tiep of zeg")
