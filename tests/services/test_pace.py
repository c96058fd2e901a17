"""The pace of what we begin: shared by all workers, anew after an outage."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.channels.base import ChannelError, Outcome, Sent
from bot.domain.messages import Delivery, StatusUpdate
from bot.services import accounts
from bot.services.outbox import Owed
from bot.services.statuses import record_status
from tests.houses import at_once
from tests.services.test_outbox import ends, owe_one, push_one, row_of, rows
from tests.worlds import Person, World

SECOND = timedelta(seconds=1)


def crowd(world: World, count: int, channel: str = "whatsapp") -> list[int]:
    """Owe one push to each of so many people."""
    people = [world.person(channel=channel) for _ in range(count)]
    return [push_one(world, each, f"p{n}") for n, each in enumerate(people)]


def drained(world: World, names: tuple[str, ...] = ("w",)) -> list[Owed]:
    """Let workers claim until nothing is left; each message goes at its place."""
    taken: list[Owed] = []
    while True:
        found = [each for name in names for each in world.claim(me=name)]
        for owed in found:
            assert owed.at is not None
            ends(world, owed, Sent(f"x{owed.row}"))
        taken += found
        if not found and not world.claim():
            return taken
        world.clock.pass_time(milliseconds=250)


def most_in_a_second(moments: list[datetime]) -> int:
    return max(len([m for m in moments if at <= m < at + SECOND]) for at in moments)


@pytest.mark.parametrize("names", [("w",), ("w1", "w2", "w3", "w4")])
def test_workers_together_are_no_faster_than_the_limit(
    world: World, names: tuple[str, ...]
) -> None:
    city = world.with_settings(whatsapp_per_second=20)
    owed = crowd(city, 60)
    taken = drained(city, names)
    assert sorted(each.row for each in taken) == owed
    assert most_in_a_second([each.at for each in taken if each.at]) <= 20


def test_two_workers_at_the_same_moment_get_different_places(
    each_world: World,
) -> None:
    owed = crowd(each_world, 40)
    found = at_once(*[lambda n=n: each_world.claim(me=f"w{n}") for n in range(4)])
    taken = [owed for each in found for owed in each]  # type: ignore[attr-defined]
    assert sorted(each.row for each in taken) == owed
    places = sorted(each.at for each in taken)
    assert all(b - a >= timedelta(milliseconds=12) for a, b in pairwise(places))


def test_after_an_outage_what_is_overdue_is_spaced_anew(world: World) -> None:
    city = world.with_settings(whatsapp_per_second=20)
    crowd(city, 50)
    city.clock.pass_time(hours=9)
    first = city.clock()
    taken = drained(city)
    moments = [each.at for each in taken if each.at]
    assert min(moments) >= first
    assert most_in_a_second(moments) <= 20


def test_answers_take_no_place_and_wait_for_none(world: World) -> None:
    city = world.with_settings(whatsapp_per_second=1)
    news = crowd(city, 3)
    answers = [
        owe_one(city, city.person(channel="whatsapp"), f"r{n}") for n in range(5)
    ]
    taken = city.claim()
    assert [each.row for each in taken if each.at is None] == answers
    assert [each.row for each in taken if each.at] == news[:1]


def test_telegram_and_whatsapp_have_a_pace_of_their_own(world: World) -> None:
    city = world.with_settings(whatsapp_per_second=2, telegram_per_second=5)
    crowd(city, 10)
    city.serial = iter(range(100, 200))
    people = [city.person(channel="telegram") for _ in range(10)]
    for n, each in enumerate(people):
        push_one(city, each, f"t{n}")
    taken = city.claim()
    counts = [each.channel for each in taken]
    assert (counts.count("whatsapp"), counts.count("telegram")) == (2, 5)


def test_one_chat_on_telegram_gets_its_news_a_second_apart(each_world: World) -> None:
    person = each_world.person(channel="telegram")
    first, second = (push_one(each_world, person, key) for key in ("a", "b"))
    (owed,) = each_world.claim()
    assert owed.row == first
    ends(each_world, owed, Sent("x"))
    each_world.clock.pass_time(milliseconds=400)
    assert each_world.claim() == []
    each_world.clock.pass_time(milliseconds=601)
    assert rows(each_world.claim()) == [second]


def test_a_paused_account_sends_answers_and_keeps_the_rest(each_world: World) -> None:
    person = each_world.person(channel="whatsapp")
    until = each_world.clock() + timedelta(hours=1)
    db = each_world.house.db
    db.run(lambda at: accounts.pause(at, "whatsapp", until, "daily_cap"))
    news = push_one(each_world, person, "n")
    answer = owe_one(each_world, person, "r")
    (owed,) = each_world.claim()
    assert owed.row == answer
    ends(each_world, owed, Sent("x"))
    assert each_world.claim() == []
    each_world.clock.pass_time(hours=1)
    assert rows(each_world.claim()) == [news]


def test_a_shorter_pause_does_not_end_a_longer_one(each_world: World) -> None:
    now, db = each_world.clock(), each_world.house.db
    later = now + timedelta(hours=5)
    db.run(lambda at: accounts.pause(at, "whatsapp", later, "sender_blocked"))
    db.run(lambda at: accounts.pause(at, "whatsapp", now + SECOND, "throttled"))
    (paused,) = db.read(lambda at: accounts.pauses(at, now))
    assert (paused.paused_until, paused.paused_for) == (later, "sender_blocked")
    assert db.run(lambda at: accounts.resume(at, "whatsapp"))
    assert not db.run(lambda at: accounts.resume(at, "whatsapp"))
    assert db.read(lambda at: accounts.pauses(at, now)) == []


def told_later(world: World, sid: str, reason: str) -> None:
    status = StatusUpdate(sid, Delivery.FAILED, "1", {"reason": reason})
    now = world.clock()
    world.house.db.run(lambda db: record_status(db, "whatsapp", status, now))


def sent(world: World, person: Person, key: str) -> Any:
    """Let a push be taken by the provider, which tells later how it went."""
    push_one(world, person, key)
    (owed,) = world.claim()
    ends(world, owed, Sent(f"SM-{key}"))
    return row_of(world, owed.row)


def test_a_blocked_sender_stops_everything_until_a_person_says_go_on(
    each_world: World,
) -> None:
    world = each_world
    ayse, bram = (world.person(channel="whatsapp") for _ in range(2))
    first = sent(world, ayse, "a")
    told_later(world, "SM-a", "sender_blocked")
    waiting = push_one(world, bram, "b")
    world.clock.pass_time(days=30)
    assert world.claim() == []
    world.house.db.run(lambda db: accounts.resume(db, "whatsapp"))
    taken = rows(world.claim())
    assert waiting in taken
    assert row_of(world, first.id).again_id in taken, "it surely did not arrive"


def test_what_meta_holds_back_is_tried_again_after_days_and_not_for_ever(
    each_world: World,
) -> None:
    world = each_world
    person = world.person(channel="whatsapp")
    row = sent(world, person, "a")
    waits = []
    for _ in range(3):
        told_later(world, row.external_id, "held_back")
        again = row_of(world, row_of(world, row.id).again_id)
        waits.append((again.due_at - world.clock()).days)
        world.clock.now = again.due_at
        (owed,) = world.claim()
        ends(world, owed, Sent(f"SM-{owed.row}"))
        row = row_of(world, owed.row)
    assert waits == [1, 3, 7]
    told_later(world, row.external_id, "held_back")
    assert row_of(world, row.id).again_id is None


def test_where_marketing_is_never_delivered_nobody_tries_again(world: World) -> None:
    person = world.person(channel="whatsapp", address="+12025550123")
    row = sent(world, person, "a")
    told_later(world, "SM-a", "held_back")
    assert row_of(world, row.id).again_id is None


def test_a_throttled_message_is_owed_anew_and_news_slow_down(world: World) -> None:
    person = world.person(channel="whatsapp")
    row = sent(world, person, "a")
    told_later(world, "SM-a", "throttled")
    kept = row_of(world, row.id)
    assert (kept.delivery, kept.reason) == ("failed", "throttled")
    world.clock.pass_time(seconds=61)
    assert rows(world.claim()) == [kept.again_id]


def test_the_same_failure_told_twice_is_followed_up_once(each_world: World) -> None:
    world = each_world
    sent(world, world.person(channel="whatsapp"), "a")
    told_later(world, "SM-a", "throttled")
    told_later(world, "SM-a", "throttled")
    world.clock.pass_time(minutes=2)
    assert len(world.claim()) == 1


def test_who_opted_out_at_twilio_is_left_in_peace(each_world: World) -> None:
    world = each_world
    person = world.person(channel="whatsapp")
    sent(world, person, "a")
    told_later(world, "SM-a", "opted_out")
    assert world.talk(person).stopped_at == world.clock()
    push_one(world, person, "b")
    assert world.claim() == []
    assert world.told(person)[-1].reason == "stopped"


@pytest.mark.parametrize("code", ["bad_token", "bad_sender"])
def test_a_fault_in_our_settings_loses_nothing(world: World, code: str) -> None:
    """The token was changed at Twilio: what was owed goes once it is right here too."""
    person = world.person(channel="whatsapp")
    answer = owe_one(world, person, "r")
    (owed,) = world.claim()
    ends(world, owed, ChannelError(Outcome.REFUSED, code, ours=True))
    assert row_of(world, answer).delivery == "queued"
    world.clock.pass_time(hours=1)
    assert rows(world.claim()) == [answer]
