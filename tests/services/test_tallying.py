"""A round is counted from its ballots, after closing only, and anyone can redo it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select, update

from bot import cli_tally
from bot.domain import round_terms as terms
from bot.domain.money import Money
from bot.services.catalog import touch
from bot.services.round_files import read_round_file
from bot.services.rounds import round_to_json
from bot.services.tallying import TallyError, count_round, settings_of
from bot.store.base import Base
from bot.store.civic import BallotRow, RoundRow
from tally import Ballot, Election, Plan, Rule, TieBreak, count, lot
from tally.pabulib import read_file
from tests.worlds import SECRET_KEY, VOTING, World

VOTES = [(21, 30, 70), (21, 30), (21,), (70, 30)]


def close(world: World, votes: Iterable[Iterable[int]] = VOTES) -> World:
    """Put ballots into the box and let voting close."""
    with world.house.db.engine.begin() as db:
        round_id = db.scalar(select(RoundRow.id).where(RoundRow.slug == VOTING))
        for at, picks in enumerate(votes):
            row = {"id": f"{97 * at:032}", "voter": f"voter {at}", "receipt": f"r{at}"}
            db.execute(
                insert(BallotRow).values(round_id=round_id, picks=list(picks), **row)
            )
    world.clock.pass_time(days=40)
    return world


def run(world: World, command: Any, *words: str) -> Result:
    env = {"SECRET_KEY": SECRET_KEY}
    return CliRunner().invoke(command, words, obj=lambda _: world.house, env=env)


def kept(world: World) -> list[Any]:
    """Return every row of every table."""
    tables = Base.metadata.sorted_tables
    return [tuple(row) for each in tables for row in world.rows(each.select())]


def test_most_votes_first_while_there_is_money(each_world: World) -> None:
    counted = count_round(close(each_world).house, VOTING)
    outcome = counted.outcome
    assert {p: n for p, n in outcome.totals.items() if n} == {"21": 3, "30": 3, "70": 2}
    assert set(outcome.chosen) == {"21", "30", "70"}
    assert outcome.rule is Rule.SKIP
    assert len(outcome.totals) == 40


def test_counting_changes_nothing_and_gives_the_same_again(world: World) -> None:
    close(world)
    before = kept(world)
    assert count_round(world.house, VOTING) == count_round(world.house, VOTING)
    assert kept(world) == before


@pytest.mark.parametrize("command", ["tally", "export"])
def test_before_closing_nobody_sees_how_a_vote_stands(
    world: World, command: str
) -> None:
    close(world)
    world.clock.pass_time(days=-40)
    words = ["--format", "pb"] if command == "export" else []
    told = run(world, getattr(cli_tally, command), "--round", VOTING, *words)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "has not closed" in told.stderr
    assert "Nothing was counted" in told.stderr


def test_the_minute_voting_closes_it_can_be_counted(world: World) -> None:
    view = close(world).house.db.read(world.house.catalog.view)
    closes = next(each for each in view.rounds if each.slug == VOTING).closes_at
    assert closes
    world.clock.pass_time(seconds=(closes - world.clock()).total_seconds() - 1)
    with pytest.raises(TallyError, match="has not closed"):
        count_round(world.house, VOTING)
    world.clock.pass_time(seconds=1)
    assert count_round(world.house, VOTING).outcome.chosen


def test_a_plan_whose_cost_nobody_entered_stops_the_count(world: World) -> None:
    close(world).change_plan(30, cost_cents=None)
    with pytest.raises(TallyError, match=r"^Plan 30 has no cost\. Enter it with"):
        count_round(world.house, VOTING)


def test_a_round_that_is_not_there_is_named_with_those_that_are(world: World) -> None:
    told = run(world, cli_tally.tally, "--round", "atlantis")
    assert told.exit_code == 1
    assert 'no round "atlantis"' in told.stderr
    assert VOTING in told.stderr


def test_a_plan_that_left_the_ballot_is_not_counted(world: World) -> None:
    close(world).change_plan(30, status="withdrawn")
    outcome = count_round(world.house, VOTING).outcome
    assert "30" not in outcome.totals
    assert set(outcome.chosen) == {"21", "70"}


def test_after_the_results_the_same_is_counted(world: World) -> None:
    close(world)
    before = count_round(world.house, VOTING).outcome
    world.change_plan(21, status="chosen")
    world.change_plan(30, status="started")
    world.change_plan(70, status="not_voted_in")
    assert count_round(world.house, VOTING).outcome == before


def tied(world: World) -> World:
    """Two plans that cost all there is, with one vote each."""
    budget = next(iter(world.rows(select(RoundRow.data)))).data["budget_cents"]
    for number in (21, 30):
        world.change_plan(number, cost_cents=budget)
    return close(world, [(21,), (30,)])


def test_where_a_lot_decides_it_has_to_be_drawn_first(world: World) -> None:
    told = run(tied(world), cli_tally.tally, "--round", VOTING)
    assert told.exit_code == 1
    assert "Plans 21 and 30" in told.stderr or "Plans 30 and 21" in told.stderr
    assert "--seed" in told.stderr
    for seed in ("4 17 23", "5 18 24", "6 19 25"):
        drawn = run(world, cli_tally.tally, "--round", VOTING, "--seed", seed, "--json")
        found = json.loads(drawn.stdout)
        assert found["chosen"] == [min("21", "30", key=lambda p: lot(seed, p))]
        assert found["ties"][0]["broken_by"] == "lot"


def test_the_cheaper_of_two_equal_plans_needs_no_lot(world: World) -> None:
    budget = next(iter(world.rows(select(RoundRow.data)))).data["budget_cents"]
    world.change_plan(21, cost_cents=budget)
    world.change_plan(30, cost_cents=budget - 1)
    outcome = count_round(close(world, [(21,), (30,)]).house, VOTING).outcome
    assert outcome.chosen == ("30",)
    assert outcome.ties[0].broken_by is TieBreak.CHEAPER


def test_money_per_theme_means_the_two_steps_of_amsterdam(world: World) -> None:
    view = world.house.db.read(world.house.catalog.view)
    a_round = next(each for each in view.rounds if each.slug == VOTING)
    plan = Plan("10", 5_00, a_round.themes[0].key)
    election = Election(9_00, (plan,), {Ballot(("10",)): 1})
    assert settings_of(a_round, election, "", {}).rule is Rule.SKIP
    themes = tuple(replace(each, budget=Money(7_00)) for each in a_round.themes)
    settings = settings_of(replace(a_round, themes=themes), election, "", {})
    assert settings.rule is Rule.TWO_STEP
    assert settings.themes == {each.key: 7_00 for each in themes}


RULES = {
    terms.Rule.VOTES_SKIP: Rule.SKIP,
    terms.Rule.VOTES_STOP: Rule.STOP,
    terms.Rule.EQUAL_SHARES: Rule.EQUAL_SHARES,
}
TIES = (terms.Tie.DEARER, terms.Tie.NUMBER)


@pytest.mark.parametrize("rule", RULES)
def test_what_a_round_lays_down_decides(world: World, rule: terms.Rule) -> None:
    view = world.house.db.read(world.house.catalog.view)
    a_round = next(each for each in view.rounds if each.slug == VOTING)
    allocation = terms.Allocation(rule, TIES, plans_per_author=2)
    laid_down = replace(a_round, allocation=allocation)
    plans = (Plan("10", 5_00), Plan("11", 6_00))
    election = Election(9_00, plans, {Ballot(("10",)): 1})
    settings = settings_of(laid_down, election, "", {"business": Fraction(1, 2)})
    assert settings.rule is RULES[rule]
    assert settings.ties.ids == ("11", "10")
    assert (settings.per_author, settings.weights) == (2, {"business": Fraction(1, 2)})


def test_a_ballot_counts_by_the_class_of_its_pass_and_a_test_pass_never(
    world: World,
) -> None:
    close(world, [(21,), (30,), (70,)])
    kinds = {"21": "business", "30": "resident", "70": "test"}
    with world.house.db.engine.begin() as db:
        for row in db.execute(select(BallotRow.id, BallotRow.picks)).all():
            mine = update(BallotRow).where(BallotRow.id == row.id)
            db.execute(mine.values(voter_class=kinds[str(row.picks[0])]))
    counted = count_round(world.house, VOTING)
    assert {p for p, n in counted.outcome.totals.items() if n} == {"21", "30"}
    classes = {each.voters for each in counted.document.election.ballots}
    assert classes == {"business", "resident"}


KLEINE_WERELD = Path(__file__).parents[2] / "rounds" / "kleine-wereld-2019.toml"


def weigh_by_route(world: World, routes: Mapping[int, str | None]) -> World:
    """Count a box as De Kleine Wereld does, each plan's ballots by its route."""
    laid_down = round_to_json(read_round_file(KLEINE_WERELD.read_bytes()))["weights"]
    with world.house.db.engine.begin() as db:
        mine = RoundRow.slug == VOTING
        data = db.scalar(select(RoundRow.data).where(mine))
        weighed = {**(data or {}), "weights": laid_down}
        db.execute(update(RoundRow).where(mine).values(data=weighed))
        for row in db.execute(select(BallotRow.id, BallotRow.picks)).all():
            came = update(BallotRow).where(BallotRow.id == row.id)
            db.execute(came.values(route=routes[row.picks[0]]))
        touch(db)
    return world


