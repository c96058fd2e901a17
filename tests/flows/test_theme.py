"""What a plan is about: never asked, but an author can say it until review."""

from dataclasses import replace

import pytest

from bot.domain.effects import FilePlan
from bot.domain.facts import Facts
from bot.domain.languages import Language
from bot.domain.plans import Status
from bot.flows.state import (
    Browsing,
    Checking,
    ChoosingTheme,
    Menu,
    Walking,
)
from tests.flows.cast import AUTHOR, FACTS, MINE, talk, texts
from tests.flows.steps import Step, check, note, offered, rows, take, tap

ASKED = talk(ChoosingTheme(MINE))

SAYING = [
    Step("her own plan", talk(Menu()), tap(f"about:{MINE}"), ChoosingTheme(MINE)),
    Step("somebody else's cannot", talk(Menu()), tap("about:62"), Menu()),
    Step("back leaves", ASKED, "back", Menu()),
    Step("a theme of another round", ASKED, tap("theme:none"), ChoosingTheme(MINE)),
    Step("other words are asked again", ASKED, "hmm", ChoosingTheme(MINE)),
]


@rows(SAYING)
def test_choosing_a_theme(step: Step) -> None:
    check(replace(step, facts=AUTHOR))


def test_a_tap_files_the_plan() -> None:
    asked = take(talk(Menu()), tap(f"about:{MINE}"), AUTHOR)
    themes = [each for each in offered(asked) if each.startswith("theme:")]
    assert themes
    turn = take(asked.talk, tap(themes[-1]), AUTHOR)
    assert turn.effects == [FilePlan(MINE, themes[-1].removeprefix("theme:"))]
    assert turn.talk.state == Menu()


def test_after_review_a_person_helps() -> None:
    reviewed = tuple(replace(p, status=Status.ON_BALLOT) for p in AUTHOR.me.plans)
    facts = replace(AUTHOR, me=replace(AUTHOR.me, plans=reviewed))
    turn = take(ASKED, tap("theme:green"), facts)
    assert turn.effects == []
    assert "person" in offered(turn)


NEAR_COMMANDS = texts("Plank", "Roles", "Kurtlar", "بحالة")
"""A subject's name near a command: plan, rules, or how my plans are."""


def with_theme_near(facts: Facts) -> Facts:
    """Return facts in which the first subject of each round is called so."""
    rounds = tuple(
        replace(
            each,
            themes=(replace(each.themes[0], title=NEAR_COMMANDS), *each.themes[1:]),
        )
        for each in facts.rounds
    )
    return replace(facts, rounds=rounds)


@pytest.mark.parametrize("language", NEAR_COMMANDS)
def test_a_subject_that_is_named_goes_before_a_command_it_is_near(
    language: Language,
) -> None:
    before = talk(ChoosingTheme(MINE), language)
    said = note(before, NEAR_COMMANDS[language])
    assert said.near
    turn = take(before, said, with_theme_near(AUTHOR))
    assert (turn.talk.state, turn.effects) == (Menu(), [FilePlan(MINE, "green")])
    browsing = talk(Browsing(), language, picks=())
    turn = take(browsing, said, with_theme_near(FACTS))
    assert turn.talk.state == Walking("green")


def test_it_does_so_too_while_something_heard_is_checked() -> None:
    asked = talk(Checking(ChoosingTheme(MINE), "stop", (), "stop", 1))
    said = note(asked, NEAR_COMMANDS["en"])
    turn = take(asked, said, with_theme_near(AUTHOR))
    assert turn.effects == [FilePlan(MINE, "green")]


def test_nowhere_else_is_it_a_subject() -> None:
    before = talk(Menu())
    turn = take(before, note(before, NEAR_COMMANDS["en"]), with_theme_near(AUTHOR))
    assert turn.effects == []
    assert not isinstance(turn.talk.state, ChoosingTheme)
