"""The commands of a round; `round check` needs nothing but the file."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import cli, cli_rounds
from bot.__main__ import build
from bot.store.civic import PlanRow
from synthesis import Voice
from tests.need import ROOT
from tests.services.opened import BRAM, ELS, SLUG, file_text, make_ready, round_of
from tests.worlds import SECRET_KEY, World, table

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


@pytest.fixture
def city(world: World, voice: Voice, monkeypatch: pytest.MonkeyPatch) -> World:
    """A city with a round that only has to be opened."""
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    make_ready(world, voice)
    return world


def ask(world: World, *words: str) -> Result:
    """Run a command of the round in this city."""
    return CliRunner().invoke(cli_rounds.rounds, words, obj=lambda _: world.house)


def test_a_round_goes_from_file_to_open_vote(city: World, tmp_path: Path) -> None:
    file = tmp_path / "round.toml"
    file.write_text(file_text(), "utf-8")
    assert "is there already" in ask(city, "load", str(file)).stderr
    note = ("--by", ELS, "--note", "gezien")
    done = ask(city, "state", SLUG, "legal-basis", *note, "--withdraw")
    assert (done.exit_code, "taken back" in done.stderr) == (0, True)
    blocked = ask(city, "ready", SLUG)
    assert blocked.exit_code == 1
    assert "no  legal-basis (lawyer): nobody declared" in blocked.stdout
    refused = ask(city, "open", SLUG, "--by", ELS)
    assert refused.exit_code == 1
    assert "nothing was opened" in refused.stderr
    assert "legal-basis" in refused.stderr
    assert ask(city, "hash", SLUG).exit_code == 1
    assert ask(city, "state", SLUG, "legal-basis", *note).exit_code == 0
    told = json.loads(ask(city, "ready", SLUG, "--json").stdout)
    assert (told["ready"], told["late"]) == (True, [])
    assert told["points"][0].keys() == {"name", "owner", "ready", "seen", "todo"}
    opened = ask(city, "open", SLUG, "--by", ELS)
    assert opened.exit_code == 0
    assert ask(city, "hash", SLUG).stdout == opened.stdout
    file.write_text(file_text(threshold="99"), "utf-8")
    frozen = ask(city, "load", str(file))
    assert frozen.exit_code == 1
    assert "the file differs in: threshold. Nothing was changed." in frozen.stderr
    shown = json.loads(ask(city, "hash", SLUG, "--json").stdout)
    assert shown["hash"] == opened.stdout.strip()
    assert (shown["intact"], len(shown["versions"])) == (True, 1)


def test_closing_is_moved_by_two(city: World) -> None:
    first = ask(city, "open", SLUG, "--by", ELS).stdout
    to = ("--to", "2027-06-24T20:00", "--reason", "nl=Storing.")
    assert ask(city, "confirm-closing", SLUG, "--by", BRAM).exit_code == 1
    proposed = ask(city, "move-closing", SLUG, *to, "--by", ELS)
    assert proposed.exit_code == 0
    assert "2027-06-24 18:00 UTC" in proposed.stderr
    alone = ask(city, "confirm-closing", SLUG, "--by", ELS)
    assert (alone.exit_code, "another official" in alone.stderr) == (1, True)
    done = ask(city, "confirm-closing", SLUG, "--by", BRAM)
    assert done.exit_code == 0
    assert done.stdout != first
    assert ask(city, "hash", SLUG).stdout == done.stdout
    assert round_of(city).closes_at == datetime(2027, 6, 24, 18, tzinfo=UTC)


@pytest.mark.parametrize("to", ["tomorrow", "2027-13-01T10:00", "2027-10-31T02:30"])
def test_a_moment_that_nobody_can_read_is_said(city: World, to: str) -> None:
    ask(city, "open", SLUG, "--by", ELS)
    words = ("move-closing", SLUG, "--to", to, "--reason", "nl=x", "--by", ELS)
    refused = ask(city, *words)
    assert (refused.exit_code, "must look like" in refused.stderr) == (2, True)


def test_a_database_that_was_changed_is_said(city: World) -> None:
    ask(city, "open", SLUG, "--by", ELS)
    (number, *_) = [row.number for row in city.rows(table(PlanRow)) if row.number > 122]
    city.change_plan(number, cost_cents=1)
    done = ask(city, "hash", SLUG)
    assert done.exit_code == 1
    assert "not what was frozen" in done.stderr


def test_a_round_that_is_not_there_is_said(city: World) -> None:
    for words in (("ready",), ("hash",), ("open", "--by", ELS)):
        done = ask(city, words[0], "nowhere", *words[1:])
        assert done.exit_code == 1
        assert "there is no round nowhere" in done.stderr


def test_the_demo_leaves_a_real_round_alone(city: World) -> None:
    done = CliRunner().invoke(cli.demo, [], obj=lambda _: city.house)
    assert done.exit_code == 2
    assert f"holds a real round: {SLUG}." in done.stderr


def test_a_plan_gets_its_cost_and_its_words(city: World) -> None:
    number = str(city.plan(None, a_round=SLUG))

    def plans(*words: str) -> Result:
        return CliRunner().invoke(cli.plans, words, obj=lambda _: city.house)

    words = ("--title", "nl=Bank", "--summary", "nl=Een bank.", "--by", ELS)
    assert plans("publish", number, *words).exit_code == 0
    assert plans("cost", number, "12500").exit_code == 0
    row = city.plan_row(int(number))
    assert (row.summary, row.cost_cents) == ({"nl": "Een bank."}, 12_500_00)
    refused = plans("cost", number, "12500", "--theme", "green")
    assert (refused.exit_code, "no theme green" in refused.stderr) == (1, True)
