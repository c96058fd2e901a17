"""Who can find what: before sealing, and after it, with all codes and the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.keys import Keys, key_names, keyed_hash
from bot.services.demo import demo_passes
from bot.services.pass_register import Letter, PassRefusedError
from bot.services.passes import row_key
from bot.services.sealing import seal
from bot.store.base import Base
from bot.store.civic import BallotRow
from bot.store.passes import PassRow, Receipt, Seal
from tests.need import postgres_url
from tests.services.test_passes import leaks, made, votes
from tests.worlds import VOTING, Person, World, empty_postgres, open_world, table

BY = "anna and bram"
CHOICES = ("21", "30", "21 30", "31", "40 41", "42")


@contextmanager
def voted(url: str, folder: Path) -> Iterator[tuple[World, dict[Person, Letter]]]:
    """Open a city in which six people have voted, each otherwise, and one twice."""
    with open_world(url, folder, eligibility="pass") as city:
        people = {}
        for letter, numbers in zip(demo_passes(city.house), CHOICES, strict=False):
            person = city.person("en")
            votes(city, person, letter.code, numbers)
            people[person] = letter
        first = next(iter(people))
        votes(city, first, people[first].code, CHOICES[0])
        yield city, people


@pytest.fixture(params=["sqlite", "postgres"])
def city(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    if request.param == "sqlite":
        with voted(f"sqlite:///{tmp_path / 'city.db'}", tmp_path / "media") as found:
            yield found
        return
    with empty_postgres(postgres_url()) as url, voted(url, tmp_path / "m") as found:
        yield found


def everything(city: World) -> dict[str, list[tuple[Any, ...]]]:
    """Return the whole database, as somebody reads it who has stolen it."""
    return {
        each.name: [tuple(row) for row in city.rows(each.select())]
        for each in Base.metadata.sorted_tables
    }


def found_by_key(city: World, letter: Letter, keys: Keys) -> list[Any]:
    """Look for a ballot as the one does who holds a code and the key of the box."""
    voter = row_key(keys, VOTING, letter.code)
    return [row.picks for row in city.rows(table(BallotRow)) if row.voter == voter]


def joined(city: World, letters: list[Letter], keys: Keys) -> list[str]:
    """Return each value of a ballot that stands elsewhere, or follows from a code.

    Tried are all values of all other tables, and every hash of every code, token and
    serial under every key but that of the box.
    """
    told = everything(city)
    ballots = [value for row in told.pop("ballots") for value in row]
    names = {value for value in ballots if isinstance(value, str) and len(value) > 8}
    elsewhere = {str(value) for rows in told.values() for row in rows for value in row}
    elsewhere |= {found for value in set(elsewhere) for found in parts(value)}
    others = [getattr(keys, name) for name in key_names() if name != "ballots"]
    for letter in letters:
        for secret in (letter.code, letter.token, letter.serial):
            for key in others:
                for ways in ((), ("pass", VOTING), ("code",), ("token",)):
                    hashed = keyed_hash(key, *ways, secret)
                    elsewhere |= {hashed, hashed[:24], hashed[:32]}
    return sorted(names & elsewhere)


def parts(value: str) -> list[str]:
    return [part for part in value.replace('"', " ").split() if len(part) > 8]


def test_before_sealing_the_box_key_and_a_code_find_a_ballot_and_nothing_else_does(
    city: tuple[World, dict[Person, Letter]],
) -> None:
    world, people = city
    keys = world.house.keys
    letters = list(people.values())
    found = [found_by_key(world, letter, keys) for letter in letters]
    assert found == [[[int(n) for n in numbers.split()]] for numbers in CHOICES]
    assert joined(world, letters, keys) == []


def test_after_sealing_nobody_finds_anybodys_picks(
    city: tuple[World, dict[Person, Letter]],
) -> None:
    world, people = city
    letters = list(people.values())
    before = world.rows(table(BallotRow))
    world.clock.pass_time(days=30)
    assert seal(world.house, VOTING, BY) == (6, True)
    after = world.rows(table(BallotRow))
    assert sorted(row.picks for row in after) == sorted(row.picks for row in before)
    for name in ("id", "voter", "receipt"):
        kept = {getattr(row, name) for row in before}
        assert not kept & {getattr(row, name) for row in after}
    assert all(found_by_key(world, each, world.house.keys) == [] for each in letters)
    assert joined(world, letters, world.house.keys) == []
    assert not [row for row in world.rows(table(PassRow)) if row.chat_hash]
    assert not [row for row in world.rows(table(Receipt)) if row.holder]
    assert len(world.rows(table(Receipt))) == 6, "receipts can still be looked up"
    secrets = [secret for each in letters for secret in (each.code, each.token)]
    assert not leaks(world, secrets)


def test_the_database_itself_remembers_no_old_row(
    city: tuple[World, dict[Person, Letter]],
) -> None:
    """On PostgreSQL the transaction that wrote a row would join pass and ballot."""
    world, _ = city
    old = [row.voter for row in world.rows(table(BallotRow))]
    world.clock.pass_time(days=30)
    seal(world.house, VOTING, BY)
    if not world.house.db.is_sqlite:
        written = {row.xmin for row in world.rows(text("SELECT xmin FROM ballots"))}
        assert len(written) == 1
        size = world.one(text("SELECT pg_relation_size('ballots') AS size")).size
        assert size == 8192, "all in one page, and none before them"
        return
    path = Path(str(world.house.db.engine.url.database))
    raw = path.read_bytes() + Path(f"{path}-wal").read_bytes()
    assert b"Geveltuinen" in raw
    assert not [voter for voter in old if voter.encode() in raw]


def test_it_is_sealed_after_closing_only_and_once(
    city: tuple[World, dict[Person, Letter]],
) -> None:
    world, _ = city
    with pytest.raises(PassRefusedError, match="not over"):
        seal(world.house, VOTING, BY)
    world.clock.pass_time(days=30)
    assert seal(world.house, VOTING, BY).anew
    sealed = world.rows(table(BallotRow))
    assert seal(world.house, VOTING, "others") == (6, False)
    assert world.rows(table(BallotRow)) == sealed
    (kept,) = world.rows(table(Seal))
    assert (kept.by, kept.ballots) == (BY, 6)
    with pytest.raises(PassRefusedError, match="closed"):
        made(world)
    with pytest.raises(PassRefusedError, match="There is no round"):
        seal(world.house, "nowhere", BY)


def test_old_receipts_that_stood_beside_ballots_are_moved(
    city: tuple[World, dict[Person, Letter]],
) -> None:
    world, _ = city
    one = world.rows(table(BallotRow))[0].id
    with world.house.db.engine.begin() as db:
        old = text("UPDATE ballots SET receipt = 'KXQ4-7M2P' WHERE id = :id")
        db.execute(old, {"id": one})
    world.clock.pass_time(days=30)
    seal(world.house, VOTING, BY)
    assert "KXQ4-7M2P" in {row.receipt for row in world.rows(table(Receipt))}
    assert all(len(row.receipt) == 24 for row in world.rows(table(BallotRow)))
