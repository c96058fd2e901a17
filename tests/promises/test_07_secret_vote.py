"""What shows a vote goes at commit or delivery: words, sound, state, queue, logs."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from sqlalchemy import select

from bot.flows.saved import load_talk
from bot.flows.state import ConfirmingVote
from bot.keys import derive_keys
from bot.services.sweep import sweep
from bot.store.civic import BallotRow, Mark
from bot.store.talks import Media, OutboundMessage, Talk
from bot.store.voices import SoundRow, Speech
from tests.houses import Street
from tests.promises.traces import columns_with, kept
from tests.services.ears import Ears
from tests.services.test_sweep import DEMO_RESULT_DAYS, MARK_DAYS
from tests.worlds import World, table
from transcription import Level

CHOSEN = (21, 30, 70)
TYPED = "21 30 70"
NUMBERS = re.compile(r"(?<![\d.:-])(?:21|30|70)(?![\d.:-])")
PUBLIC = ("plans", "plan_stages", "rounds", "frozen_rounds", "ballots", "chain")
WHERE = {"inbound_messages.body", "talks.state", "media.transcript", "tasks.note"}
"""Where words of hers, or numbers of plans, would stand if they were kept."""


def titles(world: World) -> list[str]:
    rows = [world.plan_row(number).title.values() for number in CHOSEN]
    return [title for row in rows for title in row]


def shows_the_vote(world: World) -> set[str]:
    """Return the columns that show what was chosen, by title or by number."""
    by_title = columns_with(world, titles(world), PUBLIC)
    by_number = {
        column
        for column, text in kept(world, PUBLIC)
        if column in WHERE and NUMBERS.search(text)
    }
    return by_title | by_number


def typed(street: Street, _: Ears, __: bytes) -> Any:
    person = street.ayse()
    person.taps("menu:vote")
    street.work()
    person.says(TYPED)
    return person


def said(street: Street, ears: Ears, note: bytes) -> Any:
    person = street.ayse()
    person.taps("menu:vote")
    street.work()
    ears.says.append(TYPED)
    person.sends_voice(note)
    return person


def on_whatsapp(street: Street, _: Ears, __: bytes) -> Any:
    person = street.fatima()
    person.says(f"stem {TYPED}")
    return person


Way = Callable[[Street, Ears, bytes], Any]
ways = pytest.mark.parametrize("way", [typed, said, on_whatsapp])


@ways
def test_nothing_shows_the_vote_between_entering_and_receipt(
    each_aloud: Street, ears: Ears, note: bytes, way: Way
) -> None:
    """The sound in which it is read back goes within the hour: see below."""
    world = each_aloud.world
    person = way(each_aloud, ears, note)
    each_aloud.work()
    told = "\n".join(heard.text for heard in person.heard[-2:])
    assert NUMBERS.search(told), "it was read back"
    assert shows_the_vote(world) == set()
    state = load_talk(world.one(select(Talk.state))[0]).state
    assert isinstance(state, ConfirmingVote)
    person.taps("yes")
    each_aloud.work()
    assert [row.picks for row in world.rows(table(BallotRow))] == [list(CHOSEN)]
    assert shows_the_vote(world) == set()


@ways
def test_no_sound_of_it_is_kept(
    each_aloud: Street, ears: Ears, note: bytes, way: Way
) -> None:
    """Neither hers, nor ours in which it was read back, and none to use again."""
    person = way(each_aloud, ears, note)
    each_aloud.work()
    person.taps("yes")
    each_aloud.work()
    world = each_aloud.world
    shared = {row[0] for row in world.rows(select(SoundRow.media_id))}
    hers = select(Media.id).where(Media.talk_id.is_not(None))
    assert not shared & {row[0] for row in world.rows(hers)}
    assert world.rows(select(Speech.id)) == []
    each_aloud.clock.pass_time(minutes=61)
    each_aloud.sweep()
    left = select(Media.key).where(Media.talk_id.is_not(None), Media.key.is_not(None))
    assert world.rows(left) == []


def test_what_is_to_be_read_aloud_waits_encrypted(
    each_aloud: Street, ears: Ears, note: bytes
) -> None:
    ayse = each_aloud.ayse()
    ayse.says("voorlezen")
    each_aloud.work()
    ayse.says(f"stem {TYPED}")
    each_aloud.rest()
    ((sealed,),) = each_aloud.world.rows(select(Speech.words))
    told = each_aloud.house.keys.open_words(sealed)
    assert titles(each_aloud.world)[0] in told
    assert shows_the_vote(each_aloud.world) - {"outbound_messages.text"} == set()


def test_our_own_words_are_empty_once_they_are_delivered(each_street: Street) -> None:
    ayse = each_street.ayse()
    ayse.says(f"stem {TYPED}")
    each_street.work()
    secret = select(OutboundMessage.text).where(OutboundMessage.secret.is_(True))
    texts = [row[0] for row in each_street.world.rows(secret)]
    assert texts
    assert set(texts) == {""}


def test_an_unfinished_ballot_is_encrypted(each_world: World) -> None:
    person = each_world.person()
    each_world.says(person, f"stem {TYPED}")
    picks = each_world.talk(person).picks
    assert each_world.house.keys.open(picks) == '["slotermeer-2026",21,30,70]'
    assert b"slotermeer" not in picks
    with pytest.raises(InvalidToken):
        derive_keys("another city's key").open(picks)


def test_it_goes_when_voting_closes(each_world: World) -> None:
    person = each_world.person()
    each_world.says(person, f"stem {TYPED}")
    each_world.clock.pass_time(days=22)
    sweep(each_world.house)
    assert each_world.talk(person).picks is None


def test_it_goes_when_she_wants_to_be_forgotten(each_world: World) -> None:
    person = each_world.person()
    each_world.says(person, f"stem {TYPED}")
    each_world.says(person, "vergeet mij")
    each_world.taps(person, "yes")
    (row,) = each_world.rows(select(Talk.picks))
    assert row[0] is None


@pytest.mark.parametrize("heard", [Level.BAD, RuntimeError("out of memory")])
def test_a_spoken_vote_reaches_no_listening_queue(
    each_street: Street, ears: Ears, note: bytes, heard: Any
) -> None:
    ears.says += [heard] * 9
    ayse = each_street.ayse()
    ayse.taps("menu:vote")
    each_street.work()
    ayse.sends_voice(note)
    for _ in range(6):
        each_street.work()
        each_street.clock.pass_time(minutes=6)
    each_street.sweep()
    tasks = each_street.world.tasks()
    assert [task.kind for task in tasks if task.media_id or task.kind == "listen"] == []
    assert each_street.files() == []


@ways
def test_no_line_of_a_log_shows_it(
    each_aloud: Street,
    ears: Ears,
    note: bytes,
    way: Way,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("tests").warning("Geveltuinen")
    person = way(each_aloud, ears, note)
    each_aloud.work()
    person.taps("yes")
    each_aloud.work()
    ours = [
        each.getMessage()
        for each in caplog.records
        if each.name.partition(".")[0] in {"bot", "tests", "sqlalchemy"}
    ]
    sought = [*titles(each_aloud.world), TYPED]
    found = [line for line in ours if any(each in line for each in sought)]
    assert found == ["Geveltuinen"], "the search finds what is there, and no more"


def test_the_mark_that_an_address_voted_goes_after_thirty_days(
    each_world: World,
) -> None:
    person = each_world.person()
    each_world.says(person, f"stem {TYPED}")
    each_world.taps(person, "yes")
    assert len(each_world.rows(table(Mark))) == 1
    each_world.clock.pass_time(days=DEMO_RESULT_DAYS + MARK_DAYS - 1)
    sweep(each_world.house)
    assert len(each_world.rows(table(Mark))) == 1
    each_world.clock.now += timedelta(days=2)
    sweep(each_world.house)
    assert each_world.rows(table(Mark)) == []
    assert len(each_world.rows(table(BallotRow))) == 1
