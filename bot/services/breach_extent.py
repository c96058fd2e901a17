"""Whose data it is: residents per kind of data, and whose was read or could be."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select, union

from bot.domain.breach import Extent, Kind
from bot.store.civic import (
    CheckInAnswer,
    Follow,
    Mark,
    PlanRow,
    RoundRow,
    Support,
    Task,
)
from bot.store.columns.kinds import Seen
from bot.store.inventory import PERSONAL
from bot.store.talks import InboundMessage, Media, Talk

COLUMNS: Mapping[Kind, Sequence[str]] = {
    Kind.ADDRESSES: ("talks.address",),
    Kind.PHONES: ("talks.phone",),
    Kind.MESSAGES: ("inbound_messages.body", "outbound_messages.text"),
    Kind.VOICES: ("media.key", "media.transcript"),
    Kind.PHOTOS: ("media.key",),
    Kind.PLANS: ("plans.text", "plans.place", "plans.latitude"),
    Kind.FOLLOWING: ("supports.resident_id", "follows.resident_id"),
    Kind.VOTED: ("marks.resident_id",),
    Kind.UNSENT_VOTES: ("talks.picks",),
}
"""Where each kind is kept, as the inventory names columns."""

_HERE = Talk.forgotten_at.is_(None)
_BATCH = 500


def _of_media(kind: str) -> Select[Any]:
    found = select(Talk.resident_id).join(Media, Media.talk_id == Talk.id)
    return found.where(Media.kind == kind, Media.key.is_not(None))


_HOLDERS: Mapping[Kind, Any] = {
    Kind.ADDRESSES: select(Talk.resident_id).where(_HERE),
    Kind.PHONES: select(Talk.resident_id).where(Talk.phone.is_not(None)),
    Kind.MESSAGES: select(Talk.resident_id)
    .join(InboundMessage, InboundMessage.talk_id == Talk.id)
    .where(_HERE),
    Kind.VOICES: _of_media("voice"),
    Kind.PHOTOS: _of_media("photo"),
    Kind.PLANS: select(PlanRow.resident_id).where(PlanRow.resident_id.is_not(None)),
    Kind.FOLLOWING: union(select(Support.resident_id), select(Follow.resident_id)),
    Kind.VOTED: select(Mark.resident_id),
    Kind.UNSENT_VOTES: select(Talk.resident_id).where(Talk.picks.is_not(None)),
}
"""The residents of whom something of a kind is kept today."""

Touched = Mapping[Kind, set[int]]


def extents(
    db: Connection, seen: Touched, in_reach: Collection[Kind]
) -> dict[Kind, Extent]:
    """Return how many residents each kind is about; reading counts into reach."""
    found: dict[Kind, Extent] = {}
    for kind, holders in _HOLDERS.items():
        rows = holders.subquery()
        held = db.scalar(select(func.count(rows.c[0].distinct()))) or 0
        hers = len(seen.get(kind, ()))
        found[kind] = Extent(held, hers, max(held, hers) if kind in in_reach else hers)
    return found


def kinds_at_desk() -> set[Kind]:
    """Return the kinds of which the inventory says that staff can see them."""
    staff = {name for name, column in PERSONAL.items() if column.seen is Seen.STAFF}
    return {kind for kind, columns in COLUMNS.items() if staff & set(columns)}


def of_recordings(db: Connection, media: Collection[int]) -> dict[Kind, set[int]]:
    """Return whose notes and photos these are."""
    found: dict[Kind, set[int]] = {Kind.VOICES: set(), Kind.PHOTOS: set()}
    columns = select(Media.kind, Talk.resident_id).join(Talk, Talk.id == Media.talk_id)
    numbers = sorted(media)
    for at in range(0, len(numbers), _BATCH):
        some = columns.where(Media.id.in_(numbers[at : at + _BATCH]))
        for kind, resident in db.execute(some):
            found[Kind.PHOTOS if kind == "photo" else Kind.VOICES].add(resident)
    return found


def of_talks(db: Connection, talks: Collection[int]) -> set[int]:
    """Return whose talks these are."""
    found: set[int] = set()
    numbers = sorted(talks)
    for at in range(0, len(numbers), _BATCH):
        some = Talk.id.in_(numbers[at : at + _BATCH])
        found |= set(db.scalars(select(Talk.resident_id).where(some)))
    return found


def of_table(db: Connection, table: str, slug: str | None) -> set[int]:
    """Return the residents about whom a table can tell who has the desk beside it.

    A table names nobody: numbers of plans and talks lead to people. Of a table that is
    not of a round they are all authors.
    """
    if table == "answers":
        found = select(CheckInAnswer.resident_id)
    elif table == "tasks":
        found = select(Talk.resident_id).join(Task, Task.talk_id == Talk.id)
    else:
        found = select(PlanRow.resident_id)
        if slug is not None:
            found = found.join(RoundRow, RoundRow.id == PlanRow.round_id)
            found = found.where(RoundRow.slug == slug)
    return {each for each in db.scalars(found) if each is not None}
