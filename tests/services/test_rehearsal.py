"""A rehearsal votes as residents do, in a copy, and leaves nothing behind."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot import cli_rounds
from bot.services import rehearsal
from bot.services.rehearsal import rehearse
from bot.services.rounds import RoundError
from bot.store.base import Base
from bot.store.passes import PassRow
from tests.services.opened import SLUG, add_plans, load
from tests.worlds import SECRET_KEY, VOTING, World, table


def everything(world: World) -> dict[str, list[Any]]:
    """Return all rows of all tables."""
    tables = Base.metadata.sorted_tables
    return {each.name: sorted(map(str, world.rows(each.select()))) for each in tables}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made, and go."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_every_ballot_is_counted_and_nothing_is_left(
    each_world: World, temporary: Path
) -> None:
    world = each_world
    load(world)
    numbers = add_plans(world, 7)
    before = everything(world)
    done = rehearse(world.house, SLUG, 7)
    assert done.faults == ()
    assert (done.voters, done.ballots, len(done.hash)) == (7, 7, 64)
    assert done.votes == dict.fromkeys(numbers, 5), "seven chose five of seven in turn"
    assert everything(world) == before
    assert list(temporary.iterdir()) == []
    assert world.postman.taken == []


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": '"knapsack"\nbudget_euros = 50_000', "max": "9"},
        {"max": "3\nmin = 3"},
    ],
    ids=["a sum", "exactly"],
)
def test_test_voters_keep_to_the_limits_of_the_ballot(
    each_world: World, temporary: Path, changes: dict[str, str]
) -> None:
    world = each_world
    load(world, **changes)
    numbers = add_plans(world, 6)
    each = 2 if "kind" in changes else 3  # 20,000 euros a plan
    done = rehearse(world.house, SLUG, 6)
    assert done.faults == ()
    assert done.votes == dict.fromkeys(numbers, each)
    assert list(temporary.iterdir()) == []


def test_an_open_vote_can_be_rehearsed_too(world: World) -> None:
    before = everything(world)
    done = rehearse(world.house, VOTING, 9)
    assert (done.faults, sum(done.votes.values())) == ((), 45)
    assert everything(world) == before


def test_where_a_pass_is_asked_for_test_passes_are_shown_that_only_the_copy_knows(
    each_world: World, temporary: Path
) -> None:
    world = each_world
    voters = '[[electorate]]\nclass = "resident"\npasses = 20'
    load(world, eligibility='"pass"', max=f"5\n\n{voters}")
    numbers = add_plans(world, 7)
    before = everything(world)
    done = rehearse(world.house, SLUG, 7)
    assert done.faults == ()
    assert done.votes == dict.fromkeys(numbers, 5)
    assert everything(world) == before
    assert world.rows(table(PassRow)) == []
    assert list(temporary.iterdir()) == []


def test_a_ballot_that_is_not_what_was_said_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = dict(rehearsal._WORDS) | {"tr": "hayır"}
    monkeypatch.setattr(rehearsal, "_WORDS", said)
    done = rehearse(world.house, VOTING, 4)
    assert done.ballots == 3
    assert "4 voted, 3 ballots are there" in done.faults
    assert "the ballots do not hold what was chosen" in done.faults


def test_without_a_ballot_there_is_nothing_to_rehearse(world: World) -> None:
    load(world)
    for slug, told in ((SLUG, "no plan is on the ballot"), ("nowhere", "no round")):
        with pytest.raises(RoundError, match=told):
            rehearse(world.house, slug, 1)


def test_the_command_prints_the_votes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)

    def ask(*words: str) -> Any:
        return CliRunner().invoke(cli_rounds.rehearse, words, obj=lambda _: world.house)

    done = ask(VOTING, "--voters", "2")
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 6
    assert "2 voters, 2 ballots; nothing was kept." in done.stderr
    told = json.loads(ask(VOTING, "--voters", "1", "--json").stdout)
    assert (told["ballots"], told["faults"]) == (1, [])
    assert ask("nowhere").exit_code == 1
