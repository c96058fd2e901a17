"""The sender: in order per talk, each message handed over once, every end written."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.channels.base import LATE, ChannelError, Outcome, Sent
from bot.domain.messages import Outbound
from bot.domain.say import Reply, Say
from bot.services import sender as module
from bot.services.house import Scene
from bot.services.outbox import Owed, owe
from bot.services.sender import Sender
from bot.store.database import Database
from bot.store.talks import OutboundMessage
from tests.worlds import Person, World

WAIT = 5.0


@dataclass
class Provider:
    """A channel whose sends end when the test says so."""

    name: str = "telegram"
    begun: list[Outbound] = field(default_factory=list)
    futures: dict[int, "Future[Sent]"] = field(default_factory=dict)
    breaks: Exception | None = None
    changed: threading.Condition = field(default_factory=threading.Condition)

    def send(self, out: Outbound) -> "Future[Sent]":
        if self.breaks is not None:
            raise self.breaks
        future: Future[Sent] = Future()
        with self.changed:
            self.begun.append(out)
            self.futures[out.id] = future
            self.changed.notify_all()
        return future

    def sends(self, row: int) -> None:
        self.futures.pop(row).set_result(Sent(f"provider-{row}"))

    def fails(self, row: int, error: BaseException) -> None:
        self.futures.pop(row).set_exception(error)

    def rows(self) -> list[int]:
        return [out.id for out in self.begun]

    def waits(self, count: int) -> None:
        """Wait until so many sends have begun."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.begun) >= count, WAIT)


@dataclass
class Post:
    """A sender, its provider, and the rows it works on."""

    world: World
    provider: Provider
    sender: Sender

    def owe(self, person: Person, key: str) -> Owed:
        talk, world = self.world.talk(person), self.world
        reply = Reply((Say("Thank you."),))

        def job(db: Any) -> Owed:
            scene = Scene(world.house, db, world.clock())
            return owe(scene, talk, reply, key, leased_by=self.sender.name)

        return world.house.db.run(job)

    def row(self, owed: Owed) -> Any:
        columns = OutboundMessage.__table__
        return self.world.one(columns.select().where(OutboundMessage.id == owed.row))

    def claim(self) -> list[Owed]:
        return self.world.claim(channels=["telegram"], me=self.sender.name)

    def settles(self) -> None:
        assert self.sender.settle(WAIT)


@pytest.fixture
def post(world: World) -> Iterator[Post]:
    provider = Provider()
    db, clock = world.house.db, world.clock
    sender = Sender(db, {"telegram": provider}, clock, "me")  # type: ignore[dict-item]
    yield Post(world, provider, sender)
    for row in list(provider.futures):
        provider.sends(row)
    sender.close()


def test_one_talk_hears_its_messages_in_order(post: Post) -> None:
    person = post.world.person()
    owed = [post.owe(person, f"k{n}") for n in range(3)]
    post.sender.push(owed)
    for n, each in enumerate(owed):
        assert post.provider.rows() == [one.row for one in owed[: n + 1]]
        post.provider.sends(each.row)
    post.settles()
    assert [post.row(each).delivery for each in owed] == ["sent"] * 3


def paced(post: Post, key: str = "paced") -> Owed:
    """Owe a message that has its place now."""
    owed = post.owe(post.world.person(), key)
    return replace(owed, at=post.world.clock())


def loses_its_place(post: Post, owed: Owed) -> Outbound:
    """Let it be too late for a message under way; return what was to be sent."""
    before = len(post.provider.begun)
    post.sender.push([owed])
    post.provider.waits(before + 1)
    post.provider.fails(owed.row, ChannelError(Outcome.RETRY, LATE))
    post.settles()
    return post.provider.begun[-1]


def test_what_is_late_under_way_goes_back_without_having_been_tried(post: Post) -> None:
    owed = paced(post)
    assert loses_its_place(post, owed).begin_by is not None
    row = post.row(owed)
    assert (row.delivery, row.leased_until, row.attempts) == ("queued", None, 0)
    assert [each.row for each in post.claim()] == [owed.row]


