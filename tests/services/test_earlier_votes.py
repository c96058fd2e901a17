"""What she chose before is read back: in her chat, until closing, kept nowhere."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.passes import shown
from bot.flows.saved import load_talk
from bot.flows.state import Menu, SeeingVote
from bot.services.demo import demo_passes
from bot.services.house import Scene
from bot.services.pass_register import recast_pass
from bot.store.civic import BallotRow
from bot.store.talks import OutboundMessage
from tests.need import postgres_url
from tests.worlds import Person, World, empty_postgres, open_world, table

PLAYED = "This is what you chose last time:"
TITLES = {21: "21 – ", 30: "30 – "}


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'city.db'}"
        return
    with empty_postgres(postgres_url()) as made:
        yield made


@pytest.fixture
def by_pass(url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(url, tmp_path / "media", eligibility="pass") as made:
        yield made


@pytest.fixture
def by_address(url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(url, tmp_path / "media") as made:
        yield made


def votes(world: World, person: Person, code: str = "") -> None:
    world.says(person, shown(code) if code else "vote")
    world.says(person, "21 30")
    world.taps(person, "yes")


def last(world: World, person: Person) -> str:
    return world.texts(person)[-1]


def state(world: World, person: Person) -> object:
    return load_talk(world.talk(person).state).state


def is_played(text: str) -> bool:
    return PLAYED in text and all(title in text for title in TITLES.values())


def test_the_pass_again_in_the_same_chat_reads_back_what_was_chosen(
    by_pass: World,
) -> None:
    code = demo_passes(by_pass.house)[0].code
    person = by_pass.person("en")
    votes(by_pass, person, code)
    by_pass.says(person, shown(code))
    assert is_played(last(by_pass, person))
    assert state(by_pass, person) == SeeingVote()
    by_pass.says(person, "again")
    assert is_played(last(by_pass, person))
    by_pass.taps(person, "yes")
    assert "Your vote stays as it is." in last(by_pass, person)
    assert state(by_pass, person) == Menu()
    assert by_pass.talk(person).picks is None
    (ballot,) = by_pass.rows(table(BallotRow))
    assert tuple(ballot.picks) == (21, 30)


def test_chosen_anew_the_new_vote_counts_alone(by_pass: World) -> None:
    code = demo_passes(by_pass.house)[0].code
    person = by_pass.person("en")
    votes(by_pass, person, code)
    by_pass.says(person, shown(code))
    by_pass.taps(person, "no")
    assert not is_played(last(by_pass, person))
    by_pass.says(person, "40")
    by_pass.taps(person, "yes")
    (ballot,) = by_pass.rows(table(BallotRow))
    assert tuple(ballot.picks) == (40,)


def test_nobody_else_hears_it(by_pass: World) -> None:
    house = by_pass.house
    letter, other = demo_passes(house)[:2]
    person, stranger = by_pass.person("en"), by_pass.person("en")
    votes(by_pass, person, letter.code)
    by_pass.says(stranger, shown(letter.code))
    assert "This pass was used in another chat." in last(by_pass, stranger)
    by_pass.says(stranger, shown(other.code))
    by_pass.says(stranger, "again")
    by_pass.says(person, shown(other.code))
    heard = [*by_pass.texts(stranger), last(by_pass, person)]
    assert not any(PLAYED in text for text in heard)


def test_who_votes_anew_at_the_counter_does_not_hear_what_a_relative_chose(
    by_pass: World,
) -> None:
    house, letter = by_pass.house, demo_passes(by_pass.house)[0]
    relative, person = by_pass.person("en"), by_pass.person("en")
    votes(by_pass, relative, letter.code)
    by_pass.says(relative, shown(letter.code))
    now = by_pass.clock()
    house.db.run(
        lambda db: recast_pass(Scene(house, db, now), letter.serial, "anna and bram")
    )
    by_pass.says(relative, "again")
    by_pass.says(person, shown(letter.code))
    assert not is_played(last(by_pass, relative)), "it is no longer her pass"
    assert PLAYED not in last(by_pass, person)


def test_without_passes_the_word_vote_reads_it_back_in_that_chat(
    by_address: World,
) -> None:
    person = by_address.person("en")
    votes(by_address, person)
    by_address.taps(person, "menu:vote")
    assert is_played(last(by_address, person))
    by_address.says(person, "40")
    assert not is_played(last(by_address, person))
    by_address.taps(person, "yes")
    (ballot,) = by_address.rows(table(BallotRow))
    assert tuple(ballot.picks) == (40,), "numbers begin a new vote"
    other = by_address.person("en")
    by_address.taps(other, "menu:vote")
    assert PLAYED not in last(by_address, other)


def test_after_closing_it_is_told_to_nobody(by_pass: World) -> None:
    code = demo_passes(by_pass.house)[0].code
    person = by_pass.person("en")
    votes(by_pass, person, code)
    by_pass.says(person, shown(code))
    by_pass.clock.pass_time(days=40)
    by_pass.says(person, "again")
    assert PLAYED not in last(by_pass, person)
    by_pass.says(person, shown(code))
    assert PLAYED not in last(by_pass, person)


def test_it_is_in_no_state_and_no_log_and_gone_once_delivered(
    by_pass: World, caplog: pytest.LogCaptureFixture
) -> None:
    code = demo_passes(by_pass.house)[0].code
    person = by_pass.person("en")
    votes(by_pass, person, code)
    with caplog.at_level(logging.DEBUG):
        by_pass.says(person, shown(code))
    assert not any(title in caplog.text for title in TITLES.values())
    talk = by_pass.talk(person)
    assert "30" not in json.dumps(json.loads(talk.state)["state"])
    assert "30" not in by_pass.house.keys.open(talk.picks).split('"ticket"')[0]
    told = by_pass.rows(
        select(OutboundMessage.secret).order_by(OutboundMessage.id.desc()).limit(1)
    )
    assert told == [(True,)]
