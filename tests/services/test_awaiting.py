"""What waits for an approval, and what people are told of it."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import insert, select

from bot.cli_templates import templates as commands
from bot.config import QuietHours
from bot.services.approvals import (
    CHECK,
    check_templates,
)
from bot.services.awaiting import HELD, release_held
from bot.store.talks import OutboundMessage
from tests.services.approving import (
    MANY,
    add,
    sid_of,
    sync,
)
from tests.standins.server import HTML_503
from tests.standins.twilio import TwilioStandIn
from tests.worlds import SECRET_KEY, Person, World, new_id, table


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


def test_a_provider_that_does_not_answer_is_left_alone_for_a_while(
    city: World, twilio: TwilioStandIn
) -> None:
    sync(city)
    city.clock.pass_time(seconds=CHECK.total_seconds())
    asked = len(twilio.made("/ApprovalRequests"))
    twilio.will(HTML_503, "/ApprovalRequests")
    for _ in range(2):
        check_templates(city.house)
    assert len(twilio.made("/ApprovalRequests")) == asked + 1


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
