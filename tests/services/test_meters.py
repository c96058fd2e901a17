"""What is counted: once, after the commit, under words from closed lists."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from bot.channels.base import ChannelError, Outcome, Sent
from bot.channels.telegram_errors import _REFUSALS
from bot.channels.twilio_errors import REASONS
from bot.domain.messages import Inbound, Sender, Text
from bot.meters import OTHER, Lapsed, Meters, closed
from bot.services.counting import count_noted, count_outcomes
from bot.services.inbound import take_in
from bot.services.outcomes import MOST_TRIES, Outcomes
from bot.services.photos import fetch_photo_once
from bot.services.voice import claim_note
from bot.store.bell import Bell
from bot.store.leases import LONGER
from bot.store.talks import InboundMessage, Media, OutboundMessage
from bot.worker import Loop, Worker, send_due
from tests.houses import Street
from tests.services.ears import Ears
from tests.services.figures import figures_of, open_labels
from tests.worlds import World


def outcomes(world: World, how: Sent | ChannelError, attempt: int = 1) -> Outcomes:
    """Return how a send of a reply ended."""
    person = world.person()
    world.says(person, "hallo")
    owed = world.postman.taken[-1]
    owed = type(owed)(
        owed.row, owed.talk, owed.channel, owed.out, attempt, priority=owed.priority
    )
    sent, error = (how, None) if isinstance(how, Sent) else (None, how)
    return Outcomes(owed, sent, error, world.clock())


@pytest.mark.parametrize(
    ("how", "attempt", "outcome"),
    [
        (Sent("tg-1"), 1, "sent"),
        (ChannelError(Outcome.RETRY, "throttled"), 1, "retry"),
        (ChannelError(Outcome.RETRY, "throttled"), MOST_TRIES, "refused"),
        (ChannelError(Outcome.REFUSED, "blocked"), 1, "refused"),
        (ChannelError(Outcome.UNSURE, "timeout"), 1, "unsure"),
    ],
)
def test_each_try_to_send_is_counted_by_how_it_ended(
    world: World, how: Sent | ChannelError, attempt: int, outcome: str
) -> None:
    meters = Meters()
    count_outcomes(meters, [outcomes(world, how, attempt)])
    seen = figures_of(meters.shown)
    labels = f"channel=telegram,outcome={outcome},priority=reply"
    assert seen[f"buurtstem_outbound_total{{{labels}}}"] == 1
    refused = [each for each in seen if "refused_total" in each]
    assert bool(refused) == (outcome == "refused")


def test_wrong_settings_of_ours_are_an_error_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = ChannelError(Outcome.REFUSED, "bad_token", ours=True)
    ended = outcomes(world, wrong)
    count_outcomes(Meters(), [ended])
    (line,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    row = ended.owed.row
    told = f"our settings are wrong channel=telegram code=bad_token row={row}"
    assert line.getMessage() == told


def test_a_message_is_counted_once_and_its_repetition_as_one(world: World) -> None:
    person = world.person()
    message = Inbound("telegram", "17", Sender(person.address), Text("hallo"))
    assert take_in(world.house, message)
    assert not take_in(world.house, message)
    seen = figures_of(world.house.meters.shown)
    name = "buurtstem_inbound_total{channel=telegram,kind=text,stage=%s}"
    assert seen[name % "done"] == seen[name % "duplicate"] == 1
    assert seen["buurtstem_turn_seconds_count"] == 1


def test_what_is_undone_is_not_counted(world: World) -> None:
    """A turn that failed is undone and stored anew: only the second is counted."""
    person = world.person()
    world.change_talk(person, state="{")

    def broken(_: Connection) -> Any:
        raise RuntimeError

    world.house.catalog.view = broken  # type: ignore[method-assign,assignment]
    message = Inbound("telegram", "18", Sender(person.address), Text("hallo"))
    assert take_in(world.house, message)
    seen = figures_of(world.house.meters.shown)
    stages = {name: value for name, value in seen.items() if "inbound_total" in name}
    name = "buurtstem_inbound_total{channel=telegram,kind=text,stage=failed}"
    assert stages == {name: 1}


def lease_out(world: World, model: Any, **more: Any) -> None:
    """Let somebody have leased all rows of a table, and have died."""
    over = {"leased_until": world.clock()} | more
    with world.house.db.engine.begin() as db:
        db.execute(update(model).values(over))
    world.clock.now += LONGER + timedelta(seconds=1)


def test_a_row_whose_lease_ran_out_is_counted_and_named(
    each_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = each_world
    person = world.person(channel="web")
    world.says(person, "hallo")
    lease_out(world, OutboundMessage)
    caplog.clear()
    assert send_due(world.house)
    row = world.told(person)[0].id
    assert f"lease expired what=outbound row={row}" in caplog.text
    assert not send_due(world.house)
    seen = figures_of(world.house.meters.shown)
    assert seen["buurtstem_lease_expired_total{what=outbound}"] == 1


def test_a_row_that_waited_for_its_next_try_has_no_lease_that_ran_out(
    world: World,
) -> None:
    person = world.person(channel="web")
    world.says(person, "hallo")
    lease_out(world, OutboundMessage, leased_until=None)
    assert send_due(world.house)
    assert "buurtstem_lease_expired_total{what=outbound}" not in figures_of(
        world.house.meters.shown
    )


def test_what_is_dropped_is_counted_by_the_worker(world: World) -> None:
    person = world.person(channel="web")
    world.says(person, "hallo")
    world.change_talk(person, stopped_at=world.clock())
    lease_out(world, OutboundMessage, leased_until=None, priority=1)
    send_due(world.house)
    name = "buurtstem_outbound_total{channel=web,outcome=dropped,priority=push}"
    assert figures_of(world.house.meters.shown)[name] == 1


def test_a_note_whose_hearer_died_is_told_apart_from_one_that_waits(
    each_world: World, note: bytes
) -> None:
    world = each_world
    person = world.person(channel="web")
    world.sends_note(person, note)
    lease_out(world, InboundMessage)
    now = world.clock()
    again = world.house.db.run(lambda db: claim_note(db, now))
    assert again is not None
    assert again.lapsed
    lease_out(world, Media, leased_until=None, key=None)
    lease_out(world, InboundMessage)
    now = world.clock()
    waited = world.house.db.run(lambda db: claim_note(db, now))
    assert waited is not None
    assert not waited.lapsed


def test_a_photo_whose_worker_died_is_counted(world: World) -> None:
    person = world.person(channel="web")
    world.sends_note(person, b"no photo")
    lease_out(world, Media, kind="photo")
    assert fetch_photo_once(world.house)
    seen = figures_of(world.house.meters.shown)
    assert seen["buurtstem_lease_expired_total{what=photo}"] == 1


def test_a_note_is_counted_by_its_length_and_by_the_time_it_took(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append("Een bank onder de linden.")
    street.ayse().sends_voice(note)
    street.work()
    seen = figures_of(street.house.meters.shown)
    assert seen["buurtstem_note_seconds_count"] == 1
    assert 1 < seen["buurtstem_note_seconds_sum"] < 10
    name = "buurtstem_transcription_seconds_count{engine=faster-whisper}"
    assert seen[name] == 1


def test_a_loop_that_fails_is_counted_by_its_name(world: World) -> None:
    worker = Worker(world.house)

    def broken(_: object) -> bool:
        worker.stopping.set()
        raise RuntimeError

    worker._forever(Loop(broken, 0), Bell(world.house.settings.database_url))
    seen = figures_of(world.house.meters.shown)
    assert seen["buurtstem_loop_failures_total{loop=broken}"] == 1


def test_every_reason_a_channel_gives_is_a_word_for_the_figures() -> None:
    words = {*REASONS.values(), *(verdict().code for _, verdict in _REFUSALS)}
    words |= {"http_418", "adapter_error", "provider_fault"}
    assert len(words) > 25
    assert [each for each in words if closed("reason", each) != each] == []


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("reason", "64999"),
        ("reason", "Chat not found: Ayşe"),
        ("reason", "a" * 41),
        ("channel", "whatsapp:+31612345678"),
        ("kind", "sticker"),
        ("type", "results.forget"),
        ("held", "plan 130"),
    ],
)
def test_what_stands_on_no_list_is_counted_as_other(label: str, value: str) -> None:
    assert closed(label, value) == OTHER


def test_a_label_that_nobody_has_named_is_a_fault() -> None:
    with pytest.raises(KeyError):
        closed("sender", "+31612345678")


def test_an_open_label_is_seen() -> None:
    text = 'buurtstem_x_total{channel="+31612345678"} 1\nbuurtstem_y{who="web"} 1\n'
    assert open_labels(text) == [
        "buurtstem_x_total: channel=+31612345678",
        "buurtstem_y: who=web",
    ]


def test_noting_nothing_counts_nothing(world: World) -> None:
    before = figures_of(world.house.meters.shown)
    count_noted(world.house.meters, [])
    assert figures_of(world.house.meters.shown).keys() == before.keys()
    count_noted(world.house.meters, [Lapsed("note", 7)])
    assert figures_of(world.house.meters.shown).keys() > before.keys()
