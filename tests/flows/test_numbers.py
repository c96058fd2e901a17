"""Numbers in words and digits, from 0 to 299, in four languages."""

import pytest

from bot.domain.languages import LANGUAGES, Language
from bot.flows.numbers import TOP, number_words
from bot.flows.words import understand

_NL_BELOW_20 = (
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
    "vijftien zestien zeventien achttien negentien"
).split()
_NL_TENS = ("twintig dertig veertig vijftig zestig zeventig tachtig negentig").split()
_EN_BELOW_20 = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_TR_UNITS = "sıfır bir iki üç dört beş altı yedi sekiz dokuz".split()
_TR_TENS = "on yirmi otuz kırk elli altmış yetmiş seksen doksan".split()
_AR_BELOW_20 = (
    "صفر|واحد|اثنان|ثلاثة|أربعة|خمسة|ستة|سبعة|ثمانية|تسعة|عشرة|أحد عشر|اثنا عشر|"
    "ثلاثة عشر|أربعة عشر|خمسة عشر|ستة عشر|سبعة عشر|ثمانية عشر|تسعة عشر"
).split("|")
_AR_TENS = "عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون".split()


def dutch(number: int) -> str:
    """Return a number as a Dutch schoolbook writes it."""
    if number >= 100:
        hundred = "honderd" if number < 200 else "tweehonderd"
        return hundred + (dutch(number % 100) if number % 100 else "")
    if number < 20:
        return _NL_BELOW_20[number]
    ten, unit = _NL_TENS[number // 10 - 2], _NL_BELOW_20[number % 10]
    joint = "ën" if unit in {"twee", "drie"} else "en"
    return f"{unit}{joint}{ten}" if number % 10 else ten


def english(number: int) -> str:
    """Return a number as an English schoolbook writes it."""
    if number >= 100:
        rest = f" and {english(number % 100)}" if number % 100 else ""
        return f"{_EN_BELOW_20[number // 100]} hundred{rest}"
    if number < 20:
        return _EN_BELOW_20[number]
    ten = _EN_TENS[number // 10 - 2]
    return f"{ten}-{_EN_BELOW_20[number % 10]}" if number % 10 else ten


def turkish(number: int) -> str:
    """Return a number as a Turkish schoolbook writes it."""
    if number == 0:
        return _TR_UNITS[0]
    words = [["", "yüz", "iki yüz"][number // 100]]
    words += [_TR_TENS[number // 10 % 10 - 1]] if number // 10 % 10 else []
    words += [_TR_UNITS[number % 10]] if number % 10 else []
    return " ".join(words).strip()


def arabic(number: int) -> str:
    """Return a number as an Arabic schoolbook writes it."""
    if number >= 100:
        rest = f" و{arabic(number % 100)}" if number % 100 else ""
        return ("مئة" if number < 200 else "مئتان") + rest
    if number < 20:
        return _AR_BELOW_20[number]
    ten = _AR_TENS[number // 10 - 2]
    return f"{_AR_BELOW_20[number % 10]} و{ten}" if number % 10 else ten


SCHOOLBOOK = {"nl": dutch, "en": english, "tr": turkish, "ar": arabic}
DIGITS = (
    "0123456789",
    "٠١٢٣٤٥٦٧٨٩",
    "۰۱۲۳۴۵۶۷۸۹",
    "०१२३४५६७८९",
    "０１２３４５６７８９",
)


def heard(text: str, language: Language) -> tuple[int, ...]:
    return understand(text, language).numbers


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_up_to_299_is_known_as_it_is_written(language: Language) -> None:
    written = {number: SCHOOLBOOK[language](number) for number in range(TOP + 1)}
    misheard = {n: w for n, w in written.items() if heard(w, language) != (n,)}
    assert len(set(written.values())) == 300
    assert misheard == {}


@pytest.mark.parametrize("digits", DIGITS, ids=lambda digits: digits[:3])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_known_in_digits_of_every_script(
    language: Language, digits: str
) -> None:
    own = str.maketrans("0123456789", digits)
    missed = [
        n for n in range(TOP + 1) if heard(str(n).translate(own), language) != (n,)
    ]
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_way_to_say_a_number_means_another_one_in_the_table(
    language: Language,
) -> None:
    spellings = number_words(language)
    assert len(spellings) > TOP
    wrong = {w: n for w, n in spellings.items() if heard(w, language) != (n,)}
    assert wrong == {}


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        pytest.param("nl", "21 30 70", (21, 30, 70), id="digits with spaces"),
        pytest.param("nl", "21,30,70.", (21, 30, 70), id="digits with commas"),
        pytest.param("nl", "21/30-70", (21, 30, 70), id="digits with other marks"),
        pytest.param("nl", "21 en 30 en 70", (21, 30, 70), id="digits and words"),
        pytest.param(
            "nl", "eenentwintig dertig", (21, 30), id="Dutch, one after another"
        ),
        pytest.param(
            "nl", "een en twintig, dertig", (21, 30), id="Dutch, written apart"
        ),
        pytest.param("nl", "ÉÉNENTWINTIG", (21,), id="Dutch, in capitals"),
        pytest.param(
            "nl", "twintig en dertig", (20, 30), id="twenty and thirty are two"
        ),
        pytest.param("en", "twenty one and thirty", (21, 30), id="English with and"),
        pytest.param("en", "a hundred and ten", (110,), id="a hundred and ten"),
        pytest.param("tr", "yirmi bir otuz", (21, 30), id="Turkish, one after another"),
        pytest.param("tr", "yirmi bir ve otuz", (21, 30), id="Turkish with and"),
        pytest.param("tr", "YİRMİ BİR", (21,), id="Turkish capitals"),
        pytest.param("tr", "yirmibir", (21,), id="Turkish, written together"),
        pytest.param("tr", "yüzyirmibir", (121,), id="a hundred, written together"),
        pytest.param("ar", "واحد وعشرين", (21,), id="Arabic says the unit first"),
        pytest.param("ar", "واحد و عشرين", (21,), id="with the joint apart"),
        pytest.param("ar", "عشرين وثلاثين", (20, 30), id="twenty and thirty are two"),
        pytest.param("ar", "21 و30 و70", (21, 30, 70), id="digits joined by and"),
        pytest.param("ar", "٢١ و ٣٠", (21, 30), id="Arabic digits and and"),
        pytest.param("ar", "واحد وعشرين وثلاثين", (21, 30), id="21 and 30 in words"),
        pytest.param("ar", "جوج وعشرين", (22,), id="Moroccan two"),
        pytest.param("ar", "حداش", (11,), id="Moroccan eleven"),
    ],
)
def test_lists_as_people_say_them(
    language: Language, text: str, numbers: tuple[int, ...]
) -> None:
    found = understand(text, language)
    assert (found.numbers, found.bare) == (numbers, True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("na3am", id="yes in chat letters holds no three"),
        pytest.param("3afak", id="please in chat letters"),
        pytest.param("7ay", id="neighbourhood in chat letters"),
        pytest.param("b2b", id="digits inside a word"),
        pytest.param("2e plan", id="a word that begins with a digit"),
        pytest.param("12345678", id="more digits than any number of ours"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_digits_inside_words_are_letters(text: str, language: Language) -> None:
    assert heard(text, language) == ()
