"""Money that became free goes to the next plan by the published rule, with two people.

The demo's round is counted in Amsterdam's way, with skip as it has no money per theme.
"""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.money import Money
from bot.domain.plans import Status
from bot.services.desk import freeing
from bot.services.desk.refusals import TurnedDownError
from bot.services.open_data import public_result
from bot.services.open_rounds import open_round
from bot.services.publishing import Publishing, all_published, publish_result
from bot.services.stories import Contact
from bot.store.care import CareRow
from tests.services.desk.changed_town import (
    ANNA,
    BRAM,
    COST,
    STOPS,
    agree,
    award,
    change,
    decided,
    do,
    give,
    next_in,
    shrink,
    stop,
    waiting,
    withdraw_all_but,
)
from tests.services.desk.night_town import CHOSEN
from tests.worlds import VOTING, World, table


def refused(job: Any) -> str:
    with pytest.raises(TurnedDownError) as refusal:
        job()
    return refusal.value.word


def versions(world: World) -> list[Any]:
    view = world.house.db.read(world.house.catalog.view)
    round_id = view.round_id(VOTING)
    return world.house.db.read(lambda db: all_published(db, round_id))


def test_a_plan_stops_and_the_next_by_votes_is_chosen(each_world: World) -> None:
    world = each_world
    people = decided(world)
    row = sorted(people)
    assert next_in(world).plans == []
    stop(world, row[2])
    found = next_in(world)
    after = row[CHOSEN]
    assert found.plans == [(after, COST)]
    assert found.left == found.free - COST
    before = len(world.pushes(people[after]))
    give(world, after)
    chosen = world.plan_row(after)
    assert (chosen.status, chosen.contact["name"]) == ("chosen", "Yasmina el Idrissi")
    decision = world.decision(after)
    assert (decision.outcome, decision.data["amount_cents"]) == ("chosen", COST.cents)
    assert world.rows(table(CareRow).where(CareRow.plan_id == chosen.id))
    told = world.pushes(people[after])[before]
    assert told.about == {"kind": "results", "plan": after}
    assert told.kind == "chosen"
    first, second = versions(world)
    assert (first.onward, second.onward[0]["chosen"]) == ([], [str(after)])
    assert second.outcome() == first.outcome()
    assert second.reason == award(world, after).reason
    assert public_result(world.house, VOTING, 1) == first.body
    assert public_result(world.house, VOTING) == second.body
    assert next_in(world).plans == []
    shown = open_round(world.house, VOTING)
    assert shown is not None
    assert shown.free == next_in(world).free


def test_the_author_hears_why_only_now_in_her_own_language(world: World) -> None:
    people = decided(world)
    after = sorted(people)[CHOSEN]
    stop(world, min(people))
    world.change_talk(people[after], language="nl")
    give(world, after)
    told = next(
        row.text for row in world.pushes(people[after]) if "aan de beurt" in row.text
    )
    for words in (
        "Na de uitslag kwam er geld vrij.",
        "Volgens dezelfde regel was uw plan aan de beurt.",
        "Uw plan is gekozen.",
        "38.000 euro",
        "Een gekozen plan stopt of kost minder.",
        "Yasmina el Idrissi",
        "Wij bellen u vóór",
    ):
        assert words in told


def test_what_does_not_fit_is_passed_over_and_the_rest_stays_free(
    each_world: World,
) -> None:
    world = each_world
    people = decided(world, p13=4_400_000, p14=3_700_000)
    row = sorted(people)
    free = next_in(world).free
    shrink(world, row[0], 1_000)
    found = next_in(world)
    assert found.free == free + Money(3_800_000 - 100_000)
    assert [number for number, _ in found.plans] == expected(found, world)
    assert found.plans == [(row[14], Money(3_700_000))]
    verdicts = [step.verdict.value for step in found.onward.steps[1:3]]  # type: ignore[union-attr]
    assert verdicts == ["too_dear", "chosen"]


def expected(found: Any, world: World) -> list[int]:
    """Go down the votes by hand: what a person with a pencil would find."""
    left, names = found.free.cents, []
    last = versions(world)[-1].data
    order = sorted(last["plans"], key=lambda each: (-each["votes"], each["cost_cents"]))
    for each in order:
        if not each["chosen"] and each["cost_cents"] <= left and each["votes"]:
            left -= each["cost_cents"]
            names.append(each["number"])
    return names


