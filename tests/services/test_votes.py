"""A vote leaves no trace of what was chosen, counts once, and the latest one counts."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Text, update
from sqlalchemy.types import JSON

from bot.flows.saved import load_talk
from bot.flows.state import ChoosingRound, ConfirmingVote
from bot.services.catalog import touch
from bot.store.base import Base
from bot.store.civic import BallotRow, Mark, RoundRow
from bot.store.passes import Receipt
from bot.store.sealed import SealedColumn
from tests.houses import Street, at_once
from tests.worlds import COLLECTING, NOON, VOTING, Person, World, table

CHOSEN = (21, 30, 70)
TYPED = "21 30 70"
NUMBERS = re.compile(r"(?<![\d.:])(?:21|30|70)(?![\d.:])")
PUBLIC = {"plans", "plan_stages", "rounds", "frozen_rounds", "ballots"}
OURS = {"text", "choices"}
CHAINED = {"nonce", "place"}
"""What joins a ballot to the public chain, and so to many others at once."""


def ballots(world: World) -> list[Any]:
    return world.rows(table(BallotRow))


def words_kept(world: World, *, ours: bool = False) -> list[str]:
    """Return every text and JSON value outside what is public, as one line each.

    Without `ours`, our own messages are left out: they are full of days and counts.
    """
    kept = []
    for each in Base.metadata.sorted_tables:
        if each.name in PUBLIC:
            continue
        for column in each.c:
            is_words = isinstance(column.type, Text | JSON | SealedColumn)
            if not is_words or (column.name in OURS and not ours):
                continue
            rows = world.rows(each.select())
            kept += [
                f"{column}: {json.dumps(getattr(row, column.name), default=str)}"
                for row in rows
            ]
    return kept


def titles(world: World) -> list[str]:
    return [
        title for number in CHOSEN for title in world.plan_row(number).title.values()
    ]


def votes(world: World, person: Person, numbers: str = TYPED) -> None:
    world.taps(person, "menu:vote")
    world.says(person, numbers)
    world.taps(person, "yes")


def test_nothing_in_any_table_shows_what_was_chosen(street: Street) -> None:
    ayse = street.ayse()
    ayse.taps("menu:vote")
    street.work()
    ayse.says(TYPED)
    street.work()
    read_back = ayse.heard[-1].text
    assert all(f"{number} – " in read_back for number in CHOSEN)
    assert NUMBERS.search(read_back), "the pattern finds a vote where there is one"
    in_between = words_kept(street.world)
    ayse.taps("yes")
    street.work()
    assert [tuple(row.picks) for row in ballots(street.world)] == [CHOSEN]
    for kept in (in_between, words_kept(street.world)):
        assert len(kept) >= 8
        assert not [line for line in kept if NUMBERS.search(line)]
    for line in words_kept(street.world, ours=True):
        assert not [title for title in titles(street.world) if title in line]


def test_nothing_in_the_file_shows_what_was_chosen(
    street: Street, tmp_path: Path
) -> None:
    """Not even in the pages and the log that the database has let go of."""
    ayse = street.ayse()
    ayse.taps("menu:vote")
    ayse.says(TYPED)
    street.work()
    read_back = ayse.heard[-1].text
    ayse.taps("yes")
    street.work()
    file = tmp_path / "city.db"
    with sqlite3.connect(file) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    raw = file.read_bytes() + Path(f"{file}-wal").read_bytes()
    assert b"Geveltuinen" in raw, "titles are public, and the file is the right one"
    assert TYPED.encode() not in raw
    rows = [line for line in read_back.splitlines() if " – " in line]
    assert len(rows) == len(CHOSEN)
    assert not [row for row in rows if row.encode() in raw]


def test_an_unfinished_ballot_is_encrypted(world: World) -> None:
    person = world.person()
    world.taps(person, "menu:vote")
    world.says(person, TYPED)
    talk = world.talk(person)
    assert isinstance(load_talk(talk.state).state, ConfirmingVote)
    assert world.house.keys.open(talk.picks) == '["slotermeer-2026",21,30,70]'
    assert not NUMBERS.search(talk.state)


@pytest.mark.parametrize(
    "steps",
    [
        ["menu:vote", "says 21 30 70", "yes"],
        ["says stem 21 30 70", "yes"],
        ["menu:vote", "vote:help", "theme:green", "plan:21", "done", "yes"],
        ["menu:vote", "vote:help", "theme:green", "next", "yes", "done", "yes"],
        ["menu:vote", "says 21", "no", "says 30", "yes"],
        ["menu:vote", "says 21", "says taal", "says 30", "lang:tr", "yes"],
        ["menu:vote", "says taal", "says 21 30", "lang:tr", "says 30", "yes"],
        ["menu:vote", "says 21", "repeat", "listen", "says bedankt", "yes"],
    ],
    ids=" ".join,
)
def test_by_whatever_way_she_votes_her_choice_is_not_kept(
    world: World, steps: list[str]
) -> None:
    person = world.person()
    for step in steps:
        verb, _, words = step.partition(" ")
        world.says(person, words) if verb == "says" else world.taps(person, step)
    assert len(ballots(world)) == 1
    assert not [line for line in words_kept(world) if NUMBERS.search(line)]


def test_what_is_typed_before_the_language_is_not_kept(world: World) -> None:
    stranger = Person(1, 1, "telegram", "new-here")
    world.says(stranger, f"stem {TYPED}")
    assert not [line for line in words_kept(world) if NUMBERS.search(line)]
    world.taps(stranger, "lang:nl")
    world.taps(stranger, "yes")
    assert [tuple(row.picks) for row in ballots(world)] == [CHOSEN]


def test_nothing_counts_before_yes(world: World) -> None:
    person = world.person()
    world.taps(person, "menu:vote")
    world.says(person, TYPED)
    assert ballots(world) == []
    assert world.rows(table(Mark)) == []


def test_the_latest_ballot_counts_and_she_is_one_voter(each_world: World) -> None:
    person, other = each_world.person(), each_world.person()
    votes(each_world, person)
    votes(each_world, other, "10")
    votes(each_world, person, "22")
    picks = sorted(tuple(row.picks) for row in ballots(each_world))
    assert picks == [(10,), (22,)]
    marks = each_world.rows(table(Mark))
    assert sorted(row.resident_id for row in marks) == [
        person.resident,
        other.resident,
    ]


def test_a_yes_that_is_tapped_twice_at_once_is_one_ballot(each_world: World) -> None:
    person = each_world.person()
    each_world.taps(person, "menu:vote")
    each_world.says(person, TYPED)
    at_once(*[lambda: each_world.taps(person, "yes")] * 3)
    assert [tuple(row.picks) for row in ballots(each_world)] == [CHOSEN]
    assert each_world.tasks() == []


def test_who_voted_and_what_was_chosen_are_joined_by_a_keyed_hash_alone(
    world: World,
) -> None:
    people = [world.person() for _ in range(6)]
    for person in people:
        votes(world, person)
    columns = {column.name for column in BallotRow.__table__.c}
    known = ("id", "round_id", "voter", "picks", "receipt", "voter_class", "route")
    assert columns == {*known, *CHAINED}
    rows = ballots(world)
    assert {row.route for row in rows} == {None}, "no weight asks how they came"
    assert len({row.voter for row in rows}) == len({row.id for row in rows}) == 6
    for row in rows:
        assert re.fullmatch("[0-9a-f]{64}", row.voter)
        assert not [p for p in people if p.address in row.voter]
    told = ["".join(world.texts(person)[-1:]) for person in people]
    given = [row.receipt for row in world.rows(table(Receipt))]
    order = [next(n for n, text in enumerate(told) if r in text) for r in given]
    assert sorted(order) == list(range(6))
    assert not [row for row in rows for text in told if row.receipt in text]


def test_the_receipt_does_not_show_the_choice(world: World) -> None:
    person = world.person()
    votes(world, person)
    receipt = world.texts(person)[-1]
    assert world.one(table(Receipt)).receipt in receipt
    assert not [title for title in titles(world) if title in receipt]


def test_after_closing_nothing_is_counted(world: World) -> None:
    person = world.person("en")
    world.taps(person, "menu:vote")
    world.says(person, TYPED)
    world.clock.pass_time(days=30)
    world.taps(person, "yes")
    assert ballots(world) == []
    assert "Voting is closed." in world.texts(person)[-1]


def test_a_ballot_sealed_under_another_key_is_dropped_and_she_can_begin_again(
    world: World,
) -> None:
    person = world.person()
    world.taps(person, "menu:vote")
    world.says(person, TYPED)
    world.change_talk(person, picks=b"sealed under another key")
    world.taps(person, "yes")
    assert ballots(world) == []
    assert world.tasks() == []
    assert "gesloten" not in world.texts(person)[-1], "voting is open"
    votes(world, person, "22")
    assert [tuple(row.picks) for row in ballots(world)] == [(22,)]


def test_numbers_said_when_asked_for_the_neighbourhood_are_not_kept(
    world: World,
) -> None:
    """Two rounds vote at once; the numbers are said before the round is known."""
    number = world.plan(None, a_round=COLLECTING)
    public = {"status": "on_ballot", "title": {"nl": "Bank"}, "public_at": NOON}
    world.change_plan(number, **public)
    rounds = {row.slug: row.data for row in world.rows(table(RoundRow))}
    data = rounds[COLLECTING] | {"starts": rounds[VOTING]["starts"]}
    with world.house.db.engine.begin() as db:
        row = update(RoundRow).where(RoundRow.slug == COLLECTING)
        db.execute(row.values(data=data))
        touch(db)
    person = world.person()
    world.taps(person, "menu:vote")
    assert isinstance(load_talk(world.talk(person).state).state, ChoosingRound)
    world.says(person, TYPED)
    kept = words_kept(world)
    assert not [line for line in kept if NUMBERS.search(line)]