def test_what_has_lost_ten_places_goes_however_late_it_is(post: Post) -> None:
    owed = paced(post)
    for _ in range(10):
        assert loses_its_place(post, owed).begin_by is not None
    post.sender.push([owed])
    post.provider.waits(11)
    assert post.provider.begun[-1].begin_by is None
    post.provider.sends(owed.row)
    post.settles()
    assert post.row(owed).delivery == "sent"


def test_a_talk_goes_on_behind_what_is_late(post: Post) -> None:
    person = post.world.person()
    first = replace(post.owe(person, "first"), at=post.world.clock())
    second = post.owe(person, "second")
    post.sender.push([first])
    post.provider.waits(1)
    post.sender.push([second])
    post.provider.fails(first.row, ChannelError(Outcome.RETRY, LATE))
    post.provider.waits(2)
    post.provider.sends(second.row)
    post.settles()
    assert [post.row(each).delivery for each in (first, second)] == ["queued", "sent"]


def test_talks_do_not_wait_for_each_other(post: Post) -> None:
    owed = [post.owe(post.world.person(), f"k{n}") for n in range(3)]
    post.sender.push(owed)
    assert post.provider.rows() == [each.row for each in owed]


def test_what_comes_while_one_is_on_its_way_goes_behind_it(post: Post) -> None:
    person = post.world.person()
    first, second = post.owe(person, "a"), post.owe(person, "b")
    post.sender.push([first])
    post.sender.push([second])
    assert post.provider.rows() == [first.row]
    post.provider.sends(first.row)
    assert post.provider.rows() == [first.row, second.row]


def test_after_a_retry_the_rest_of_the_talk_goes_back_to_the_worker(post: Post) -> None:
    person = post.world.person()
    owed = [post.owe(person, f"k{n}") for n in range(3)]
    post.sender.push(owed)
    post.provider.fails(owed[0].row, ChannelError(Outcome.RETRY, "throttled"))
    post.settles()
    assert post.provider.rows() == [owed[0].row]
    assert [post.row(each).leased_by for each in owed] == [None] * 3
    assert post.claim() == []
    post.world.clock.pass_time(seconds=1)
    (again,) = post.claim()
    assert (again.row, again.attempt) == (owed[0].row, 2)


def test_parts_that_went_out_are_known_to_whoever_goes_on(post: Post) -> None:
    """Another process may claim it: nothing of this may be kept in one's own head."""
    person = post.world.person()
    owed = post.owe(person, "long")
    post.sender.push([owed])
    post.provider.fails(owed.row, ChannelError(Outcome.RETRY, "busy", done=2))
    post.settles()
    post.world.clock.pass_time(seconds=60)
    (again,) = post.claim()
    assert (again.out.id, again.out.done) == (owed.row, 2)
    post.sender.push([again])
    post.provider.sends(owed.row)
    post.settles()
    assert post.row(owed).external_id == f"provider-{owed.row}"


def test_a_message_in_parts_that_ends_unsurely_can_still_be_settled(
    post: Post,
) -> None:
    """A row without a name of the provider's is found by our own number."""
    person = post.world.person()
    owed = post.owe(person, "long")
    post.sender.push([owed])
    post.provider.fails(owed.row, ChannelError(Outcome.RETRY, "busy", done=1))
    post.settles()
    post.world.clock.pass_time(seconds=60)
    post.sender.push(post.claim())
    post.provider.fails(owed.row, ChannelError(Outcome.UNSURE, "timeout"))
    post.settles()
    assert (post.row(owed).delivery, post.row(owed).external_id) == ("unsure", None)


def test_after_a_refusal_the_rest_of_the_talk_goes_on(post: Post) -> None:
    person = post.world.person()
    first, second = post.owe(person, "a"), post.owe(person, "b")
    post.sender.push([first, second])
    post.provider.fails(first.row, ChannelError(Outcome.REFUSED, "too_long"))
    post.provider.sends(second.row)
    post.settles()
    assert (post.row(first).delivery, post.row(second).delivery) == ("failed", "sent")