def test_where_no_plan_fits_it_is_said_and_the_money_shows_as_free(
    each_world: World,
) -> None:
    world = each_world
    people = decided(world)
    row = sorted(people)
    withdraw_all_but(world, set())
    stop(world, row[1])
    found = next_in(world)
    assert (found.plans, found.left) == ([], found.free)
    assert refused(lambda: give(world)) == "freed_nobody"
    shown = open_round(world.house, VOTING)
    assert shown is not None
    assert shown.free == found.free >= COST


def test_a_plan_that_was_taken_back_or_cannot_be_done_is_not_next(world: World) -> None:
    people = decided(world)
    row = sorted(people)
    stop(world, row[0])
    world.change_plan(row[CHOSEN], status=Status.INFEASIBLE.value)
    assert [number for number, _ in next_in(world).plans] == [row[CHOSEN + 1]]
    world.change_plan(row[CHOSEN + 1], status=Status.WITHDRAWN.value)
    assert row[CHOSEN + 1] not in dict(next_in(world).plans)


def test_nothing_is_given_away_while_the_stop_can_be_undone(world: World) -> None:
    people = decided(world)
    row = sorted(people)
    change(world, row[0], STOPS)
    agree(world, row[0])
    assert refused(lambda: give(world, row[CHOSEN])) == "freed_wait"
    world.clock.pass_time(minutes=11)
    give(world, row[CHOSEN])
    assert world.plan_row(row[CHOSEN]).status == Status.CHOSEN


def test_a_second_person_has_to_agree_and_the_rule_is_asked_again(
    each_world: World,
) -> None:
    world = each_world
    people = decided(world)
    row, house = sorted(people), world.house
    stop(world, row[0])
    after = row[CHOSEN]
    assert refused(lambda: propose(world, row[CHOSEN + 1])) == "freed_moved"
    propose(world, after)
    assert refused(lambda: propose(world, after)) == "freed_waits"
    waits = waiting(world).id
    own = refused(lambda: freeing.confirm(house, VOTING, waits, ANNA.upper()))
    assert own == "change_own"
    world.change_plan(after, status=Status.WITHDRAWN.value)
    moved = refused(lambda: freeing.confirm(house, VOTING, waits, BRAM))
    assert moved == "freed_moved"
    do(world, lambda scene: freeing.drop(scene, VOTING, waits, BRAM))
    taken = refused(lambda: freeing.confirm(house, VOTING, waits, BRAM))
    assert (taken, waiting(world)) == ("taken", None)
    assert world.plan_row(after).status == Status.WITHDRAWN
    assert len(versions(world)) == 1


def propose(world: World, *plans: int) -> None:
    freeing.propose(world.house, VOTING, award(world, *plans), ANNA)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"reason": {"nl": "Er is geld vrij."}}, "change_reason_lacks"),
        ({"contact": Contact("")}, "freed_no_contact"),
        ({"contact": Contact("x" * 61)}, "contact_too_long"),
    ],
)
def test_the_author_is_owed_a_reason_a_person_and_a_day(
    world: World, wrong: dict[str, Any], word: str
) -> None:
    given = replace(award(world, 10), **wrong)
    assert refused(lambda: freeing.propose(world.house, VOTING, given, ANNA)) == word
    today = replace(award(world, 10), call_before=world.clock().date())
    word = refused(lambda: freeing.propose(world.house, VOTING, today, ANNA))
    assert word == "freed_no_day"


def test_before_a_result_nobody_is_next(world: World) -> None:
    assert refused(lambda: next_in(world)) == "freed_no_result"


def test_the_same_count_published_again_keeps_how_it_went_on(world: World) -> None:
    people = decided(world)
    stop(world, min(people))
    give(world, sorted(people)[CHOSEN])
    last = versions(world)[-1]
    again, is_new = publish_result(world.house, Publishing(VOTING, ANNA))
    assert (again.version, is_new) == (last.version, False)


def test_after_a_pulled_plug_nothing_is_half_given(
    each_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = each_world
    people = decided(world)
    row = sorted(people)
    stop(world, row[0])
    after = row[CHOSEN]
    propose(world, after)
    before = len(world.told(people[after]))

    def pulled(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as plug:
        plug.setattr(freeing, "publish_onward", pulled)
        with pytest.raises(KeyboardInterrupt):
            freeing.confirm(world.house, VOTING, waiting(world).id, BRAM)
    assert world.plan_row(after).status == Status.NOT_VOTED_IN
    assert len(world.told(people[after])) == before
    freeing.confirm(world.house, VOTING, waiting(world).id, BRAM)
    assert world.plan_row(after).status == Status.CHOSEN
    assert len(world.told(people[after])) > before
