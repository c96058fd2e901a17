"""What is said of a text, and by whom."""

import pytest

from synthesis.wording import MOST_LETTERS, runs, spoken

SPOKEN = {
    "a sentence stays": ("Een bank, bij het plein.", "Een bank, bij het plein."),
    "spaces and lines become one space": (" Een\n\n bank\t", "Een bank"),
    "marks of direction go": ("\u2068Kade\u2069 3\u200f", "Kade 3"),
    "soft hyphens go": ("buurt\u00adhuis", "buurthuis"),
    "control characters go": ("Een\x01 bank\x00", "Een bank"),
    "emoji go": ("Een 🌳 boom ❤️ 👍🏽", "Een boom"),
    "a keycap is its digit": ("1\ufe0f\u20e3 Groen", "1 Groen"),
    "degrees and euros stay": ("25 °C, €10", "25 °C, €10"),
    "double brackets go": ("[[h@l]] [een]", "h@l [een]"),
    "Arabic digits become ours": ("٢٥ و ۳", "25 و 3"),
    "letters are put together": ("g\u0306u\u0308n", "ğün"),
    "stretching goes": ("سـلام", "سلام"),
    "the doubling mark goes first": ("ظ\u064e\u0651", "ظ\u0651\u064e"),
    "brackets made by what goes between are none": ("[\u200b[x", "x"),
    "signs alone are nothing": ("?! 🌳 –", ""),
}


@pytest.mark.parametrize("case", SPOKEN)
def test_what_is_spoken_of(case: str) -> None:
    written, heard = SPOKEN[case]
    assert spoken(written) == heard


def test_a_long_text_is_cut_between_words() -> None:
    heard = spoken("buurtfeest " * 200)
    assert MOST_LETTERS - 11 < len(heard) <= MOST_LETTERS
    assert set(heard.split()) == {"buurtfeest"}


def test_a_long_word_is_cut_all_the_same() -> None:
    assert spoken("a" * 5000) == "a" * MOST_LETTERS


def test_what_just_fits_is_not_cut() -> None:
    text = "a" * (MOST_LETTERS - 2) + " b"
    assert spoken(text) == text
    assert spoken(text + " c") == text


RUNS = {
    ("Plan 7 – groen", "nl"): [("nl", "Plan 7 – groen")],
    ("Plan 7: شجرة جديدة, 3 euro", "nl"): [
        ("nl", "Plan 7:"),
        ("ar", "شجرة جديدة,"),
        ("nl", "3 euro"),
    ],
    ("ağaç شجرة", "tr"): [("tr", "ağaç"), ("ar", "شجرة")],
    ("في Kinkerstraat 25، غداً", "ar"): [
        ("ar", "في"),
        ("nl", "Kinkerstraat"),
        ("ar", "25، غداً"),
    ],
    ("لـBuurtstem", "ar"): [("ar", "لـBuurtstem")],
    ("Plan – شجرة –", "en"): [("en", "Plan –"), ("ar", "شجرة")],
    ("", "nl"): [],
    ("bonjour", "fr"): [("fr", "bonjour")],
}


@pytest.mark.parametrize(("line", "language"), RUNS)
def test_who_says_what(line: str, language: str) -> None:
    assert runs(line, language) == RUNS[line, language]
