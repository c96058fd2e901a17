"""Templates: made once, followed, filled, and told of where they are missing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select

from bot.channels.base import Approval, Channel, TemplateDraft
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_sender import Account
from bot.cli_templates import templates as commands
from bot.config import QuietHours
from bot.domain.languages import LANGUAGES
from bot.services.approvals import (
    CHECK,
    Report,
    check_templates,
    states,
    sync_templates,
)
from bot.services.awaiting import HELD, release_held
from bot.services.templates import (
    Approved,
    all_approved,
    approved,
    approved_for,
    fill,
    missing,
)
from bot.services.wordings import KINDS, wording
from bot.store.outreach import Template
from bot.store.talks import OutboundMessage
from tests.houses import at_once
from tests.standins.server import HTML_503, PASS
from tests.standins.twilio import TwilioStandIn, refused
from tests.worlds import SECRET_KEY, Person, World, new_id, table

SOME = [wording(kind, at) for kind in ("broadcast", "public") for at in ("nl", "tr")]
MANY = len(SOME)


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def city(each_world: World, twilio: TwilioStandIn) -> Iterator[World]:
    """A neighbourhood on each database, with WhatsApp."""
    yield from connected(each_world, twilio)


@pytest.fixture
def small_city(world: World, twilio: TwilioStandIn) -> Iterator[World]:
    """The same on SQLite only, where no SQL is looked at."""
    yield from connected(world, twilio)


def connected(world: World, twilio: TwilioStandIn) -> Iterator[World]:
    channel = open_channel(twilio)
    connect(world, channel)
    yield world
    channel.close()


def open_channel(twilio: TwilioStandIn, kind: type[WhatsApp] = WhatsApp) -> WhatsApp:
    account = Account(twilio.sid, twilio.token, twilio.sender, twilio.url)
    return kind(account, public_url="https://a.example", media_url=lambda key: key)


def connect(world: World, channel: Channel) -> None:
    channels = {**world.house.channels, "whatsapp": channel}
    world.house = replace(world.house, channels=channels)


def made(twilio: TwilioStandIn) -> tuple[int, int]:
    """Return how many resources were made, and how many approvals asked for."""
    posts = [call.path for call in twilio.calls if call.method == "POST"]
    asked = [path for path in posts if path.endswith("/ApprovalRequests/whatsapp")]
    return posts.count("/v1/Content"), len(asked)


def sync(world: World) -> Report:
    """Bring a few templates as far as they go."""
    return sync_templates(world.house, SOME)


def rows(world: World) -> list[Any]:
    return world.rows(table(Template).order_by(Template.id))


def add(world: World, **values: Any) -> None:
    """Add a template as an earlier run may have left it."""
    kept = {
        "kind": "broadcast",
        "language": "nl",
        "digest": "of older words",
        "sid": "HX" + "0" * 32,
        "slots": ["city", "words"],
        "approval": "approved",
        "created_at": world.clock(),
    }
    with world.house.db.engine.begin() as db:
        db.execute(insert(Template).values(kept | values))


def test_each_wording_is_made_submitted_and_approved(
    city: World, twilio: TwilioStandIn
) -> None:
    first = sync(city)
    assert {each.approval for each in first.states} == {"received"}
    assert (first.refused, first.stopped) == ((), "")
    assert made(twilio) == (MANY, MANY)
    twilio.approvals.approve()
    second = sync(city)
    assert made(twilio) == (MANY, MANY)
    assert {(each.approval, each.in_use) for each in second.states} == {
        ("approved", True)
    }
    one = city.house.db.read(lambda db: approved(db, "public", "tr"))
    assert one is not None
    assert one == city.house.db.read(all_approved)["public", "tr"]
    assert one.slots == wording("public", "tr").slots
    assert len(city.house.db.read(states)) == len(KINDS) * len(LANGUAGES)


class DiesAfterMaking(WhatsApp):
    """A process that is killed between the resource and its row."""

    def create_template(self, draft: TemplateDraft) -> str:
        super().create_template(draft)
        raise KeyboardInterrupt


class DiesAfterSubmitting(WhatsApp):
    """A process that is killed between the submission and its row."""

    def submit_template(self, sid: str, name: str, category: str) -> Approval:
        super().submit_template(sid, name, category)
        raise KeyboardInterrupt


@pytest.mark.parametrize("dying", [DiesAfterMaking, DiesAfterSubmitting])
def test_a_run_that_was_killed_is_taken_up_where_it_stopped(
    small_city: World, twilio: TwilioStandIn, dying: type[WhatsApp]
) -> None:
    alive = small_city.house.channels["whatsapp"]
    connect(small_city, open_channel(twilio, dying))
    with pytest.raises(KeyboardInterrupt):
        sync(small_city)
    small_city.house.channels["whatsapp"].close()
    connect(small_city, alive)
    report = sync(small_city)
    assert {each.approval for each in report.states} == {"received"}
    assert made(twilio) == (MANY, MANY)


def test_two_runs_at_once_leave_one_row_each(city: World) -> None:
    results = at_once(*[lambda: sync(city)] * 2)
    assert [getattr(each, "stopped", each) for each in results] == ["", ""]
    assert len(rows(city)) == MANY


def test_a_run_ends_early_while_nobody_answers(
    small_city: World, twilio: TwilioStandIn
) -> None:
    twilio.will(HTML_503, "/ApprovalRequests/whatsapp")
    report = sync(small_city)
    assert report.stopped == "provider_fault"
    assert [row.approval for row in rows(small_city)] == ["unsubmitted"]
    assert sync(small_city).stopped == ""
    assert made(twilio) == (MANY, MANY + 1)


def test_what_is_refused_of_one_template_does_not_stop_the_others(
    small_city: World, twilio: TwilioStandIn
) -> None:
    twilio.will(PASS, "/v1/Content")  # the list of what is there
    twilio.will(refused(400, 21658), "/v1/Content")
    report = sync(small_city)
    assert report.refused == ("broadcast (nl): too_long",)
    assert made(twilio) == (MANY, MANY - 1)


def test_without_the_channel_nothing_is_asked(world: World) -> None:
    report = sync(world)
    assert report.stopped == "channel_off"
    assert {each.approval for each in report.states} == {"not made"}
    assert check_templates(world.house) is False


def test_a_rejected_template_is_told_with_its_reason(
    city: World, twilio: TwilioStandIn
) -> None:
    sync(city)
    twilio.approvals.decide(sid_of(city, "broadcast", "tr"), "rejected", "WORDS " * 90)
    found = sync(city).states
    [told] = [each for each in found if each.approval == "rejected"]
    assert (told.kind, told.language, told.in_use) == ("broadcast", "tr", False)
    assert told.reason.startswith("WORDS")
    assert len(told.reason) <= 240
    assert city.house.db.read(lambda db: states(db, SOME)) == found
    lacking = city.house.db.read(lambda db: missing(db, "broadcast", ["tr", "nl"]))
    assert lacking == ["broadcast (tr): rejected", "broadcast (nl): received"]


def sid_of(world: World, kind: str, language: str) -> str:
    return next(
        str(row.sid)
        for row in reversed(rows(world))
        if (row.kind, row.language) == (kind, language)
    )


def test_another_category_is_told(small_city: World, twilio: TwilioStandIn) -> None:
    sync(small_city)
    sid = sid_of(small_city, "public", "tr")
    twilio.approvals.requests[sid]["category"] = "MARKETING"
    assert sync(small_city).charged == ("public (tr): MARKETING",)


def test_older_words_stay_in_use_until_the_new_ones_are_approved(
    city: World, twilio: TwilioStandIn
) -> None:
    older = "HX" + "a" * 32
    twilio.contents[older] = {"friendly_name": "older"}
    twilio.approvals.requests[older] = {"name": "older", "status": "approved"}
    add(city, sid=older)
    state = next(
        each
        for each in sync(city).states
        if (each.kind, each.language) == ("broadcast", "nl")
    )
    assert (state.approval, state.in_use) == ("received", True)
    assert sid_in_use(city) == older
    twilio.approvals.approve()
    sync(city)
    assert sid_in_use(city) == sid_of(city, "broadcast", "nl") != older


def sid_in_use(world: World) -> str | None:
    found = world.house.db.read(lambda db: approved(db, "broadcast", None))
    return found.sid if found else None


def test_a_resource_that_somebody_deleted_is_made_again(
    small_city: World, twilio: TwilioStandIn
) -> None:
    sync(small_city)
    sid = sid_of(small_city, "public", "nl")
    del twilio.contents[sid], twilio.approvals.requests[sid]
    assert sync(small_city).refused == ("public (nl): gone",)
    assert sync(small_city).refused == ()
    assert made(twilio) == (MANY + 1, MANY + 1)


def test_the_general_template_stands_in_but_not_for_a_broadcast(city: World) -> None:
    read = city.house.db.read
    assert read(lambda db: approved_for(db, "chosen", "nl")) is None
    add(city, kind="message", slots=["city"], sid="HX" + "1" * 32)
    found = [
        read(partial(approved_for, kind=kind, language="nl"))
        for kind in ("chosen", None, "anything")
    ]
    assert [each and each.kind for each in found] == ["message"] * 3
    assert read(lambda db: approved_for(db, "broadcast", "nl")) is None
    assert read(lambda db: approved_for(db, "chosen", "ar")) is None
    add(city, kind="chosen", sid="HX" + "2" * 32)
    own = read(lambda db: approved_for(db, "chosen", None))
    assert own is not None
    assert own.sid == "HX" + "2" * 32


def test_missing_names_what_was_never_made(city: World) -> None:
    lacking = city.house.db.read(lambda db: missing(db, "broadcast", ["nl", "tr"]))
    assert lacking == ["broadcast (nl): not made", "broadcast (tr): not made"]
    add(city)
    assert city.house.db.read(lambda db: missing(db, "broadcast", ["nl"])) == []


def test_slots_fill_the_variables_in_their_order() -> None:
    known = Approved("chosen", "nl", "HX1", ("plan", "title", "words", "contact"))
    given = {"title": "Een\nbankje", "plan": "21", "contact": "", "else": "?"}
    assert fill(known, given).values == (
        "21",
        "Een bankje",
        "Dat hoort u in het hele bericht.",
        "het buurtteam van de gemeente",
    )
    assert fill(Approved("message", "tr", "HX1", ("city",)), None).values == (
        "Yaşadığınız yerin",
    )


def owe(world: World, person: Person, **values: Any) -> int:
    """Owe a push that waits for a template, due an hour ago."""
    now = world.clock()
    kept = {
        "talk_id": person.talk,
        "channel": person.channel,
        "dedupe_key": f"test:{len(world.rows(select(OutboundMessage.id)))}",
        "priority": 1,
        "text": "Een bericht.",
        "choices": [],
        "kind": "chosen",
        "held": HELD,
        "delivery": "queued",
        "due_at": now - timedelta(hours=1),
        "created_at": now,
    }
    with world.house.db.engine.begin() as db:
        return new_id(db.execute(insert(OutboundMessage).values(kept | values)))


def test_what_waited_for_an_approval_goes_when_it_is_there(city: World) -> None:
    fatima = city.person("nl", channel="whatsapp")
    leyla = city.person("tr", channel="whatsapp")
    later = city.clock() + timedelta(days=1)
    own, planned = owe(city, fatima), owe(city, fatima, due_at=later)
    cast = owe(city, fatima, kind="broadcast")
    paused, hers = owe(city, fatima, held="paused"), owe(city, leyla)
    gone = owe(city, fatima, delivery="dropped")
    plain = owe(city, fatima, kind=None)
    add(city, kind="chosen")
    run = city.house.db.run
    assert run(lambda db: release_held(db, city.clock())) == 2
    found = {row.id: row for row in city.rows(table(OutboundMessage))}
    assert (found[own].held, found[own].due_at) == (None, city.clock())
    assert (found[planned].held, found[planned].due_at) == (None, later)
    waiting = [found[n].held for n in (cast, paused, hers, gone, plain)]
    assert waiting == [HELD, "paused", HELD, HELD, HELD]
    add(city, kind="message", digest="b")
    assert run(lambda db: release_held(db, city.clock())) == 1
    assert run(lambda db: release_held(db, city.clock())) == 0


def test_the_worker_asks_every_quarter_of_an_hour_and_releases(
    city: World, twilio: TwilioStandIn
) -> None:
    fatima = city.person("nl", channel="whatsapp")
    row = owe(city, fatima, kind="public")
    sync(city)
    twilio.approvals.approve()
    asked = len(twilio.made("/ApprovalRequests"))
    assert check_templates(city.house) is False
    assert len(twilio.made("/ApprovalRequests")) == asked
    city.clock.pass_time(seconds=CHECK.total_seconds())
    check_templates(city.house)
    assert len(twilio.made("/ApprovalRequests")) == asked + MANY
    [found] = [each for each in city.told(fatima) if each.id == row]
    assert (found.held, found.due_at) == (None, city.clock())
    city.clock.pass_time(days=1)
    check_templates(city.house)
    assert len(twilio.made("/ApprovalRequests")) == asked + MANY


def test_what_is_released_at_night_waits_for_the_morning(world: World) -> None:
    fatima = world.person("nl", channel="whatsapp")
    owe(world, fatima)
    add(world, kind="chosen")
    world.clock.pass_time(hours=12)
    quiet = QuietHours(time(21), time(8))
    check_templates(world.with_settings(quiet_hours=quiet).house)
    [found] = world.told(fatima)
    morning = datetime(2026, 11, 19, 7, tzinfo=UTC)
    assert (found.held, found.due_at) == (None, morning)


def run(world: World, *words: str) -> Result:
    """Run a command as an operator would."""
    env = {"SECRET_KEY": SECRET_KEY}
    return CliRunner(env=env).invoke(commands, words, obj=lambda _: world.house)


def test_the_operator_sees_what_to_do_next(
    small_city: World, twilio: TwilioStandIn
) -> None:
    """All kinds, as an operator has them."""
    first = run(small_city, "sync")
    assert first.exit_code == 0
    assert first.stdout.split("\n")[1].split() == ["chosen", *["received"] * 4]
    assert "The worker asks every 15 minutes" in first.stderr
    twilio.approvals.decide(sid_of(small_city, "chosen", "nl"), "rejected", "TOO SHORT")
    second = run(small_city, "sync")
    assert second.exit_code == 1
    assert "chosen (nl): rejected: TOO SHORT" in second.stdout
    assert "change the words in locales/" in second.stderr
    shown = run(small_city, "show", "--json")
    assert json.loads(shown.stdout)[0] == {
        "kind": "chosen",
        "language": "nl",
        "approval": "rejected",
        "reason": "TOO SHORT",
        "in_use": False,
    }
    assert "TOO SHORT" in run(small_city, "show").stdout


def test_the_operator_is_told_that_whatsapp_is_off(world: World) -> None:
    told = run(world, "sync")
    assert told.exit_code == 1
    assert "set TWILIO_ACCOUNT_SID" in told.stderr
