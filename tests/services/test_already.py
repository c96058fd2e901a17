"""What the municipality pays at a plan's place already: told and frozen with it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.app import create_app
from bot.services.freezing import current
from bot.services.house import Scene
from bot.services.plans import PlanRefused, publish
from bot.store.civic import Catalog, PlanRow, RoundRow
from tests.worlds import COLLECTING, VOTING, World

PAID = {"nl": "Twee bankjes bij de vijver.", "en": "Two benches by the pond."}
ROW = "The municipality already pays here: Two benches by the pond."


def publishes(world: World, number: int, already: Mapping[str, str]) -> None:
    house, now = world.house, world.clock()
    titles = {"nl": "Een bank"}
    house.db.run(
        lambda db: publish(
            Scene(house, db, now), number, titles, "bram", already=already
        )
    )


def any_plan(world: World, slug: str) -> int:
    in_round = select(PlanRow.number).join(RoundRow, RoundRow.id == PlanRow.round_id)
    ((number,), *_) = world.rows(in_round.where(RoundRow.slug == slug))
    return int(number)


def test_it_is_kept_until_it_is_said_anew(each_world: World) -> None:
    number = any_plan(each_world, COLLECTING)
    publishes(each_world, number, PAID)
    assert each_world.plan_row(number).already == PAID
    house, now = each_world.house, each_world.clock()
    house.db.run(
        lambda db: publish(Scene(house, db, now), number, {"nl": "Bank"}, "bram")
    )
    assert each_world.plan_row(number).already == PAID


def test_a_language_that_is_none_is_refused_and_nothing_changes(world: World) -> None:
    number = any_plan(world, COLLECTING)
    before = world.plan_row(number)
    with pytest.raises(PlanRefused, match="give --already nl="):
        publishes(world, number, {"xx": "?"})
    assert world.plan_row(number) == before


def put(world: World, number: int, already: object) -> None:
    """Write it to a plan on the open ballot, as if it had been there at opening."""
    with world.house.db.engine.begin() as db:
        row = update(PlanRow).where(PlanRow.number == number)
        db.execute(row.values(already=already))
        db.execute(update(Catalog).values(version=Catalog.version + 1))


def first_shown(world: World) -> str:
    person = world.person("en")
    world.taps(person, "menu:vote")
    world.taps(person, "vote:help")
    world.taps(person, "theme:green")
    return world.texts(person)[-1]


def test_it_is_shown_with_the_plan(world: World) -> None:
    assert "already pays here" not in first_shown(world)
    view = world.house.db.read(world.house.catalog.view)
    for plan in (view.papers or {})[VOTING].plans:
        put(world, plan.number, PAID)
    assert ROW in first_shown(world)


def words_of(world: World, number: int) -> str:
    with world.house.db.engine.connect() as db:
        data = db.scalar(select(RoundRow.data).where(RoundRow.slug == VOTING))
        assert data is not None
        settings = json.loads(current(db, data, frozenset({number})))
    (plan,) = settings["plans"]
    return str(plan["words"])


def test_it_is_frozen_with_the_words_and_nothing_is_as_before(world: World) -> None:
    before = words_of(world, 21)
    put(world, 21, {})
    assert words_of(world, 21) == before
    put(world, 21, PAID)
    assert words_of(world, 21) != before


def test_it_stands_in_the_open_data(world: World) -> None:
    put(world, 21, PAID)
    client = create_app(house=world.house).test_client()
    plans: Any = client.get(f"/open/rounds/{VOTING}/plans.json").get_json()
    told = {plan["number"]: plan.get("already") for plan in plans}
    assert told.pop(21) == PAID
    assert set(told.values()) == {None}
