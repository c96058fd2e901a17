"""The chain of the audit trail: each line of it is tied to the one before (SHA-256).

A value of the chain is made from the value before it and from a line's digest. So a
line may be destroyed when its time has come, with the secret number in its digest: the
chain still holds, and says that a line stood there and on which act it went.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: whoever noted it sees whether anything before it was changed.

    `place` counts from 1 and is 0 as long as there is none; `value` is hexadecimal.
    """

    place: int
    value: str


def nothing_yet() -> Head:
    """Return what stands before the first line."""
    return Head(0, _hash("buurtstem:trail"))


def digest_of(
    nonce: str, at: datetime, by: str, act: str, subject: str, data: Mapping[str, Any]
) -> str:
    """Return what a line is known by: SHA-256 of its secret number and what it says.

    What it says is the JSON [instant, by, act, subject, data], keys sorted, no spaces,
    UTF-8; the instant as in 2026-11-18T11:00:00.000000+00:00.
    """
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    written = json.dumps(
        [instant, by, act, subject, data],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return _hash(f"{nonce}:{written}")


def value_of(before: str, place: int, digest: str) -> str:
    """Return the value of an entry behind the value `before`."""
    return _hash(f"{before}:{place}:{digest}")


def places_hash(places: Iterable[int]) -> str:
    """Return what the act that destroys lines is tied to them by."""
    return _hash(",".join(str(each) for each in sorted(places)))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
