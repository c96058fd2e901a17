"""The chain: every change shows, whatever was changed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chain import (
    Entry,
    Fact,
    beginning,
    commitment,
    committed,
    first_break,
    value_of,
)

NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
HASHES = st.lists(st.text("0123456789abcdef", min_size=4, max_size=4), max_size=3)
BODIES = st.fixed_dictionaries({"in": HASHES, "out": HASHES})


def chain(bodies: list[dict[str, list[str]]]) -> list[Entry]:
    value, made = beginning("a-round"), []
    for place, body in enumerate(bodies, 1):
        at = NOON + timedelta(hours=place)
        value = value_of(value, place, Fact.BALLOTS, at, body)
        made.append(Entry(place, Fact.BALLOTS, at, body, value))
    return made


def test_a_value_can_be_worked_out_by_hand() -> None:
    """As docs/voting.md tells it: with any program that knows SHA-256."""
    before = sha256(b"buurtstem:a-round").hexdigest()
    said = '[1,"day","2026-11-18T11:00:00+00:00",{"ballots":2,"receipts":["a","b"]}]'
    by_hand = sha256((before + said).encode()).hexdigest()
    body = {"receipts": ["a", "b"], "ballots": 2}
    assert value_of(beginning("a-round"), 1, Fact.DAY, NOON, body) == by_hand


def test_a_ballot_is_known_by_its_secret_number_and_its_picks() -> None:
    by_hand = sha256(b"0f:21,30,70").hexdigest()
    assert commitment("0f", [70, 21, 30]) == by_hand
    assert commitment("0e", [21, 30, 70]) != by_hand


@given(st.lists(BODIES, max_size=6))
def test_a_chain_that_was_written_in_order_holds(
    bodies: list[dict[str, list[str]]],
) -> None:
    assert first_break("a-round", chain(bodies)) is None


@given(st.lists(BODIES, min_size=2, max_size=6), st.data())
def test_whatever_is_changed_breaks_it_there(
    bodies: list[dict[str, list[str]]], data: st.DataObject
) -> None:
    whole = chain(bodies)
    at = data.draw(st.integers(0, len(whole) - 1))
    one = whole[at]
    changed = data.draw(
        st.sampled_from(
            [
                replace(one, body={**one.body, "in": [*one.body["in"], "ffff"]}),
                replace(one, at=one.at + timedelta(seconds=1)),
                replace(one, fact=Fact.DAY),
                replace(one, place=one.place + 1),
                replace(one, value=beginning("another")),
            ]
        )
    )
    forged = [*whole[:at], changed, *whole[at + 1 :]]
    assert first_break("a-round", forged) == at + 1
    assert first_break("a-round", whole[1:]) == 1
    assert first_break("another", whole) == 1


def test_what_was_taken_out_does_not_stand() -> None:
    made = chain([{"in": ["aa", "bb"], "out": []}, {"in": ["cc"], "out": ["aa"]}])
    assert committed(made) == {"bb", "cc"}


def test_the_order_of_a_body_does_not_matter() -> None:
    body = {"in": ["aa"], "out": []}
    turned = json.loads(json.dumps(dict(reversed(body.items()))))
    first = value_of("", 1, Fact.BALLOTS, NOON, body)
    assert first == value_of("", 1, Fact.BALLOTS, NOON, turned)
