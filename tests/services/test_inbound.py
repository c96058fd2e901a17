"""A message in: stored once, answered in one commit, never lost, never half done."""

import threading
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, update

from bot.domain import effects as ask
from bot.domain.errors import RefusedError
from bot.domain.messages import Inbound, Sender, Tap, Text
from bot.domain.say import Say
from bot.flows.saved import load_talk
from bot.flows.state import ConfirmingPlan, Menu, PlacingPlan
from bot.services import effects, inbound
from bot.services.doing import Doing
from bot.services.house import Scene
from bot.services.inbound import take_in
from bot.services.talks import find_talk
from bot.store.civic import PlanRow, PlanStage
from bot.store.talks import OutboundMessage, Resident, Talk
from tests.houses import at_once
from tests.worlds import Person, Postman, World, table

PLAN = "Een bank onder de lindebomen"
APOLOGY = "Sorry"


def words(person: Person, text: str, external_id: str | None = None) -> Inbound:
    sender = Sender(person.address)
    return Inbound(person.channel, external_id or uuid4().hex, sender, Text(text))


def state(world: World, person: Person) -> Any:
    return load_talk(world.talk(person).state).state


def tell_plan(world: World, person: Person, plan: str = PLAN) -> None:
    """Bring somebody to the read-back of her plan."""
    world.says(person, plan)
    assert isinstance(state(world, person), ConfirmingPlan)


def break_effect(
    monkeypatch: pytest.MonkeyPatch, kind: type, error: Exception
) -> list[object]:
    """Let an effect do all its work and raise at the very end of it."""
    done: list[object] = []
    whole = effects._DO[kind]

    def broken(doing: Doing, effect: Any) -> None:
        whole(doing, effect)
        done.append(effect)
        raise error

    monkeypatch.setitem(effects._DO, kind, broken)
    return done


def test_a_message_is_taken_in_once(each_world: World) -> None:
    person = each_world.person()
    first = words(person, PLAN, "update-1")
    assert take_in(each_world.house, first)
    assert not take_in(each_world.house, first)
    assert len(each_world.inbound()) == 1
    assert len(each_world.told(person)) == 1


def test_the_same_number_on_another_channel_is_another_message(world: World) -> None:
    one, other = world.person(), world.person(channel="whatsapp")
    assert take_in(world.house, words(one, PLAN, "7"))
    assert take_in(world.house, words(other, PLAN, "7"))
    assert len(world.inbound()) == 2


def test_a_message_that_comes_twice_at_once_is_taken_in_once(each_world: World) -> None:
    person = each_world.person()
    message = words(person, PLAN, "update-1")
    taken = at_once(*[lambda: take_in(each_world.house, message)] * 4)
    assert sorted(taken, key=str) == [False, False, False, True]
    assert len(each_world.inbound()) == 1
    assert len(each_world.told(person)) == 1


def test_a_stranger_who_writes_twice_at_once_is_one_person(each_world: World) -> None:
    stranger = Person(0, 0, "telegram", "new-here")
    hello = [words(stranger, "hallo", f"update-{n}") for n in range(4)]
    taken = at_once(*[lambda m=m: take_in(each_world.house, m) for m in hello])
    assert taken == [True] * 4
    assert len(each_world.rows(table(Talk))) == 1
    assert len(each_world.rows(table(Resident))) == 1
    assert len(each_world.inbound()) == 4


def test_neighbours_who_say_yes_in_one_instant_get_numbers_of_their_own(
    each_world: World,
) -> None:
    neighbours = [each_world.person() for _ in range(8)]
    for each in neighbours:
        tell_plan(each_world, each)
    at_once(*[lambda p=p: each_world.taps(p, "yes") for p in neighbours])
    said = [" ".join(each_world.texts(each)[1:]) for each in neighbours]
    assert not [text for text in said if APOLOGY in text]
    hers = {each.resident for each in neighbours}
    plans = each_world.rows(table(PlanRow).where(PlanRow.resident_id.in_(hers)))
    numbers = {row.resident_id: row.number for row in plans}
    assert len(set(numbers.values())) == len(neighbours)
    for each, text in zip(neighbours, said, strict=True):
        assert str(numbers[each.resident]) in text


