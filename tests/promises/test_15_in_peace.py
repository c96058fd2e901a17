"""At most one message that we begin in three days; what is about her own plan goes."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.domain.plans import Status
from bot.services.broadcasts import Broadcast
from bot.services.checkins import Question
from bot.services.due_checkins import ask_due_checkins
from bot.services.hooks import StatusNews, accept
from bot.services.reminding import remind_voters
from bot.services.results import Correction, Corrections, Decided, Results
from bot.services.segments import parse_segment
from tests.promises.test_04_nothing_public_unticked import tick
from tests.services.test_due_checkins import asked, choose, days, did
from tests.services.test_reminding import begin, closing
from tests.worlds import COLLECTING, VOTING, Person, World

TEXT = {"nl": "Kom vrijdag naar het plein."}
HOW = {"nl": "De bank is besteld. Klopt de plek?"}
QUIET = timedelta(days=3)


def cast(world: World, call: str) -> dict[str, Any]:
    made = Broadcast(parse_segment("all"), TEXT, None)
    answer = dict(accept(world.house, call, made).answer)
    world.spread()
    return answer


def due(world: World, person: Person) -> list[Any]:
    return sorted(push.due_at for push in world.pushes(person))


def gaps(world: World, person: Person) -> list[timedelta]:
    moments = due(world, person)
    return [b - a for a, b in pairwise(moments)]


@pytest.fixture
def author(each_world: World) -> Person:
    """Somebody with a plan, who had a message of ours a moment ago."""
    person = each_world.person("nl")
    cast(each_world, "before")
    assert len(each_world.pushes(person)) == 1
    return person


def test_whatever_officials_send_three_days_lie_between(each_world: World) -> None:
    world = each_world
    person = world.person("nl")
    number = world.plan(person, status="chosen", title={"nl": "Bank"})
    cast(world, "one")
    accept(world.house, "two", Question(HOW, (number,)))
    cast(world, "three")
    assert len(gaps(world, person)) == 2
    assert min(gaps(world, person)) >= QUIET


def test_a_held_message_is_queued_and_counted_in_the_answer(
    each_world: World,
) -> None:
    world = each_world
    person = world.person("nl")
    first, second = cast(world, "one"), cast(world, "two")
    assert (first["told"], first["held"]) == (1, 0)
    assert (second["told"], second["held"]) == (1, 1)
    assert world.send_due()
    assert len(world.send_due()) == 0
    world.clock.now = due(world, person)[1]
    assert len(world.send_due()) == 1


def test_her_own_result_is_not_held(each_world: World, author: Person) -> None:
    world = each_world
    decided = (Decided(world.plan(author), Status.NOT_VOTED_IN),)
    answer = accept(world.house, "r", Results(VOTING, "final", decided)).answer
    assert answer["held"] == 0
    assert due(world, author)[-1] == world.clock()


def test_a_correction_is_not_held(each_world: World, author: Person) -> None:
    world = each_world
    number = world.plan(author)
    decided = (Decided(number, Status.NOT_VOTED_IN),)
    accept(world.house, "r", Results(VOTING, "final", decided))
    wrong = Correction(number, Status.NOT_VOTED_IN, Status.CHOSEN, TEXT)
    accept(world.house, "c", Corrections(VOTING, (wrong,)))
    assert len(due(world, author)) >= 3
    assert due(world, author)[-1] == world.clock()


def test_a_status_is_not_held(each_world: World, author: Person) -> None:
    world = each_world
    number = world.plan(author, status="chosen", title={"nl": "Bank"})
    accept(world.house, "s", StatusNews(number, Status.STARTED))
    assert due(world, author)[-1] == world.clock()


def test_support_is_not_held_and_told_once_a_day(
    each_world: World, author: Person
) -> None:
    world = each_world
    number = world.plan(author, a_round=COLLECTING)
    tick(world, number)
    for _ in range(20):
        world.says(world.person("nl"), f"steun {number}")
    told = [push for push in world.pushes(author) if push.kind == "supports"]
    assert told
    assert max(push.due_at for push in told) - world.clock() < timedelta(days=1)


def test_the_reminder_before_closing_is_not_held(each_world: World) -> None:
    world = each_world
    person = begin(world, world.person("nl"))
    world.clock.now = closing(world) - timedelta(hours=40)
    cast(world, "before")
    remind_voters(world.house)
    kinds = [push.kind for push in world.pushes(person)]
    assert "reminder" in kinds
    assert max(gaps(world, person)) < timedelta(days=1)


def test_an_answer_is_never_held(each_world: World, author: Person) -> None:
    each_world.says(author, "status")
    reply = each_world.told(author)[-1]
    assert (reply.priority, reply.due_at) == (0, each_world.clock())


def test_no_new_question_before_what_we_did_with_the_last_one(
    each_world: World,
) -> None:
    world = each_world
    person = world.person("nl")
    number = choose(world, person)
    did(world, number)
    days(world, 15)
    assert len(asked(world, person)) == 1
    world.taps(person, "good")
    days(world, 60)
    assert len(asked(world, person)) == 1, "nothing was done with her answer"
    did(world, number)
    world.clock.pass_time(days=4)
    ask_due_checkins(world.house)
    assert len(asked(world, person)) == 2
