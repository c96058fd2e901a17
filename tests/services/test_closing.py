"""Voting closes later: two officials, a reason, a new hash, and everybody hears."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.doctor.rounds import check_rounds
from bot.domain.findings import Mark
from bot.domain.rounds import Phase
from bot.services.answers import CallError
from bot.services.broadcasts import wording
from bot.services.closing import (
    Move,
    Moved,
    confirm_closing,
    propose_closing,
    proposed_closing,
)
from bot.services.freezing import FrozenError, all_versions, is_intact
from bot.services.open_data import public_rounds, public_settings
from bot.services.outages import Gap, late_outages, record_outage
from bot.services.readiness import late_news
from bot.services.rounds import RoundError
from bot.store.frozen import ClosingMove, FrozenRound
from bot.store.outreach import Broadcast
from synthesis import Voice
from tests.services.opened import (
    BRAM,
    CLOSES,
    ELS,
    OPENS,
    SLUG,
    VERA,
    make_ready,
    open_vote,
    round_of,
    run,
)
from tests.worlds import World, table

LATER = CLOSES + timedelta(days=2)
REASON = {
    "nl": "De chat was een avond weg.",
    "en": "The chat was away for an evening.",
    "tr": "Sohbet bir akşam çalışmadı.",
    "ar": "توقفت المحادثة مساءً كاملًا.",
}


@pytest.fixture
def opened(each_world: World, voice: Voice) -> World:
    """A city whose vote is open and closes tomorrow."""
    make_ready(each_world, voice)
    open_vote(each_world)
    each_world.clock.now = CLOSES - timedelta(hours=20)
    return each_world


def propose(world: World, to: datetime = LATER, by: str = ELS, **more: Any) -> Move:
    reason = more.get("reason", REASON)
    found: Move = run(world, lambda s: propose_closing(s, SLUG, to, reason, by))
    return found


def confirm(world: World, by: str = BRAM) -> Moved:
    found: Moved = run(world, lambda scene: confirm_closing(scene, SLUG, by))
    return found


def round_id(world: World) -> int:
    return world.house.db.read(world.house.catalog.view).round_id(SLUG)


def test_it_takes_two_and_everybody_in_the_round_hears(opened: World) -> None:
    world = opened
    people = {each: world.person(each) for each in REASON}
    outsider = world.person("nl")
    for person in people.values():
        world.vote(person, SLUG)
        world.change_resident(person, pushed_at=world.clock() - timedelta(hours=3))
    before = world.rows(table(FrozenRound))
    assert propose(world).confirmed_by is None
    assert round_of(world).closes_at == CLOSES, "a proposal changes nothing"
    moved = confirm(world)
    assert round_of(world).closes_at == LATER
    assert round_of(world).phase_at(CLOSES) is Phase.VOTING
    assert moved.people == len(people)
    world.spread()
    assert world.pushes(outsider) == []
    for language, person in people.items():
        (push,) = world.pushes(person)
        assert REASON[language] in push.text
        assert push.due_at < CLOSES, "a corrected date does not wait three days"
        assert push.slots["words"]
    dutch = world.pushes(people["nl"])[0].text.splitlines()
    assert dutch[1] == "U kunt langer stemmen in Oost."
    local = LATER.astimezone(ZoneInfo("Europe/Amsterdam"))
    assert str(local.day) in dutch[2]
    (record,) = world.rows(table(ClosingMove))
    assert (record.proposed_by, record.confirmed_by) == (ELS, BRAM)
    assert (record.closes_from, record.closes_to) == (CLOSES, LATER)
    assert (record.reason, record.version) == (REASON, 2)
    (cast,) = world.rows(table(Broadcast))
    assert (cast.id, cast.by) == (record.broadcast_id, ELS)
    rows = world.rows(table(FrozenRound).order_by(FrozenRound.version))
    assert len(rows) == len(before) + 1, "what was frozen before stays"


def test_the_new_hash_is_public_beside_the_first_and_why(opened: World) -> None:
    propose(opened)
    moved = confirm(opened)
    text = public_settings(opened.house, SLUG)
    assert text == moved.frozen.settings
    first, second = opened.house.db.read(lambda db: all_versions(db, round_id(opened)))
    assert (first.hash == second.hash, second.hash) == (False, moved.frozen.hash)
    then, now = json.loads(first.settings), json.loads(second.settings)
    assert datetime.fromisoformat(now["round"]["starts"].pop("counting")) == LATER
    assert datetime.fromisoformat(then["round"]["starts"].pop("counting")) == CLOSES
    assert then == now, "nothing else has moved"
    rounds = {each["slug"]: each for each in public_rounds(opened.house)}
    told = rounds[SLUG]
    assert told["settings_hash"] == second.hash
    history = [(each["hash"], each["reason"]) for each in told["settings_history"]]
    assert history == [(first.hash, {}), (second.hash, REASON)]
    assert ELS not in json.dumps(told)
    assert opened.house.db.read(lambda db: is_intact(db, round_id(opened), second))


def test_who_proposed_cannot_confirm(opened: World) -> None:
    propose(opened)
    for who, told in ((ELS.upper(), "another official"), (VERA, "may only look")):
        with pytest.raises(RoundError, match=told):
            confirm(opened, who)
    assert round_of(opened).closes_at == CLOSES
    assert opened.rows(table(Broadcast)) == []


def test_a_newer_proposal_takes_the_place_of_an_older(opened: World) -> None:
    propose(opened, LATER, ELS)
    newer = propose(opened, LATER + timedelta(hours=1), BRAM)
    waiting = opened.house.db.read(lambda db: proposed_closing(db, round_id(opened)))
    assert waiting == newer
    with pytest.raises(RoundError, match="another official"):
        confirm(opened, BRAM)
    assert confirm(opened, ELS).move.closes_to == newer.closes_to
    with pytest.raises(RoundError, match="nobody proposed"):
        confirm(opened, BRAM)


@pytest.mark.parametrize(
    ("to", "told"),
    [
        (CLOSES, "only move later"),
        (CLOSES - timedelta(hours=1), "only move later"),
        (datetime.fromisoformat("2027-07-01T00:00+02:00"), "the result is told"),
    ],
)
def test_it_moves_later_and_not_beyond_the_result(
    opened: World, to: datetime, told: str
) -> None:
    with pytest.raises(FrozenError, match=told):
        propose(opened, to)
    assert opened.rows(table(ClosingMove)) == []


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ({"en": "Away."}, "--reason nl="),
        ({"nl": " "}, "--reason nl="),
        ({"nl": "Weg.", "de": "Weg."}, "no language of ours"),
        ({"nl": "x" * 241}, "over 240 characters"),
    ],
)
def test_it_has_a_reason_that_people_can_read(
    opened: World, reason: dict[str, str], told: str
) -> None:
    with pytest.raises(RoundError, match=told):
        propose(opened, reason=reason)


def test_a_closed_vote_stays_closed(opened: World) -> None:
    propose(opened)
    opened.clock.now = CLOSES
    with pytest.raises(FrozenError, match="has closed"):
        confirm(opened)
    with pytest.raises(FrozenError, match="has closed"):
        propose(opened)


def test_a_vote_that_is_not_open_is_changed_by_its_file(
    world: World, voice: Voice
) -> None:
    make_ready(world, voice)
    with pytest.raises(FrozenError, match="not open"):
        propose(world)


def test_without_an_approved_template_nothing_moves(
    small_city: World, voice: Voice
) -> None:
    world = small_city
    make_ready(world, voice)
    unready = world.person("nl", "whatsapp", window_until=world.clock())
    world.vote(unready, SLUG)
    channels = dict(world.house.channels)
    whatsapp = channels.pop("whatsapp")
    object.__setattr__(world.house, "channels", channels)
    open_vote(world)
    object.__setattr__(world.house, "channels", {**channels, "whatsapp": whatsapp})
    world.clock.now = OPENS
    propose(world)
    with pytest.raises(CallError, match="not approved"):
        confirm(world)
    assert round_of(world).closes_at == CLOSES
    assert len(world.rows(table(FrozenRound).where(FrozenRound.by == ELS))) == 1


def outage(world: World, began: timedelta, missed: int = 3) -> None:
    start = CLOSES - began
    gap = Gap("whatsapp", start, start + timedelta(hours=1), missed)
    world.house.db.run(lambda db: record_outage(db, gap))


def test_an_outage_in_the_last_day_proposes_it(opened: World) -> None:
    outage(opened, timedelta(hours=40))
    assert late(opened) == []
    outage(opened, timedelta(hours=22))
    (told,) = late(opened)
    assert told.startswith("whatsapp: 3 messages reached us late between 22:00 and 23")
    assert "round move-closing oost-2027" in told
    assert "Let it close later" in doctor(opened)[Mark.WARN]
    propose(opened)
    assert "confirm-closing" in doctor(opened)[Mark.WARN], "somebody is at it"
    confirm(opened)
    assert late(opened) == [], "now it is not in the last day any more"
    assert Mark.WARN not in doctor(opened)


def late(world: World) -> list[str]:
    found: list[str] = run(world, lambda scene: late_news(scene, SLUG))
    return found


def doctor(world: World) -> dict[Mark, str]:
    found = [each for each in check_rounds(world.house) if SLUG in each.name]
    return {each.mark: each.advice for each in found}


def test_an_outage_of_a_vote_that_is_not_open_proposes_nothing(
    world: World, voice: Voice
) -> None:
    make_ready(world, voice)
    outage(world, timedelta(hours=2))
    world.clock.now = CLOSES - timedelta(minutes=30)
    a_round = round_of(world)
    found = world.house.db.read(lambda db: late_outages(db, a_round, world.clock()))
    assert found == ()


def test_the_doctor_sees_a_change_behind_our_back(opened: World) -> None:
    assert Mark.OK in doctor(opened)
    number = json.loads(public_settings(opened.house, SLUG) or "")["plans"][0]["number"]
    opened.change_plan(number, cost_cents=1)
    assert "count nothing yet" in doctor(opened)[Mark.BAD]


def test_the_message_has_one_thought_a_row(opened: World) -> None:
    move = propose(opened)
    confirm(opened)
    (cast,) = opened.rows(table(Broadcast))
    for text in cast.texts.values():
        assert len(text.splitlines()) == 3
    assert len(wording(cast.texts, round_of(opened)).says) == 3
    assert move.reason == REASON
