"""Twelve digits in one message: a pass, or the numbers of six plans?"""

from itertools import combinations

import pytest

from bot.domain.languages import LANGUAGES
from bot.domain.passes import is_code, shown, with_check
from bot.domain.plans import is_plan_number
from bot.flows.reading import read_text
from bot.flows.state import AskingPass, ConfirmingVote, Menu, State, Talk, Voting

PLANS = [n for n in range(10, 100) if is_plan_number(n)]
TWINS = [six for six in combinations(PLANS[::3], 6) if is_code("".join(map(str, six)))]
"""Six plans whose numbers, one behind the other, have the check of a pass."""

DIGITS = {"ar": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")}


def test_there_are_such_plans() -> None:
    assert len(TWINS) > 50


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", [Menu(), Voting(), ConfirmingVote()])
@pytest.mark.parametrize("between", [" ", ", ", " - "])
def test_numbers_of_plans_are_no_pass(
    language: str, state: State, between: str
) -> None:
    talk = Talk(state, language)  # type: ignore[arg-type]
    for six in TWINS[:40]:
        typed = between.join(map(str, six)).translate(DIGITS.get(language, {}))
        message = read_text(talk, typed)
        assert (message.code, message.numbers) == ("", six), typed


@pytest.mark.parametrize("state", [Menu(), Voting(), AskingPass()])
def test_a_pass_is_one_however_it_is_typed(state: State) -> None:
    code = with_check("4711081542")
    for typed in (
        code,
        shown(code),
        f"stem {shown(code)}",
        "-".join(shown(code).split()),
    ):
        assert read_text(Talk(state, "nl"), typed).code == code


def test_where_the_pass_is_asked_for_it_may_come_in_pairs() -> None:
    code = "".join(map(str, TWINS[0]))
    pairs = " ".join(code[at : at + 2] for at in range(0, len(code), 2))
    assert read_text(Talk(AskingPass(), "nl"), pairs).code == code
