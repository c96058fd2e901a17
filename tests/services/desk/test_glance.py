"""A round at a glance: the funnel, small groups, waiting times, and who was reached."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.domain.effects import TaskKind
from bot.domain.plans import Status
from bot.services.desk.funnel import Step, plans_at
from bot.services.desk.glance import Glance, glance
from bot.services.desk.parts import days_of
from bot.services.plans import add_stage
from bot.store.chain import ChainRow
from bot.store.civic import Decision, PlanRow, RoundRow, Task
from bot.store.trust import TrustAnswer
from tests.services.desk.paying import chosen_plan, paid
from tests.services.test_tallying import close
from tests.worlds import COLLECTING, VOTING, Person, World


def seen(world: World, slug: str = COLLECTING) -> Glance:
    found = glance(world.house, slug)
    assert found is not None
    return found


def steps(world: World, slug: str = COLLECTING) -> list[tuple[str, int, int]]:
    return [(each.step, each.plans, each.people) for each in seen(world, slug).steps]


def tell(world: World, many: int = 1, **plan: Any) -> list[int]:
    """Let so many people tell a plan each in the collecting round."""
    return [world.plan(world.person(), a_round=COLLECTING, **plan) for _ in range(many)]


def add_task(world: World, plan: int, kind: str, **task: Any) -> None:
    now = world.clock()
    known = {"due_at": now + timedelta(days=3), "created_at": now, "note": ""}
    row = known | {"kind": kind, "plan_id": world.plan_row(plan).id} | task
    with world.house.db.engine.begin() as db:
        db.execute(insert(Task).values(row))


def decide(world: World, plan: int, status: Status) -> None:
    values = {"plan_id": world.plan_row(plan).id, "outcome": status.value}
    values |= {"standing": "final", "data": {}, "at": world.clock()}
    with world.house.db.engine.begin() as db:
        db.execute(insert(Decision).values(values))


def test_each_step_holds_the_plans_that_came_so_far(each_world: World) -> None:
    world = each_world
    before = {step: n for step, n, _ in steps(world)}
    twice = world.person()
    for status, supports in (
        (Status.RECEIVED, 0),
        (Status.PUBLIC, 30),
        (Status.BELOW_THRESHOLD, 12),
        (Status.INFEASIBLE, 31),
        (Status.ON_BALLOT, 40),
        (Status.NOT_VOTED_IN, 40),
        (Status.WITHDRAWN, 50),
    ):
        tell(world, status=status.value, supports=supports)
    for status in (Status.CHOSEN, Status.DONE):
        world.plan(twice, a_round=COLLECTING, status=status.value, supports=40)
    added = {step: (n - before[step], people) for step, n, people in steps(world)}
    assert added == {
        Step.TOLD: (8, 7),
        Step.SUPPORTED: (6, 5),
        Step.ON_BALLOT: (4, 3),
        Step.CHOSEN: (2, 1),
    }


def test_the_plans_behind_a_step_come_fifty_at_a_time(world: World) -> None:
    numbers = tell(world, 60, status=Status.ON_BALLOT.value)
    round_id = world.one(select(RoundRow.id).where(RoundRow.slug == COLLECTING)).id

    def page(after: int) -> list[int]:
        found = world.house.db.read(
            lambda db: plans_at(db, round_id, 30, Step.ON_BALLOT, after)
        )
        return [each.number for each in found]

    first = page(0)
    assert first == numbers[:50]
    assert page(first[-1]) == numbers[50:]


def test_a_small_group_is_hidden_with_another(each_world: World) -> None:
    world = each_world
    tell(world, 40, language="nl")
    tell(world, 20, language="tr", spoken=True)
    tell(world, 3, language="ar", spoken=True)
    plans = seen(world).plans
    assert plans.by_language["ar"] is None
    assert list(plans.by_language.values()).count(None) > 1
    shown = [n for n in plans.by_language.values() if n is not None]
    assert plans.plans - sum(shown) >= 10, "nothing follows from the sum"


def test_waiting_times_are_the_middle_and_nine_of_ten(each_world: World) -> None:
    world = each_world
    with world.house.db.engine.begin() as db:
        db.execute(update(PlanRow).values(status=Status.WITHDRAWN.value))
    now, numbers = world.clock(), tell(world, 10)
    for days, number in enumerate(numbers, 1):
        plan, at = world.plan_row(number).id, now + timedelta(days=days)
        with world.house.db.engine.begin() as db:
            add_stage(db, plan, Status.PUBLIC, {}, "bram@example.org", at)
            later = at + timedelta(days=5)
            add_stage(db, plan, Status.INFEASIBLE, {}, "hook", later)
    tell(world, 2)
    answers = seen(world).answers
    first = answers.first
    assert (first.many, first.open) == (10, 2)
    assert _days(first.median) == 5
    assert _days(first.nine_of_ten) == 9
    assert first.late == 3, "beyond seven days"
    assert _days(answers.advice.median) == 10
    assert answers.advice.late == 8


def _days(span: timedelta | None) -> float:
    assert span is not None
    return round(span / timedelta(days=1), 3)


def test_what_was_promised_and_not_done_is_late(each_world: World) -> None:
    world = each_world
    (plan,) = tell(world)
    now = world.clock()
    add_task(world, plan, TaskKind.CALL, done_at=now + timedelta(days=1))
    add_task(world, plan, TaskKind.CALL, done_at=now + timedelta(days=4))
    add_task(world, plan, TaskKind.PERSON)
    assert (seen(world).answers.tasks.late, seen(world).answers.tasks.open) == (1, 1)
    world.clock.pass_time(days=4)
    assert seen(world).answers.tasks.late == 2


def test_who_was_not_reached_is_counted_once(each_world: World) -> None:
    world = each_world
    numbers = tell(world, 5, status=Status.INFEASIBLE.value)
    for number in numbers:
        decide(world, number, Status.INFEASIBLE)
    for _ in range(2):
        add_task(world, numbers[0], TaskKind.UNREACHED)
    add_task(world, numbers[1], TaskKind.UNREACHED, done_at=world.clock())
    silent = world.plan_row(numbers[2])
    stopped = Person(silent.talk_id, silent.resident_id, "telegram", "")
    world.change_talk(stopped, stopped_at=world.clock())
    reach = seen(world).reach
    assert (reach.decided, reach.to_call, reach.called, reach.no_way) == (5, 1, 1, 1)
    assert reach.reached == 3


def test_turnout_is_told_once_voting_has_closed(world: World) -> None:
    assert seen(world, VOTING).votes is None
    close(world, [(21, 30)] * 30)
    votes = seen(world, VOTING).votes
    assert votes is not None
    assert votes.ballots == 30


@pytest.mark.parametrize("last", [20, 4])
def test_votes_by_day_come_from_the_chain_alone(each_world: World, last: int) -> None:
    world = each_world
    at = datetime(2026, 11, 12, 0, 5, tzinfo=UTC)
    round_id = world.one(select(RoundRow.id).where(RoundRow.slug == VOTING)).id
    counts = (40, 70, 70 + last)
    facts = ("day", "day", "closed")
    rows = [
        {
            "round_id": round_id,
            "place": 900 + n,
            "fact": fact,
            "at": at + timedelta(days=n),
            "body": {"ballots": counts[n], "receipts": []},
            "value": "0" * 64,
        }
        for n, fact in enumerate(facts)
    ]
    with world.house.db.engine.begin() as db:
        db.execute(insert(ChainRow), rows)
    days = world.house.db.read(lambda db: days_of(db, round_id, "Europe/Amsterdam"))
    assert list(days) == [date(2026, 11, 11), date(2026, 11, 12), date(2026, 11, 14)]
    if last >= 10:
        assert list(days.values()) == [40, 30, last]
    else:
        assert days[date(2026, 11, 14)] is None
        assert list(days.values()).count(None) == 2


def test_money_of_the_round_is_granted_paid_and_free(world: World) -> None:
    paid(world, chosen_plan(world, None))
    sums = seen(world, VOTING).sums
    assert (sums.granted.cents, sums.paid.cents) == (50_000, 1_250)
    assert sums.free.cents == sums.budget.cents - 50_000


def test_trust_of_fewer_than_ten_is_not_told(each_world: World) -> None:
    world = each_world
    round_id = world.one(select(RoundRow.id).where(RoundRow.slug == VOTING)).id
    rows = [
        {"id": f"{moment}{n}", "round_id": round_id, "moment": moment}
        | {"question": "listened", "answer": answer}
        for moment, answer, many in (("before", 2, 12), ("after", 4, 9))
        for n in range(many)
    ]
    with world.house.db.engine.begin() as db:
        db.execute(insert(TrustAnswer), rows)
    listened = seen(world, VOTING).trust["listened"]
    assert (listened["before"].many, listened["before"].mean) == (12, 2.0)
    assert (listened["after"].many, listened["after"].mean) == (None, None)
    assert seen(world, VOTING).trust["room"]["before"].many == 0
