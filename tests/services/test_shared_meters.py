"""Several processes, one answer: sums that never fall, whoever dies."""

import fcntl
import os
from pathlib import Path

import pytest

from bot.meters import Meters
from bot.shared_meters import WRITE_SECONDS, SharedMeters
from tests.services.figures import figures_of

NAME = "buurtstem_lease_expired_total{what=note}"


def counted(meters: Meters) -> float:
    return figures_of(meters.shown).get(NAME, 0.0)


def shared(meters: Meters) -> SharedMeters:
    found = meters._shared
    assert found is not None
    return found


def dies(meters: Meters) -> None:
    """Let go of the locks as the kernel does for a process that was killed."""
    found = shared(meters)
    found._stopping.set()
    found._writer.join()
    os.close(found._lock)
    os.close(found._door)


def test_whoever_is_asked_tells_the_sum_of_all(tmp_path: Path) -> None:
    first, second = Meters(tmp_path), Meters(tmp_path)
    for _ in range(3):
        first.lapsed("note")
    second.lapsed("note")
    second.took_in("web", "text", "done", 0.004)
    first.took_in("web", "text", "done", 0.2)
    for each in (first, second):
        shared(each).write()
    assert counted(first) == counted(second) == 4
    seen = figures_of(second.shown)
    assert seen == figures_of(first.shown)
    assert seen["buurtstem_turn_seconds_bucket{le=0.005}"] == 1
    assert seen["buurtstem_turn_seconds_bucket{le=0.25}"] == 2
    assert seen["buurtstem_turn_seconds_bucket{le=+Inf}"] == 2
    for each in (first, second):
        each.close()


def test_what_a_process_counts_itself_is_told_at_once(tmp_path: Path) -> None:
    meters = Meters(tmp_path)
    meters.lapsed("note")
    assert counted(meters) == 1
    meters.close()
    meters.close()


def test_no_sum_falls_when_another_process_is_asked_next(tmp_path: Path) -> None:
    first, second = Meters(tmp_path), Meters(tmp_path)
    for _ in range(3):
        first.lapsed("note")
    assert counted(first) == 3
    assert counted(second) == 3, "though the first one's writer has not come round"
    for each in (first, second):
        each.close()


def test_who_follows_a_dead_process_goes_on_from_its_counts(tmp_path: Path) -> None:
    stays, goes = Meters(tmp_path), Meters(tmp_path)
    goes.lapsed("note")
    shared(goes).write()
    for n in range(3):
        dies(goes)
        assert counted(stays) == n + 1
        goes = Meters(tmp_path)
        goes.lapsed("note")
        shared(goes).write()
        assert counted(stays) == counted(goes) == n + 2
    assert len(list(tmp_path.glob("*.json"))) == 2, "no file for each that died"
    stays.close()
    goes.close()


def test_the_first_process_of_a_machine_begins_anew(tmp_path: Path) -> None:
    gone = Meters(tmp_path)
    gone.lapsed("note")
    gone.close()
    assert list(tmp_path.glob("*.json"))
    first = Meters(tmp_path)
    assert list(tmp_path.glob("*.json")) == []
    assert counted(first) == 0
    first.close()


def test_a_folder_in_use_is_not_emptied(tmp_path: Path) -> None:
    first = Meters(tmp_path)
    first.lapsed("note")
    shared(first).write()
    second = Meters(tmp_path)
    assert counted(second) == 1
    door = os.open(tmp_path, os.O_RDONLY)
    with pytest.raises(BlockingIOError):
        fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(door)
    first.close()
    second.close()


@pytest.mark.parametrize("junk", ["", "{", '[["half"]]', "null"])
def test_a_file_that_is_broken_counts_for_nothing(tmp_path: Path, junk: str) -> None:
    meters = Meters(tmp_path)
    meters.lapsed("note")
    (tmp_path / "7.json").write_text(junk)
    assert counted(meters) == 1
    meters.close()


def test_a_full_disk_makes_figures_late_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    meters = Meters(tmp_path)
    blocked = tmp_path / "0.part"
    blocked.mkdir()
    meters.lapsed("note")
    for _ in range(2):
        shared(meters).write()
    lines = [each for each in caplog.messages if "figures not written" in each]
    assert lines == ["figures not written error=IsADirectoryError"]
    assert counted(meters) == 1
    blocked.rmdir()
    shared(meters).write()
    assert (tmp_path / "0.json").exists()
    meters.close()


def test_without_a_folder_a_process_tells_its_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    meters = Meters(tmp_path / "file")
    meters.lapsed("note")
    assert counted(meters) == 1
    assert caplog.messages == ["figures not shared error=FileExistsError"]
    meters.close()


def test_others_are_told_within_seconds() -> None:
    assert WRITE_SECONDS <= 5, "docs/operate.md promises it"