def test_an_adapter_that_breaks_before_sending_stops_nobody_else(post: Post) -> None:
    owed = post.owe(post.world.person(), "k")
    post.provider.breaks = KeyError("a bug")
    post.sender.push([owed])
    post.settles()
    assert post.row(owed).delivery == "failed"
    post.provider.breaks = None
    other = post.owe(post.world.person(), "l")
    post.sender.push([other])
    assert post.provider.rows() == [other.row]


def test_an_adapter_that_breaks_in_the_middle_may_have_sent_it(post: Post) -> None:
    owed = post.owe(post.world.person(), "k")
    post.sender.push([owed])
    post.provider.fails(owed.row, KeyError("a bug"))
    post.settles()
    kept = post.row(owed)
    assert (kept.delivery, kept.reason) == ("unsure", "adapter_error")


def test_a_send_that_is_called_off_may_have_arrived(post: Post) -> None:
    owed = post.owe(post.world.person(), "k")
    post.sender.push([owed])
    post.provider.futures.pop(owed.row).cancel()
    post.settles()
    assert post.row(owed).delivery == "unsure"


def test_a_lease_that_ran_out_under_way_does_not_make_it_go_twice(post: Post) -> None:
    """The provider is slow; the worker of this process claims the row again."""
    owed = post.owe(post.world.person(), "k")
    post.sender.push([owed])
    post.world.clock.pass_time(seconds=23)
    claimed = post.claim()
    assert [each.row for each in claimed] == [owed.row]
    post.sender.push(claimed)
    post.provider.sends(owed.row)
    post.settles()
    assert post.provider.rows() == [owed.row]
    assert post.row(owed).delivery == "sent"


def test_what_waited_longer_than_its_lease_is_given_back_unsent(post: Post) -> None:
    """Another process may have claimed it meanwhile: only a fresh lease may send."""
    person = post.world.person()
    first, second = post.owe(person, "a"), post.owe(person, "b")
    post.sender.push([first, second])
    post.world.clock.pass_time(seconds=12)
    post.provider.sends(first.row)
    post.settles()
    assert post.provider.rows() == [first.row]
    kept = post.row(second)
    assert (kept.delivery, kept.leased_by) == ("queued", None)
    post.sender.push(post.claim())
    assert post.provider.rows() == [first.row, second.row]


def test_to_settle_means_that_the_ends_are_written(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed = post.owe(post.world.person(), "k")
    slow = Slow(post.world.house.db, monkeypatch)
    post.sender.push([owed])
    post.provider.sends(owed.row)
    assert slow.begun.wait(WAIT)
    assert not post.sender.settle(0.05)
    slow.going.set()
    post.settles()
    assert post.row(owed).delivery == "sent"


def test_what_comes_before_a_retry_is_written_waits_for_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = post.world.person()
    first = post.owe(person, "a")
    second = post.owe(person, "b")
    slow = Slow(post.world.house.db, monkeypatch)
    post.sender.push([first])
    post.provider.fails(first.row, ChannelError(Outcome.RETRY, "throttled"))
    assert slow.begun.wait(WAIT)
    post.sender.push([second])
    slow.going.set()
    post.settles()
    assert post.provider.rows() == [first.row]
    assert post.row(second).leased_by is None


def test_ends_that_cannot_be_written_are_kept_until_they_can(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "TROUBLE_SECONDS", 0.01)
    db, broken = post.world.house.db, threading.Event()
    real = db.run

    def run(job: Callable[[Any], Any]) -> Any:
        if not broken.is_set():
            broken.set()
            raise OSError("the disk is full of Ayşe's words")
        return real(job)

    owed = post.owe(post.world.person(), "k")
    monkeypatch.setattr(db, "run", run)
    post.sender.push([owed])
    post.provider.sends(owed.row)
    post.settles()
    assert broken.is_set()
    assert post.row(owed).delivery == "sent"
    assert "Ayşe" not in caplog.text


class Slow:
    """Lets transactions wait until `going` is set; `begun` tells that one does."""

    def __init__(self, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.going = threading.Event(), threading.Event()
        self._run = db.run
        monkeypatch.setattr(db, "run", self.run)

    def run(self, job: Callable[[Any], Any]) -> Any:
        self.begun.set()
        self.going.wait(WAIT)
        return self._run(job)
