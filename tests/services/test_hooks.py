"""Calls of the web hook: carried out once, and `plan.status` with its effects."""

import threading
from typing import Any

import pytest

from bot.domain.plans import Status
from bot.services.answers import FaultyCallError, NotNowError
from bot.services.hooks import Accepted, StatusNews, accept
from tests.worlds import World

NOTE = {"nl": "Er is nog een vergunning nodig.", "tr": "Bir izin daha gerekiyor."}


def send(
    world: World,
    number: int,
    status: Status,
    note: dict[str, str] | None = None,
    call_id: str = "msg_1",
) -> dict[str, Any]:
    call = StatusNews(number, status, note or {})
    return dict(accept(world.house, call_id, call).answer)


def test_author_and_followers_hear_a_new_status_with_its_reason(
    each_world: World,
) -> None:
    world = each_world
    author, friend = world.person("tr"), world.person("nl")
    number = world.plan(author, title={"nl": "Een bank", "tr": "Bir bank"})
    world.follow(friend, number)
    answer = send(world, number, Status.NEEDS_CHANGE, NOTE)
    assert answer["told"] == 2
    assert NOTE["tr"] in world.texts(author)[0]
    assert "Bir bank" in world.texts(author)[0]
    assert NOTE["nl"] in world.texts(friend)[0]
    assert world.plan_row(number).status == "needs_change"
    assert world.stages(number)[-1] == ("needs_change", NOTE, "hook")


def test_the_note_of_good_news_is_no_reason(world: World) -> None:
    author = world.person("en")
    number = world.plan(author, "A bench.", status="chosen")
    send(world, number, Status.STARTED, {"en": "The bench comes on Monday."})
    assert world.texts(author)[0].split("\n") == [
        "There is news about your plan.",
        f"Plan {number} is called: A bench.",
        "Work on this plan has started.",
        "The bench comes on Monday.",
    ]


def test_a_plan_that_has_only_a_voice_is_named_by_its_number(world: World) -> None:
    author = world.person("en")
    number = world.plan(author, "")
    send(world, number, Status.NEEDS_CHANGE)
    assert world.texts(author)[0].split("\n")[1] == f"Plan {number}."


def test_every_status_is_taken_for_a_plan_with_a_title(world: World) -> None:
    author = world.person("en")
    number = world.plan(author, title={"en": "A bench"})
    for status in Status:
        if status is not Status.WITHDRAWN:
            world.clock.pass_time(seconds=1)
            send(world, number, status, call_id=status.value)
            assert world.plan_row(number).status == status.value
    assert len(world.pushes(author)) == len(Status) - 1


@pytest.mark.parametrize("status", [Status.PUBLIC, Status.ON_BALLOT])
def test_nothing_becomes_public_that_nobody_has_ticked(
    world: World, status: Status
) -> None:
    author = world.person()
    number = world.plan(author)
    with pytest.raises(NotNowError):
        send(world, number, status)
    assert world.plan_row(number).status == "received"
    assert world.told(author) == []


def test_a_plan_taken_back_stays_so(world: World) -> None:
    number = world.plan(world.person(), status="withdrawn")
    with pytest.raises(NotNowError):
        send(world, number, Status.DONE)


def test_an_unknown_plan_is_a_fault(world: World) -> None:
    with pytest.raises(FaultyCallError) as refused:
        send(world, 99_999, Status.DONE)
    assert refused.value.faults[0].path == "data.plan"


def test_a_plan_without_an_author_is_named(world: World) -> None:
    number = world.plan(None)
    answer = send(world, number, Status.DONE)
    assert (answer["told"], answer["unreachable"]) == (0, [number])
    assert world.plan_row(number).status == "done"


def test_a_refused_call_may_come_again_under_its_id(world: World) -> None:
    number = world.plan(world.person())
    with pytest.raises(NotNowError):
        send(world, number, Status.PUBLIC)
    world.change_plan(number, title={"nl": "Een bank"})
    assert send(world, number, Status.PUBLIC)["told"] == 1


def test_the_same_call_twice_at_once_is_carried_out_once(each_world: World) -> None:
    world = each_world
    author = world.person()
    call = StatusNews(world.plan(author), Status.DONE)
    gate = threading.Barrier(8)
    accepted: list[Accepted] = []

    def arrive() -> None:
        gate.wait()
        accepted.append(accept(world.house, "msg_1", call))

    callers = [threading.Thread(target=arrive) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert [each.new for each in accepted].count(True) == 1
    assert len({str(each.answer) for each in accepted}) == 1
    assert accepted[0].answer["told"] == 1
    assert len(world.pushes(author)) == 1


def test_two_final_outcomes_at_once_leave_one(each_world: World) -> None:
    from bot.services.results import Decided, Results
    from tests.worlds import VOTING

    world = each_world
    author = world.person()
    number = world.plan(author)
    gate = threading.Barrier(2)
    ended: list[str] = []

    def arrive(outcome: Status) -> None:
        call = Results(VOTING, "final", (Decided(number, outcome),))
        gate.wait()
        try:
            accept(world.house, outcome, call)
        except NotNowError:
            ended.append("refused")
        else:
            ended.append(outcome)

    outcomes = (Status.CHOSEN, Status.NOT_VOTED_IN)
    callers = [threading.Thread(target=arrive, args=(each,)) for each in outcomes]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert max(ended) == "refused"
    assert len(world.pushes(author)) == 1
    assert world.decision(number).outcome in ended


def test_a_message_to_come_is_not_open_yet(world: World) -> None:
    author = world.person("en")
    number = world.plan(author)
    world.clock.pass_time(hours=1)
    send(world, number, Status.DONE)
    (push,) = world.pushes(author)
    assert world.talk(author).asked_id == push.id


def test_a_status_that_cannot_change_the_frozen_ballot_is_a_warning(
    world: World,
) -> None:
    late = world.plan(world.person(), title={"nl": "Een bank"})
    for number, status, told in (
        (21, Status.INFEASIBLE, "it can be chosen until closing"),
        (late, Status.ON_BALLOT, "frozen without this plan"),
    ):
        answer = send(world, number, status, call_id=f"msg_{number}")
        (warning,) = answer["warnings"]
        assert warning["path"] == "data.status"
        assert told in warning["warning"]
    assert send(world, late, Status.CHOSEN, call_id="msg_c")["warnings"] == []
