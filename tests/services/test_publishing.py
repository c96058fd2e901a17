"""A result is counted once, kept for good, and corrected beside what stood there."""

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select, update

from bot.cli_result import result
from bot.domain.languages import LANGUAGES, Texts
from bot.services.canonical import hash_of
from bot.services.catalog import touch
from bot.services.open_data import public_plans, public_result
from bot.services.publishing import (
    Published,
    PublishError,
    Publishing,
    all_published,
    publish_result,
)
from bot.services.sealing import seal
from bot.services.tallying import TallyError, count_round
from bot.services.verifying import check_round
from bot.store.civic import BallotRow, PlanRow, RoundRow
from bot.store.results import ResultRow
from tests.services.test_passes import city, each_city, passes, votes
from tests.services.test_tallying import close, run, tied
from tests.worlds import VOTING, World, table

__all__ = ["city", "each_city"]  # fixtures
BY = "Anna and Bram"
ORDER = Publishing(VOTING, BY)
REASON: Texts = dict.fromkeys(map(str, LANGUAGES), "Een stembiljet was niet geteld.")
TWO = ("--by", "Anna", "--by", "Bram")


def versions(world: World) -> list[Published]:
    def read(db: Any) -> list[Published]:
        return all_published(db, world.house.catalog.view(db).round_id(VOTING))

    return world.house.db.read(read)


def command(world: World, *words: str) -> Result:
    return run(world, result, *words)


def test_what_is_published_is_the_count_and_its_hash_is_of_these_bytes(
    each_world: World,
) -> None:
    close(each_world)
    made, anew = publish_result(each_world.house, ORDER)
    assert anew
    assert public_result(each_world.house, VOTING) == made.body
    assert hash_of(made.body) == made.hash
    assert made.outcome() == count_round(each_world.house, VOTING).outcome
    data = json.loads(made.body)
    assert {p["number"]: p["votes"] for p in data["plans"] if p["votes"]} == {
        21: 3,
        30: 3,
        70: 2,
    }
    assert {p["number"] for p in data["plans"] if p["chosen"]} == {21, 30, 70}
    assert data["budget_cents"] == 50_000_000
    assert data["turnout"]["ballots"] == 4
    checked = check_round(each_world.house, VOTING)
    assert data["chain"] == {"entries": checked.entries, "value": checked.value}
    (row,) = each_world.rows(table(ResultRow))
    assert (row.by, row.at) == (BY, each_world.clock())


def test_once_it_is_published_a_chat_says_where_the_count_is(each_world: World) -> None:
    page = f"{each_world.house.settings.public_url}/open/rounds/{VOTING}"
    ayse = close(each_world).person("en")
    each_world.says(ayse, "result")
    assert page not in "".join(each_world.texts(ayse))
    publish_result(each_world.house, ORDER)
    each_world.says(ayse, "result")
    told = "".join(each_world.texts(ayse))
    assert told.count(f"See the whole count here:\n{page}") == 1


def test_nothing_published_is_a_resident_s_word(world: World) -> None:
    made, _ = publish_result(close(world).house, ORDER)
    assert world.plan_row(21).title["nl"] not in made.body


def test_the_votes_of_each_plan_are_public_from_then_on(world: World) -> None:
    close(world)
    assert not any("votes" in plan for plan in public_plans(world.house, VOTING) or [])
    publish_result(world.house, ORDER)
    plans = public_plans(world.house, VOTING) or []
    told = {p["number"]: p["votes"] for p in plans if "votes" in p}
    assert len(told) == 40
    assert (told[21], told[70], told[22]) == (3, 2, 0)


def test_the_same_count_again_changes_nothing(world: World) -> None:
    close(world)
    first, _ = publish_result(world.house, ORDER)
    world.clock.pass_time(days=1)
    again, anew = publish_result(world.house, replace(ORDER, reason=REASON))
    assert (again, anew) == (first, False)
    assert len(versions(world)) == 1


def leave_one_out(world: World) -> None:
    """Let another count be right: one ballot was a test."""
    with world.house.db.engine.begin() as db:
        one = db.scalar(select(BallotRow.id).limit(1))
        test = update(BallotRow).where(BallotRow.id == one)
        db.execute(test.values(voter_class="test"))


def test_a_corrected_count_needs_a_reason_and_the_first_one_stays(
    each_world: World,
) -> None:
    first, _ = publish_result(close(each_world).house, ORDER)
    leave_one_out(each_world)
    with pytest.raises(PublishError, match="was published on .* and stays"):
        publish_result(each_world.house, ORDER)
    assert versions(each_world) == [first]
    second, anew = publish_result(each_world.house, replace(ORDER, reason=REASON))
    assert (second.version, anew, second.reason) == (2, True, REASON)
    assert versions(each_world) == [first, second]
    assert public_result(each_world.house, VOTING) == second.body
    assert public_result(each_world.house, VOTING, 1) == first.body
    assert second.data["turnout"]["ballots"] == 3


