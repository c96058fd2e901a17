"""Voting closes later: proposed by one official, confirmed by another, told to voters.

It is the only thing about an open vote that can change. Reason, both people, the new
settings with their hash and the broadcast stand in one record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.domain.languages import FALLBACK, LANGUAGES, Texts
from bot.domain.rounds import Phase, Round
from bot.domain.say import N_, Local, Moment, Say
from bot.i18n import render
from bot.services.broadcasts import CLOSING, Broadcast, begin
from bot.services.catalog import touch
from bot.services.freezing import (
    Frozen,
    FrozenError,
    add_version,
    closing_moved,
    frozen,
    keep_round,
    lock_round,
)
from bot.services.house import Scene
from bot.services.readiness import find_round
from bot.services.rounds import RoundError
from bot.services.segments import Segment
from bot.services.statements import find_official
from bot.store.frozen import ClosingMove

MOST_REASON = 240


@dataclass(frozen=True, slots=True)
class Move:
    """A move of the closing, proposed or made. `by` and `confirmed_by` are e-mails."""

    id: int
    closes_from: datetime
    closes_to: datetime
    reason: Texts
    by: str
    confirmed_by: str | None = None
    version: int | None = None
    broadcast_id: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A closing that was moved: the record, the new settings, how many people hear."""

    move: Move
    frozen: Frozen
    people: int


def propose_closing(
    scene: Scene, slug: str, closes_to: datetime, reason: Texts, by: str
) -> Move:
    """Propose that voting closes later; another proposal for this round is dropped.

    Raises RoundError for an unknown round or official, a vote that is not open, a
    moment that is not later, or a reason that is missing or too long.
    """
    who = find_official(scene.db, by)
    row = lock_round(scene.db, slug)
    a_round = find_round(scene, slug)
    _refuse_moment(scene, a_round, row.id, closes_to)
    _refuse_reason(reason)
    waiting = update(ClosingMove).where(*_waiting(row.id))
    scene.db.execute(waiting.values(dropped_at=scene.now))
    values = {
        "round_id": row.id,
        "closes_from": a_round.closes_at,
        "closes_to": closes_to,
        "reason": dict(reason),
        "proposed_by": who.email,
        "proposed_at": scene.now,
    }
    made = insert(ClosingMove).values(values).returning(ClosingMove.id)
    scene.db.execute(made).scalar_one()
    return _proposed(scene.db, row.id, slug)


def proposed_closing(db: Connection, round_id: int) -> Move | None:
    """Return the proposal that waits for a second official; None if there is none."""
    row = db.execute(_MOVES.where(*_waiting(round_id))).one_or_none()
    return None if row is None else Move(*row)


def confirm_closing(scene: Scene, slug: str, by: str) -> Moved:
    """Move the closing as proposed, freeze that, and tell everybody in the round.

    Raises RoundError where `propose_closing` would, without a proposal, or if the same
    official proposed it; CallError if the message cannot go out, with nothing changed.
    """
    who = find_official(scene.db, by)
    row = lock_round(scene.db, slug)
    move = _proposed(scene.db, row.id, slug)
    if find_official(scene.db, move.by).id == who.id:
        raise RoundError(f"{move.by} proposed it: another official has to confirm it")
    a_round = find_round(scene, slug)
    kept = _refuse_moment(scene, a_round, row.id, move.closes_to)
    broadcast_id, people = _tell(scene, a_round, move)
    starts = {**row.data["starts"], Phase.COUNTING.value: move.closes_to.isoformat()}
    keep_round(scene.db, row.id, {**row.data, "starts": starts})
    settings = closing_moved(kept.settings, move.closes_to)
    made = add_version(scene.db, row.id, settings, who.email, scene.now)
    done = {"confirmed_by": who.email, "confirmed_at": scene.now}
    done |= {"version": made.version, "broadcast_id": broadcast_id}
    record = update(ClosingMove).where(ClosingMove.id == move.id)
    scene.db.execute(record.values(done))
    touch(scene.db)
    found = scene.db.execute(_MOVES.where(ClosingMove.id == move.id)).one()
    return Moved(Move(*found), made, people)


def reasons_of_moves(db: Connection, round_id: int) -> Mapping[int, Texts]:
    """Return why closing was moved, by the version of the settings that it made."""
    rows = select(ClosingMove.version, ClosingMove.reason).where(
        ClosingMove.round_id == round_id, ClosingMove.version.is_not(None)
    )
    return {row.version: row.reason for row in db.execute(rows)}


_MOVES: Any = select(
    ClosingMove.id,
    ClosingMove.closes_from,
    ClosingMove.closes_to,
    ClosingMove.reason,
    ClosingMove.proposed_by,
    ClosingMove.confirmed_by,
    ClosingMove.version,
    ClosingMove.broadcast_id,
)


def _waiting(round_id: int) -> tuple[Any, ...]:
    return (
        ClosingMove.round_id == round_id,
        ClosingMove.confirmed_at.is_(None),
        ClosingMove.dropped_at.is_(None),
    )


def _proposed(db: Connection, round_id: int, slug: str) -> Move:
    found = proposed_closing(db, round_id)
    if found is None:
        raise RoundError(f"nobody proposed to move the closing of {slug}")
    return found


def _refuse_moment(
    scene: Scene, a_round: Round, round_id: int, closes_to: datetime
) -> Frozen:
    """Return what is frozen now, unless voting cannot close at that moment."""
    kept, closes = frozen(scene.db, round_id), a_round.closes_at
    if kept is None or closes is None:
        raise FrozenError(f"the vote of {a_round.slug} is not open: change the file")
    if closes <= scene.now:
        raise FrozenError(f"the vote of {a_round.slug} has closed: it stays closed")
    result = a_round.start_of(Phase.DOING)
    if closes_to <= closes:
        raise FrozenError(
            f"closing can only move later than {closes:%Y-%m-%d %H:%M} UTC"
        )
    if result is not None and closes_to >= result:
        raise FrozenError(
            f"the result is told at {result:%Y-%m-%d %H:%M} UTC: before it"
        )
    return kept


def _refuse_reason(reason: Texts) -> None:
    if not reason.get(FALLBACK, "").strip():
        raise RoundError("give --reason nl=… (also en, tr, ar): residents read it")
    for language, text in reason.items():
        if language not in LANGUAGES:
            raise RoundError(
                f"{language} is no language of ours: {', '.join(LANGUAGES)}"
            )
        if len(text) > MOST_REASON:
            raise RoundError(
                f"the reason ({language}) has over {MOST_REASON} characters"
            )


def _tell(scene: Scene, a_round: Round, move: Move) -> tuple[int, int]:
    """Begin the broadcast to everybody in the round; return it, and how many hear."""
    message = Broadcast(Segment("all", area=a_round.register), news(a_round, move))
    begun, audience = begin(scene, message, f"{CLOSING}{move.id}", move.by)
    return begun, sum(each.people for each in audience.reached)


def news(a_round: Round, move: Move) -> Texts:
    """Say in each language until when one can vote now, and why."""
    says = (
        Say(N_("You can vote longer in %(area)s."), {"area": Local(a_round.area)}),
        Say(
            N_("You can vote until %(closing)s."),
            {"closing": Moment(move.closes_to, a_round.zone)},
        ),
        Say(N_("The reason is: %(reason)s"), {"reason": Local(move.reason)}),
    )
    return {each: "\n".join(render(say, each) for say in says) for each in LANGUAGES}
