"""The commands about passes: codes once, one's own files, two people, clear words."""

import csv
import io
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot import cli, cli_passes
from bot.domain.passes import code_of, is_code
from bot.store.passes import PassRow
from tests.worlds import SECRET_KEY, VOTING, World, open_world, table

ROUND = ("--round", VOTING)
TWO = ("--by", "Anna", "--by", "Bram")
CREATE = ("create", *ROUND, "--class", "resident", "--count", "3")


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_world(url, tmp_path / "media", eligibility="pass") as made:
        yield made


def run(city: World, *words: str, group: Any = cli_passes.passes) -> Result:
    return CliRunner().invoke(group, list(words), obj=lambda _: city.house)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_passes_are_printed_once_as_csv(city: World) -> None:
    made = rows(run(city, *CREATE).stdout)
    assert [list(each) for each in made] == [["serial", "class", "code", "token"]] * 3
    for each in made:
        assert is_code(each["code"])
        assert code_of(each["token"], 12) == each["code"]
        assert len(each["serial"]) == 6
    again = rows(run(city, *CREATE).stdout)
    assert not {each["code"] for each in made} & {each["code"] for each in again}


def test_a_file_is_for_its_owner_and_never_written_over(
    city: World, tmp_path: Path
) -> None:
    out = tmp_path / "letters.csv"
    assert run(city, *CREATE, "--out", str(out)).exit_code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    before = out.read_text("utf-8")
    refused = run(city, *CREATE, "--out", str(out))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Nothing was made" in refused.stderr
    assert out.read_text("utf-8") == before
    assert len(city.rows(table(PassRow))) == 23


def test_where_nothing_is_made_no_file_is_left(city: World, tmp_path: Path) -> None:
    out = tmp_path / "none.csv"
    many = (*CREATE[:-1], "50000", "--out", str(out))
    refused = run(city, *many)
    assert refused.exit_code == 1
    assert "0.279 lucky guesses" in refused.stderr
    assert "at most 0.05" in refused.stderr
    assert not out.exists()
    nowhere = run(city, *CREATE, "--out", str(tmp_path / "no" / "folder.csv"))
    assert "Nothing was made" in nowhere.stderr
    assert len(city.rows(table(PassRow))) == 20


def test_sixteen_digits_hold_for_more_but_do_not_mix(city: World) -> None:
    refused = run(city, *CREATE, "--digits", "16")
    assert "have 12 digits" in refused.stderr


def test_one_person_alone_voids_nothing(city: World) -> None:
    serial = rows(run(city, *CREATE).stdout)[0]["serial"]
    for alone in ((), ("--by", "Anna"), ("--by", "Anna", "--by", "anna ")):
        for act in ("void", "replace", "recast"):
            assert run(city, act, serial, *alone).exit_code == 2
    assert run(city, "void", serial, *TWO).exit_code == 0
    told = run(city, "list", *ROUND).stdout
    assert told.splitlines()[-1].split("\t")[1:] == [
        *("Anna and Bram", "void", "resident", serial)
    ]


def test_a_lost_pass_is_replaced_by_one_that_is_open(city: World) -> None:
    serial = rows(run(city, *CREATE).stdout)[0]["serial"]
    (given,) = rows(run(city, "replace", serial, *TWO).stdout)
    assert given["serial"] != serial
    counted = json.loads(run(city, "count", *ROUND, "--json").stdout)
    assert {(each["state"], each["passes"]) for each in counted} == {
        *(("open", 21), ("printed", 2), ("void", 1))
    }


def test_an_unknown_round_or_serial_is_said(city: World) -> None:
    for words in (
        ("create", "--round", "x", "--class", "resident", "--count", "1"),
        ("open", "--round", "x"),
        ("count", "--round", "x"),
        ("list", "--round", "x"),
        ("seal", "--round", "x", *TWO),
    ):
        refused = run(city, *words)
        assert refused.exit_code == 1
        assert "There is no round x. There are: " in refused.stderr
    assert "no pass with serial 000" in run(city, "void", "000", *TWO).stderr


def test_it_is_sealed_once_and_after_closing(city: World) -> None:
    early = run(city, "seal", *ROUND, *TWO)
    assert (early.exit_code, "not over" in early.stderr) == (1, True)
    city.clock.pass_time(days=30)
    assert "sealed now" in run(city, "seal", *ROUND, *TWO).stderr
    assert "sealed before" in run(city, "seal", *ROUND, *TWO).stderr


def test_the_demo_prints_the_same_twenty_passes_each_time(city: World) -> None:
    first = run(city, "demo", "--eligibility", "pass", group=cli.main)
    again = run(city, "demo", group=cli.main)
    assert len(rows(first.stdout)) == 20
    assert first.stdout == again.stdout


def test_test_passes_can_be_told_by_their_looks(city: World) -> None:
    for each in rows(run(city, "test", *ROUND).stdout):
        assert each["class"] == "test"
        assert each["code"].startswith("0000")
        assert each["token"].startswith("test")
