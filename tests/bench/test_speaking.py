"""The measurement of speaking measures what it says it does."""

import pytest

from bench.speaking import GOAL, LENGTHS, SENTENCES, Spoken, measure, speaking_report
from synthesis import LANGUAGES, RATE, fits
from tests.synthesis.conftest import espeak


@pytest.fixture(scope="module")
def seen() -> list[Spoken]:
    return measure(1, ["short", "medium"])


def test_every_text_is_spoken_in_each_of_the_three_ways(seen: list[Spoken]) -> None:
    keys = {(one.how, one.language, one.length) for one in seen}
    assert len(keys) == len(seen) == 3 * len(LANGUAGES) * 2
    assert all(0 < one.speech < one.note for one in seen)


def test_the_texts_are_about_as_long_as_they_are_called(seen: list[Spoken]) -> None:
    long = {"short": (1.3, 3), "medium": (10, 16)}
    for one in seen:
        least, most = long[one.length]
        assert least < one.sound < most, one


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_text_is_one_note(language: str) -> None:
    voice, known = espeak(), SENTENCES[language]
    said = [voice.speak(sentence, language) for sentence in known]
    voice.close()
    text = [said[place % len(said)] for place in range(LENGTHS["long"])]
    assert fits(text) == len(text)
    assert sum(piece.size for piece in text) > 35 * RATE


def test_only_our_own_way_is_held_against_the_goal() -> None:
    slow = Spoken("fresh", "nl", "short", 2.0, 1.0, 2.0)
    fast = Spoken("warm", "nl", "short", 2.0 * GOAL, 1.0, 1.0)
    _, _, first, second = speaking_report([slow, fast]).splitlines()
    assert "| warm |" in first
    assert "met by 100%" in first
    assert second.endswith("| 1 | 1 | – | – |")
