"""Two at once on PostgreSQL: threads that are processes of their own, over and over."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.channels.base import Sent
from bot.domain.plans import Status
from bot.services.doubts import ask_about_doubts, settle
from bot.services.hooks import StatusNews, accept
from bot.services.house import House
from bot.services.inbound import take_in
from bot.services.outbox import LEASE, Owed
from bot.store.civic import HookCall
from bot.store.leases import LONGER
from bot.store.talks import InboundMessage, OutboundMessage, Resident, Talk
from tests.houses import at_once
from tests.need import postgres_url
from tests.services.test_inbound import words
from tests.services.test_outbox import ends, push_one, row_of, rows
from tests.worlds import Person, Postman, World, open_world, own_postgres, table

ROUNDS = 8
FIRST, SECOND = "Een bank onder de lindebomen.", "Een tafel bij de speeltuin."
TALKS, EACH, WORKERS = 40, 5, 4


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One neighbourhood on PostgreSQL; every round of every test has its own people."""
    folder: Path = tmp_path_factory.mktemp("city")
    with (
        own_postgres(postgres_url()) as url,
        open_world(url, folder / "media") as made,
    ):
        yield made


def process(world: World, name: str) -> House:
    """Return the house as another process has it, with a postman of its own."""
    return replace(world.house, postman=Postman(name))


def taken(house: House) -> list[Owed]:
    """Return what a process has been given to send."""
    postman: Any = house.postman
    return list(postman.taken)


def of(person: Person, owed: list[Owed]) -> list[int]:
    return [each.row for each in owed if each.talk == person.talk]


class Writing(Postman):
    """Writes down that a message went at the very moment when it is asked for it."""

    def __init__(self, world: World) -> None:
        super().__init__("writing")
        self._world = world

    def holds(self, row: int) -> bool:
        went = update(OutboundMessage).where(OutboundMessage.id == row)
        with self._world.house.db.engine.begin() as db:
            db.execute(went.values(delivery="sent", leased_until=None, leased_by=None))
        return False


def test_a_reply_that_is_written_down_meanwhile_lets_the_next_one_go_at_once(
    world: World,
) -> None:
    person = world.person()
    house = replace(world.house, postman=Writing(world))
    for said in (FIRST, SECOND):
        assert take_in(house, words(person, said))
    assert of(person, taken(house)) == [row.id for row in world.told(person)]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_messages_of_one_talk_are_answered_one_after_the_other(
    world: World, number: int
) -> None:
    """In two processes: the second turn builds on the first, and its answer waits."""
    person = world.person()
    houses = [process(world, f"web-{number}-{n}") for n in range(2)]
    messages = [words(person, said) for said in (FIRST, SECOND)]
    assert at_once(
        *[
            partial(take_in, house, each)
            for house, each in zip(houses, messages, strict=True)
        ]
    ) == [True, True]
    mine = InboundMessage.talk_id == person.talk
    stored = world.rows(table(InboundMessage).where(mine).order_by(InboundMessage.id))
    told = world.told(person)
    assert [row.dedupe_key for row in told] == [f"in:{row.id}:0" for row in stored]
    said = [row.body["text"] for row in stored]
    assert said[0] in told[0].text
    assert said[1] not in told[0].text
    assert told[1].text.index(said[0]) < told[1].text.index(said[1])
    sent = [of(person, taken(house)) for house in houses]
    assert sorted(sent) == [[], [told[0].id]], "the other answer waits for the first"
    assert of(person, world.claim()) == []
    ends(world, next(o for h in houses for o in taken(h)), Sent(f"t{told[0].id}"))
    assert of(person, world.claim()) == [told[1].id]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_very_same_first_message_four_times_is_one_person_and_one_answer(
    world: World, number: int
) -> None:
    address = f"stranger-{number}"
    message = words(Person(0, 0, "telegram", address), FIRST)
    before = len(world.rows(table(Resident)))
    houses = [process(world, f"again-{number}-{n}") for n in range(4)]
    ends_of = at_once(*[partial(take_in, house, message) for house in houses])
    assert sorted(map(str, ends_of)) == ["False", "False", "False", "True"]
    (talk,) = world.rows(table(Talk).where(Talk.address == address))
    assert len(world.rows(table(Resident))) == before + 1
    person = Person(talk.id, talk.resident_id, "telegram", address)
    keys = [row.dedupe_key for row in world.told(person)]
    (stored,) = world.rows(table(InboundMessage).where(_of(talk.id)))
    assert keys == [f"in:{stored.id}:{n}" for n in range(len(keys))]
    assert keys
    assert sorted(r for h in houses for r in of(person, taken(h))) == [
        row.id for row in world.told(person)
    ]


def _of(talk: int) -> Any:
    return InboundMessage.talk_id == talk


