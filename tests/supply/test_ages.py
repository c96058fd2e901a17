"""A part that is behind for too long stops the build; an unseen one proves nothing."""

from datetime import date
from pathlib import Path

import pytest
from packaging.version import Version

from bot.clock import utc_now
from tests.supply.indexes import index
from tools.ages import CLEAN, LATE, UNSEEN, ask_index, judge, main, read_list
from tools.locks import Pin, overdue, read_judgements, read_lock

TODAY = date(2026, 11, 26)
PINS = [Pin("one", "1.4", ()), Pin("two", "2.0", ())]
OLD, NEW = date(2026, 8, 27), date(2026, 8, 28)
NEWEST = {"two": {Version("2.0"): date(2020, 1, 1)}}


def code(one: dict[str, date], *accepted: dict[str, object]) -> int:
    known = NEWEST | {"one": {Version(name): day for name, day in one.items()}}
    return judge(PINS, known, accepted, TODAY)[0]


def test_the_newest_is_never_late_however_old() -> None:
    assert code({"1.4": date(2019, 1, 1)}) == CLEAN


def test_ninety_days_after_a_newer_one_it_is_late() -> None:
    assert code({"1.4": date(2019, 1, 1), "1.5": NEW}) == CLEAN
    assert code({"1.4": date(2019, 1, 1), "1.5": OLD}) == LATE
    assert code({"1.5": OLD, "1.6": TODAY}) == LATE, "the first newer one counts"
    assert code({"1.5rc1": OLD, "1.6": TODAY}) == CLEAN


def test_a_judgement_stands_until_its_day() -> None:
    row = {"package": "one", "version": "1.4", "reason": "Old Python.", "until": TODAY}
    assert code({"1.5": OLD}, row) == CLEAN
    assert code({"1.5": OLD}, row | {"version": "1.3"}) == LATE
    assert code({"1.5": OLD}, row | {"until": OLD}) == LATE


def test_what_is_not_known_proves_nothing() -> None:
    done, told = judge(PINS, NEWEST, [], TODAY)
    assert done == UNSEEN
    assert told[-1].startswith("ages: 1 of 2 parts could be looked at; 1 of them")


def test_a_list_has_days_or_months_and_gaps(tmp_path: Path) -> None:
    file = tmp_path / "list.tsv"
    file.write_text("One\t1.5\t2026-08\twords\ntwo\t\t\nthree\t1\t2026-11-03\nbad\n")
    assert read_list(file) == {
        "one": {Version("1.5"): date(2026, 8, 1)},
        "three": {Version("1"): date(2026, 11, 3)},
    }


def test_the_real_lock_is_looked_up_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pins = list({pin.name: pin for pin in read_lock()}.values())
    file = tmp_path / "list.tsv"
    rows = [f"{pin.name}\t{pin.version}\t2026-01" for pin in pins]
    file.write_text("\n".join(rows))
    assert main(["--list", str(file)]) == CLEAN
    file.write_text("\n".join([f"{pins[0].name}\t999\t2020-01", *rows[1:]]))
    assert main(["--list", str(file)]) == LATE
    assert f"{pins[0].name} {pins[0].version}: behind" in capsys.readouterr().out
    fresh = f"{utc_now():%Y-%m-%d}"
    file.write_text("\n".join([f"{pins[0].name}\t999\t{fresh}", *rows[1:]]))
    assert main(["--list", str(file)]) == UNSEEN, "nobody knows what came before it"


def test_the_index_of_pip_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [
        {"filename": "one-1.4.tar.gz", "upload-time": "2019-01-01T00:00:00.5Z"},
        {"filename": "one-1.5.tar.gz", "upload-time": f"{OLD}T00:00:00Z"},
    ]
    with index({"/simple/one/": {"files": files}}) as address:
        monkeypatch.setenv("PIP_INDEX_URL", address)
        known = ask_index(PINS)
    assert known["one"] == {Version("1.4"): date(2019, 1, 1), Version("1.5"): OLD}
    assert known["two"] == {}
    assert judge(PINS, known, [], TODAY)[0] == LATE
    monkeypatch.setenv("PIP_INDEX_URL", "file:///nowhere")
    assert not any(ask_index(PINS).values())


def test_the_judgements_kept_here_are_dated() -> None:
    assert overdue(read_judgements()["ages"]["accepted"], date.min) == []
