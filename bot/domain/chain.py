"""The public chain of a round: what was so when, written so that rewriting shows.

Every entry holds a value made from the value before it and from what it says
(SHA-256). Whoever noted one value, from a web page or a wall, sees whether anything
before it was changed later. Ballots stand in it as commitments: hashes with a secret
number, which say nothing of a choice until the number is shown.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any


class Fact(StrEnum):
    """What an entry tells. `ballots` has `in` and `out`: commitments, sorted."""

    BEGUN = "begun"
    SETTINGS = "settings"
    BALLOTS = "ballots"
    DAY = "day"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its place from 1, the instant (aware UTC), and its value (hex)."""

    place: int
    fact: str
    at: datetime
    body: Mapping[str, Any]
    value: str


def beginning(slug: str) -> str:
    """Return what stands before the first entry of a round's chain."""
    return _hash(f"buurtstem:{slug}")


def value_of(
    before: str, place: int, fact: str, at: datetime, body: Mapping[str, Any]
) -> str:
    """Return an entry's value: SHA-256 of the one before and the entry as JSON.

    The JSON is [place, fact, instant, body], keys sorted, no spaces, UTF-8; the instant
    as in 2026-11-18T11:00:00+00:00.
    """
    instant = at.astimezone(UTC).isoformat(timespec="seconds")
    said = [place, fact, instant, body]
    written = json.dumps(
        said, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return _hash(before + written)


def commitment(nonce: str, picks: Iterable[int]) -> str:
    """Return what a ballot is known by: SHA-256 of its secret number and its picks.

    The picks are numbers in rising order with commas.
    """
    return _hash(f"{nonce}:{','.join(str(each) for each in sorted(picks))}")


def first_break(slug: str, entries: Sequence[Entry]) -> int | None:
    """Return the place of the first entry that does not follow from those before."""
    value = beginning(slug)
    for place, each in enumerate(entries, 1):
        follows = value_of(value, place, each.fact, each.at, each.body)
        if (each.place, each.value) != (place, follows):
            return place
        value = each.value
    return None


def committed(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the commitments that stand: those put in and not taken out again."""
    standing: set[str] = set()
    for each in entries:
        if each.fact == Fact.BALLOTS:
            standing |= set(each.body["in"])
            standing -= set(each.body["out"])
    return frozenset(standing)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