def test_paper_and_internet_are_half_of_the_outcome_each(
    each_world: World, tmp_path: Path
) -> None:
    close(each_world, [(21,)] * 5 + [(30,)] + [(70, 21)] * 2)
    world = weigh_by_route(each_world, {21: "web", 30: "telegram", 70: "paper"})
    counted = count_round(world.house, VOTING)
    totals = {plan: n for plan, n in counted.outcome.totals.items() if n}
    assert totals == {"21": Fraction(22, 3), "30": Fraction(2, 3), "70": 4}
    assert counted.document.notes == ()
    told = run(world, cli_tally.export, "--round", VOTING, "--format", "pb")
    lines = told.stdout.splitlines()
    assert "voter_weights;whatsapp-telegram-web=2/3,desk-paper=2" in lines
    assert "voter_shares;whatsapp-telegram-web=1/2,desk-paper=1/2" in lines
    path = tmp_path / "round.pb"
    path.write_bytes(told.stdout_bytes)
    document = read_file(path)
    assert count(document.election, document.settings) == counted.outcome
    assert {each.voters for each in document.election.ballots} == {
        "whatsapp-telegram-web",
        "desk-paper",
    }


def test_where_no_paper_came_the_internet_is_the_whole_and_that_is_told(
    world: World,
) -> None:
    weigh_by_route(close(world), dict.fromkeys((21, 70), "web"))
    told = run(world, cli_tally.tally, "--round", VOTING, "--json")
    assert told.exit_code == 0
    assert "desk-paper should be 1/2 of the outcome" in told.stderr
    assert set(json.loads(told.stdout)["chosen"]) == {"21", "30", "70"}


