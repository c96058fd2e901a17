"""The checks after the kills bite: each finds the fault it is there for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from bench.chaos import telegram
from bench.chaos.civic import Before, _may_hold, check_civic
from bench.chaos.findings import (
    LOST,
    NEVER_SENT,
    NOT_AS_AGREED,
    OUT_OF_ORDER,
    REPEATED,
    STUCK,
    TURN_TWICE,
    Findings,
)
from bench.chaos.kept import check_kept
from bench.chaos.leases import Eyes, signed_by
from bench.chaos.seen import Arrival, Delivery, Fate
from bench.chaos.sent import Row, _check_ended, _check_telegram, _check_twilio
from bench.chaos.town import Agreed
from bot.store.talks import InboundMessage, OutboundMessage
from tests.worlds import COLLECTING, SECRET_KEY, Person, World, open_world

CHAT, PHONE = ("telegram", "5"), ("whatsapp", "+31610000005")


def row(number: int, text: str, name: str | None, who: tuple[str, str] = CHAT) -> Row:
    return Row(number, who, "sent" if name else "unsure", name, "dropped", text)


def arrived(at: float, name: str, text: str, number: int | None = None) -> Arrival:
    who = PHONE if number else CHAT
    return Arrival(at, *who, name, text, (), Fate.ANSWERED, number)


def kinds(findings: Findings) -> list[str]:
    return [kind for kind, lines in findings.broken.items() if lines]


def on_telegram(owed: Sequence[Row], taken: Sequence[Arrival]) -> list[str]:
    findings = Findings()
    _check_telegram(owed, taken, findings)
    return kinds(findings)


def on_whatsapp(owed: Sequence[Row], taken: Sequence[Arrival]) -> list[str]:
    findings = Findings()
    _check_twilio(owed, taken, findings)
    return kinds(findings)


def test_what_arrives_once_and_in_order_is_fine() -> None:
    owed = [row(1, "a", "m1"), row(2, "b", "m2")]
    assert on_telegram(owed, [arrived(1, "m1", "a"), arrived(2, "m2", "b")]) == []
    taken = [arrived(1, "s1", "a", 1), arrived(2, "s2", "b", 2)]
    assert on_whatsapp([row(1, "a", "s1"), row(2, "b", "s2")], taken) == []


def test_a_repeat_is_found_unless_a_kill_hit_it_under_lease() -> None:
    taken = [arrived(1, "m0", "a"), arrived(9, "m1", "a")]
    assert on_telegram([row(1, "a", "m1")], taken) == [REPEATED]
    excused = row(1, "a", "m1")
    excused.kills.append(7)
    assert on_telegram([excused], taken) == []
    assert on_telegram([excused], [*taken, arrived(12, "m2", "a")]) == [REPEATED]


def test_a_repeat_on_whatsapp_is_found_by_its_row() -> None:
    taken = [arrived(1, "s0", "a", 1), arrived(9, "s1", "a", 1)]
    owed = row(1, "a", "s1", PHONE)
    assert on_whatsapp([owed], taken) == [REPEATED]
    owed.kills.append(7)
    assert on_whatsapp([owed], taken) == []


def test_a_part_of_a_message_that_comes_twice_is_a_repeat() -> None:
    taken = [
        arrived(1, "s1", "first", 1),
        arrived(2, "s2", "first", 1),
        arrived(3, "s3", "second", 1),
    ]
    assert on_whatsapp([row(1, "", "s3", PHONE)], taken) == [REPEATED]


def test_what_may_have_arrived_is_never_followed_by_itself() -> None:
    vague = replace(arrived(1, "s1", "a", 1), fate=Fate.RESET)
    owed = row(1, "a", None, PHONE)
    assert on_whatsapp([owed], [vague]) == []
    assert on_whatsapp([owed], [vague, arrived(2, "s2", "b", 1)]) == [REPEATED]
    emptied = row(1, "", None)
    vague = replace(arrived(1, "m1", "a"), fate=Fate.HUNG)
    assert on_telegram([emptied], [vague]) == []
    assert on_telegram([emptied], [vague, arrived(2, "m2", "a")]) == [REPEATED]


def test_an_emptied_row_stands_for_what_nothing_else_accounts_for() -> None:
    killed, emptied = row(1, "a", "m2"), row(2, "", None)
    killed.kills.append(7)
    taken = [
        replace(arrived(1, "m1", "a"), fate=Fate.RESET),
        arrived(2, "m2", "a"),
        replace(arrived(3, "m3", "b"), fate=Fate.RESET),
    ]
    assert on_telegram([killed, emptied], taken) == []
    assert on_telegram([killed, emptied], [*taken, arrived(4, "m4", "b")]) == [REPEATED]
    assert on_telegram([killed], taken) == [REPEATED]


def test_what_overtakes_is_found() -> None:
    owed = [row(1, "a", "m1"), row(2, "b", "m2")]
    taken = [arrived(1, "m2", "b"), arrived(2, "m1", "a")]
    assert on_telegram(owed, taken) == [OUT_OF_ORDER]
    taken = [arrived(1, "s2", "b", 2), arrived(2, "s1", "a", 1)]
    assert on_whatsapp(owed, taken) == [OUT_OF_ORDER]


@pytest.mark.parametrize("check", [on_telegram, on_whatsapp])
def test_what_is_said_to_be_sent_and_never_came_is_found(check: object) -> None:
    assert callable(check)
    assert check([row(1, "a", "m1")], []) == [NEVER_SENT]


def test_what_is_still_queued_is_stuck() -> None:
    findings = Findings()
    _check_ended(replace(row(1, "a", "m1"), delivery="queued"), findings)
    assert kinds(findings) == [STUCK]


def delivery(name: str, *, acknowledged: bool = True) -> Delivery:
    made = replace(telegram.typed("5", "hallo"), external_id=name)
    made.acknowledged = acknowledged
    return made


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(f"sqlite:///{tmp_path / 'city.db'}", tmp_path / "media") as made:
        yield made


def test_a_message_that_is_not_there_or_that_nobody_sent_is_found(
    world: World,
) -> None:
    person = world.person()
    world.says(person, "hallo")
    (stored,) = world.inbound()
    eyes = Eyes(str(world.house.db.engine.url), SECRET_KEY)

    def found(*deliveries: Delivery) -> list[str]:
        findings = Findings()
        check_kept(eyes, list(deliveries), findings)
        return kinds(findings)

    mine = delivery(stored.external_id)
    assert found(mine) == []
    assert found(mine, delivery("never stored")) == [LOST]
    assert found(mine, delivery("never stored", acknowledged=False)) == []
    assert found() == [TURN_TWICE]
    with world.house.db.engine.begin() as db:
        db.execute(delete(OutboundMessage))
        db.execute(update(InboundMessage).values(stage="waiting"))
    assert found(mine) == [STUCK, NEVER_SENT]


def test_plans_and_supports_are_held_against_what_was_agreed(world: World) -> None:
    person, eyes = world.person(), Eyes(str(world.house.db.engine.url), SECRET_KEY)
    public = {"status": "public", "title": {"nl": "Bank"}, "public_at": world.clock()}
    supported = world.plan(None, "Een bank", COLLECTING, **public)
    before = Before.read(eyes)
    world.says(person, "Bankjes en bomen op het plein van Zwbalamexdeq.")
    world.taps(person, "yes")
    world.says(person, f"steun {supported}")
    plan = Agreed("plan", *who(person), delivery("1"), names=("Zwbalamexdeq",))
    support = Agreed("support", *who(person), delivery("2"), numbers=(supported,))

    def found(*agreed: Agreed) -> list[str]:
        findings = Findings()
        check_civic(eyes, agreed, before, findings)
        return kinds(findings)

    assert found(plan, support) == []
    assert found(support) == [NOT_AS_AGREED]
    other = replace(plan, names=("Zwbalamexdefiq",))
    assert found(plan, support, other) == [NOT_AS_AGREED]
    assert found(plan, replace(support, numbers=(10_000,))) == [NOT_AS_AGREED]
    world.change_plan(supported, supports=2)
    assert found(plan, support) == [TURN_TWICE]
    world.plan(None, "Nog eens Zwbalamexdeq.")
    assert found(plan, support) == [TURN_TWICE]


def who(person: Person) -> tuple[str, str]:
    return person.channel, person.address


def test_a_ballot_is_the_last_sure_choice_or_an_unsure_one_after_it() -> None:
    def vote(number: int, *, sure: bool) -> Agreed:
        said = delivery(str(number), acknowledged=sure)
        return Agreed("ballot", *PHONE, said, numbers=(number,))

    assert _may_hold([vote(10, sure=True), vote(11, sure=True)]) == [[11]]
    assert _may_hold([vote(10, sure=True), vote(11, sure=False)]) == [[10], [11]]
    assert _may_hold([vote(10, sure=False)]) == [None, [10]]


def test_a_lease_is_known_by_whose_it_is_and_not_by_how_its_name_begins() -> None:
    assert signed_by("host:12", {"host:12"})
    assert signed_by("host:12/worker", {"host:12"})
    assert not signed_by("host:123", {"host:12"})
    assert not signed_by(None, {"host:12"})
