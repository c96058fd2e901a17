"""What everybody may know of rounds and plans, as open data.

Only what a reviewer has ticked is here: a plan without a public title and the moment it
was published does not exist for the outside, whatever its status.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.plans import Status
from bot.domain.rounds import Phase, Round
from bot.services.catalog import CatalogView
from bot.services.chaining import entries_of
from bot.services.closing import reasons_of_moves
from bot.services.embargo import Held
from bot.services.freezing import all_versions, frozen
from bot.services.house import House
from bot.services.publishing import Published, all_published
from bot.services.verifying import chain_to_json
from bot.store.civic import PlanRow


def public_rounds(house: House) -> list[Mapping[str, Any]]:
    """Return all rounds that have begun, with the phase each is in."""
    now = house.clock()
    return house.db.read(lambda db: _rounds(house, db, now))


def _rounds(house: House, db: Connection, now: datetime) -> list[Mapping[str, Any]]:
    view = house.catalog.view(db)
    return [
        _as_round(house, each, now)
        | _as_frozen(house, db, each, view)
        | _as_published(house, db, each, view)
        for each in view.rounds
        if each.phase_at(now)
    ]


def _as_round(house: House, a_round: Round, now: datetime) -> dict[str, Any]:
    return {
        "slug": a_round.slug,
        "title": dict(a_round.title),
        "phase": a_round.phase_at(now),
        "budget_cents": a_round.budget.cents,
        "plans_url": _place(house, a_round.slug, "plans"),
        **({"preselects_for": a_round.before} if a_round.before else {}),
    }


def _place(house: House, slug: str, page: str) -> str:
    return f"{house.settings.public_url}/open/rounds/{slug}/{page}.json"


def _as_frozen(
    house: House, db: Connection, a_round: Round, view: CatalogView
) -> dict[str, Any]:
    """Return the hash of the frozen settings, and those before it with why."""
    if a_round.opened_at is None:
        return {}
    round_id = view.round_id(a_round.slug)
    versions = all_versions(db, round_id)
    reasons = reasons_of_moves(db, round_id)
    return {
        "settings_hash": versions[-1].hash,
        "settings_url": _place(house, a_round.slug, "settings"),
        "settings_history": [
            {
                "hash": each.hash,
                "at": each.at.isoformat(),
                "reason": reasons.get(each.version, {}),
            }
            for each in versions
        ],
    }


def _as_published(
    house: House, db: Connection, a_round: Round, view: CatalogView
) -> dict[str, Any]:
    """Return the hash of the published result, and those before it with why."""
    round_id = view.round_id(a_round.slug)
    versions = visible(view, round_id, all_published(db, round_id))
    if not versions:
        return {}
    return {
        "results_hash": versions[-1].hash,
        "results_url": _place(house, a_round.slug, "results"),
        "results_history": [
            {
                "version": each.version,
                "hash": each.hash,
                "at": each.at.isoformat(),
                "reason": each.reason,
            }
            for each in versions
        ],
    }


def public_result(house: House, slug: str, version: int | None = None) -> str | None:
    """Return a published result, byte for byte what its hash is of.

    The newest one without `version`. None for a round that is not there or has none,
    or whose result waits for its moment.
    """

    def read(db: Connection) -> str | None:
        view = house.catalog.view(db)
        round_id = (view.ids or {}).get(slug)
        if round_id is None:
            return None
        shown = visible(view, round_id, all_published(db, round_id))
        wanted = [each for each in shown if version in {None, each.version}]
        return wanted[-1].body if wanted else None

    return house.db.read(read)


def public_settings(house: House, slug: str) -> str | None:
    """Return the frozen settings, byte for byte what their hash is of.

    None for a round that is not there or whose vote was never opened.
    """

    def read(db: Connection) -> str | None:
        round_id = (house.catalog.view(db).ids or {}).get(slug)
        kept = None if round_id is None else frozen(db, round_id)
        return kept.settings if kept else None

    return house.db.read(read)


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
    rows = _PUBLIC
    if not a_round.before:
        rows = rows.where(PlanRow.round_id == view.round_id(slug))
    if phase is Phase.VOTING or a_round.before:
        paper = (view.papers or {}).get(slug)
        numbers = [plan.number for plan in paper.plans] if paper else []
        rows = rows.where(PlanRow.number.in_(numbers))
    closed = a_round.closes_at is not None and a_round.closes_at <= now
    held = view.held.get(view.round_id(slug))
    told = closed and not a_round.before and held is None
    place = f"{house.settings.public_url}/open/rounds/{slug}/plans"
    listed = [_as_plan(row, place, closed=told) for row in db.execute(rows)]
    return [_as_before(each, held) for each in listed] if held else listed


def _as_before(plan: Mapping[str, Any], held: Held) -> Mapping[str, Any]:
    """Return a plan as it was before a result that is not public yet."""
    return {**plan, "status": held.before.get(plan["number"], plan["status"])}


def visible(
    view: CatalogView, round_id: int, versions: Sequence[Published]
) -> list[Published]:
    """Return the published results that everybody may see by now."""
    held = view.held.get(round_id)
    return [each for each in versions if held is None or each.at < held.since]


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
        PlanRow.already,
        PlanRow.picture_id,
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


def _as_plan(
    row: Any,  # noqa: ANN401 - a row
    place: str,
    *,
    closed: bool,
) -> Mapping[str, Any]:
    plan = {
        "number": row.number,
        "title": row.title,
        "cost_cents": row.cost_cents,
        "theme": row.theme,
        "status": row.status,
    }
    if row.already:
        plan["already"] = row.already
    if row.picture_id:
        plan["picture"] = f"{place}/{row.number}.jpg"
    counted = closed and row.votes is not None
    return plan | {"votes": row.votes} if counted else plan
