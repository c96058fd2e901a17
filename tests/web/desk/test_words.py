"""The book of the desk's words: one meaning for each key."""

import pytest

from bot.web.desk.words.book import DUTCH, ENGLISH, bound, words


def test_two_pages_cannot_mean_different_things_by_one_key() -> None:
    with pytest.raises(ValueError, match="none"):
        bound({"none": ("Geen plan", "No plan")}, {"none": ("Geen taak", "No task")})


def test_each_word_is_there_in_both_languages() -> None:
    dutch, english = words(DUTCH), words(ENGLISH)
    assert len(dutch) > 1000
    assert [key for key in dutch if not (dutch[key].strip() and english[key])] == []
