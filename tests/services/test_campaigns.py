"""What a broadcast would be, what it costs, and the commands of officials about it."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from bot.channels.twilio_errors import REASONS as TWILIO
from bot.cli_broadcast import account, broadcast
from bot.config import QuietHours
from bot.domain.money import MessageBudget, Money
from bot.domain.pace import gap
from bot.services import accounts, aftermath, awaiting, unreached
from bot.services.answers import FaultyCallError, NotNowError
from bot.services.broadcasts import Broadcast
from bot.services.hooks import accept
from bot.services.house import Scene
from bot.services.preview import Preview, preview
from bot.services.reasons import REASONS, explain
from bot.services.rounds import RoundError, round_from_json, round_to_json
from bot.services.segments import parse_segment
from bot.store.outreach import Broadcast as BroadcastRow
from bot.store.outreach import Template
from bot.store.talks import OutboundMessage
from tests.need import ROOT
from tests.services.approving import connect, open_channel
from tests.standins.twilio import TwilioStandIn
from tests.worlds import COLLECTING, SECRET_KEY, VOTING, Person, World, table

TEXT = {"nl": "Kom vrijdag.", "tr": "Cuma günü gelin."}


@pytest.fixture
def city(each_world: World) -> Iterator[World]:
    """A neighbourhood on each database, with WhatsApp."""
    with TwilioStandIn() as twilio:
        channel = open_channel(twilio)
        connect(each_world, channel)
        yield each_world
        channel.close()


def approve(world: World, *languages: str) -> None:
    kept = {"kind": "broadcast", "digest": "x", "slots": [], "approval": "approved"}
    rows = [
        {**kept, "language": each, "sid": f"HX{each}", "created_at": world.clock()}
        for each in languages
    ]
    with world.house.db.engine.begin() as db:
        db.execute(insert(Template), rows)


def look(
    world: World,
    segment: str = "all",
    at: datetime | None = None,
    area: str | None = None,
) -> Preview:
    house, now = world.house, world.clock()
    return house.db.read(
        lambda db: preview(Scene(house, db, now), parse_segment(segment), at, area)
    )


def mixed(world: World) -> list[Person]:
    """Return a crowd in which nobody is like another."""
    now = world.clock()
    inside = {"window_until": now + timedelta(hours=5)}
    outside = {"window_until": now - timedelta(hours=5)}
    people = [
        world.person("nl", "telegram"),
        world.person("tr", "web"),
        world.person("nl", "whatsapp", **inside),
        world.person("tr", "whatsapp", **outside),
        world.person("ar", "whatsapp", **outside),
        world.person("ar", "whatsapp", stopped_at=now, **outside),
        world.person("en", "telegram", closed_at=now),
        world.person("en", "telegram"),
        world.person("nl", "telegram", forgotten_at=now),
        world.person("en", "whatsapp", heard_by="whatsapp:+31600000000", **inside),
    ]
    world.change_resident(people[7], may_write=False)
    world.change_resident(people[0], pushed_at=now - timedelta(days=1))
    return people


def test_a_preview_counts_a_mixed_crowd(city: World) -> None:
    people = mixed(city)
    second = city.person("en", "telegram", last_inbound_at=city.clock())
    city.change_talk(people[1], last_inbound_at=city.clock() - timedelta(days=1))
    city.change_talk(second, resident_id=people[1].resident)
    told = look(city)
    assert told.people == 6
    assert told.languages == {"nl": 2, "en": 2, "tr": 1, "ar": 1}
    assert told.channels == {"telegram": 2, "whatsapp": 4}
    assert (told.inside, told.outside, told.held) == (1, 3, 1)
    assert told.unreachable == {"stopped": 1, "unreachable": 1, "said_no": 1}
    assert told.lacking == (
        "broadcast (en): not made",
        "broadcast (tr): not made",
        "broadcast (ar): not made",
    )
    turkish = look(city, "all locale=tr")
    assert (turkish.people, turkish.unreachable) == (1, {})
    assert look(city, f"all area={COLLECTING}").people == 0


def test_a_preview_and_the_broadcast_mean_the_same_people(city: World) -> None:
    people = mixed(city)
    approve(city, "nl", "en", "tr", "ar")
    told = look(city)
    answer = accept(city.house, "msg_1", Broadcast(parse_segment("all"), TEXT)).answer
    city.spread()
    rows = [row for person in people for row in city.told(person)]
    assert told.people == answer["told"] == len(rows)
    assert told.held == answer["held"]
    assert told.channels == Counter(row.channel for row in rows)


def test_days_and_hours_follow_from_tier_pace_and_night(world: World) -> None:
    night = world.with_settings(
        quiet_hours=QuietHours(time(21), time(8)),
        whatsapp_tier=2,
        telegram_per_second=1 / 3600,
    )
    past = world.clock() - timedelta(hours=1)
    for _ in range(5):
        night.person("nl", "whatsapp", window_until=past)
    told = look(night)
    assert (told.days[2], told.days[250]) == (3, 1)
    day = timedelta(days=1)
    assert told.ends_at == world.clock() + 2 * day
    for _ in range(3):
        night.person("nl", "telegram")
    evening = datetime(2026, 11, 18, 18, 30, tzinfo=UTC)
    told = look(night, "all locale=nl", at=evening)
    assert told.starts_at == evening
    assert told.ends_at == evening + 2 * day
    wide = night.with_settings(whatsapp_tier=250)
    left = 2 * gap(1 / 3600) - timedelta(hours=1, minutes=30)
    assert (
        look(wide, at=evening).ends_at == datetime(2026, 11, 19, 7, tzinfo=UTC) + left
    )


def spend(world: World, person: Person, count: int, **row: Any) -> None:
    kept = {
        "talk_id": person.talk,
        "channel": "whatsapp",
        "priority": 1,
        "text": "x",
        "choices": [],
        "secret": False,
        "attempts": 1,
        "delivery": "delivered",
        "round_id": 1,
        "due_at": world.clock(),
        "created_at": world.clock(),
        "sent_at": world.clock(),
    } | row
    start = len(world.rows(table(OutboundMessage)))
    rows = [kept | {"dedupe_key": f"spent:{start + n}"} for n in range(count)]
    with world.house.db.engine.begin() as db:
        db.execute(insert(OutboundMessage), rows)


def test_costs_are_forecast_and_warn_at_eighty_per_cent(city: World) -> None:
    past = city.clock() - timedelta(hours=1)
    person = city.person("nl", "whatsapp", window_until=past)
    city.person("nl", "whatsapp", window_until=city.clock() + timedelta(hours=1))
    told = look(city).cost
    assert told is not None
    assert (told.budget, told.spent) == (Money(25_000), Money(0))
    assert told.forecast == Money(6), "4.9 for a template and 0.5 for a text"
    spend(city, person, 10, template="HX1")
    spend(city, person, 10)
    spend(city, person, 10, delivery="failed", template="HX1")
    spend(city, person, 10, priority=0)
    spend(city, person, 10, round_id=2, template="HX1")
    spend(city, person, 10, channel="telegram")
    told = look(city).cost
    assert told is not None
    assert (told.spent, told.percent, told.warns) == (Money(54), 0, False)
    other = look(city, area=COLLECTING).cost
    assert other is not None
    assert other.spent == Money(49)
    spend(city, person, 4_080, template="HX1")
    told = look(city).cost
    assert told is not None
    assert (told.percent, told.warns) == (80, True)


def test_a_round_that_nobody_knows_pays_nothing(world: World) -> None:
    with pytest.raises(FaultyCallError, match="no round"):
        look(world, area="atlantis")


def test_prices_are_exact_parts_of_a_cent() -> None:
    from decimal import Decimal

    messages = MessageBudget(Money(100), Decimal("0.1"), Decimal("0.2"))
    assert messages.cost(10, 0) == Money(1)
    assert messages.cost(1, 1) == Money(1)
    assert messages.cost(0, 0) == Money(0)


@pytest.mark.parametrize(
    "fault",
    [
        {"budget_cents": "x"},
        {"template_cents": -1},
        {"text_cents": "NaN"},
        {"text_cents": None},
        {"template_cents": 10**9},
        {"budget_cents": None},
    ],
)
def test_a_budget_that_is_none_is_refused(world: World, fault: dict[str, Any]) -> None:
    a_round = world.house.db.read(world.house.catalog.view).rounds[0]
    data = round_to_json(a_round)
    assert round_from_json(data) == a_round
    without = {name: value for name, value in data.items() if name != "messages"}
    assert round_from_json(without).messages is None
    with pytest.raises(RoundError, match="messages|message"):
        round_from_json(data | {"messages": data["messages"] | fault})


def test_without_an_approved_template_it_does_not_begin(city: World) -> None:
    past = city.clock() - timedelta(hours=1)
    city.person("tr", "whatsapp", window_until=past)
    city.person("ar", "telegram")
    call = Broadcast(parse_segment("all"), TEXT)
    with pytest.raises(NotNowError, match=r"broadcast \(tr\): not made") as refused:
        accept(city.house, "msg_1", call)
    assert "(ar)" not in str(refused.value)
    assert city.rows(table(BroadcastRow)) == []
    approve(city, "tr")
    assert accept(city.house, "msg_1", call).answer["told"] == 2


def test_where_whatsapp_is_off_no_template_is_asked_for(world: World) -> None:
    past = world.clock() - timedelta(hours=1)
    world.person("tr", "whatsapp", window_until=past)
    call = Broadcast(parse_segment("all"), TEXT)
    assert accept(world.house, "msg_1", call).answer["told"] == 1


def run(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    *words: str,
    group: click.Group = broadcast,
    **how: Any,
) -> Result:
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    return CliRunner().invoke(group, list(words), obj=lambda _: world.house, **how)


@pytest.fixture
def town(world: World) -> World:
    world.person("nl", "telegram")
    world.person("tr", "telegram")
    return world


SEND = ("send", "--segment", "all", "--text", "nl=Kom vrijdag.")


def test_the_command_previews_asks_and_begins(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = run(town, monkeypatch, *SEND, input="n\n")
    assert refused.exit_code == 1
    assert "People: 2" in refused.stderr
    assert town.rows(table(BroadcastRow)) == []
    begun = run(
        town,
        monkeypatch,
        *SEND,
        "--text",
        "tr=Gelin.",
        "--by",
        "a@b.example",
        input="y\n",
    )
    assert begun.stdout == "1\n"
    row = town.one(table(BroadcastRow))
    assert (row.by, row.people) == ("a@b.example", 2)
    assert row.texts == {"nl": "Kom vrijdag.", "tr": "Gelin."}
    assert run(town, monkeypatch, *SEND, "--yes").stdout == "2\n"
    keys = {each.key for each in town.rows(table(BroadcastRow))}
    assert len(keys) == 2


def test_the_command_shows_pauses_resumes_and_cancels(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(town, monkeypatch, *SEND, "--yes")
    town.spread()
    shown = json.loads(run(town, monkeypatch, "show", "1", "--json").stdout)
    assert (shown["state"], shown["counts"], shown["total"]) == (
        "running",
        {"queued": 2},
        2,
    )
    assert run(town, monkeypatch, "pause", "1").exit_code == 0
    again = run(town, monkeypatch, "pause", "1")
    assert (again.exit_code, "is paused" in again.stderr) == (1, True)
    assert "2 held" in run(town, monkeypatch, "show").stdout
    assert run(town, monkeypatch, "resume", "1").exit_code == 0
    assert run(town, monkeypatch, "cancel", "1").exit_code == 0
    ended = run(town, monkeypatch, "show", "1", "--watch").stdout
    assert "100%" in ended
    assert explain("cancelled") in ended
    assert json.loads(run(town, monkeypatch, "show", "--json").stdout)[0]["id"] == 1
    assert "no broadcast 9" in run(town, monkeypatch, "pause", "9").stderr


def test_the_command_previews_as_json(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("preview", "--segment", "all", "--round", VOTING, "--json")
    told = json.loads(run(town, monkeypatch, *words).stdout)
    assert told["people"] == 2
    assert told["languages"] == {"nl": 1, "tr": 1}
    assert told["cost"] == {"budget": 25_000, "spent": 0, "forecast": 0}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("preview", "--segment", "nobody"), "must begin with"),
        (("preview", "--segment", "all area=atlantis"), "no round"),
        (("preview", "--segment", "all", "--at", "tomorrow"), "must look like"),
        (
            ("preview", "--segment", "all", "--at", "2026-12-06T18:00:00"),
            "must look like",
        ),
        (("send", "--segment", "all", "--text", "de=Komm", "--yes"), "must look like"),
        (("send", "--segment", "all", "--text", "nl=", "--yes"), "must look like"),
        (("show", "7"), "no broadcast 7"),
    ],
)
def test_a_command_that_cannot_be_meant_says_why(
    town: World, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    result = run(town, monkeypatch, *words)
    assert result.exit_code != 0
    assert told in result.stderr
    assert town.rows(table(BroadcastRow)) == []


def test_an_account_goes_on_when_a_person_says_so(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = town.clock() + accounts.UNTIL_RESUMED
    town.house.db.run(
        lambda db: accounts.pause(db, "whatsapp", until, "sender_blocked")
    )
    resume = ("resume", "whatsapp")
    assert "goes on" in run(town, monkeypatch, *resume, group=account).stderr
    assert town.house.db.read(lambda db: accounts.pauses(db, town.clock())) == []
    assert "was not paused" in run(town, monkeypatch, *resume, group=account).stderr


def words_in_the_source() -> set[str]:
    """Return every machine word that a send can end with, as the source has it."""
    found: set[str] = set()
    for path in (*ROOT.glob("bot/channels/*.py"), *ROOT.glob("bot/services/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                given = [*node.args]
                ends = [ast.unparse(each) for each in given]
                for before, word in zip(ends, given[1:], strict=False):
                    if re.search(r"Outcome\.|_RETRY|_REFUSED", before) and isinstance(
                        word, ast.Constant
                    ):
                        found.add(str(word.value))
    return found


def test_every_reason_has_a_sentence() -> None:
    from bot.channels.outcomes import _VERDICTS

    source = words_in_the_source()
    assert {"blocked", "busy", "adapter_error", "bad_answer"} <= source
    words = {*aftermath.AFTERMATHS, *TWILIO.values(), *source}
    words |= {word for _, word, _ in _VERDICTS.values()}
    words |= {awaiting.HELD, unreached.UNREACHABLE, "passed_on", "stopped"}
    words |= {"paused", "cancelled", "forgotten", "said_no"}
    assert words - REASONS.keys() == set()
    for dutch, english in REASONS.values():
        assert dutch
        assert english
        assert dutch != english


def test_an_unknown_reason_is_for_somebody_to_look_at() -> None:
    assert explain("63999") == "failed, somebody has to look (code 63999)"
    assert "63999" in explain("63999", "nl")
    assert explain(None) == "no reason known"
    assert "looked into" in explain("by_bram@city.example")
    assert "@" not in explain("by_bram@city.example")
