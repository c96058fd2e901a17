"""The bench of the count judges what it measured, and its ballots are an election."""

import subprocess
from pathlib import Path

import pytest

from bench.tally import (
    Contest,
    Count,
    faults,
    measure,
    run,
    tally_report,
    write_ballots,
)
from tally import count
from tally.pabulib import read_file


def counted(who: str, seconds: float, *chosen: str, stopped: str = "") -> Count:
    return Count("made up", 9, "greedy", who, seconds, 0.1, 50.0, chosen, stopped)


def test_made_up_ballots_are_read_without_a_word_and_are_always_the_same(
    tmp_path: Path,
) -> None:
    write_ballots(tmp_path / "a.pb", 300)
    write_ballots(tmp_path / "b.pb", 300)
    document = read_file(tmp_path / "a.pb")
    assert document.notes == ()
    assert document.election == read_file(tmp_path / "b.pb").election
    assert document.election.ballots_cast == 300
    assert count(document.election, document.settings).chosen


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        (counted("pabutools", 50.0, "a"), "| 25.0 | 20: met by 25% |"),
        (counted("pabutools", 10.0, "a"), "| 5.0 | 20: missed by 75% |"),
        (counted("pabutools", 0, stopped="more than 5 GB"), "| more than 5 GB |"),
    ],
)
def test_a_goal_is_met_or_missed_by_so_much(theirs: Count, told: str) -> None:
    seen = [counted("Buurtstem", 2.0, "a"), theirs]
    assert told in tally_report(seen)
    assert faults(seen) == []


@pytest.mark.parametrize(
    ("command", "told"),
    [("kill -9 $$", "killed (SIGKILL)"), ('echo \'{"stopped": "x"}\'', "x")],
)
def test_who_does_not_come_to_the_end_is_said_to(command: str, told: str) -> None:
    assert run(["sh", "-c", command])["stopped"] == told


def test_nobody_is_waited_for_without_end() -> None:
    assert run(["sleep", "9"], 1)["stopped"] == "more than 1 s"


def test_a_mistake_of_a_contestant_is_not_a_figure() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        run(["sh", "-c", "exit 3"])


def test_a_different_result_is_a_fault() -> None:
    seen = [counted("Buurtstem", 2.0, "a"), counted("pabutools", 9.0, "b")]
    assert faults(seen) == ["made up, greedy: pabutools chose other plans"]
    assert "pabutools chose other plans" in tally_report(seen)


def test_both_ways_and_sizes_are_measured() -> None:
    seen = measure(Contest(rounds=1, small=200, large=300))
    assert all(each.seconds > 0 and each.megabytes > 5 for each in seen)
    assert [(each.ballots, each.way) for each in seen][-3:] == [
        (200, "greedy"),
        (200, "one run"),
        (300, "greedy"),
    ]
