"""Providers in trouble: what is owed arrives, in order, no oftener than it may."""

import time
from typing import Any

import pytest

from bot.store.talks import OutboundMessage, Talk
from tests.e2e import bad_input
from tests.e2e.city import City, wait_for
from tests.e2e.people import Neighbour, neighbour
from tests.e2e.test_bad_input import answer
from tests.standins.server import HTML_200, HTML_503, Drop, Fault, Hang
from tests.standins.telegram import throttled
from tests.standins.twilio import refused
from tests.worlds import table

SENDS = {"telegram": "/sendMessage", "whatsapp": "/Messages.json"}
SLOW_SECONDS = 3.0


def standin(city: City, channel: str) -> Any:
    return city.bot_api if channel == "telegram" else city.twilio


def outbox(city: City, person: Neighbour) -> list[Any]:
    """Return what is owed to somebody, oldest first."""
    on_telegram = person.channel == "telegram"
    address = str(person.phone.chat_id) if on_telegram else person.phone.address
    rows = table(OutboundMessage).where(
        OutboundMessage.talk_id == Talk.id, Talk.address == address
    )
    return city.rows(rows.order_by(OutboundMessage.id))


def settled(city: City, person: Neighbour) -> list[str]:
    """Wait until nothing is queued for somebody; return how each row ended."""
    wait_for(lambda: all(row.delivery != "queued" for row in outbox(city, person)), 20)
    return [row.delivery for row in outbox(city, person)]


@pytest.mark.parametrize("fault", [throttled(1), HTML_503], ids=["429", "503"])
def test_telegram_in_trouble_delays_an_answer_and_loses_none(
    city: City, fault: Fault
) -> None:
    person = neighbour(city, "telegram")
    person.arrives()
    city.bot_api.will(fault, "/sendMessage")
    person.says("Een bank onder de lindebomen bij ons")
    assert "lindebomen" in person.last
    assert settled(city, person) == ["sent"] * 3
    assert outbox(city, person)[-1].attempts == 2


def test_twilio_in_trouble_delays_an_answer_and_loses_none(city: City) -> None:
    person = neighbour(city, "whatsapp")
    person.arrives()
    city.twilio.will(refused(429, 20429), "/Messages.json")
    person.says("Een bank onder de lindebomen bij ons")
    assert "lindebomen" in person.last
    assert set(settled(city, person)) == {"sent"}
    assert outbox(city, person)[-1].attempts == 2


def test_answers_keep_their_order_behind_one_that_has_to_wait(city: City) -> None:
    person = neighbour(city, "telegram")
    person.arrives()
    before = len(person.texts)
    city.bot_api.will(throttled(2), "/sendMessage")
    for text in ("Een bank onder de lindebomen bij ons", "ja", "sla over", "status"):
        assert person.phone.says(text) == 200
    person.hears(before + 5)
    assert set(settled(city, person)) == {"sent"}
    told = person.texts[before:]
    assert told == [row.text for row in outbox(city, person)][before:]
    assert "lindebomen" in told[0]
    assert "–" in told[-1]


@pytest.mark.parametrize(
    "fault", [Drop(), HTML_200], ids=["dropped after it was taken", "no answer to read"]
)
def test_what_may_have_arrived_is_not_sent_again(city: City, fault: Fault) -> None:
    person = neighbour(city, "telegram")
    person.arrives()
    city.bot_api.will(fault, "/sendMessage")
    assert person.phone.says("Een bank onder de lindebomen bij ons") == 200
    assert settled(city, person)[-1] == "unsure"
    person.taps("yes", answers=2)
    assert outbox(city, person)[2].attempts == 1


def test_a_webhook_is_answered_at_once_however_slow_the_provider_is(
    city: City,
) -> None:
    person = neighbour(city, "telegram")
    person.arrives()
    before = len(person.texts)
    city.bot_api.will(Hang(SLOW_SECONDS), "/sendMessage")
    began = time.monotonic()
    assert person.phone.says("Een bank onder de lindebomen bij ons") == 200
    assert time.monotonic() - began < SLOW_SECONDS / 2
    other = neighbour(city, "telegram")
    other.arrives()
    assert time.monotonic() - began < SLOW_SECONDS, "one talk waits, not the city"
    person.hears(before + 1)
    assert settled(city, person)[-1] == "sent"
    assert len(person.texts) == before + 1


def test_who_blocked_us_is_left_in_peace_until_she_writes(city: City) -> None:
    person = neighbour(city, "telegram")
    person.arrives()
    person.phone.blocked = True
    assert person.phone.says("status") == 200
    assert settled(city, person)[-1] == "failed"
    assert outbox(city, person)[-1].reason == "blocked"
    person.phone.blocked = False
    person.says("status")
    assert settled(city, person)[-1] == "sent"


def test_updates_that_come_twice_and_out_of_order_are_each_answered_once(
    city: City,
) -> None:
    person = neighbour(city, "telegram")
    person.arrives()
    before = len(person.texts)
    chat = {"id": person.phone.chat_id, "type": "private"}
    updates = [
        bad_input.update(number=number, chat=chat, text="status")
        for number in (31_000_005, 31_000_001, 31_000_005, 31_000_009, 31_000_001)
    ]
    assert [answer(bad_input.telegram(city, each))[0] for each in updates] == [200] * 5
    person.hears(before + 3)
    settled(city, person)
    assert len(person.texts) == before + 3


def test_statuses_may_come_late_twice_and_backwards(city: City) -> None:
    person = neighbour(city, "whatsapp")
    person.arrives()
    settled(city, person)
    heard = person.phone.heard[-1]
    for status in ("read", "delivered", "sent", "read", "queued"):
        assert city.twilio.report(heard, status) == 200
    assert outbox(city, person)[-1].delivery == "read"
    assert city.twilio.report(heard, "failed", 63016) == 200
    assert outbox(city, person)[-1].delivery == "read"


def test_a_message_that_failed_later_is_known_to_have_failed(city: City) -> None:
    person = neighbour(city, "whatsapp")
    person.arrives()
    settled(city, person)
    assert city.twilio.report(person.phone.heard[-1], "undelivered", 63024) == 200
    last = outbox(city, person)[-1]
    assert (last.delivery, last.reason) == ("failed", "not_on_whatsapp")
