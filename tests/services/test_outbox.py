"""What we owe: in order, paid once, tried again only where it cannot have arrived."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.channels.base import ChannelError, Outcome, Sent
from bot.domain.messages import Delivery, StatusUpdate
from bot.domain.say import Button, Reply, Say
from bot.services.house import Scene
from bot.services.outbox import Owed, Push, owe
from bot.services.outcomes import MOST_TRIES, Outcomes, record_outcomes
from bot.services.statuses import record_status
from bot.store.talks import OutboundMessage
from tests.houses import at_once
from tests.worlds import NOON, Person, World

HELLO = Reply((Say("Thank you."),))
SEND = Button("yes", Say("Yes, send my vote"))
SECRET = Reply((Say("Thank you."),), (SEND,), secret=True)
PACE = [1.0, 2.0, 5.0, 15.0, 60.0, 300.0] + [900.0] * (MOST_TRIES - 7)


def owe_one(
    world: World, person: Person, key: str, reply: Reply = HELLO, **how: Any
) -> int:
    talk = world.talk(person)

    def job(db: Any) -> Owed:
        return owe(Scene(world.house, db, world.clock()), talk, reply, key, **how)

    return world.house.db.run(job).row


def push_one(world: World, person: Person, key: str) -> int:
    return owe_one(world, person, key, push=Push(world.clock()))


def claimed(world: World, me: str = "worker", limit: int = 100) -> list[Owed]:
    return world.claim(me=me, limit=limit)


def rows(owed: Sequence[Owed]) -> list[int]:
    return [each.row for each in owed]


def ends(world: World, owed: Owed, how: Sent | ChannelError) -> None:
    sent, error = (how, None) if isinstance(how, Sent) else (None, how)
    done = [Outcomes(owed, sent, error, world.clock())]
    world.house.db.run(lambda db: record_outcomes(db, done))


def row_of(world: World, row: int) -> Any:
    columns = OutboundMessage.__table__
    return world.one(columns.select().where(OutboundMessage.id == row))


def retry(wait: float | None = None) -> ChannelError:
    return ChannelError(Outcome.RETRY, "throttled", wait_seconds=wait)


def test_a_talk_gets_its_messages_one_after_the_other(each_world: World) -> None:
    ayse, bram = each_world.person(), each_world.person()
    first, second = (owe_one(each_world, ayse, key) for key in ("a1", "a2"))
    other = owe_one(each_world, bram, "b1")
    now = claimed(each_world)
    assert rows(now) == [first, other]
    assert claimed(each_world) == []
    ends(each_world, now[0], Sent("x1"))
    assert rows(claimed(each_world)) == [second]


def test_a_talk_keeps_its_order_when_the_first_clock_was_ahead(
    each_world: World,
) -> None:
    """Machines are seconds apart; what is due when it is written is due."""
    ayse = each_world.person()
    each_world.clock.pass_time(seconds=5)
    first = owe_one(each_world, ayse, "a1")
    each_world.clock.pass_time(seconds=-5)
    second = owe_one(each_world, ayse, "a2")
    (owed,) = claimed(each_world)
    assert owed.row == first
    ends(each_world, owed, Sent("x1"))
    assert rows(claimed(each_world)) == [second]


def test_replies_go_before_news_even_in_the_same_talk(world: World) -> None:
    ayse, bram = world.person(), world.person()
    news = [push_one(world, each, f"n{each.talk}") for each in (ayse, bram)]
    reply = owe_one(world, bram, "r")
    assert rows(claimed(world)) == [reply, *news]


def test_a_claim_takes_no_more_than_it_can_carry(world: World) -> None:
    owed = [owe_one(world, world.person(), f"k{n}") for n in range(5)]
    assert rows(claimed(world, limit=3)) == owed[:3]
    assert rows(claimed(world, limit=3)) == owed[3:]


def test_what_is_not_due_yet_waits(world: World) -> None:
    person = world.person()
    later = Push(world.clock() + timedelta(hours=1))
    row = owe_one(world, person, "k", push=later)
    assert claimed(world) == []
    world.clock.pass_time(hours=1)
    assert rows(claimed(world)) == [row]


def test_two_workers_never_take_the_same_message(each_world: World) -> None:
    wanted = [owe_one(each_world, each_world.person(), f"k{n}") for n in range(30)]
    found = at_once(*[lambda n=n: claimed(each_world, f"w{n}") for n in range(4)])
    taken = [row for each in found for row in rows(each)]  # type: ignore[arg-type]
    assert sorted(taken) == wanted


def test_the_channels_of_this_process_are_the_only_ones_it_claims(world: World) -> None:
    row = owe_one(world, world.person(channel="whatsapp"), "k")
    assert world.claim(channels=["telegram"]) == []
    assert rows(claimed(world)) == [row]


def test_a_lease_that_runs_out_is_claimed_once_more(each_world: World) -> None:
    row = owe_one(each_world, each_world.person(), "k", leased_by="dead process")
    assert claimed(each_world) == []
    each_world.clock.pass_time(seconds=21.9)
    assert claimed(each_world) == []
    each_world.clock.pass_time(seconds=0.2)
    (again,) = claimed(each_world)
    assert (again.row, again.attempt) == (row, 2)
    assert claimed(each_world) == []


def test_a_repeated_key_is_refused_by_the_database(each_world: World) -> None:
    person = each_world.person()
    owe_one(each_world, person, "in:1:0")
    with pytest.raises(IntegrityError):
        owe_one(each_world, person, "in:1:0")


def test_what_was_sent_is_never_sent_again(each_world: World) -> None:
    row = owe_one(each_world, each_world.person(), "k")
    (owed,) = claimed(each_world)
    ends(each_world, owed, Sent("provider-1"))
    each_world.clock.pass_time(days=2)
    assert claimed(each_world) == []
    kept = row_of(each_world, row)
    assert (kept.delivery, kept.external_id) == ("sent", "provider-1")
    assert (kept.leased_by, kept.leased_until) == (None, None)


def test_a_retry_waits_longer_each_time_and_ends(world: World) -> None:
    row = owe_one(world, world.person(), "k")
    waits = []
    for _ in range(MOST_TRIES):
        (owed,) = claimed(world)
        ends(world, owed, retry())
        kept = row_of(world, row)
        if kept.delivery != "queued":
            break
        waits.append((kept.due_at - world.clock()).total_seconds())
        world.clock.pass_time(seconds=waits[-1] - 0.001)
        assert claimed(world) == [], "not before its time"
        world.clock.pass_time(seconds=0.001)
    assert waits == PACE
    assert (kept.delivery, kept.reason) == ("failed", "throttled")


def test_a_provider_who_names_a_time_is_obeyed(world: World) -> None:
    owe_one(world, world.person(), "k")
    (owed,) = claimed(world)
    ends(world, owed, retry(wait=37))
    world.clock.pass_time(seconds=36.9)
    assert claimed(world) == []
    world.clock.pass_time(seconds=0.1)
    assert len(claimed(world)) == 1


def test_a_retry_holds_back_what_the_talk_gets_later(world: World) -> None:
    person, other = world.person(), world.person()
    first, second = (owe_one(world, person, key) for key in ("a1", "a2"))
    (owed,) = claimed(world)
    ends(world, owed, retry(wait=60))
    free = owe_one(world, other, "b1")
    (others,) = claimed(world)
    assert others.row == free
    ends(world, others, Sent("x"))
    world.clock.pass_time(seconds=60)
    (again,) = claimed(world)
    assert again.row == first
    ends(world, again, Sent("x"))
    assert rows(claimed(world)) == [second]


@pytest.mark.parametrize(
    ("outcome", "delivery"), [(Outcome.REFUSED, "failed"), (Outcome.UNSURE, "unsure")]
)
def test_refused_and_unsure_are_never_tried_again(
    each_world: World, outcome: Outcome, delivery: str
) -> None:
    row = owe_one(each_world, each_world.person(), "k")
    (owed,) = claimed(each_world)
    ends(each_world, owed, ChannelError(outcome, "code"))
    each_world.clock.pass_time(days=1)
    assert claimed(each_world) == []
    kept = row_of(each_world, row)
    assert (kept.delivery, kept.reason) == (delivery, "code")


def test_an_outcome_that_is_written_twice_changes_nothing(world: World) -> None:
    row = owe_one(world, world.person(), "k")
    (owed,) = claimed(world)
    ends(world, owed, Sent("x1"))
    ends(world, owed, retry())
    ends(world, owed, ChannelError(Outcome.REFUSED, "late"))
    kept = row_of(world, row)
    assert (kept.delivery, kept.external_id, kept.reason) == ("sent", "x1", None)


FORWARD = ["queued", "unsure", "sent", "failed", "delivered", "read", "dropped"]


def test_a_status_only_moves_forward(each_world: World) -> None:
    world = each_world
    row = owe_one(world, world.person(), "k")
    for before, told in product(FORWARD, ("sent", "failed", "delivered", "read")):
        with world.house.db.engine.begin() as db:
            known = {"delivery": before, "external_id": "SM1"}
            is_it = OutboundMessage.id == row
            db.execute(update(OutboundMessage).where(is_it).values(known))
        status = StatusUpdate("SM1", Delivery(told), "63016")
        moved = world.house.db.run(partial(from_telegram, status=status))
        forward = FORWARD.index(told) > FORWARD.index(before)
        assert moved is forward, (before, told)
        assert row_of(world, row).delivery == (told if forward else before)


def from_telegram(db: Any, status: StatusUpdate) -> bool:
    return record_status(db, "telegram", status, NOON)


def test_a_status_of_a_message_we_do_not_know_is_no_error(world: World) -> None:
    owe_one(world, world.person(), "k")
    status = StatusUpdate("nobody's", Delivery.READ)
    assert not world.house.db.run(lambda db: record_status(db, "web", status, NOON))


@pytest.mark.parametrize(
    ("state", "reason"), [("stopped_at", "stopped"), ("closed_at", "unreachable")]
)
def test_who_stopped_us_gets_answers_but_no_news(
    each_world: World, state: str, reason: str
) -> None:
    person = each_world.person()
    news = push_one(each_world, person, "n")
    reply = owe_one(each_world, person, "r")
    each_world.change_talk(person, **{state: each_world.clock()})
    assert rows(claimed(each_world)) == [reply]
    kept = row_of(each_world, news)
    assert (kept.delivery, kept.reason) == ("dropped", reason)


def test_a_blocked_address_closes_and_opens_when_she_writes(world: World) -> None:
    person = world.person()
    owe_one(world, person, "k")
    (owed,) = claimed(world)
    ends(world, owed, ChannelError(Outcome.REFUSED, "blocked", closes=True))
    assert world.talk(person).closed_at == NOON
    world.says(person, "hallo")
    assert world.talk(person).closed_at is None


def test_what_shows_a_vote_is_empty_once_it_is_sent(each_world: World) -> None:
    row = owe_one(each_world, each_world.person(), "k", SECRET)
    (owed,) = claimed(each_world)
    assert owed.secret
    ends(each_world, owed, retry())
    assert row_of(each_world, row).text, "it has to be sent yet"
    each_world.clock.pass_time(seconds=1)
    (owed,) = claimed(each_world)
    assert owed.out.text
    ends(each_world, owed, Sent("x"))
    kept = row_of(each_world, row)
    assert (kept.text, kept.choices) == ("", [])


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.UNSURE])
def test_what_shows_a_vote_is_empty_once_it_is_given_up(
    world: World, outcome: Outcome
) -> None:
    row = owe_one(world, world.person(), "k", SECRET)
    (owed,) = claimed(world)
    ends(world, owed, ChannelError(outcome, "code"))
    kept = row_of(world, row)
    assert (kept.text, kept.choices) == ("", [])


def test_other_messages_keep_their_words(world: World) -> None:
    row = owe_one(world, world.person("en"), "k")
    (owed,) = claimed(world)
    ends(world, owed, Sent("x"))
    assert row_of(world, row).text == "Thank you."
