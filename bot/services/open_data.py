"""What everybody may know of rounds and plans, as open data.

Only what a reviewer has ticked is here: a plan without a public title and the moment it
was published does not exist for the outside, whatever its status.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.plans import Status
from bot.domain.rounds import Phase, Round
from bot.services.chaining import entries_of
from bot.services.house import House
from bot.services.verifying import chain_to_json
from bot.store.civic import PlanRow


def public_rounds(house: House) -> list[Mapping[str, Any]]:
    """Return all rounds that have begun, with the phase each is in."""
    now = house.clock()
    rounds = house.db.read(house.catalog.view).rounds
    return [_as_round(house, each, now) for each in rounds if each.phase_at(now)]


def _as_round(house: House, a_round: Round, now: datetime) -> Mapping[str, Any]:
    place = f"/open/rounds/{a_round.slug}/plans.json"
    return {
        "slug": a_round.slug,
        "title": dict(a_round.title),
        "phase": a_round.phase_at(now),
        "budget_cents": a_round.budget.cents,
        "plans_url": house.settings.public_url + place,
    }


def public_plans(house: House, slug: str) -> list[Mapping[str, Any]] | None:
    """Return the public plans of a round, in voting exactly those on the ballot.

    Votes are there from the moment voting has closed and somebody has counted. None for
    a round that is not there or has not begun.
    """
    now = house.clock()
    return house.db.read(lambda db: _plans(house, db, slug, now))


def _plans(
    house: House, db: Connection, slug: str, now: datetime
) -> list[Mapping[str, Any]] | None:
    view = house.catalog.view(db)
    a_round = next((each for each in view.rounds if each.slug == slug), None)
    phase = a_round and a_round.phase_at(now)
    if a_round is None or phase is None:
        return None
    rows = _PUBLIC.where(PlanRow.round_id == view.round_id(slug))
    if phase is Phase.VOTING:
        rows = rows.where(PlanRow.status == Status.ON_BALLOT.value)
    closed = a_round.closes_at is not None and a_round.closes_at <= now
    return [_as_plan(row, closed=closed) for row in db.execute(rows)]


def public_chain(house: House, slug: str) -> Mapping[str, Any] | None:
    """Return the chain of a round, from the moment voting begins; None before."""

    def found(db: Connection) -> Mapping[str, Any] | None:
        view = house.catalog.view(db)
        if slug not in (view.ids or {}):
            return None
        entries = entries_of(db, view.round_id(slug))
        return chain_to_json(slug, entries) if entries else None

    return house.db.read(found)


_PUBLIC = (
    select(
        PlanRow.number,
        PlanRow.title,
        PlanRow.cost_cents,
        PlanRow.theme,
        PlanRow.status,
        PlanRow.votes,
    )
    .where(
        PlanRow.public_at.is_not(None),
        PlanRow.title.is_not(None),
        PlanRow.status != Status.WITHDRAWN.value,
    )
    .order_by(PlanRow.number)
)


def _as_plan(row: Any, *, closed: bool) -> Mapping[str, Any]:  # noqa: ANN401 - a row
    plan = {
        "number": row.number,
        "title": row.title,
        "cost_cents": row.cost_cents,
        "theme": row.theme,
        "status": row.status,
    }
    counted = closed and row.votes is not None
    return plan | {"votes": row.votes} if counted else plan
