"""What a turn is told: only hers, only what it asks for, nothing that is not public."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert

from bot.domain.facts import Facts
from bot.domain.plans import Status
from bot.flows.needs import Need
from bot.services.facts import MOST_NAMED, Asking, load_facts
from bot.services.house import Scene
from bot.services.talks import talk_by_id
from bot.store.civic import RoundRow
from bot.store.passes import Receipt
from tests.worlds import COLLECTING, VOTING, Person, World, table

ALL = ~Need.NOTHING


def facts(
    world: World,
    person: Person,
    need: Need = ALL,
    numbers: tuple[int, ...] = (),
    about: int | None = None,
) -> Facts:
    def job(db: Any) -> Facts:
        scene = Scene(world.house, db, world.clock())
        talk = talk_by_id(scene, person.talk)
        view = world.house.catalog.view(db)
        return load_facts(scene, talk, view, Asking(need, numbers, about))

    return world.house.db.run(job)


def test_her_plans_are_hers_alone(each_world: World) -> None:
    ayse, bram = each_world.person(), each_world.person()
    number = each_world.plan(ayse, a_round=COLLECTING)
    each_world.plan(bram, a_round=COLLECTING)
    told = facts(each_world, ayse)
    assert [plan.number for plan in told.me.plans] == [number]
    assert told.me.plans[0].mine


def test_a_plan_that_nobody_has_ticked_shows_its_words_to_its_author_alone(
    each_world: World,
) -> None:
    """Promise 4: nothing a resident said is public before a reviewer has ticked it."""
    ayse, bram = each_world.person(), each_world.person()
    number = each_world.plan(ayse, "Een bank bij mevrouw Jansen", a_round=COLLECTING)
    to_author = facts(each_world, ayse, numbers=(number,)).plans[number]
    to_other = facts(each_world, bram, numbers=(number,)).plans[number]
    assert "Jansen" in to_author.title["nl"]
    assert (to_other.public, to_other.mine) == (False, False)
    assert "Jansen" not in repr(to_other)


def test_the_history_of_a_plan_is_for_its_author(world: World) -> None:
    ayse, bram = world.person(), world.person()
    number = world.plan(ayse)
    assert facts(world, ayse, numbers=(number,)).plans[number].history
    assert facts(world, bram, numbers=(number,)).plans[number].history == ()


def test_a_plan_that_was_taken_back_is_no_longer_hers_to_see(world: World) -> None:
    person = world.person()
    world.plan(person, status="withdrawn")
    assert facts(world, person).me.plans == ()


def test_what_is_not_asked_for_is_not_told(world: World) -> None:
    person = world.person()
    number = world.plan(person)
    told = facts(world, person, Need.NOTHING, (number,))
    assert (told.me.plans, told.plans, told.about) == ((), {}, None)
    assert (told.next_number, told.receipt) == (0, "")


def test_a_free_number_is_the_next_of_the_installation(world: World) -> None:
    person = world.person()
    before = facts(world, person).next_number
    world.plan(person)
    after = facts(world, person).next_number
    assert 10 <= before < after
    assert world.plan(world.person()) == after


def test_a_receipt_is_one_that_nobody_has(world: World) -> None:
    person = world.person()
    drawn = iter(["4821\u00a07730", "4821\u00a07730", "0000\u00a00001"])
    world.house = replace(world.house, receipt=lambda: next(drawn))
    round_id = world.rows(table(RoundRow))[0].id
    first = facts(world, person).receipt
    with world.house.db.engine.begin() as db:
        db.execute(insert(Receipt).values(receipt=first, round_id=round_id))
    assert facts(world, person).receipt == "0000\u00a00001"


def test_a_message_with_a_hundred_numbers_asks_for_twenty(world: World) -> None:
    numbers = tuple(range(10, 110))
    told = facts(world, world.person(), numbers=numbers)
    assert set(told.plans) <= set(numbers[:MOST_NAMED])


def test_plans_nobody_has_are_left_out(world: World) -> None:
    person = world.person()
    assert facts(world, person, numbers=(299, 21, 2**40)).plans.keys() == {21}


def test_supports_follows_and_votes_are_told(each_world: World) -> None:
    world = each_world
    person, author = world.person(), world.person()
    public: Any = {
        "status": "public",
        "public_at": world.clock(),
        "title": {"nl": "Bank"},
    }
    number = world.plan(author, a_round=COLLECTING, **public)
    world.says(person, f"steun {number}")
    world.follow(person, number)
    world.vote(person)
    told = facts(world, person, numbers=(number,))
    plan = told.plans[number]
    assert (plan.supported, plan.followed, plan.mine) == (True, True, False)
    assert told.me.supported == 1
    assert [each.number for each in told.me.followed] == [number]
    assert told.me.voted == {VOTING}
    assert facts(world, author, numbers=(number,)).plans[number].supported is False


def test_her_order_of_plans_is_her_own_and_stays(world: World) -> None:
    ayse, bram = world.person(), world.person()
    assert facts(world, ayse).me.voter == facts(world, ayse, Need.NOTHING).me.voter
    assert facts(world, ayse).me.voter != facts(world, bram).me.voter


@pytest.mark.parametrize("status", list(Status))
def test_a_plan_of_every_status_can_be_told(world: World, status: Status) -> None:
    person = world.person()
    number = world.plan(person, status=status.value)
    assert facts(world, person, numbers=(number,)).plans[number].status is status


def test_a_closed_round_is_no_longer_offered(world: World) -> None:
    person = world.person()
    assert {each.slug for each in facts(world, person).rounds} == {VOTING, COLLECTING}
    world.clock.pass_time(days=401)
    assert {each.slug for each in facts(world, person).rounds} == {COLLECTING}


def test_the_plans_that_were_chosen_are_told_to_everybody(each_world: World) -> None:
    ayse, bram = each_world.person(), each_world.person()
    shown: dict[str, Any] = {"title": {"nl": "Bank"}, "public_at": each_world.clock()}
    chosen = each_world.plan(ayse, status="chosen", **shown)
    begun = each_world.plan(None, status="started", **shown)
    each_world.plan(ayse, status="not_voted_in", **shown)
    each_world.plan(ayse, status="chosen")
    told = facts(each_world, bram).chosen
    assert [(plan.number, plan.title) for plan in told] == [
        (chosen, {"nl": "Bank"}),
        (begun, {"nl": "Bank"}),
    ]
    assert facts(each_world, bram, ALL & ~Need.CHOSEN).chosen == ()
