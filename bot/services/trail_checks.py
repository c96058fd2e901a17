"""Checking the audit trail against its chain, and what is not in the chain yet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, exists, select

from bot.domain.trail import Head, digest_of, nothing_yet, places_hash, value_of
from bot.services.house import House
from bot.store.audit import AuditLine, TrailEntry
from bot.store.trail import append, head_of, tell

AT_ONCE = 1_000
DESTROYING = "round.destroy"
_Destroyed = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class CheckedTrail:
    """What a check found: the chain's length and last value, and every fault.

    `gone` lines went with their rounds, `loose` are not in the chain yet.
    """

    entries: int
    value: str
    gone: int
    loose: int
    faults: tuple[str, ...]


def check_trail(house: House, noted: Iterable[str] = ()) -> CheckedTrail:
    """Check that no line of the trail was changed, taken out or put in between.

    `noted` are values of the chain that somebody held. The first line that does not fit
    is named; of what comes behind it nothing can be said.
    """
    return house.db.read(lambda db: _checked(db, tuple(noted)))


def head(house: House) -> Head:
    """Return the newest entry of the chain, to be held outside."""
    return house.db.read(head_of)


def adopt(house: House) -> int:
    """Chain lines that are in no entry yet; return how many. Commits.

    A version before 0025 that ran beside this one wrote some, or somebody by hand.
    """
    loose = house.db.read(lambda db: list(db.scalars(_LOOSE.limit(AT_ONCE))))
    if loose:
        tell(house.db.run(lambda db: append(db, loose)))
    return len(loose)


_LOOSE = (
    select(AuditLine.id)
    .where(~exists().where(TrailEntry.line_id == AuditLine.id))
    .order_by(AuditLine.id)
)
_ENTRY = (
    select(
        TrailEntry.place,
        TrailEntry.line_id,
        TrailEntry.nonce,
        TrailEntry.digest,
        TrailEntry.value,
        TrailEntry.gone,
        AuditLine.id,
        AuditLine.at,
        AuditLine.by,
        AuditLine.act,
        AuditLine.subject,
        AuditLine.data,
    )
    .outerjoin(AuditLine, AuditLine.id == TrailEntry.line_id)
    .order_by(TrailEntry.place)
    .limit(AT_ONCE)
)


@dataclass(slots=True)
class _Walk:
    """What is known of the chain up to an entry."""

    head: Head = field(default_factory=nothing_yet)
    values: set[str] = field(default_factory=set)
    gone: _Destroyed = field(default_factory=lambda: defaultdict(list))
    told: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def _checked(db: Connection, noted: Sequence[str]) -> CheckedTrail:
    walk, faults = _Walk(), []
    for row in _entries(db):
        fault = _fault(walk.head, row)
        if fault:
            faults.append(fault)
            break
        _go_on(walk, row)
    else:
        faults += _undocumented(walk)
        faults += [
            f"no entry has the value {it}" for it in noted if it not in walk.values
        ]
    loose = len(list(db.scalars(_LOOSE)))
    gone = sum(len(places) for places in walk.gone.values())
    return CheckedTrail(walk.head.place, walk.head.value, gone, loose, tuple(faults))


def _entries(db: Connection) -> Iterator[Any]:
    last = -1
    while rows := db.execute(_ENTRY.where(TrailEntry.place > last)).all():
        yield from rows
        last = rows[-1].place


def _fault(before: Head, row: Any) -> str | None:  # noqa: ANN401 - a row
    """Return what does not fit in an entry behind `before`, if anything."""
    place = before.place + 1
    if row.place != place:
        return f"entry {place} is missing"
    if row.value != value_of(before.value, place, row.digest):
        return f"entry {place} does not follow from what is before it"
    if row.gone is not None:
        return None
    if row.id is None:
        return f"line {row.line_id} (entry {place}) is gone, and no act says so"
    line = (row.at, row.by, row.act, row.subject, row.data)
    if row.digest != digest_of(row.nonce or "", *line):
        return f"line {row.id} (entry {place}) is not what was written"
    return None


def _go_on(walk: _Walk, row: Any) -> None:  # noqa: ANN401 - a row
    walk.head = Head(row.place, row.value)
    walk.values.add(row.value)
    if row.gone is not None:
        walk.gone[row.gone].append(row.place)
    elif row.act == DESTROYING:
        walk.told[row.subject].append(row.data.get("lines_hash", ""))


def _undocumented(walk: _Walk) -> Iterator[str]:
    """Yield lines that went, of which the act that destroyed them says otherwise."""
    for subject, places in walk.gone.items():
        if places_hash(places) not in walk.told[subject]:
            yield (
                f"{len(places)} lines are gone with {subject}, from entry {places[0]} "
                "on, and no act of the trail says just so"
            )
