"""What is open when: a round's phases, its instants and its local days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.rounds import Phase
from tests.flows.cast import COLLECTING_ROUND, NOW, VOTING_ROUND, a_round

SECOND = timedelta(seconds=1)
WHOLE_YEAR = a_round("year", {phase: 10 * n for n, phase in enumerate(Phase)})


@pytest.mark.parametrize(
    ("days", "phase"),
    [
        pytest.param(-1, None, id="nothing has begun"),
        pytest.param(0, Phase.COLLECTING, id="collecting begins at its instant"),
        pytest.param(9, Phase.COLLECTING, id="and lasts until the next"),
        pytest.param(10, Phase.SUPPORTING, id="then supporting"),
        pytest.param(20, Phase.REVIEWING, id="then reviewing"),
        pytest.param(30, Phase.VOTING, id="then voting"),
        pytest.param(40, Phase.COUNTING, id="then counting"),
        pytest.param(50, Phase.DOING, id="then doing"),
        pytest.param(999, Phase.CLOSED, id="in the end it is closed"),
    ],
)
def test_the_phase_of_a_day(days: int, phase: Phase | None) -> None:
    assert WHOLE_YEAR.phase_at(NOW + timedelta(days=days)) is phase


def test_phases_that_a_round_does_not_have_are_passed_over() -> None:
    assert VOTING_ROUND.phase_at(NOW - timedelta(days=8)) is Phase.COLLECTING


def test_voting_ends_for_everyone_at_one_instant() -> None:
    closes = VOTING_ROUND.closes_at
    assert closes is not None
    assert VOTING_ROUND.takes_votes(closes - SECOND)
    assert not VOTING_ROUND.takes_votes(closes)


@pytest.mark.parametrize(
    ("days", "plans", "supports", "votes"),
    [
        pytest.param(-1, False, False, False, id="before it begins"),
        pytest.param(5, True, True, False, id="while collecting"),
        pytest.param(15, False, True, False, id="while supporting"),
        pytest.param(25, False, False, False, id="while reviewing"),
        pytest.param(35, False, False, True, id="while voting"),
        pytest.param(45, False, False, False, id="while counting"),
        pytest.param(65, False, False, False, id="when closed"),
    ],
)
def test_what_is_open(days: int, *, plans: bool, supports: bool, votes: bool) -> None:
    now = NOW + timedelta(days=days)
    assert WHOLE_YEAR.takes_plans(now) is plans
    assert WHOLE_YEAR.takes_supports(now) is supports
    assert WHOLE_YEAR.takes_votes(now) is votes


def test_a_day_is_a_day_of_the_residents() -> None:
    night = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    late = replace(WHOLE_YEAR, starts={Phase.REVIEWING: night, Phase.DOING: night})
    assert late.supports_until == date(2026, 7, 2)
    assert late.result_day == date(2026, 7, 2)


def test_what_has_no_date_has_no_day() -> None:
    assert COLLECTING_ROUND.day_of(Phase.SUPPORTING) is None
    assert COLLECTING_ROUND.start_of(Phase.SUPPORTING) is None


def test_themes_are_found_by_their_key() -> None:
    theme = VOTING_ROUND.theme("safe")
    assert theme is not None
    assert theme.icon == "💡"
    assert VOTING_ROUND.theme(None) is None
