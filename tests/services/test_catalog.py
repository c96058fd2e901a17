"""Rounds and ballots in memory: a change counts from the commit that made it."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.ballots import BallotPaper
from bot.services.catalog import CatalogCache, touch
from bot.services.rounds import RoundError, round_from_json, round_to_json
from bot.store.civic import PlanRow, RoundRow
from tests.worlds import COLLECTING, VOTING, Postman, World


def paper(world: World) -> BallotPaper:
    view = world.house.db.run(world.house.catalog.view)
    assert view.papers is not None
    return view.papers[VOTING]


def retitle(world: World, number: int, title: str, *, tell: bool) -> None:
    def job(db: Any) -> None:
        row = update(PlanRow).where(PlanRow.number == number)
        db.execute(row.values(title={"nl": title}))
        if tell:
            touch(db)

    world.house.db.run(job)


def title(world: World, number: int) -> str:
    plan = paper(world).plan(number)
    assert plan is not None
    return plan.title["nl"]


def test_the_ballot_holds_exactly_the_plans_on_it(each_world: World) -> None:
    numbers = [plan.number for plan in paper(each_world).plans]
    rows = each_world.rows(PlanRow.__table__.select())
    assert numbers == sorted(row.number for row in rows if row.status == "on_ballot")
    assert len(numbers) == 40


def test_a_change_counts_in_every_process_from_its_commit_on(each_world: World) -> None:
    other = World(
        replace(each_world.house, catalog=CatalogCache(), postman=Postman("other")),
        each_world.clock,
        Postman("other"),
    )
    assert title(each_world, 21) == title(other, 21) == "Geveltuinen"
    retitle(each_world, 21, "Tuintjes", tell=True)
    assert title(each_world, 21) == title(other, 21) == "Tuintjes"


def test_what_is_not_told_is_not_read_again(world: World) -> None:
    assert title(world, 21) == "Geveltuinen"
    retitle(world, 21, "Tuintjes", tell=False)
    assert title(world, 21) == "Geveltuinen"


def test_a_turn_sees_the_ballot_of_its_own_instant(world: World) -> None:
    person = world.person()
    world.taps(person, "menu:vote")
    retitle(world, 21, "Tuintjes", tell=True)
    world.says(person, "21")
    assert "21 – Tuintjes" in world.texts(person)[-1]


def test_many_threads_get_one_and_the_same_view(world: World) -> None:
    views: list[object] = []
    cache = CatalogCache()

    def look() -> None:
        with world.house.db.engine.connect() as db:
            views.append(cache.view(db))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(views) == 8
    with world.house.db.engine.connect() as db:
        assert cache.view(db) is cache.view(db)


def test_a_round_s_name_and_number_lead_to_each_other(world: World) -> None:
    view = world.house.db.run(world.house.catalog.view)
    for slug in (VOTING, COLLECTING):
        assert view.slug(view.round_id(slug)) == slug
    with pytest.raises(KeyError):
        view.round_id("nowhere")
    with pytest.raises(LookupError):
        view.slug(404)


def test_a_round_goes_to_json_and_back(world: World) -> None:
    view = world.house.db.run(world.house.catalog.view)
    assert len(view.rounds) == 2
    for each in view.rounds:
        assert round_from_json(round_to_json(each)) == each


@pytest.mark.parametrize("field", ["legal_basis", "decision"])
def test_a_round_without_its_basis_in_law_is_refused(world: World, field: str) -> None:
    (row, *_) = world.rows(RoundRow.__table__.select())
    for value in ("", "  "):
        with pytest.raises(RoundError, match=field):
            round_from_json({**row.data, field: value})
    with pytest.raises(RoundError, match=field):
        round_from_json({k: v for k, v in row.data.items() if k != field})


def test_a_round_whose_phases_are_out_of_order_is_refused(world: World) -> None:
    (row, *_) = world.rows(RoundRow.__table__.select())
    starts = {**row.data["starts"], "voting": "2001-01-01T00:00:00+00:00"}
    with pytest.raises(RoundError, match="order"):
        round_from_json({**row.data, "starts": starts})
