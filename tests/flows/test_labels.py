"""Whoever types or says what stands on a button is as well understood as by a tap."""

from dataclasses import replace

import pytest

from bot.domain.languages import LANGUAGES, Language
from bot.domain.say import Button, Say
from bot.flows.questions import question
from bot.flows.state import Browsing, State, Talk, Voting
from bot.i18n import render
from tests.flows.cast import NOW, texts
from tests.flows.steps import note, take, tap
from tests.flows.test_by_voice import same
from tests.flows.test_needs import FACTS, STATES, a_talk


def asked(state: State, language: Language) -> tuple[Talk, tuple[Button, ...]]:
    """Return a talk whose question is open, and the buttons below it.

    Not those of plans: here their titles hold numbers, and they go by number anyway.
    """
    before = replace(a_talk(state), language=language)
    buttons = question(before, FACTS, NOW).buttons
    offered = tuple(each.id for each in buttons)
    named = tuple(each for each in buttons if not each.id.startswith("plan:"))
    return replace(before, offered=offered), named


def misread(before: Talk, button: Button) -> list[str]:
    """Return how the words of a button were typed or said and taken otherwise."""
    words = render(button.label, before.language or "nl")
    tapped = take(before, tap(button.id), FACTS)
    ways = {
        "typed": take(before, words, FACTS),
        "said": take(before, note(before, words), FACTS),
    }
    return [
        f"{way}: {words} ({button.id})"
        for way, turn in ways.items()
        if not same(tapped, turn)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES, ids=repr)
def test_the_words_of_a_button_are_as_good_as_a_tap(
    state: State, language: Language
) -> None:
    before, buttons = asked(state, language)
    assert [row for each in buttons for row in misread(before, each)] == []


def test_all_this_looks_at_many_buttons_and_notices_what_nobody_knows() -> None:
    assert sum(len(asked(state, "nl")[1]) for state in STATES) > 80
    before, _ = asked(Voting(), "en")
    strange = Button("vote:help", Say("Voting is closed."))
    assert len(misread(before, strange)) == 2


THEMES = tuple(
    replace(theme, title=title)
    for theme, title in zip(
        FACTS.rounds[0].themes,
        (
            texts("Groen en water", "Green and water", "Yeşil ve su", "الطبيعة والماء"),
            texts("Groen en spel", "Green and games", "Yeşil ve oyun", "الطبيعة ولعب"),
            texts("Samen", "Together", "Birlikte", "معا"),
        ),
        strict=True,
    )
)


@pytest.mark.parametrize(
    ("language", "words", "theme"),
    [
        pytest.param("nl", "groen en water", "green", id="the whole name"),
        pytest.param("nl", "Water, alstublieft.", "green", id="one word of it, kindly"),
        pytest.param("en", "games", "safe", id="one word only one of them has"),
        pytest.param("tr", "BİRLİKTE", "together", id="in capitals"),
        pytest.param("ar", "معاً", "together", id="with its vowel sign"),
        pytest.param("nl", "groen", "", id="a word that two have"),
        pytest.param("en", "Groen en water", "", id="in another language"),
    ],
)
def test_a_theme_is_known_by_its_name(
    language: Language, words: str, theme: str
) -> None:
    a_round = replace(FACTS.rounds[0], themes=THEMES)
    facts = replace(FACTS, rounds=(a_round,))
    before = replace(a_talk(Browsing()), language=language)
    for message in (words, note(before, words)):
        state = take(before, message, facts).talk.state
        assert getattr(state, "theme", None) == theme
