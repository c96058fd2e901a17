"""The clocks that run on the municipality: green, nearly late, late, stopped."""

from datetime import timedelta

import pytest

from bot.domain.clocks import Colour, advice, first_answer
from tests.worlds import NOON


@pytest.mark.parametrize(
    ("hours", "colour"),
    [
        (0, Colour.GREEN),
        (35, Colour.GREEN),
        (36, Colour.AMBER),
        (47, Colour.AMBER),
        (48, Colour.RED),
        (480, Colour.RED),
    ],
)
def test_a_first_answer_is_due_in_two_days(hours: int, colour: Colour) -> None:
    clock = first_answer(NOON, None, NOON + timedelta(hours=hours))
    assert clock is not None
    assert clock.colour is colour
    assert clock.due == NOON + timedelta(days=2)


def test_an_answer_stops_the_clock() -> None:
    assert first_answer(NOON, NOON, NOON + timedelta(days=9)) is None


@pytest.mark.parametrize(
    ("days", "colour"),
    [
        (0, Colour.GREEN),
        (31, Colour.GREEN),
        (32, Colour.AMBER),
        (41, Colour.AMBER),
        (42, Colour.RED),
    ],
)
def test_advice_is_due_six_weeks_after_review_began(days: int, colour: Colour) -> None:
    clock = advice(NOON, None, NOON + timedelta(days=days))
    assert clock is not None
    assert clock.colour is colour
    assert clock.due == NOON + timedelta(days=42)


def test_no_clock_runs_before_review_began_or_after_advice() -> None:
    assert advice(None, None, NOON) is None
    assert advice(NOON + timedelta(days=1), None, NOON) is None
    assert advice(NOON, NOON, NOON + timedelta(days=50)) is None
