"""The clocks on the municipality: calendar days where the round is, and their light."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.clocks import (
    ADVICE_DAYS,
    FIRST_ANSWER_DAYS,
    Light,
    advice,
    before_day,
    due_after,
    first_answer,
    late_before,
    light,
)

HERE = "Europe/Amsterdam"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)
"""The midnight with which Thursday begins in Amsterdam."""


@pytest.mark.parametrize("hour", [0, 9, 22])
def test_days_count_whole_whatever_the_hour_something_came_in(hour: int) -> None:
    came = MONDAY.replace(hour=hour)
    assert due_after(came, FIRST_ANSWER_DAYS, HERE) == THURSDAY


def test_the_day_is_that_of_the_round_not_of_greenwich() -> None:
    late_evening = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert due_after(late_evening, FIRST_ANSWER_DAYS, HERE) > THURSDAY
    assert due_after(late_evening, FIRST_ANSWER_DAYS, "UTC") < due_after(
        late_evening, FIRST_ANSWER_DAYS, HERE
    )


def test_days_stay_days_when_the_clocks_are_changed() -> None:
    before = datetime(2026, 10, 24, 10, 0, tzinfo=UTC)
    due = due_after(before, 1, HERE)
    assert due == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)
    assert due.utcoffset() == timedelta(hours=1)


def test_a_promise_before_a_day_is_broken_when_that_day_begins() -> None:
    promised = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
    assert before_day(promised, HERE) == THURSDAY


@pytest.mark.parametrize(
    ("hours", "colour"),
    [
        (0, Light.GREEN),
        (19, Light.GREEN),
        (20, Light.AMBER),
        (29, Light.AMBER),
        (30, Light.RED),
        (99, Light.RED),
    ],
)
def test_a_third_of_the_time_is_left_in_amber(hours: int, colour: Light) -> None:
    due = MONDAY + timedelta(hours=30)
    assert light(MONDAY, due, MONDAY + timedelta(hours=hours)) is colour


def test_what_was_due_before_it_began_is_late() -> None:
    assert light(MONDAY, MONDAY, MONDAY) is Light.RED


@pytest.mark.parametrize("hour", [0, 12, 22, 23])
def test_what_began_before_a_moment_is_exactly_what_is_late(hour: int) -> None:
    now = datetime(2026, 11, 26, hour, 30, tzinfo=UTC)
    edge = late_before(now, FIRST_ANSWER_DAYS, HERE)
    assert due_after(edge, FIRST_ANSWER_DAYS, HERE) > now
    just = edge - timedelta(seconds=1)
    assert due_after(just, FIRST_ANSWER_DAYS, HERE) <= now


def test_a_first_answer_is_due_in_two_days() -> None:
    clock = first_answer(MONDAY, None, MONDAY + timedelta(days=2), HERE)
    assert clock is not None
    assert (clock.due, clock.light) == (THURSDAY, Light.AMBER)
    late = first_answer(MONDAY, None, THURSDAY, HERE)
    assert late is not None
    assert late.light is Light.RED


def test_an_answer_stops_the_clock() -> None:
    assert first_answer(MONDAY, MONDAY, MONDAY + timedelta(days=9), HERE) is None


def test_advice_is_due_six_weeks_after_review_began() -> None:
    clock = advice(MONDAY, None, MONDAY + timedelta(days=1), HERE)
    assert clock is not None
    assert clock.due == due_after(MONDAY, ADVICE_DAYS, HERE)
    assert clock.light is Light.GREEN


def test_no_clock_runs_before_review_began_or_after_advice() -> None:
    assert advice(None, None, MONDAY, HERE) is None
    assert advice(MONDAY + timedelta(days=1), None, MONDAY, HERE) is None
    assert advice(MONDAY, MONDAY, MONDAY + timedelta(days=50), HERE) is None
