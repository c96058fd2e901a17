"""The book of the desk's words: one meaning for each key."""

import pytest

from bot.web.desk.words.book import bound


def test_two_pages_cannot_mean_different_things_by_one_key() -> None:
    with pytest.raises(ValueError, match="none"):
        bound({"none": ("Geen plan", "No plan")}, {"none": ("Geen taak", "No task")})
