"""Cutting text: nothing lost, nothing too long, nothing torn."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.limits import utf8_bytes, utf16_units
from bot.domain.split import Measure, boundaries, cut, split

FAMILY = "👩‍👩‍👧‍👦"
FLAG = "🇳🇱"
ACCENTED = "é̂"  # e with two combining marks
ISOLATED = "\u2068tien plannen\u2069"
SIGNS = st.sampled_from(
    [
        *("a", "Z", "9", " ", ".", "!", "\n", "\n\n", "ş", "م", "؟", "\u064b", "😀"),
        *(FAMILY, FLAG, ACCENTED, "👍🏽", "❤️"),
        *("\u2066", "\u2067", "\u2068", "\u2069", "\u200b", "\u202e"),
    ]
)
TEXTS = st.lists(SIGNS, max_size=120).map("".join)
SENTENCE = "Dit is een zin van gewone lengte. "


def bare(text: str) -> str:
    """Return `text` without what a cut may add or drop."""
    return re.sub(r"[\s\u2066-\u2069]", "", text)


@given(TEXTS, st.integers(16, 40), st.sampled_from([len, utf16_units]))
@example("\u2068" * 200, 16, len)
@example("e" + "\u0301" * 500, 20, utf16_units)
@example("\u2068e" + "\u0301" * 500, 16, len)
@example(("\u2066" * 3 + FAMILY + " ") * 9, 16, utf16_units)
@settings(max_examples=200, deadline=None)
def test_parts_fit_and_lose_nothing(text: str, most: int, measure: Measure) -> None:
    parts = split(text, most, measure)
    assert all(part.strip() and measure(part) <= most for part in parts)
    assert bare("".join(parts)) == bare(text)


@given(TEXTS, st.integers(30, 60))
@settings(max_examples=200, deadline=None)
def test_characters_stay_whole(text: str, most: int) -> None:
    edges = "".join(part[0] for part in split(text, most))
    assert not any(unicodedata.combining(sign) for sign in edges[1:])
    assert "\u200d" not in edges[1:]


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("een\n\ntwee drie.\nvier", 16, ["een\n\ntwee drie.", "vier"]),
        (SENTENCE * 3, 80, [(SENTENCE * 2).strip(), SENTENCE.strip()]),
        ("هذه خطة. هل هي جيدة؟ نعم", 22, ["هذه خطة. هل هي جيدة؟", "نعم"]),
        ("a" * 40, 16, ["a" * 16, "a" * 16, "a" * 8]),
        (FAMILY * 4, 16, [FAMILY * 2, FAMILY * 2]),
        ("   \n ", 16, []),
    ],
    ids=["paragraph", "sentence", "arabic question", "no seam", "families", "blank"],
)
def test_it_cuts_where_a_reader_would(
    text: str, most: int, expected: list[str]
) -> None:
    assert split(text, most) == expected


def test_an_isolate_is_not_entered_if_there_is_room_outside() -> None:
    text = f"Dit is uw plan {ISOLATED} en meer"
    assert split(text, 28) == ["Dit is uw plan", f"{ISOLATED} en meer"]


def test_an_isolate_longer_than_a_part_is_closed_and_opened_again() -> None:
    parts = split("\u2068" + "woord " * 20 + "\u2069", 40)
    assert len(parts) > 2
    assert all(part[0] == "\u2068" and part[-1] == "\u2069" for part in parts)


def test_astral_signs_count_twice_for_telegram() -> None:
    assert [utf16_units(part) for part in split("😀" * 20, 16, utf16_units)] == [
        16,
        16,
        8,
    ]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Ja, dit is mijn plan", "Ja, dit is mijn plan"),
        ("Ik weet welke plannen ik wil", "Ik weet welke…"),
        ("\u2068Bankje bij de grote vijver\u2069", "\u2068Bankje bij de…\u2069"),
        (FAMILY * 3, FAMILY * 2 + "…"),
        ("a" * 30, "a" * 19 + "…"),
    ],
    ids=["fits", "at a word", "inside an isolate", "families", "one word"],
)
def test_labels_are_cut_with_an_ellipsis(label: str, expected: str) -> None:
    assert cut(label, 20) == expected


@given(TEXTS, st.integers(16, 40))
@settings(max_examples=200, deadline=None)
def test_a_cut_label_fits_on_one_line(text: str, most: int) -> None:
    label = cut(text, most)
    assert len(label) <= most
    assert "\n" not in label


@pytest.mark.parametrize("cluster", [FAMILY, FLAG, ACCENTED, "👍🏽", "❤️", "\r\n"])
def test_a_written_character_has_one_end(cluster: str) -> None:
    assert list(boundaries(cluster)) == [len(cluster)]
    assert list(boundaries("a" + cluster)) == [1, 1 + len(cluster)]


def test_two_flags_are_two_characters() -> None:
    assert list(boundaries(FLAG * 2)) == [2, 4]


def test_measures() -> None:
    assert (utf16_units("a😀م"), utf8_bytes("a😀م")) == (4, 7)