def test_a_ballot_of_which_nobody_knows_how_it_came_stops_the_count(
    world: World,
) -> None:
    weigh_by_route(close(world), {21: "web", 70: None})
    with pytest.raises(TallyError, match="not known how it came"):
        count_round(world.house, VOTING)


def test_the_exported_file_counts_the_same_and_names_nobody(
    world: World, tmp_path: Path
) -> None:
    close(world)
    told = run(world, cli_tally.export, "--round", VOTING, "--format", "pb")
    assert told.exit_code == 0, told.stderr
    path = tmp_path / "round.pb"
    path.write_bytes(told.stdout_bytes)
    document = read_file(path)
    counted = count_round(world.house, VOTING)
    assert count(document.election, document.settings) == counted.outcome
    assert document.titles["21"] == world.plan_row(21).title["nl"]
    assert document.about["instance"] == VOTING
    for row in world.rows(select(BallotRow.id, BallotRow.voter, BallotRow.receipt)):
        assert not any(value in told.stdout for value in row)
    again = run(world, cli_tally.tally, "--file", str(path), "--json")
    first = run(world, cli_tally.tally, "--round", VOTING, "--json")
    assert json.loads(again.stdout) == json.loads(first.stdout)


def test_the_account_is_told_in_the_language_that_is_asked_for(world: World) -> None:
    close(world)
    told = run(world, cli_tally.tally, "--round", VOTING, "--lang", "tr").stdout
    assert "Plan 21: 3 oy. Maliyeti: " in told
    assert "Bu plan seçildi. Kalan para: " in told
