"""Plans that are like another are suggested, in the same language and across."""

import time
from typing import Any

import pytest

from bot.domain.similar import MOST, Point, Sketch, similar
from bot.flows.spelling import plain
from bot.services.desk.similar_plans import alike_to
from bot.services.desk.subjects import SUBJECTS
from bot.services.house import Scene
from bot.services.searching import index_plan
from bot.store.civic import PlanRow
from tests.worlds import VOTING, World, table


def suggested(world: World, number: int) -> list[int]:
    plan_id = world.plan_row(number).id
    now = world.clock()
    found = world.house.db.read(
        lambda db: alike_to(Scene(world.house, db, now), plan_id)
    )
    return [each.number for each in found]


def add(world: World, text: str, **plan: Any) -> int:
    number = world.plan(None, text, VOTING, **plan)
    plan_id = world.plan_row(number).id
    world.house.db.run(lambda db: index_plan(db, plan_id))
    return number


def demo_plans(world: World) -> list[Any]:
    return [row for row in world.rows(table(PlanRow)) if row.title]


@pytest.mark.parametrize("language", ["nl", "en", "tr", "ar"])
def test_the_title_of_each_demo_plan_in_any_language_finds_that_plan(
    world: World, language: str
) -> None:
    plans = [
        Sketch(row.number, plain(" ".join(row.title.values())), plain(row.place))
        for row in demo_plans(world)
    ]
    said = {row.number: plain(row.title[language]) for row in demo_plans(world)}
    assert len(said) > 40
    found = {
        number: similar(Sketch(-1, words), plans, SUBJECTS)
        for number, words in said.items()
    }
    hit = sum(number in each for number, each in found.items())
    assert hit / len(said) >= 0.95
    assert all(len(each) <= MOST for each in found.values())


@pytest.mark.parametrize(
    "text",
    [
        "Ik wil graag een zitbank onder de bomen",
        "I would like a bench below the trees",
        "Ağaçların altında bir bank istiyorum",
        "أريد مقعدا تحت الأشجار",
    ],
)
def test_one_wish_in_four_languages_finds_a_dutch_plan_that_is_not_public(
    each_world: World, text: str
) -> None:
    there = add(each_world, "Een bankje bij de boom in het park")
    mine = add(each_world, text)
    assert there in suggested(each_world, mine)


def test_the_same_place_counts_and_another_subject_there_does_not() -> None:
    mine = Sketch(1, "bankje bij de vijver", "vijverpad", Point(52.37, 4.80))
    near = Sketch(2, "bankje aan het water", "", Point(52.3705, 4.80))
    far = Sketch(3, "bankje aan het water", "", Point(52.40, 4.80))
    other = Sketch(4, "toneelvoorstelling vijverpad", "vijverpad")
    assert similar(mine, [far, near, other], SUBJECTS) == [2, 3]


def test_nothing_is_like_a_plan_without_words(world: World) -> None:
    assert suggested(world, add(world, "")) == []
    assert similar(Sketch(1, ""), [Sketch(2, "bank")], SUBJECTS) == []


def test_looking_changes_no_plan(world: World) -> None:
    mine = add(world, "Een bank onder de bomen")
    before = world.rows(table(PlanRow).order_by(PlanRow.id))
    assert suggested(world, mine)
    assert world.rows(table(PlanRow).order_by(PlanRow.id)) == before


def test_a_thousand_plans_are_compared_in_less_than_two_seconds() -> None:
    words = ("bank", "boom", "fiets", "licht", "tuin", "markt", "speeltuin")
    plans = [
        Sketch(at, f"een {words[at % 7]} en {words[at % 5]} voor nummer{at}")
        for at in range(1_000)
    ]
    began = time.perf_counter()
    assert len(similar(plans[0], plans, SUBJECTS)) == MOST
    assert time.perf_counter() - began < 2
