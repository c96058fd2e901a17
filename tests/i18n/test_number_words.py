"""Numbers in words, judged by people's words, by our own ears, and by eSpeak."""

import re
from collections.abc import Mapping, Sequence

import pytest

from bot.domain.languages import LANGUAGES
from bot.flows.numbers import TOP, find_numbers
from bot.flows.spelling import plain
from bot.i18n.number_words import number_words
from bot.i18n.sounding import sounding
from tests.phonemes import sounds

BY_HAND: Mapping[int, tuple[str, str, str, str]] = {
    0: ("nul", "zero", "sıfır", "صِفْر"),
    1: ("één", "one", "bir", "وَاحِد"),
    12: ("twaalf", "twelve", "on iki", "اِثْنَيْ عَشَر"),
    21: ("eenentwintig", "twenty-one", "yirmi bir", "وَاحِد وَعِشْرِين"),
    22: ("tweeëntwintig", "twenty-two", "yirmi iki", "اِثْنَيْن وَعِشْرِين"),
    36: ("zesendertig", "thirty-six", "otuz altı", "سِتَّة وَثَلَاثِين"),
    83: ("drieëntachtig", "eighty-three", "seksen üç", "ثَلَاثَة وَثَمَانِين"),
    100: ("honderd", "one hundred", "yüz", "مِئَة"),
    102: ("honderd twee", "one hundred and two", "yüz iki", "مِئَة وَاثْنَيْن"),
    110: ("honderd tien", "one hundred and ten", "yüz on", "مِئَة وَعَشَرَة"),
    299: (
        "tweehonderd negenennegentig",
        "two hundred and ninety-nine",
        "iki yüz doksan dokuz",
        "مِئَتَيْن وَتِسْعَة وَتِسْعِين",
    ),
    1_000: ("duizend", "one thousand", "bin", "أَلْف"),
    1_005: ("duizend vijf", "one thousand and five", "bin beş", "أَلْف وَخَمْسَة"),
    2_000: ("tweeduizend", "two thousand", "iki bin", "أَلْفَيْن"),
    3_000: ("drieduizend", "three thousand", "üç bin", "ثَلَاثَةِ آلَاف"),
    12_500: (
        "twaalfduizend vijfhonderd",
        "twelve thousand five hundred",
        "on iki bin beş yüz",
        "اِثْنَيْ عَشَر أَلْف وَخَمْسِمِئَة",
    ),
    100_000: ("honderd duizend", "one hundred thousand", "yüz bin", "مِئَةِ أَلْف"),
    200_000: ("tweehonderd duizend", "two hundred thousand", "iki yüz bin", "مِئَتَيْ أَلْف"),
    350_000: (
        "driehonderd vijftigduizend",
        "three hundred and fifty thousand",
        "üç yüz elli bin",
        "ثَلَاثِمِئَة وَخَمْسِين أَلْف",
    ),
    1_000_000: ("één miljoen", "one million", "bir milyon", "مِلْيُون"),
    2_000_000: ("twee miljoen", "two million", "iki milyon", "مِلْيُونَيْن"),
    10_000_000: ("tien miljoen", "ten million", "on milyon", "عَشَرَةِ مَلَايِين"),
}
ROUND = [*range(1_000, 20_000, 500), *range(20_000, 10_000_001, 70_000)]
# Where eSpeak's digits and words differ, and both are right: how full an "en" or "and"
# is, which of two allophones stands, whether a consonant is said once more or voiced.
SAME: Mapping[str, Sequence[tuple[str, str]]] = {
    "nl": (("[ɛə]n", "ən"), ("ɡ", "ɣ"), ("f", "v"), ("n+", "n"), ("mi", "mɪ")),
    "en": (("dən(?!$)", "dand"),),
    "tr": (
        ("ɪ", "i"),
        ("[ɛæ]", "e"),
        ("ɔ", "o"),
        ("ʊ", "u"),
        ("ø", "y"),
        ("[ɟc]", "k"),
    ),
}


def folded(heard: str, language: str) -> str:
    for way, other in SAME[language]:
        heard = re.sub(way, other, heard)
    return heard


@pytest.mark.parametrize("number", BY_HAND)
def test_numbers_are_in_the_words_of_a_person(number: int) -> None:
    said = tuple(number_words(number, language) for language in LANGUAGES)
    assert said == BY_HAND[number]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_is_what_our_own_grammar_understands(language: str) -> None:
    for number in range(TOP + 1):
        heard = plain(number_words(number, language), language).split()
        assert find_numbers(heard, language) == ([number], [])


@pytest.mark.parametrize("language", SAME)
def test_espeak_says_the_words_as_it_says_the_digits(language: str) -> None:
    numbers = [*range(1_000), *ROUND]
    words = [sounding(number_words(n, language), language) for n in numbers]
    said = zip(
        numbers,
        sounds(words, language),
        sounds([*map(str, numbers)], language),
        strict=True,
    )
    assert [
        row for row in said if folded(row[1], language) != folded(row[2], language)
    ] == []


def test_all_numbers_sound_different() -> None:
    for language in LANGUAGES:
        numbers = [*range(1_000), *ROUND]
        words = {sounding(number_words(n, language), language) for n in numbers}
        assert len(words) == len(set(numbers))
        assert len(set(sounds(sorted(words), language))) == len(words)


def test_arabic_counts_plans_in_the_feminine() -> None:
    told = [number_words(n, "ar", feminine=True) for n in (3, 11, 23, 103)]
    assert told == ["ثَلَاث", "إِحْدَى عَشْرَة", "ثَلَاث وَعِشْرِين", "مِئَة وَثَلَاث"]


def test_what_is_too_great_for_words_is_said_digit_by_digit() -> None:
    assert number_words(1_000_000_000, "en") == "one" + " zero" * 9


def test_a_number_below_nought_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="-1 is below nought"):
        number_words(-1, "nl")
