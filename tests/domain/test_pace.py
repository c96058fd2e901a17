"""Places in the pace: never more in a second than allowed, whoever asks and when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.pace import LEAD, LOOK_AHEAD, gap, places

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MOMENTS = st.lists(st.tuples(st.floats(0, 2), st.integers(0, 300)), max_size=40)


def given_away(limit: float, asked: list[tuple[float, int]]) -> list[datetime]:
    """Let people ask for places one after the other; return all that were given."""
    now = next_at = NOON
    found: list[datetime] = []
    for seconds, most in asked:
        now += timedelta(seconds=seconds)
        free = places(next_at, now, gap(limit), most)
        if free:
            next_at = free[-1] + gap(limit)
        found += free
    return found


@given(st.integers(1, 200), MOMENTS)
@settings(deadline=None)
def test_no_second_holds_more_than_the_limit(
    limit: int, asked: list[tuple[float, int]]
) -> None:
    found = given_away(limit, asked)
    assert found == sorted(found)
    for at in found:
        assert len([one for one in found if at <= one < at + SECOND]) <= limit


@pytest.mark.parametrize("limit", [30, 80])
def test_whoever_asks_often_enough_gets_nearly_the_whole_limit(limit: int) -> None:
    found = given_away(limit, [(0.25, 500)] * 400)
    seconds = (found[-1] - found[0]).total_seconds()
    assert len(found) / seconds >= 0.98 * limit


def test_places_are_given_for_a_second_ahead_and_no_more() -> None:
    found = places(NOON, NOON, gap(80), 1000)
    assert found[0] == NOON + LEAD
    assert found[-1] <= NOON + LEAD + LOOK_AHEAD
    assert len(found) == 79


def test_what_was_not_used_is_not_saved_up() -> None:
    later = NOON + timedelta(hours=3)
    assert places(NOON, later, gap(80), 1000)[0] == later + LEAD


def test_a_place_far_ahead_is_of_a_clock_that_was_ahead() -> None:
    ahead = NOON + timedelta(hours=1)
    assert places(ahead, NOON, gap(30), 10)[0] == NOON + LEAD
    assert places(NOON + SECOND, NOON, gap(30), 1) == [NOON + SECOND]


def test_a_place_a_few_seconds_ahead_is_waited_for() -> None:
    """Another machine's clock gave it away; both together keep the pace."""
    ahead = NOON + timedelta(seconds=5)
    assert places(ahead, NOON, gap(30), 10) == []
    assert places(ahead, NOON + timedelta(seconds=4), gap(30), 1) == [ahead]
