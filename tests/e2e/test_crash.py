"""The power goes: nothing that was accepted is lost, nothing is said without end."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.store.civic import PlanRow
from bot.store.talks import InboundMessage, OutboundMessage
from tests import sound
from tests.e2e.city import City, Watch, open_city, wait_for
from tests.e2e.people import Neighbour, neighbour
from tests.standins.server import Hang
from tests.worlds import table

LEASE_SECONDS, MOST_SECONDS = 22, 10
PLAN = "Een zwaluwtil op het plein bij de kerk"


@pytest.fixture
def fresh(tmp_path: Path, watch: Watch) -> Iterator[City]:
    database = f"sqlite:///{tmp_path / 'city.db'}"
    with open_city(database, tmp_path, watch) as made:
        made.serve()
        yield made


def deliveries(city: City) -> list[str]:
    return [row.delivery for row in city.rows(table(OutboundMessage))]


def test_an_answer_that_was_decided_arrives_after_the_power_is_back(
    fresh: City,
) -> None:
    """Killed between the commit and the send's outcome: it is sent at most once more.

    Everybody's receipt is on its way when it happens, and a voice note waits for ears.
    """
    people = [neighbour(fresh, "telegram") for _ in range(3)]
    for each in people:
        each.arrives()
        each.says(PLAN)
    before = [len(each.texts) for each in people]
    fresh.bot_api.will(Hang(60), "/sendMessage", times=20)
    for each in people:
        assert each.phone.taps("yes") == 200
    note = sound.ogg_opus(sound.sentence("nl"))
    fresh.bot_api.will(Hang(60), "/getFile", times=2)
    assert people[0].phone.sends_voice(note) == 200
    fresh.kill()
    killed = time.monotonic()
    plans = fresh.rows(table(PlanRow).where(PlanRow.text == PLAN))
    assert len(plans) == 3, "what was answered with 200 is on the disk"
    assert "queued" in deliveries(fresh)
    fresh.bot_api._faults.clear()
    fresh.serve()
    for each, count in zip(people, before, strict=True):
        patience = LEASE_SECONDS + 10 - (time.monotonic() - killed)
        wait_for(partial(has_heard, each, count + 2), patience)
    wait_for(lambda: "queued" not in deliveries(fresh), 20)
    for each, count, plan in zip(people, before, plans, strict=True):
        receipts = [text for text in each.texts[count:] if str(plan.number) in text]
        assert 1 <= len(receipts) <= 2, "what was on its way may have arrived"
    wait_for(lambda: [row.stage for row in inbound(fresh)].count("listening") == 0, 30)


def has_heard(person: Neighbour, count: int) -> bool:
    return len(person.texts) >= count


def inbound(city: City) -> list[InboundMessage]:
    return city.rows(table(InboundMessage))


def test_asked_to_end_it_soon_does_and_writes_down_what_it_has_sent(
    fresh: City,
) -> None:
    """So that a deploy in the middle of a busy evening repeats nothing."""
    people = [neighbour(fresh, "telegram") for _ in range(6)]
    for each in people:
        each.arrives()
    fresh.bot_api.will(Hang(0.5), "/sendMessage", times=6)
    for each in people:
        assert each.phone.says(PLAN) == 200
    began = time.monotonic()
    fresh.stop()
    assert time.monotonic() - began < MOST_SECONDS
    heard = sum(len(each.texts) for each in people)
    assert deliveries(fresh).count("sent") == heard
    assert "unsure" not in deliveries(fresh)
