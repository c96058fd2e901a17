"""Clocks that jump: what is due goes, once and in order, and nobody waits an hour."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import build
from bot.channels.base import ChannelError, Outcome, Sent
from bot.clock import SteadyClock
from bot.config import Settings
from bot.domain.messages import Inbound, MediaRef, Photo, Sender, Voice
from bot.services.behind import overdue_talks
from bot.services.inbound import take_in
from bot.services.outbox import Push
from bot.services.photos import _claim as claim_photo
from bot.services.voice import LEASE, claim_note, put_off
from bot.worker import catch_up_overdue
from tests.services.test_outbox import ends, owe_one, push_one, rows
from tests.worlds import NOON, Clock, Person, World

HOUR = timedelta(hours=1)


class Machine:
    """A machine with a wall clock that is set, and one that only runs."""

    def __init__(self) -> None:
        self.wall, self.running = Clock(), 1_000.0
        self.clock = SteadyClock(self.wall, lambda: self.running)

    def runs(self, seconds: float) -> None:
        self.wall.pass_time(seconds=seconds)
        self.running += seconds


def test_a_steady_clock_tells_what_the_wall_clock_tells() -> None:
    machine = Machine()
    for _ in range(5):
        machine.runs(0.25)
        assert machine.clock() == machine.wall.now


def test_a_steady_clock_follows_a_clock_that_is_set_forward() -> None:
    machine = Machine()
    machine.wall.pass_time(hours=1)
    assert machine.clock() == NOON + HOUR


def test_a_steady_clock_never_goes_back_and_agrees_again_in_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    machine = Machine()
    machine.runs(10)
    before = machine.clock()
    machine.wall.pass_time(hours=-1)
    assert machine.clock() == before
    told = []
    for _ in range(130):
        machine.runs(60)
        told.append(machine.clock())
    assert told == sorted(set(told)), "it goes on, always"
    assert told[0] - before == timedelta(seconds=30), "half as fast"
    assert told[-1] == machine.wall.now
    said = [each.getMessage() for each in caplog.records]
    assert said == ["clock set back seconds=3600", "clock agrees again"]


def test_a_clock_that_is_put_right_by_a_little_is_no_news(
    caplog: pytest.LogCaptureFixture,
) -> None:
    machine = Machine()
    machine.wall.pass_time(seconds=-3)
    assert machine.clock() == NOON
    machine.runs(7)
    assert machine.clock() == machine.wall.now
    assert caplog.records == []


def test_a_process_has_a_clock_that_never_goes_back(tmp_path: Path) -> None:
    secret = "an invented city keeps no secrets here"
    house = build(Settings(secret, database_url=f"sqlite:///{tmp_path / 'c.db'}"))
    assert isinstance(house.clock, SteadyClock)
    house.db.close()


def test_after_an_hour_back_replies_go_at_once_and_in_order(each_world: World) -> None:
    """Each process sees them for itself: one at a time, or two would mix them up."""
    person, other = each_world.person(), each_world.person()
    first, second = (owe_one(each_world, person, key) for key in ("a", "b"))
    leased = owe_one(each_world, other, "c", leased_by="whoever died")
    each_world.clock.pass_time(hours=-1)
    now = each_world.claim()
    assert rows(now) == [first, leased]
    for owed in now:
        ends(each_world, owed, Sent(f"x{owed.row}"))
    assert rows(each_world.claim()) == [second]


def test_after_an_hour_back_news_keep_their_time(each_world: World) -> None:
    person = each_world.person()
    row = push_one(each_world, person, "news")
    later = owe_one(
        each_world, person, "later", push=Push(each_world.clock() + timedelta(days=1))
    )
    each_world.clock.pass_time(hours=-1)
    assert each_world.claim() == []
    each_world.clock.pass_time(hours=1)
    (owed,) = each_world.claim()
    assert owed.row == row
    ends(each_world, owed, Sent("x"))
    each_world.clock.pass_time(days=1)
    assert rows(each_world.claim()) == [later]


def test_after_an_hour_back_the_lease_of_a_push_is_not_believed(
    each_world: World,
) -> None:
    row = push_one(each_world, each_world.person(), "news")
    each_world.clock.pass_time(hours=1)
    assert rows(each_world.claim()) == [row]
    each_world.clock.pass_time(hours=-1)
    assert rows(each_world.claim(me="another")) == [row]


@pytest.mark.parametrize("apart", [-5, 5])
def test_clocks_five_seconds_apart_take_nothing_over_that_is_being_sent(
    each_world: World, apart: float
) -> None:
    """A send may begin two seconds after its claim, and end thirteen later."""
    row = owe_one(each_world, each_world.person(), "k")
    assert rows(each_world.claim(me="slow")) == [row]
    each_world.clock.pass_time(seconds=15 + apart)
    assert each_world.claim(me="another") == []


def sends(world: World, person: Person, content: Voice | Photo) -> None:
    message = Inbound(person.channel, "m1", Sender(person.address), content)
    assert take_in(world.house, message)


def test_after_an_hour_back_a_note_is_taken_up_at_once(each_world: World) -> None:
    sends(each_world, each_world.person(), Voice(MediaRef("f1", "audio/ogg")))
    run, clock = each_world.house.db.run, each_world.clock
    assert run(lambda db: claim_note(db, clock()))
    assert not run(lambda db: claim_note(db, clock())), "it is leased"
    clock.pass_time(hours=-1)
    assert run(lambda db: claim_note(db, clock()))


def test_after_an_hour_back_a_photo_is_taken_up_at_once(each_world: World) -> None:
    sends(each_world, each_world.person(), Photo(MediaRef("f1", "image/jpeg")))
    run, clock = each_world.house.db.run, each_world.clock
    assert run(lambda db: claim_photo(db, clock()))
    assert not run(lambda db: claim_photo(db, clock())), "it is leased"
    clock.pass_time(hours=-1)
    assert run(lambda db: claim_photo(db, clock()))


def test_after_an_hour_back_nobody_waits_an_hour_behind_a_note(
    each_world: World,
) -> None:
    person, clock = each_world.person(), each_world.clock
    sends(each_world, person, Voice(MediaRef("f1", "audio/ogg")))
    each_world.says(person, "status")
    assert len(each_world.told(person)) == 1, "only the thanks for her note"
    clock.pass_time(seconds=30)
    assert each_world.house.db.read(lambda db: overdue_talks(db, clock())) == []
    clock.pass_time(hours=-1)
    assert catch_up_overdue(each_world.house)
    assert len(each_world.told(person)) == 2
    each_world.says(person, "hulp")
    assert len(each_world.told(person)) == 3, "nor does what comes now"


@pytest.mark.parametrize("asked", [None, 1.0, 3_600.0])
def test_a_fetch_is_put_off_no_longer_than_a_lease_is_believed(
    world: World, asked: float | None
) -> None:
    """Else a note that a provider puts off for an hour would be asked for at once."""
    error = ChannelError(Outcome.RETRY, "throttled", wait_seconds=asked)
    assert timedelta(0) < put_off(error, 3) <= LEASE