@dataclass
class Ledger:
    """What workers did, in the order they did it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    claimed: list[tuple[int, int]] = field(default_factory=list)
    open: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def begins(self, owed: Owed) -> None:
        with self.lock:
            self.claimed.append((owed.talk, owed.row))
            if owed.talk in self.open:
                self.faults.append(f"row {owed.row} beside {self.open[owed.talk]}")
            self.open[owed.talk] = owed.row

    def ends(self, owed: Owed) -> None:
        with self.lock:
            del self.open[owed.talk]


def test_four_workers_take_every_message_once_and_keep_the_order_of_each_talk(
    world: World,
) -> None:
    people = [world.person(channel="web") for _ in range(TALKS)]
    wanted = queue(world, people)
    ledger, left = Ledger(), set(wanted)

    def work(name: str) -> None:
        while left:
            owed = world.claim(me=name, limit=7, channels=["web"])
            for each in owed:
                ledger.begins(each)
            for each in owed:
                ledger.ends(each)
                ends(world, each, Sent(f"w{each.row}"))
                left.discard(each.row)

    done = at_once(*[partial(work, f"worker-{n}") for n in range(WORKERS)])
    assert done == [None] * WORKERS
    assert ledger.faults == []
    assert sorted(row for _, row in ledger.claimed) == wanted, "each exactly once"
    for person in people:
        hers = [row for talk, row in ledger.claimed if talk == person.talk]
        assert hers == sorted(hers)
    assert {row_of(world, row).attempts for row in wanted} == {1}


def queue(world: World, people: list[Person]) -> list[int]:
    """Owe everybody a few answers and return all rows."""
    now = world.clock()
    owed = [
        {
            "talk_id": person.talk,
            "channel": "web",
            "dedupe_key": f"many:{person.talk}:{number}",
            "text": "Dank u wel.",
            "choices": [],
            "delivery": "queued",
            "due_at": now,
            "created_at": now,
        }
        for number in range(EACH)
        for person in people
    ]
    made = insert(OutboundMessage).returning(OutboundMessage.id)
    with world.house.db.engine.begin() as db:
        return sorted(db.scalars(made, owed))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_hook_call_that_comes_three_times_at_once_has_one_effect(
    world: World, number: int
) -> None:
    author = world.person()
    news = StatusNews(world.plan(author), Status.STARTED, {"nl": "Wij beginnen."})
    call = f"call-{number}"
    found: list[Any] = at_once(*[lambda: accept(world.house, call, news)] * 3)
    assert sorted(each.new for each in found) == [False, False, True]
    assert [each.answer for each in found] == [found[0].answer] * 3
    assert found[0].answer["told"] == 1
    assert len(world.pushes(author)) == 1
    assert len(world.rows(table(HookCall).where(HookCall.id == call))) == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_officials_who_settle_one_doubt_do_not_contradict_each_other(
    world: World, number: int
) -> None:
    person = world.person(channel="web")
    row = push_one(world, person, f"doubt-{number}")
    change(world, row, delivery="unsure")
    world.clock.pass_time(hours=2)
    now, db = world.clock(), world.house.db
    assert db.run(lambda at: ask_about_doubts(at, now)) == 1
    task = world.tasks()[-1]
    first, second = at_once(
        lambda: settle(world.house, task.id, "els", arrived=True),
        lambda: settle(world.house, task.id, "bram", arrived=False),
    )
    assert {first, second} == {True, False}
    ended, by = row_of(world, row), world.tasks()[-1].done_by
    if first:
        assert (ended.delivery, ended.again_id, by) == ("delivered", None, "els")
        assert len(world.pushes(person)) == 1
    else:
        assert (ended.delivery, by) == ("failed", "bram")
        assert [each.id for each in world.pushes(person)] == [row, ended.again_id]
        change(world, ended.again_id, delivery="sent")


def change(world: World, row: int, **values: Any) -> None:
    with world.house.db.engine.begin() as db:
        db.execute(
            update(OutboundMessage).where(OutboundMessage.id == row).values(values)
        )


@pytest.mark.parametrize("number", range(ROUNDS))
def test_news_fetched_by_her_message_while_a_worker_takes_them_are_sent_once(
    world: World, number: int
) -> None:
    person = world.person(channel="web")
    news = push_one(world, person, f"news-{number}")
    web = process(world, f"web-{number}")
    message = words(person, "hallo")
    done, claimed = at_once(
        lambda: take_in(web, message), lambda: world.claim(channels=["web"])
    )
    assert done is True
    assert isinstance(claimed, list)
    found = of(person, [*taken(web), *claimed])
    assert found.count(news) == 1
    assert row_of(world, news).attempts == 1


def test_her_message_leaves_news_alone_that_somebody_died_sending(world: World) -> None:
    """They may be on her phone already; a claim takes them up once, in their turn."""
    person = world.person(channel="web")
    news = push_one(world, person, "died")
    assert news in rows(world.claim(me="whoever died", channels=["web"]))
    world.clock.now += LEASE + LONGER + timedelta(seconds=1)
    web = process(world, "web-alive")
    assert take_in(web, words(person, "hallo"))
    assert news not in of(person, taken(web))
    for owed in taken(web):
        ends(world, owed, Sent(f"h{owed.row}"))
    assert news in rows(world.claim(channels=["web"]))
