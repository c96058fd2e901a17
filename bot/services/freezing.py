"""What holds once a vote is open: the settings, frozen as canonical JSON with a hash.

The hash is SHA-256 over the UTF-8 bytes of the JSON: keys sorted, no spaces. Whoever
has the published settings can compute it. Titles and summaries are in there as a hash
of their own, together with the hash of a plan's picture: a changed word shows, and the
words themselves can still be erased.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.domain.plans import Status
from bot.domain.rounds import Phase
from bot.services.candidates import ballot_of, first_vote
from bot.services.canonical import ballot_numbers, canonical, hash_of
from bot.services.catalog import touch
from bot.services.rounds import RoundError
from bot.store.civic import PlanRow, RoundRow
from bot.store.frozen import FrozenRound

FORMAT = 1
FREE = frozenset({"messages", "opened_at"})
"""What of a round may still change: the money for our own messages, and the mark that
it is open."""


class FrozenError(RoundError):
    """A frozen round would have to change; the message says why it cannot."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """The newest frozen settings of a round."""

    version: int
    hash: str
    settings: str
    by: str
    at: datetime

    @property
    def numbers(self) -> frozenset[int]:
        """The plans on the ballot, by their public numbers."""
        return ballot_numbers(self.settings)

    @property
    def closes_at(self) -> datetime:
        """When voting closes by these settings."""
        starts = json.loads(self.settings)["round"]["starts"]
        return datetime.fromisoformat(starts[Phase.COUNTING.value])

    def doubt(self, number: int, status: Status, now: datetime) -> str:
        """Say why a new status of a plan does not change the ballot; "" if it may."""
        is_voted_on = number in self.numbers
        if status is Status.ON_BALLOT and not is_voted_on:
            return "the ballot was frozen without this plan: nobody can choose it"
        leaves = status not in {Status.ON_BALLOT, Status.WITHDRAWN}
        if is_voted_on and leaves and now < self.closes_at:
            return (
                "voting is open and the ballot frozen: it can be chosen until closing"
            )
        return ""


def frozen(db: Connection, round_id: int) -> Frozen | None:
    """Return the newest frozen settings; None if the vote was never opened."""
    newest = _FROZEN.where(FrozenRound.round_id == round_id)
    row = db.execute(newest.order_by(FrozenRound.version.desc()).limit(1)).first()
    return None if row is None else Frozen(*row)


def all_versions(db: Connection, round_id: int) -> list[Frozen]:
    """Return every frozen version of a round, oldest first."""
    rows = _FROZEN.where(FrozenRound.round_id == round_id)
    return [Frozen(*row) for row in db.execute(rows.order_by(FrozenRound.version))]


_FROZEN: Any = select(
    FrozenRound.version,
    FrozenRound.hash,
    FrozenRound.settings,
    FrozenRound.by,
    FrozenRound.at,
)


def is_frozen(db: Connection, round_id: int, number: int) -> bool:
    """Tell whether a plan is on a frozen ballot as of now, waiting for nobody."""
    slug = db.scalar(select(RoundRow.slug).where(RoundRow.id == round_id)) or ""
    first = select(RoundRow.id).where(RoundRow.slug == first_vote(slug))
    votes = [round_id, *db.scalars(first)]
    return any(number in each.numbers for vote in votes if (each := frozen(db, vote)))


def on_frozen_ballot(db: Connection, round_id: int, number: int) -> bool:
    """Tell whether a plan is on a ballot that can no longer change.

    Waits for somebody who is opening the vote at this moment, and lets nobody open it
    before this transaction is over.
    """
    mine = select(RoundRow.id, RoundRow.slug).where(RoundRow.id == round_id)
    own = db.execute(mine.with_for_update(read=True)).one()
    first = select(RoundRow.id).where(RoundRow.slug == first_vote(own.slug))
    votes = [round_id, *db.scalars(first.with_for_update(read=True))]
    kept = [each for vote in votes if (each := frozen(db, vote))]
    return any(number in each.numbers for each in kept)


def lock_round(db: Connection, slug: str) -> Row[Any]:
    """Return id and data of a round, locked. Raises RoundError if it is not there."""
    wanted: Any = select(RoundRow.id, RoundRow.data).where(RoundRow.slug == slug)
    row: Row[Any] | None = db.execute(
        wanted.with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise RoundError(f"there is no round {slug}")
    return row


def freeze(db: Connection, slug: str, by: str, now: datetime) -> Frozen:
    """Freeze a round and the plans on its ballot: from now on the vote is open.

    Raises RoundError for an unknown round, FrozenError for one that is frozen already.
    """
    row = lock_round(db, slug)
    if frozen(db, row.id) is not None:
        raise FrozenError(
            f"the vote of {slug} is open already: its settings are frozen"
        )
    keep_round(db, row.id, {**row.data, "opened_at": now.isoformat()})
    numbers = frozenset(db.scalars(select(PlanRow.number).where(*ballot_of(row))))
    made = add_version(db, row.id, current(db, row.data, numbers), by, now)
    touch(db)
    return made


def add_version(
    db: Connection, round_id: int, settings: str, by: str, now: datetime
) -> Frozen:
    """Keep the next version of a round's frozen settings."""
    last = select(func.max(FrozenRound.version)).where(FrozenRound.round_id == round_id)
    version = (db.scalar(last) or 0) + 1
    made = Frozen(version, hash_of(settings), settings, by, now)
    values = {"version": version, "hash": made.hash, "settings": settings}
    values |= {"round_id": round_id, "by": by, "at": now}
    db.execute(insert(FrozenRound).values(values))
    return made


