"""The chain of a round, written by the worker and checked against the box."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update

from bot.cli_audit import audit
from bot.domain.chain import Entry, Fact, committed
from bot.domain.rounds import Phase
from bot.services.chaining import LAST_COMMITS, LEAST, chain_ballots, entries_of
from bot.services.closing import confirm_closing, propose_closing
from bot.services.house import Scene
from bot.services.open_data import public_chain
from bot.services.verifying import NoChainError, check_round
from bot.store.chain import ChainRow, ReplacedBallot
from bot.store.civic import BallotRow, Official
from bot.store.frozen import FrozenRound
from bot.store.passes import Receipt
from tests.houses import at_once
from tests.services.test_votes import votes
from tests.worlds import COLLECTING, VOTING, Person, World, table

OTHER = "11 20"


def electorate(world: World, count: int = LEAST) -> list[Person]:
    """So many people who have voted."""
    people = [world.person() for _ in range(count)]
    for each in people:
        votes(world, each)
    return people


def write(world: World) -> None:
    while chain_ballots(world.house):
        pass


def chain(world: World) -> list[Entry]:
    view = world.house.db.read(world.house.catalog.view)
    round_id = view.round_id(VOTING)
    return world.house.db.read(lambda db: entries_of(db, round_id))


def facts(world: World) -> list[str]:
    return [each.fact for each in chain(world)]


def close(world: World) -> None:
    view = world.house.db.read(world.house.catalog.view)
    (a_round,) = [each for each in view.rounds if each.slug == VOTING]
    world.clock.now = a_round.starts[Phase.COUNTING] + LAST_COMMITS


def changed(world: World, statement: Any) -> None:
    with world.house.db.engine.begin() as db:
        assert db.execute(statement).rowcount


def faults(world: World) -> tuple[str, ...]:
    return check_round(world.house, VOTING).faults


def test_ballots_wait_until_they_are_many(each_world: World) -> None:
    world = each_world
    electorate(world, LEAST - 1)
    write(world)
    assert facts(world) == ["begun", "settings"]
    assert check_round(world.house, VOTING).loose == LEAST - 1
    electorate(world, 1)
    write(world)
    assert facts(world) == ["begun", "settings", "ballots"]
    found = check_round(world.house, VOTING)
    assert (found.ballots, found.loose, found.faults) == (LEAST, 0, ())


def test_a_batch_does_not_show_in_which_order_people_voted(world: World) -> None:
    electorate(world)
    write(world)
    came_in = chain(world)[-1].body["in"]
    assert came_in == sorted(came_in)
    assert len(set(came_in)) == LEAST, "the same picks, and no two alike"


def test_a_changed_ballot_goes_out_and_comes_in_anew(each_world: World) -> None:
    world = each_world
    people = electorate(world)
    write(world)
    before = set(chain(world)[-1].body["in"])
    votes(world, people[0], OTHER)
    assert faults(world) == (), "what was replaced waits for the next batch"
    electorate(world, LEAST)
    write(world)
    newest = chain(world)[-1].body
    (gone,) = newest["out"]
    assert gone in before
    assert len(newest["in"]) == LEAST + 1
    assert len(committed(chain(world))) == 2 * LEAST
    assert faults(world) == ()
    assert world.rows(table(ReplacedBallot)) == []


def test_a_ballot_changed_before_its_batch_leaves_no_trace(world: World) -> None:
    people = electorate(world)
    votes(world, people[0], OTHER)
    write(world)
    assert chain(world)[-1].body["out"] == []
    assert len(chain(world)[-1].body["in"]) == LEAST


def test_ballots_of_the_last_day_come_in_together(world: World) -> None:
    close(world)
    world.clock.pass_time(hours=-23)
    electorate(world)
    write(world)
    assert facts(world) == ["begun", "settings"]
    close(world)
    write(world)
    assert facts(world) == ["begun", "settings", "ballots", "closed"]


def test_every_day_all_receipts_are_told(world: World) -> None:
    electorate(world)
    write(world)
    write(world)
    assert facts(world) == ["begun", "settings", "ballots"]
    world.clock.pass_time(days=1)
    for _ in range(3):
        write(world)
    assert facts(world) == ["begun", "settings", "ballots", "day"]
    receipts = sorted(row.receipt for row in world.rows(table(Receipt)))
    assert chain(world)[-1].body == {"ballots": LEAST, "receipts": receipts}


def test_after_closing_the_rest_comes_in_and_the_chain_ends(each_world: World) -> None:
    world = each_world
    people = electorate(world)
    write(world)
    votes(world, people[3], OTHER)
    close(world)
    write(world)
    assert facts(world) == ["begun", "settings", "ballots", "ballots", "closed"]
    assert chain(world)[-1].body["ballots"] == LEAST
    assert faults(world) == ()
    world.clock.pass_time(days=2)
    write(world)
    assert len(chain(world)) == 5


def test_a_vote_taken_in_the_last_second_comes_into_the_chain(world: World) -> None:
    electorate(world, 2)
    close(world)
    world.clock.pass_time(seconds=-1)
    write(world)
    assert facts(world) == []
    world.clock.pass_time(seconds=1)
    write(world)
    assert facts(world) == ["begun", "settings", "ballots", "closed"]


def test_a_round_without_ballots_has_an_end_too(world: World) -> None:
    close(world)
    write(world)
    assert facts(world) == ["begun", "settings", "closed"]
    assert faults(world) == ()


def test_two_workers_write_one_chain(each_world: World) -> None:
    world = each_world
    electorate(world, LEAST + 5)
    ends = at_once(*[lambda: write(world)] * 4)
    assert ends == [None] * 4
    write(world)
    assert facts(world) == ["begun", "settings", "ballots"]
    assert faults(world) == ()


def test_ballots_of_the_version_before_get_their_number(world: World) -> None:
    electorate(world)
    changed(world, update(BallotRow).values(nonce=None))
    write(world)
    found = check_round(world.house, VOTING)
    assert (found.ballots, found.faults) == (LEAST, ())


FORGED: dict[str, tuple[Callable[[World], Any], str]] = {
    "another choice": (
        lambda world: (
            update(BallotRow)
            .where(BallotRow.id == one_ballot(world))
            .values(picks=[11])
        ),
        "1 ballots in the box are not in the chain",
    ),
    "one ballot less": (
        lambda world: delete(BallotRow).where(BallotRow.id == one_ballot(world)),
        "1 ballots of the chain are not in the box",
    ),
    "an entry rewritten": (
        lambda _: (
            update(ChainRow)
            .where(ChainRow.fact == Fact.BALLOTS.value)
            .values(body={"in": [], "out": []})
        ),
        "entry 3 does not follow from what is before it",
    ),
    "the settings": (
        lambda _: update(FrozenRound).values(settings="{}"),
        "version 1 of the settings is not what the chain tells",
    ),
    "an entry taken away": (
        lambda _: delete(ChainRow).where(ChainRow.fact == Fact.BALLOTS.value),
        "entry 3 does not follow from what is before it",
    ),
}


def one_ballot(world: World) -> str:
    return str(world.rows(table(BallotRow))[0].id)


@pytest.mark.parametrize("what", FORGED)
def test_what_is_forged_afterwards_is_found(world: World, what: str) -> None:
    electorate(world)
    close(world)
    write(world)
    forge, told = FORGED[what]
    changed(world, forge(world))
    assert told in faults(world)


def test_a_whole_new_chain_is_found_by_whoever_noted_a_value(world: World) -> None:
    electorate(world)
    close(world)
    write(world)
    noted = chain(world)[-1].value
    assert check_round(world.house, VOTING, [noted]).faults == ()
    changed(world, delete(ChainRow))
    changed(world, update(BallotRow).values(place=None, picks=[11]))
    world.clock.pass_time(seconds=1)
    write(world)
    assert faults(world) == ()
    found = check_round(world.house, VOTING, [noted])
    assert found.faults == (f"no entry has the value {noted}",)


def test_a_closing_that_moves_stands_in_the_chain(world: World) -> None:
    write(world)
    reason = {"nl": "Er was een storing."}
    view = world.house.db.read(world.house.catalog.view)
    (a_round,) = [each for each in view.rounds if each.slug == VOTING]
    later = a_round.starts[Phase.COUNTING] + timedelta(days=1)
    officials = [
        row.email for row in world.rows(table(Official)) if row.role != "viewer"
    ]
    world.house.db.run(
        lambda db: propose_closing(
            Scene(world.house, db, world.clock()), VOTING, later, reason, officials[0]
        )
    )
    moved = world.house.db.run(
        lambda db: confirm_closing(
            Scene(world.house, db, world.clock()), VOTING, officials[1]
        )
    )
    write(world)
    told = [each.body for each in chain(world) if each.fact == Fact.SETTINGS]
    assert [each["version"] for each in told] == [1, 2]
    assert told[1]["hash"] == moved.frozen.hash
    assert faults(world) == ()


def test_there_is_no_chain_before_voting(world: World) -> None:
    write(world)
    with pytest.raises(NoChainError, match="when voting opens"):
        check_round(world.house, COLLECTING)
    with pytest.raises(NoChainError, match="no round called"):
        check_round(world.house, "elsewhere")


@pytest.fixture
def published(world: World, tmp_path: Path) -> Path:
    """The chain of a closed round, as `/open` gives it."""
    electorate(world)
    close(world)
    write(world)
    file = tmp_path / "chain.json"
    file.write_text(json.dumps(public_chain(world.house, VOTING)), "utf-8")
    return file


def verify(*args: str) -> Any:
    return CliRunner().invoke(audit, ["verify", *args])


def test_anybody_can_check_what_was_published(published: Path) -> None:
    done = verify("--file", str(published))
    assert done.exit_code == 0, done.output
    assert "4 entries, 20 ballots" in done.output
    assert "Nothing was changed afterwards." in done.output
    told = json.loads(verify("--file", str(published), "--json").stdout)
    assert (told["ballots"], told["faults"]) == (20, [])


def test_a_published_chain_that_was_changed_is_refused(published: Path) -> None:
    data = json.loads(published.read_text("utf-8"))
    data["entries"][2]["body"]["in"].pop()
    published.write_text(json.dumps(data), "utf-8")
    done = verify("--file", str(published))
    assert done.exit_code == 1
    assert "Wrong: entry 3 does not follow from what is before it." in done.output
    assert "Wrong: entry 4 tells 20 ballots, not 19." in done.output


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"round": "a", "entries": [1]}'])
def test_what_is_no_chain_is_told(tmp_path: Path, content: str) -> None:
    file = tmp_path / "chain.json"
    file.write_text(content, "utf-8")
    done = verify("--file", str(file))
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")


def test_the_days_of_a_chain_follow_the_clock_of_the_neighbourhood(
    world: World,
) -> None:
    """At 23:30 UTC it is the next day in Amsterdam."""
    write(world)
    world.clock.pass_time(hours=12, minutes=30)
    write(world)
    assert facts(world) == ["begun", "settings", "day"]
    world.clock.pass_time(hours=1)
    write(world)
    assert facts(world) == ["begun", "settings", "day"]
    assert chain(world)[-1].at - chain(world)[0].at == timedelta(hours=12, minutes=30)
