"""`docs/rounds.md` is true: its example is a round, and every key is in its table."""

import re
from typing import Any, get_args

from pydantic import BaseModel

from bot.domain.round_terms import ROUTES, Act, BallotKind, Rule, Tie, Vote, VoterKind
from bot.domain.rounds import Phase
from bot.services.round_files import read_round_file
from bot.services.round_form import RoundForm
from tests.need import ROOT
from tests.newcomer import blocks

PAGE = "docs/rounds.md"


def names(model: type[BaseModel]) -> set[str]:
    """Return every key of a file; languages are told once for all."""
    found = set()
    for name, field in model.model_fields.items():
        found.add(field.alias or name)
        for nested in _models(field.annotation):
            found |= names(nested)
    return found - {"nl", "en", "tr", "ar"}


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def test_the_example_is_a_round() -> None:
    (example,) = blocks(PAGE, "toml")
    assert read_round_file(example.encode()).slug == "oost-2027"


def test_every_key_and_every_word_of_a_file_is_told() -> None:
    told = set(re.findall(r"`([\w-]+)`", (ROOT / PAGE).read_text("utf-8")))
    kinds = (Phase, BallotKind, Rule, Tie, VoterKind, Vote, Act)
    words = {each.value for kind in kinds for each in kind} | set(ROUTES)
    keys = names(RoundForm)
    assert len(keys) > 40
    assert (keys | words) - told == set()