def keep_round(db: Connection, round_id: int, data: Mapping[str, Any]) -> None:
    """Write a round's data. Whoever calls this has looked at what is frozen."""
    changed = update(RoundRow).where(RoundRow.id == round_id)
    db.execute(changed.values(data=dict(data)))


def current(db: Connection, data: Mapping[str, Any], numbers: frozenset[int]) -> str:
    """Return the settings as they are now, for these plans on the ballot."""
    plans = [_plan(row) for row in db.execute(_PLANS.where(_numbered(numbers)))]
    kept = {name: value for name, value in data.items() if name not in FREE}
    return canonical({"format": FORMAT, "plans": plans, "round": kept})


def closing_moved(settings: str, closes_at: datetime) -> str:
    """Return frozen settings with another moment of closing and nothing else."""
    read = json.loads(settings)
    read["round"]["starts"][Phase.COUNTING.value] = closes_at.isoformat()
    return canonical(read)


def is_intact(db: Connection, round_id: int, kept: Frozen) -> bool:
    """Tell whether everything still is what was frozen.

    The words of a plan that was withdrawn or erased since are not looked at.
    """
    data = db.scalar(select(RoundRow.data).where(RoundRow.id == round_id))
    now = json.loads(current(db, data or {}, kept.numbers))
    then = json.loads(kept.settings)
    plans = {each["number"]: each for each in then.pop("plans")}
    gone = set(db.scalars(_gone(kept.numbers)))
    alike = all(
        plans.get(each["number"]) == each
        for each in now.pop("plans")
        if each["number"] not in gone
    )
    return alike and now == then and hash_of(kept.settings) == kept.hash


def _plan(row: Row[Any]) -> dict[str, Any]:
    said = {"title": row.title, "summary": row.summary}
    # Named only where there is something: what was frozen before keeps its hash.
    said |= {"already": row.already} if row.already else {}
    said |= {"picture": row.picture_hash} if row.picture_hash else {}
    words = canonical(said)
    return {
        "number": row.number,
        "cost_cents": row.cost_cents,
        "theme": row.theme,
        "words": hash_of(words),
    }


_PLANS: Any = select(
    PlanRow.number,
    PlanRow.cost_cents,
    PlanRow.theme,
    PlanRow.title,
    PlanRow.summary,
    PlanRow.already,
    PlanRow.picture_hash,
).order_by(PlanRow.number)


def _numbered(numbers: frozenset[int]) -> Any:  # noqa: ANN401 - a condition
    return PlanRow.number.in_(sorted(numbers))


def _gone(numbers: frozenset[int]) -> Any:  # noqa: ANN401 - a select
    return select(PlanRow.number).where(
        _numbered(numbers),
        (PlanRow.status == Status.WITHDRAWN.value) | PlanRow.title.is_(None),
    )
