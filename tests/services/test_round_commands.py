"""`buurtstem round check` needs nothing but the file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import build, cli
from tests.need import ROOT

GOOD = ROOT / "rounds" / "nieuw-west-2019.toml"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting is there, and no .env."""
    for name in ("SECRET_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.main, ["round", *words], obj=build)


def test_a_good_file_has_no_faults(bare: None) -> None:
    done = run("check", str(GOOD))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "no faults" in done.stderr
    as_json = json.loads(run("check", str(GOOD), "--json").stdout)
    assert as_json == {"file": str(GOOD), "ok": True, "faults": []}


def test_every_fault_of_a_file_is_told(bare: None, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    text = GOOD.read_text("utf-8").replace("passes = 400", "passes = 0")
    bad.write_text(text.replace("threshold = 30", "treshold = 30"), "utf-8")
    done = run("check", str(bad))
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 3
    assert "treshold: is not known here: did you mean threshold?" in done.stdout
    told = json.loads(run("check", str(bad), "--json").stdout)
    assert not told["ok"]
    assert {"path", "fault", "line"} == told["faults"][0].keys()
    assert len(told["faults"]) == 3


def test_a_file_that_is_not_there_is_said(bare: None) -> None:
    assert run("check", "nowhere.toml").exit_code == 2
