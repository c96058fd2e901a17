"""What is left of a round whose records were destroyed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.services.house import House
from bot.store.destroyed import DestroyedRound


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A round that is gone. `counts` are rows by table, and "files"."""

    slug: str
    title: Mapping[str, str]
    municipality: str
    began_at: datetime
    ended_at: datetime
    selection: str
    archive_hash: str
    archived_at: datetime
    counts: Mapping[str, int]
    by: str
    second: str
    at: datetime
    finished_at: datetime | None


def destroyed_round(house: House, slug: str) -> Destroyed | None:
    """Return what is left of a round that was destroyed; None for any other."""
    return house.db.read(lambda db: left_of(db, slug))


def left_of(db: Connection, slug: str) -> Destroyed | None:
    """Return the same in a transaction that is there already."""
    row = db.execute(_LEFT.where(DestroyedRound.slug == slug)).one_or_none()
    return None if row is None else Destroyed(*row)


_LEFT: Any = select(
    DestroyedRound.slug,
    DestroyedRound.title,
    DestroyedRound.municipality,
    DestroyedRound.began_at,
    DestroyedRound.ended_at,
    DestroyedRound.selection,
    DestroyedRound.archive_hash,
    DestroyedRound.archived_at,
    DestroyedRound.counts,
    DestroyedRound.by,
    DestroyedRound.second,
    DestroyedRound.at,
    DestroyedRound.finished_at,
)
