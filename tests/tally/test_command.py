"""`buurtstem tally --file`: any election, without settings and without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli_tally import RULES, tally
from tally import RULES as KNOWN
from tests.need import ROOT, shared_path
from tests.tally.test_pabulib import FILE, changed


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(tally, ["--file", str(path), *words])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "small.pb"
    file.write_text(FILE, "utf-8")
    return file


def test_it_needs_no_settings_and_says_nothing_but_json(path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bot", "tally", "--file", str(path), "--json"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(told.stdout) == {
        "rule": "votes-skip",
        "chosen": ["a"],
        "ties": [],
        "steps": [
            {"pot": "all", "name": "", "amount": 100_00},
            {
                "plan": "a",
                "total": 2,
                "cost_cents": 60_00,
                "verdict": "chosen",
                "left": 40_00,
            },
            {
                "plan": "b",
                "total": 1,
                "cost_cents": 50_00,
                "verdict": "too_dear",
                "left": 40_00,
            },
        ],
        "left": 40_00,
        "totals": {"a": 2, "b": 1},
        "margins": {"b": 2},
    }
    assert told.stderr == ""


def test_the_account_is_read_line_by_line(path: Path) -> None:
    pot, first, second, *rest = run(path).stdout.splitlines()
    assert pot == "There is 100 euros for all plans."
    assert first == (
        "Plan a has 2 votes. It costs 60 euros. This plan is chosen. "
        "There is 40 euros left."
    )
    assert second == (
        "Plan b has 1 vote. It costs 50 euros. That is more than we have left. "
        "So we look further."
    )
    assert rest == ["These plans are chosen: a.", "Plan b needed 2 more votes."]


def test_another_currency_keeps_its_name(path: Path) -> None:
    path.write_text(changed(("rule;", "currency;PLN\nrule;")), "utf-8")
    assert "There is 100 PLN for all plans." in run(path).stdout


@pytest.mark.parametrize(
    ("rule", "file", "named"),
    [
        ("auto", "Netherlands_Amsterdam_166", "amsterdam"),
        ("auto", "Poland_Krakow_2022_Czyzyny", "borda"),
        ("auto", "Poland_Katowice_2022_Koszutka", "points"),
        ("auto", "Poland_Gdynia_2020_Babie_Doly__small", "votes-stop"),
        ("auto", "Netherlands_Assen_2024", "equal-shares"),
        ("votes-skip", "Netherlands_Amsterdam_166", "votes-skip"),
        ("equal-shares", "Netherlands_Amsterdam_644", "equal-shares"),
        ("borda", "Netherlands_Amsterdam_644", "borda"),
    ],
)
def test_a_file_is_counted_by_the_rule_it_names_or_another(
    rule: str, file: str, named: str
) -> None:
    told = run(shared_path("pabulib", f"{file}.pb"), "--rule", rule, "--json")
    found = json.loads(told.stdout)
    assert found["rule"] == named
    assert found["chosen"]


def test_every_rule_by_money_can_be_asked_for() -> None:
    assert {*RULES, "quotas"} == set(KNOWN)


def test_totals_that_are_not_whole_are_exact_text(path: Path) -> None:
    weighed = ("rule;", "voter_weights;web=1/3\nrule;")
    votes = ("voter_id;vote\n1;a", "voter_id;vote;voter_class\n1;a;web")
    path.write_text(changed(weighed, votes), "utf-8")
    assert json.loads(run(path, "--json").stdout)["totals"] == {"a": "4/3", "b": 1}


def test_what_is_odd_goes_to_stderr(path: Path) -> None:
    path.write_text(changed(("2;a,b", "1;a,b")), "utf-8")
    told = run(path, "--json")
    assert told.exit_code == 0
    assert json.loads(told.stdout)["chosen"] == ["a"]
    assert "line 14: a voter is there again" in told.stderr


def test_every_fault_is_told_and_nothing_is_counted(path: Path) -> None:
    path.write_text(FILE + "9;nowhere\n" * 30, "utf-8")
    told = run(path)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "was not counted:\n  line 15: there is no plan nowhere" in told.stderr
    assert "and 10 more" in told.stderr


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ([], "Name either"),
        (["--file", "FILE", "--round", "r"], "Name either"),
        (["--file", "FILE", "--seed", "7"], "--seed goes with --round"),
        (["--round", "r", "--rule", "borda"], "--rule goes with --file"),
        (["--file", "nowhere.pb"], "does not exist"),
        (["--file", "FILE", "--rule", "dice"], "is not one of"),
    ],
)
def test_what_does_not_go_together_is_said(
    path: Path, words: list[str], fault: str
) -> None:
    asked = [str(path) if word == "FILE" else word for word in words]
    told = CliRunner().invoke(tally, asked)
    assert told.exit_code == 2
    assert fault in told.stderr


@pytest.mark.parametrize(
    ("rule", "fault"),
    [("points", "how many points"), ("amsterdam", "in no theme with money: a, b")],
)
def test_a_rule_that_the_file_has_no_numbers_for_is_refused(
    path: Path, rule: str, fault: str
) -> None:
    told = run(path, "--rule", rule)
    assert (told.exit_code, told.stdout) == (1, "")
    assert fault in told.stderr


def test_two_rules_stand_beside_each_other_with_what_differs(tmp_path: Path) -> None:
    """Ten voters like the dear park, and eight the two small benches."""
    head = "META\nkey;value\nbudget;100\nvote_type;approval\nrule;greedy\n"
    plans = "PROJECTS\nproject_id;cost\npark;60\nbench;40\nlamp;30\ntree;30\n"
    votes = ["park"] * 10 + ["park,bench"] * 2 + ["lamp,tree"] * 8 + ["bench"] * 7
    rows = "".join(f"{n};{each}\n" for n, each in enumerate(votes))
    path = tmp_path / "past.pb"
    path.write_text(f"{head}{plans}VOTES\nvoter_id;vote\n{rows}", "utf-8")
    told = run(path, "--beside", "votes-stop")
    assert told.stdout.splitlines() == [
        "votes-skip: park, bench",
        "  19 of 27 voters get a plan (70 %)",
        "votes-stop: park, bench",
        "  19 of 27 voters get a plan (70 %)",
        "Only by votes-skip: none",
        "Only by votes-stop: none",
    ]
    shares = json.loads(run(path, "--beside", "equal-shares", "--json").stdout)
    skip, equal = shares["sides"]
    assert (skip["rule"], equal["rule"]) == ("votes-skip", "equal-shares")
    assert set(equal["chosen"]) - set(skip["chosen"]) == set(shares["only"][1])
    assert shares["ballots"] == 27
    alone = json.loads(run(path, "--rule", "equal-shares", "--json").stdout)
    assert alone["chosen"] == equal["chosen"]


def test_a_stored_round_is_never_compared(path: Path) -> None:
    told = CliRunner().invoke(tally, ["--round", "any", "--beside", "equal-shares"])
    assert told.exit_code == 2
    assert "never as a surprise after it" in told.stderr
    same = run(path, "--beside", "votes-skip")
    assert (same.exit_code, same.stdout) == (1, "")
    assert "votes-skip is its rule already" in same.stderr
