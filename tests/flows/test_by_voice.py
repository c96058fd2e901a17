"""A note is as good as typed words: at every state, and in every golden talk."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.effects import DropMedia, Effect
from bot.domain.languages import LANGUAGES, Language
from bot.domain.text import clean
from bot.flows.expecting import expects
from bot.flows.state import (
    AskingBill,
    Checking,
    CheckingPass,
    ConfirmingBill,
    LeavingNumber,
    PricingBill,
    State,
    Talk,
    Turn,
)
from bot.flows.vocabulary import LABELS, WORDS
from tests.flows.golden import INPUTS, files, happen, settle
from tests.flows.resident import Resident
from tests.flows.steps import note, take
from tests.flows.test_needs import FACTS, STATES, a_talk
from tests.flows.test_numbers import SCHOOLBOOK
from tests.flows.world import Person, World

NUMBERS = (1, 2, 10, 21, 30, 62, 110)


def spoken_digits(text: str, language: Language) -> str:
    """Return a text with its numbers in words, as they are said."""

    def in_words(found: re.Match[str]) -> str:
        number = int(found[0])
        return SCHOOLBOOK[language](number) if number < 300 else found[0]

    return re.sub(r"\b\d{1,3}\b(?!['\d])", in_words, text)


def same(typed: Turn, said: Turn) -> bool:
    """Compare two turns but for the media of a note, and how it came in.

    Whoever speaks is read to from then on: that is no difference either.
    """
    return (bare(typed), effects(typed)) == (bare(said), effects(said))


def bare(turn: Turn) -> object:
    talk = turn.talk
    drafts = [
        draft and replace(draft, notes=(), photos=(), spoken=False, misheard=0)
        for draft in (talk.draft, talk.revision)
    ]
    replies = [
        tuple(say for say in reply.says if say.msgid not in HOW_IT_CAME)
        for reply in turn.replies
    ]
    state = talk.state
    if isinstance(state, AskingBill | PricingBill | ConfirmingBill):
        state = replace(state, media=0)
    kept = replace(talk, state=state, draft=drafts[0], revision=drafts[1], aloud=None)
    return kept, replies


HOW_IT_CAME = frozenset(
    {
        "This is what I heard:",
        "This is what you wrote:",
        "Sorry, I did not hear it well.",
        "Could you say it again?",
        "Sorry, I do not understand this yet.",
        "Messages kept: %(count)s.",
        "Recordings and photos kept: %(count)s.",
    }
)


def effects(turn: Turn) -> list[Effect]:
    """Return effects without the note's own sound."""
    kept = [each for each in turn.effects if not isinstance(each, DropMedia)]
    return [_soundless(each) for each in kept]


def _soundless(effect: Effect) -> Effect:
    found: dict[str, Any] = {}
    if hasattr(effect, "media"):
        found["media"] = () if isinstance(effect.media, tuple) else None
    if hasattr(effect, "spoken"):
        found["spoken"] = False
    return replace(effect, **found)


def answers_of(state: State, language: Language) -> list[str]:
    """Return all that can be answered by words: acts of the state, and everywhere."""
    acts = expects(state) | {
        "menu:plan",
        "menu:vote",
        "menu:status",
        "menu:help",
        "person",
        "repeat",
        "listen",
        "stop",
        "forget",
        "rules",
    }
    rows = [WORDS.get(act) or LABELS.get(act) for act in sorted(acts)]
    return [each for row in rows if row for each in row[language].split("|")]


def is_kept_as_telephone_number(before: Talk, words: str) -> bool:
    """Tell whether typed words are kept for the caller; said ones are read back."""
    state = take(before, words, FACTS).talk.state
    return isinstance(state, LeavingNumber) and state.number == clean(words).text


@pytest.mark.parametrize("state", STATES, ids=repr)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_is_as_good_as_typed_words(state: State, language: Language) -> None:
    before = replace(a_talk(state), language=language)
    numbers = [SCHOOLBOOK[language](number) for number in NUMBERS]
    other = [
        words
        for words in (*answers_of(state, language), *numbers)
        if not is_kept_as_telephone_number(before, words)
        and not same(
            take(before, words, FACTS), take(before, note(before, words), FACTS)
        )
    ]
    assert other == []


# What a talk has that is not the same by voice, and why.
UNSPOKEN = {
    "not_chosen_tr": "a telephone number that is said is kept two digits by two",
    "meet_another_author_en": "a telephone number that is said is read back as heard",
    "unheard_plan_ar": "nobody listens in this talk",
    "vote_by_number_en": "whoever is not understood twice by voice is offered a person",
    "heard_by_half_nl": "it is about notes, and keeps which recording was checked",
}


def twins(script: str) -> Iterator[tuple[str, Turn, Turn]]:
    """Play a talk twice, typed and said; yield each line with the two last turns.

    Said from when the language is known: a first note is a plan already. A telephone
    number or a pass that is read back is said yes to.
    """
    typed, said = Resident(World(), Person("ayse")), Resident(World(), Person("ayse"))
    for line in script.splitlines():
        name, _, rest = line.partition(": ")
        if name == "world":
            typed, said = settle(rest.split(", ")), settle(rest.split(", "))
        if name not in INPUTS or line.startswith("#"):
            continue
        spoken = name == "resident" and rest[0] not in "[(" and said.talk.language
        happen(typed, name, rest)
        if not spoken:
            happen(said, name, rest)
        else:
            happen(said, name, f"(note) {spoken_digits(rest, spoken)}")
            if is_checking(said) and not is_checking(typed):
                happen(said, name, "[yes]")
        if spoken:
            yield rest, all_of(typed), all_of(said)


def is_checking(resident: Resident) -> bool:
    return isinstance(resident.talk.state, Checking | CheckingPass)


def all_of(resident: Resident) -> Turn:
    """Return the last turn with all that was done since she spoke."""
    return replace(resident.steps[-1], effects=resident.effects)


SPOKEN = [path for path in files() if path.stem not in UNSPOKEN]


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.stem)
def test_a_golden_talk_can_be_spoken(path: Path) -> None:
    pairs = list(twins(path.read_text(encoding="utf-8")))
    different = [line for line, typed, said in pairs if not same(typed, said)]
    assert different == []


def test_most_golden_talks_are_spoken_again() -> None:
    lines = [p for path in SPOKEN for p in twins(path.read_text(encoding="utf-8"))]
    assert len(lines) > 100
    assert set(UNSPOKEN) < {path.stem for path in files()}