def test_state_effects_and_replies_are_one_commit(
    each_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = each_world.person()
    tell_plan(each_world, person)
    before = each_world.talk(person).state
    stages = len(each_world.rows(select(PlanStage.id)))
    done = break_effect(monkeypatch, ask.StorePlan, KeyError("boom"))
    each_world.taps(person, "yes")
    assert done, "the plan was being stored when it broke"
    assert not each_world.rows(
        select(PlanRow.id).where(PlanRow.resident_id == person.resident)
    )
    assert len(each_world.rows(select(PlanStage.id))) == stages
    assert each_world.talk(person).state == before


def test_a_turn_that_raises_leaves_the_message_an_apology_and_a_task(
    each_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person = each_world.person()
    tell_plan(each_world, person)
    break_effect(monkeypatch, ask.StorePlan, KeyError(PLAN))
    world = each_world
    assert take_in(world.house, words(person, "ja", "update-9"))
    (failed,) = [row for row in world.inbound() if row.external_id == "update-9"]
    assert (failed.stage, failed.body) == ("failed", {"text": "ja"})
    said = world.texts(person)
    assert len(said) == 2
    assert APOLOGY in said[1]
    (task,) = world.tasks()
    assert (task.kind, task.talk_id, task.note) == ("failed_turn", person.talk, "")
    assert "KeyError at" in caplog.text
    assert PLAN not in caplog.text


def test_after_a_turn_that_raised_she_can_simply_say_it_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person()
    tell_plan(world, person)
    with monkeypatch.context() as broken:
        break_effect(broken, ask.StorePlan, KeyError("boom"))
        world.taps(person, "yes")
    world.taps(person, "yes")
    assert isinstance(state(world, person), PlacingPlan)


def test_a_failed_message_that_is_delivered_again_is_a_duplicate(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person()
    tell_plan(world, person)
    break_effect(monkeypatch, ask.StorePlan, KeyError("boom"))
    assert take_in(world.house, words(person, "ja", "update-9"))
    assert not take_in(world.house, words(person, "ja", "update-9"))
    assert len(world.tasks()) == 1


def test_a_rule_that_says_no_is_told_and_she_stays_where_she_was(
    each_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = each_world.person("en")
    tell_plan(each_world, person, "A bench under the trees")
    before = each_world.talk(person).state
    refusal = RefusedError(Say("Voting is closed."))
    break_effect(monkeypatch, ask.StorePlan, refusal)
    each_world.taps(person, "yes")
    assert each_world.texts(person)[1:] == ["Voting is closed."]
    assert each_world.talk(person).state == before
    assert each_world.tasks() == []
    assert {row.stage for row in each_world.inbound()} == {"done"}


def test_an_old_button_does_not_answer_a_new_question(world: World) -> None:
    person = world.person("en")
    tell_plan(world, person, "A bench under the trees")
    (question,) = world.told(person)
    mark_sent(world, question.id, "tg-1")
    world.taps(person, "yes")
    receipt, place = world.told(person)[1:]
    mark_sent(world, place.id, "tg-2")
    old = Inbound(person.channel, "late", Sender(person.address), Tap("no", on="tg-1"))
    assert take_in(world.house, old)
    assert "older question" in world.texts(person)[3]
    assert isinstance(state(world, person), PlacingPlan)
    assert receipt.choices == []


def test_a_yes_below_the_first_of_two_same_questions_counts(each_world: World) -> None:
    world = each_world
    person = world.person("en")
    tell_plan(world, person, "A bench under the trees")
    (question,) = world.told(person)
    mark_sent(world, question.id, "tg-1")
    assert take_in(world.house, words(person, "plan", "late"))
    again = world.told(person)[1]
    assert again.text == question.text
    tap = Inbound(person.channel, "yes", Sender(person.address), Tap("yes", on="tg-1"))
    assert take_in(world.house, tap)
    assert isinstance(state(world, person), PlacingPlan)


def test_a_yes_below_a_plan_that_has_grown_since_does_not_count(world: World) -> None:
    person = world.person("en")
    tell_plan(world, person, "A bench under the trees")
    mark_sent(world, world.told(person)[0].id, "tg-1")
    assert take_in(world.house, words(person, "And a swing beside it", "more"))
    tap = Inbound(person.channel, "yes", Sender(person.address), Tap("yes", on="tg-1"))
    assert take_in(world.house, tap)
    assert "older question" in world.texts(person)[-1]
    assert isinstance(state(world, person), ConfirmingPlan)


def test_a_tap_on_a_message_of_somebody_else_counts_as_current(world: World) -> None:
    other, person = world.person("en"), world.person("en")
    tell_plan(world, other, "A bench under the trees")
    mark_sent(world, world.told(other)[0].id, "tg-1")
    tell_plan(world, person, "A swing near the school")
    tap = Inbound(person.channel, "x", Sender(person.address), Tap("yes", on="tg-1"))
    assert take_in(world.house, tap)
    assert isinstance(state(world, person), PlacingPlan)


def mark_sent(world: World, row: int, external_id: str) -> None:
    sent = update(OutboundMessage).where(OutboundMessage.id == row)
    with world.house.db.engine.begin() as db:
        db.execute(sent.values(external_id=external_id, delivery="sent"))


def test_replies_wait_for_those_another_process_still_owes(each_world: World) -> None:
    person = each_world.person()
    each_world.says(person, "hallo")
    other = replace(each_world.house, postman=Postman("other"))
    assert take_in(other, words(person, "hallo"))
    first, second = each_world.told(person)
    assert (first.leased_by, second.leased_by) == ("test", None)
    assert each_world.postman.taken[-1].row == first.id
    assert isinstance(other.postman, Postman)
    assert other.postman.taken == []


def test_replies_wait_for_those_this_process_has_decided_but_not_handed_over(
    each_world: World,
) -> None:
    """Two hooks of one talk at once: the second may be quicker after its commit."""
    person = each_world.person()
    house, postman = each_world.house, each_world.postman
    quick = replace(house, postman=Postman(postman.name))
    slow = house.db.run(inbound._in(house, words(person, "hallo"), inbound._take))
    assert take_in(quick, words(person, "status"))
    first, second = each_world.told(person)
    assert slow is not None
    assert [each.row for each in slow.owed] == [first.id]
    assert (first.leased_by, second.leased_by) == ("test", None)
    assert isinstance(quick.postman, Postman)
    assert quick.postman.taken == []
    postman.push(slow.owed)
    mark_sent(each_world, first.id, "tg-1")
    assert [each.row for each in each_world.send_due()] == [second.id]


def test_replies_wait_for_one_that_is_claimed_but_not_handed_over(
    each_world: World,
) -> None:
    """The worker's loop and a hook in one process: the hook may be quicker."""
    person = each_world.person()
    other = replace(each_world.house, postman=Postman("other"))
    each_world.says(person, "hallo")
    assert take_in(other, words(person, "hallo"))
    first, second = each_world.told(person)
    mark_sent(each_world, first.id, "tg-1")
    assert [each.row for each in each_world.send_due()] == [second.id]
    each_world.says(person, "status")
    assert [each.row for each in each_world.postman.taken] == [first.id]
    assert each_world.told(person)[-1].leased_by is None


def test_replies_go_out_at_once_behind_those_in_hand(each_world: World) -> None:
    person = each_world.person()
    each_world.says(person, "hallo")
    each_world.says(person, "status")
    first, second = each_world.told(person)
    assert [each.row for each in each_world.postman.taken] == [first.id, second.id]
    assert second.leased_by == "test"


def test_replies_that_are_owed_while_a_turn_waits_its_turn_go_first(
    each_world: World,
) -> None:
    """Two processes, one talk: the second waits for the lock of the first."""
    person = each_world.person()
    house, other = each_world.house, replace(each_world.house, postman=Postman("other"))
    row = {
        "talk_id": person.talk,
        "channel": person.channel,
        "dedupe_key": "first",
        "text": "first",
        "choices": [],
        "delivery": "queued",
        "leased_by": "test",
        "due_at": each_world.clock(),
        "created_at": each_world.clock(),
    }
    waiting: list[threading.Thread] = []

    def first(db: Any) -> None:
        scene = Scene(house, db, each_world.clock())
        find_talk(scene, person.channel, person.address)
        job = partial(take_in, other, words(person, "hallo"))
        waiting.append(threading.Thread(target=job))
        waiting[-1].start()
        waiting[-1].join(0.5)
        db.execute(insert(OutboundMessage).values(row))

    house.db.run(first)
    waiting[-1].join(20)
    assert [each.leased_by for each in each_world.told(person)] == ["test", None]


def test_the_round_may_close_between_read_back_and_yes(world: World) -> None:
    person = world.person("en")
    tell_plan(world, person, "A bench under the trees")
    world.clock.pass_time(days=300)
    world.taps(person, "yes")
    assert not [row for row in world.rows(table(PlanRow)) if row.talk_id == person.talk]
    assert state(world, person) == Menu()