@pytest.mark.parametrize(
    ("reason", "told"),
    [({"nl": "Fout."}, "missing in: en, tr, ar"), (None, "was published on")],
)
def test_a_reason_is_for_every_reader(
    world: World, reason: dict[str, str] | None, told: str
) -> None:
    publish_result(close(world).house, ORDER)
    leave_one_out(world)
    with pytest.raises(PublishError, match=told):
        publish_result(world.house, replace(ORDER, reason=reason))
    long: Texts = dict.fromkeys(map(str, LANGUAGES), "x" * 241)
    with pytest.raises(PublishError, match="at most 240"):
        publish_result(world.house, replace(ORDER, reason=long))


def test_before_closing_and_before_the_last_vote_is_in_nothing_is_published(
    world: World,
) -> None:
    close(world)
    view = world.house.db.read(world.house.catalog.view)
    closes = next(each for each in view.rounds if each.slug == VOTING).closes_at
    assert closes
    world.clock.now = closes
    with pytest.raises(PublishError, match="chain .* is not closed yet"):
        publish_result(world.house, ORDER)
    world.clock.pass_time(seconds=-1)
    told = command(world, "publish", "--round", VOTING, *TWO)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "has not closed" in told.stderr
    assert not world.rows(table(ResultRow))
    world.clock.pass_time(minutes=6)
    assert publish_result(world.house, ORDER)[1]


def test_a_vote_that_was_never_opened_has_no_result(world: World) -> None:
    with world.house.db.engine.begin() as db:
        mine = RoundRow.slug == VOTING
        data = db.scalar(select(RoundRow.data).where(mine)) or {}
        shut = {**data, "needs_opening": True, "opened_at": None}
        db.execute(update(RoundRow).where(mine).values(data=shut))
        touch(db)
    close(world)
    with pytest.raises(PublishError, match="was never opened"):
        publish_result(world.house, ORDER)
    assert versions(world) == []


def test_where_passes_are_asked_the_ballots_are_sealed_first(each_city: World) -> None:
    for letter in passes(each_city)[:2]:
        votes(each_city, each_city.person("tr", "whatsapp"), letter.code)
    each_city.clock.pass_time(days=40)
    with pytest.raises(PublishError, match="not sealed: nothing was published"):
        publish_result(each_city.house, ORDER)
    seal(each_city.house, VOTING, BY)
    made, _ = publish_result(each_city.house, ORDER)
    turnout = made.turnout()
    assert turnout.ballots == 2
    assert set(turnout.by_route.values()) == {None}, "two people can be found"
    assert turnout.passes == {"resident": (20, 2)}


def test_a_lot_has_to_be_drawn_and_stands_in_the_result(world: World) -> None:
    tied(world)
    with pytest.raises(TallyError, match="Draw the lot"):
        publish_result(world.house, ORDER)
    made, _ = publish_result(world.house, replace(ORDER, seed="4 17 23"))
    assert made.data["lot"] == "4 17 23"
    assert (
        made.outcome().ties == count_round(world.house, VOTING, "4 17 23").outcome.ties
    )


def test_it_takes_two_people_and_a_round_that_is_there(world: World) -> None:
    close(world)
    alone = command(world, "publish", "--round", VOTING, "--by", "Anna", "--by", "anna")
    assert alone.exit_code == 2
    assert "Two people have to do this" in alone.stderr
    lost = command(world, "publish", "--round", "atlantis", *TWO)
    assert lost.exit_code == 1
    assert 'no round "atlantis"' in lost.stderr
    done = command(world, "publish", "--round", VOTING, *TWO)
    assert done.stdout.strip() == versions(world)[0].hash
    assert f"/open/rounds/{VOTING}" in done.stderr
    again = command(world, "publish", "--round", VOTING, *TWO)
    assert "Version 1 of the result was published before" in again.stderr


def test_a_check_counts_again_and_finds_another_result(world: World) -> None:
    publish_result(close(world).house, ORDER)
    assert check_round(world.house, VOTING).faults == ()
    leave_one_out(world)
    told = check_round(world.house, VOTING).faults
    assert "the published result is not what the ballots give" in told
    publish_result(world.house, replace(ORDER, reason=REASON))
    told = check_round(world.house, VOTING).faults
    assert not [each for each in told if "result" in each], "the newest one counts"
    with world.house.db.engine.begin() as db:
        forged = update(ResultRow).where(ResultRow.version == 1)
        db.execute(forged.values(body='{"chosen":["30"]}'))
    told = check_round(world.house, VOTING).faults
    assert "version 1 of the result is not what its hash tells" in told


def test_a_check_says_why_the_ballots_cannot_be_counted_again(world: World) -> None:
    publish_result(close(world).house, ORDER)
    world.change_plan(30, cost_cents=None)
    (told,) = check_round(world.house, VOTING).faults
    assert told.startswith("the ballots cannot be counted again: Plan 30 has no cost")


def test_another_round_s_plans_keep_their_votes(world: World) -> None:
    close(world)
    publish_result(world.house, ORDER)
    rounds = {row.id: row.slug for row in world.rows(table(RoundRow))}
    told = {
        rounds[row.round_id]
        for row in world.rows(table(PlanRow))
        if row.votes is not None
    }
    assert told == {VOTING}
