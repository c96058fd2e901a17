"""What is recorded beforehand: which rows, by which names, and the script to read."""

import pytest

from bot.domain.languages import LANGUAGES
from bot.i18n import CatalogueError
from bot.i18n.prompts import fixed_prompts, script, slot

WELCOME = "Do you have a plan for the neighbourhood?"
HUMAN = ["darija", "tarifit"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_residents_hear_is_a_prompt_and_what_the_desk_reads_is_not(
    language: str,
) -> None:
    prompts = fixed_prompts(language)
    assert len(prompts) > 250
    assert {WELCOME, "Yes, this is my plan", "Choose"} <= set(prompts)
    assert not any("%(" in msgid for msgid in prompts)
    assert "What we keep about you" not in prompts  # a command of Telegram's list
    assert all(prompts.values())


def test_the_four_scripts_have_the_same_rows() -> None:
    rows = [[line.context for line in script(language)] for language in LANGUAGES]
    assert [set(each) == set(rows[0]) for each in rows] == [True] * len(LANGUAGES)


def test_each_line_has_a_name_of_its_own_that_stays() -> None:
    slots = [line.slot for each in LANGUAGES for line in script(each)]
    assert len(set(slots)) == len(slots) - len(HUMAN) * (len(LANGUAGES) - 1)
    assert slot(WELCOME, "nl") == "31f33582b224"


def test_a_line_says_what_is_read_what_is_spoken_and_what_it_is_for() -> None:
    line = next(each for each in script("ar") if each.context.startswith(WELCOME))
    assert line.written == "هل لديكم خطة للحي؟"
    assert line.spoken == "هَلْ لَدَيْكُمْ خُطَّةٌ لِلْحَيّ؟"
    assert line.context == f"{WELCOME} [care]"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_lines_are_for_tongues_without_a_voice(language: str) -> None:
    last = script(language)[-2:]
    assert [line.slot for line in last] == HUMAN
    assert [line.spoken for line in last] == ["", ""]
    assert all("Een mens luistert" in line.written for line in last)
    assert all("إنسان" in line.context for line in last)


def test_a_language_without_a_catalogue_is_named() -> None:
    with pytest.raises(CatalogueError, match=r"locales/de/.* cannot be read"):
        script("de")
