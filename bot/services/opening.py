"""Rounds from file to open vote: loaded, changed until it opens, opened when ready."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from bot.domain.rounds import Round
from bot.services.candidates import first_vote
from bot.services.catalog import touch
from bot.services.destroyed import left_of
from bot.services.freezing import (
    FREE,
    Frozen,
    FrozenError,
    freeze,
    frozen,
    keep_round,
    lock_round,
)
from bot.services.house import Scene
from bot.services.preselecting import vote_before
from bot.services.readiness import Point, readiness
from bot.services.rounds import RoundError, round_to_json
from bot.services.statements import find_official
from bot.store.civic import RoundRow


class Loaded(StrEnum):
    """What loading a round did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class NotReadyError(RoundError):
    """A vote cannot open. `points` are those that block it."""

    def __init__(self, points: Sequence[Point]) -> None:
        names = ", ".join(each.name for each in points)
        super().__init__(f"not ready: {names}")
        self.points = tuple(points)


def load_round(scene: Scene, a_round: Round) -> Loaded:
    """Store a round, or what has changed in it; the same one again changes nothing.

    The vote before the vote, where it has one, is kept in step. Raises FrozenError if a
    vote is open and anything differs but the money for our own messages.
    """
    done = _load(scene, a_round)
    first = vote_before(a_round)
    if first is None:
        _refuse_lost(scene.db, a_round.slug)
        return done
    of_first = _load(scene, first)
    return Loaded.CHANGED if (done, of_first) == CHANGED_FIRST else done


CHANGED_FIRST = (Loaded.SAME, Loaded.CHANGED)


def _refuse_lost(db: Connection, slug: str) -> None:
    """Refuse a file that no longer has a vote that is in the database."""
    first = first_vote(slug)
    if db.scalar(select(RoundRow.id).where(RoundRow.slug == first)) is not None:
        raise FrozenError(
            f"{first} is there, and the file has no preselection any more: put it "
            "back. Nothing was changed."
        )


def _load(scene: Scene, a_round: Round) -> Loaded:
    """Store one round, or what has changed in it."""
    db, data = scene.db, round_to_json(a_round)
    known = db.scalar(select(RoundRow.id).where(RoundRow.slug == a_round.slug))
    if known is None:
        _refuse_destroyed(db, a_round.slug)
        fresh = {"slug": a_round.slug, "data": data, "created_at": scene.now}
        db.execute(insert(RoundRow).values(fresh))
        touch(db)
        return Loaded.NEW
    row = lock_round(db, a_round.slug)
    data["opened_at"] = row.data.get("opened_at")
    names = data.keys() | row.data.keys()
    differing = [each for each in sorted(names) if data.get(each) != row.data.get(each)]
    if not differing:
        return Loaded.SAME
    _refuse_frozen(db, row.id, a_round.slug, differing)
    keep_round(db, row.id, data)
    touch(db)
    return Loaded.CHANGED


def _refuse_destroyed(db: Connection, slug: str) -> None:
    if left_of(db, slug) is not None:
        raise RoundError(
            f"the records of {slug} were destroyed: give another round another name"
        )


def _refuse_frozen(
    db: Connection, round_id: int, slug: str, differing: Sequence[str]
) -> None:
    barred = [name for name in differing if name not in FREE]
    if barred and frozen(db, round_id) is not None:
        raise FrozenError(
            f"the vote of {slug} is open and its settings are frozen; the file differs "
            f"in: {', '.join(barred)}. Nothing was changed. Only closing can move, "
            f"later: buurtstem round move-closing {slug}"
        )


def open_round(scene: Scene, slug: str, by: str) -> Frozen:
    """Open the vote of a round and freeze its settings, in the name of an official.

    Voting begins on its date, or now if that has come. Raises RoundError for an unknown
    round or official, FrozenError if it is open already, NotReadyError while a point
    blocks it.
    """
    who = find_official(scene.db, by)
    points = readiness(scene, slug)
    row = lock_round(scene.db, slug)
    if frozen(scene.db, row.id) is not None:
        raise FrozenError(
            f"the vote of {slug} is open already: its settings are frozen"
        )
    if blocking := [each for each in points if not each.ready]:
        raise NotReadyError(blocking)
    return freeze(scene.db, slug, who.email, scene.now)
