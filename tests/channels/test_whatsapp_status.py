"""What becomes of a message on WhatsApp."""

import itertools
from dataclasses import replace
from functools import partial

import pytest

from bot.channels.base import ForgedError, Request
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_sender import Account
from bot.domain.messages import (
    RANK,
    Choice,
    Delivery,
    Outbound,
    StatusUpdate,
)
from tests.channels.cases import WhatsAppCase

YES_NO = (Choice("yes", "Ja"), Choice("no", "Nee"))


def ask(
    text: str, choices: tuple[Choice, ...] = YES_NO, language: str = "nl"
) -> Outbound:
    return Outbound(7, "+31612345678", language, text, choices, list_label="Kies")


STATUSES = [
    ("queued", None, Delivery.QUEUED, None),
    ("sending", None, Delivery.QUEUED, None),
    ("sent", None, Delivery.SENT, None),
    ("delivered", None, Delivery.DELIVERED, None),
    ("read", None, Delivery.READ, None),
    ("undelivered", 63016, Delivery.FAILED, "outside_window"),
    ("undelivered", 63024, Delivery.FAILED, "not_on_whatsapp"),
    ("failed", 21610, Delivery.FAILED, "opted_out"),
    ("failed", 63049, Delivery.FAILED, "held_back"),
    ("failed", 64999, Delivery.FAILED, "64999"),
    ("failed", 0, Delivery.FAILED, None),
]


@pytest.mark.parametrize(("status", "code", "delivery", "reason"), STATUSES)
def test_statuses_are_told(
    on_whatsapp: WhatsAppCase,
    status: str,
    code: int | None,
    delivery: Delivery,
    reason: str | None,
) -> None:
    on_whatsapp.channel.send(ask("Ja of nee?")).result(9)
    [heard] = on_whatsapp.resident.heard
    request = on_whatsapp.acts(lambda: on_whatsapp.stand_in.report(heard, status, code))
    [update] = parse_status(on_whatsapp, request)
    assert (update.external_id, update.delivery) == (heard.sid, delivery)
    assert update.code == (str(code) if code else None)
    assert (update.extra.get("reason"), update.extra["out"]) == (reason, "7")
    closing = {"opted_out", "not_on_whatsapp"}
    assert ("closes" in update.extra) is (reason in closing)


def parse_status(case: WhatsAppCase, request: Request) -> list[StatusUpdate]:
    assert isinstance(case.channel, WhatsApp)
    return list(case.channel.parse_status(request))


def test_every_order_of_statuses_ends_the_same(on_whatsapp: WhatsAppCase) -> None:
    on_whatsapp.channel.send(ask("Ja of nee?")).result(9)
    [heard] = on_whatsapp.resident.heard
    report = on_whatsapp.stand_in.report
    told = [
        update.delivery
        for status in ("sent", "delivered", "read", "sent")
        for update in parse_status(
            on_whatsapp, on_whatsapp.acts(partial(report, heard, status))
        )
    ]
    ends = set()
    for order in itertools.permutations(told):
        best = Delivery.QUEUED
        for delivery in order:
            best = max(best, delivery, key=RANK.__getitem__)
        ends.add(best)
    assert (len(told), ends) == (4, {Delivery.READ})


def test_an_unknown_status_and_a_forged_one(on_whatsapp: WhatsAppCase) -> None:
    on_whatsapp.channel.send(ask("Ja of nee?")).result(9)
    [heard] = on_whatsapp.resident.heard
    request = on_whatsapp.acts(lambda: on_whatsapp.stand_in.report(heard, "teleported"))
    assert parse_status(on_whatsapp, request) == []
    with pytest.raises(ForgedError):
        parse_status(on_whatsapp, on_whatsapp.forged(request))


def test_that_a_first_part_has_arrived_does_not_settle_the_message(
    on_whatsapp: WhatsAppCase,
) -> None:
    long = replace(ask("Dit is een zin van gewone lengte. " * 60), choices=())
    on_whatsapp.channel.send(long).result(9)
    first, last = on_whatsapp.resident.heard
    named = []
    for heard in (first, last):
        report = partial(on_whatsapp.stand_in.report, heard, "delivered")
        (status,) = parse_status(on_whatsapp, on_whatsapp.acts(report))
        named.append(status.extra)
    assert named == [{}, {"out": str(long.id)}]


def test_an_inbound_message_is_no_status(on_whatsapp: WhatsAppCase) -> None:
    assert parse_status(on_whatsapp, on_whatsapp.says("hallo")) == []


def test_a_laptop_asks_for_no_statuses() -> None:
    account = Account("AC1", "token", "whatsapp:+1")
    local = WhatsApp(account, public_url="http://127.0.0.1:8080", media_url=str)
    assert local._callback(ask("x"), True) is None
