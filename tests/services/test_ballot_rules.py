"""The box refuses what breaks a rule of the ballot, or of the channel, by itself."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.domain import effects as ask
from bot.domain.errors import RefusedError
from bot.domain.money import Money
from bot.domain.passes import PassClass
from bot.domain.round_terms import MOST_PICKS, Act, BallotKind
from bot.flows.saved import load_talk
from bot.flows.state import ConfirmingVote, Menu
from bot.services.doing import Doing
from bot.services.effects import apply_effect
from bot.services.house import Scene
from bot.services.pass_register import Making, make_passes
from bot.services.talks import find_talk
from bot.services.voters import free_receipt
from bot.store.civic import BallotRow, Mark, PlanRow, Support
from bot.store.passes import PassRow
from tests.services.opened import run
from tests.services.ruled import lay_down, limit_theme
from tests.worlds import COLLECTING, VOTING, Person, World, table

EUROS = {10: 9_500, 20: 44_000, 30: 19_500, 31: 58_000, 33: 5_500}


def doing_of(scene: Scene, person: Person) -> Doing:
    talk = find_talk(scene, person.channel, person.address)
    assert talk is not None
    return Doing(scene, talk, scene.house.catalog.view(scene.db))


def does(world: World, person: Person, effect: ask.Effect) -> None:
    """Carry out one effect, as no talk would have asked for it."""
    run(world, lambda scene: apply_effect(doing_of(scene, person), effect))


def casts(world: World, person: Person, *picks: int) -> None:
    def job(scene: Scene) -> None:
        receipt = free_receipt(scene.house, scene.db)
        effect = ask.CastBallot(VOTING, picks, receipt)
        apply_effect(doing_of(scene, person), effect)

    run(world, job)


def box(world: World) -> list[list[int]]:
    return [row.picks for row in world.rows(table(BallotRow))]


def knapsack(world: World, euros: int) -> None:
    money = Money.euros(euros)
    kind = BallotKind.KNAPSACK
    lay_down(world, ballot_kind=kind, ballot_budget=money, max_picks=MOST_PICKS)


@pytest.mark.parametrize(
    ("picks", "told"),
    [
        ((), "Choose one more plan."),
        ((12,), "Plan %(plan)s is not on the list."),
        ((85,), "Plan %(plan)s is not on the list."),
        ((21, 21), "Plan %(plan)s is there twice."),
        ((10, 11, 20, 21, 22, 30), "This one is not on your list: plan %(plan)s."),
    ],
    ids=["empty", "no plan", "not on the ballot", "twice", "too many"],
)
def test_a_ballot_that_is_none_is_refused(
    each_world: World, picks: tuple[int, ...], told: str
) -> None:
    person = each_world.person()
    casts(each_world, person, 21, 30)
    with pytest.raises(RefusedError) as refused:
        casts(each_world, person, *picks)
    assert refused.value.say.msgid == told
    assert box(each_world) == [[21, 30]], "her earlier ballot stays"


def test_a_ballot_over_the_sum_is_refused(each_world: World) -> None:
    knapsack(each_world, 59_000)
    person = each_world.person()
    with pytest.raises(RefusedError, match="more than what is left"):
        casts(each_world, person, 20, 10, 33, 30)
    assert box(each_world) == []
    casts(each_world, person, 20, 10, 33)
    assert box(each_world) == [[10, 20, 33]], "to the last euro"


def test_a_ballot_with_too_few_is_refused(each_world: World) -> None:
    lay_down(each_world, min_picks=5)
    person = each_world.person()
    with pytest.raises(RefusedError) as refused:
        casts(each_world, person, 10, 11, 20)
    assert refused.value.say.params == {"n": 2}
    assert each_world.rows(table(Mark)) == []
    casts(each_world, person, 10, 11, 20, 21, 22)
    assert len(box(each_world)) == 1


def test_a_ballot_over_a_themes_limit_is_refused(each_world: World) -> None:
    limit_theme(each_world, "green", 1)
    person = each_world.person()
    with pytest.raises(RefusedError, match="not on your list"):
        casts(each_world, person, 10, 21)
    casts(each_world, person, 10, 20)
    assert box(each_world) == [[10, 20]]


def test_a_whole_vote_within_a_sum(each_world: World) -> None:
    world = each_world
    knapsack(world, 60_000)
    person = world.person("en")
    world.taps(person, "menu:vote")
    world.says(person, "20 31 10")
    heard = world.texts(person)[-1]
    assert "Plan 31 costs 58,000 euros." in heard
    assert "There is 6,500 euros left." in heard
    world.says(person, "33")
    world.taps(person, "yes")
    assert box(world) == [[10, 20, 33]]


def test_a_plan_that_goes_while_she_thinks_is_not_voted_for(each_world: World) -> None:
    world = each_world
    person = world.person()
    world.taps(person, "menu:vote")
    world.says(person, "21 30")
    world.change_plan(30, status="withdrawn")
    lay_down(world)
    world.taps(person, "yes")
    assert isinstance(load_talk(world.talk(person).state).state, ConfirmingVote)
    assert box(world) == []
    world.taps(person, "yes")
    assert box(world) == [[21]]


# Acts per channel


def only_results(world: World, channel: str = "telegram") -> None:
    for slug in (VOTING, COLLECTING):
        lay_down(world, slug, acts={channel: frozenset({Act.RESULTS})})


def test_effects_keep_to_what_is_open_in_a_channel(each_world: World) -> None:
    world = each_world
    person, on_the_page = world.person(), world.person(channel="web")
    own = world.plan(person, a_round=COLLECTING)
    public = world.plan(on_the_page, a_round=COLLECTING, status="public")
    only_results(world)
    number = own + 100
    refused: list[tuple[ask.Effect, str]] = [
        (ask.StorePlan(number, COLLECTING, "Een bank"), "tell a plan"),
        (ask.ChangePlan(own, "Twee banken"), "tell a plan"),
        (ask.SupportPlan(public), "support plans"),
        (ask.CastBallot(VOTING, (21,), "1234 5678"), "vote in this chat"),
    ]
    for effect, told in refused:
        with pytest.raises(RefusedError, match=told):
            does(world, person, effect)
    assert box(world) == []
    assert world.rows(table(Support)) == []
    assert world.rows(table(PlanRow).where(PlanRow.number == number)) == []
    casts(world, on_the_page, 21)
    does(world, person, ask.WithdrawPlan(own))
    assert (len(box(world)), world.plan_row(own).status) == (1, "withdrawn")


def test_a_channel_without_votes_hears_where_there_are(each_world: World) -> None:
    world = each_world
    only_results(world)
    person = world.person("en")
    world.says(person, "vote 21")
    told = world.postman.taken[-1].out
    page = f"{world.house.settings.public_url}/phone"
    assert told.text.startswith("You cannot vote in this chat.\nYou can do it here:")
    assert page in told.text
    assert [choice.id for choice in told.choices] == ["person", "menu:status"]
    assert isinstance(load_talk(world.talk(person).state).state, Menu)


def test_a_pass_is_not_bound_where_nobody_can_vote(each_world: World) -> None:
    world = each_world
    lay_down(world, eligibility="pass")
    made: Any = run(
        world,
        lambda s: make_passes(s, Making(VOTING, PassClass.RESIDENT, 1, 12, "els")),
    )
    with world.house.db.engine.begin() as db:
        db.execute(update(PassRow).values(state="open"))
    only_results(world)
    person, on_the_page = world.person("en"), world.person("en", channel="web")
    world.says(person, made[0].code)
    assert "You cannot vote in this chat." in world.texts(person)[-1]
    assert world.one(table(PassRow)).chat_hash is None
    world.says(on_the_page, made[0].code)
    assert world.one(table(PassRow)).chat_hash is not None
