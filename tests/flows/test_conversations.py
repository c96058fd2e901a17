"""Whole talks, as their files tell them, stored as JSON between all turns."""

from pathlib import Path
from typing import get_args

import pytest

from bot.domain.languages import LANGUAGES
from bot.flows.state import State
from tests.flows.golden import files, play, replay

BROKEN = """# A talk whose answer is not what the bot says.
world: telegram
resident: hallo
bot: Goedemorgen, wat een mooie dag.
"""


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_golden_talk(path: Path, *, update: bool) -> None:
    script = path.read_text(encoding="utf-8")
    told = replay(script)
    if update:
        path.write_text(told, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == told


def test_a_talk_that_says_something_else_is_found() -> None:
    assert replay(BROKEN) != BROKEN


def test_a_talk_in_an_unknown_world_is_refused() -> None:
    with pytest.raises(ValueError, match="no such world: .'mars'."):
        replay("world: mars\n")


def test_every_state_of_a_talk_has_a_golden_talk() -> None:
    seen = {
        type(turn.talk.state)
        for path in files()
        for _, resident in play(path.read_text(encoding="utf-8"))
        for turn in resident.steps
    }
    assert {each.__name__ for each in set(get_args(State)) - seen} == set()


def test_every_language_has_a_golden_talk() -> None:
    spoken = {
        resident.talk.language
        for path in files()
        for _, resident in play(path.read_text(encoding="utf-8"))
    }
    assert spoken >= set(LANGUAGES)
