"""A results night filled in at once: from the count, and what is known of plans."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select

from bot.domain.languages import Texts
from bot.domain.money import Money
from bot.domain.plans import NOT_CHOSEN, Status
from bot.domain.rounds import Phase
from bot.services.chaining import chain_ballots
from bot.services.decisions import FINAL
from bot.services.desk.audit import note
from bot.services.desk.night_plans import Told, as_columns
from bot.services.desk.night_writing import open_to_change
from bot.services.desk.nights import Night, find_night, keep_night
from bot.services.desk.refusals import TurnedDownError
from bot.services.house import House, Scene
from bot.services.publishing import PublishError, check_countable
from bot.services.stories import Contact
from bot.services.tallying import Counted, TallyError, count_round
from bot.store.civic import Decision, PlanRow, PlanStage
from bot.store.nights import DRAFT, NightPlan

_DECIDED = NOT_CHOSEN | {Status.CHOSEN, Status.ON_BALLOT}
_OPEN = (Status.RECEIVED, Status.PUBLIC, Status.NEEDS_CHANGE)


def fill(house: House, night_id: int, seed: str | None, who: str) -> int:
    """Fill in what is known: the count once voting is over, and plans' own stages.

    What an official wrote by hand stays. Commits; returns how many plans were filled.
    Raises TurnedDownError where the round cannot be counted yet, with why.
    """
    now = house.clock()
    night = house.db.read(lambda db: find_night(Scene(house, db, now), night_id))
    counted = _count(house, night, seed) if _is_over(night, house) else None
    return house.db.run(
        lambda db: _fill(Scene(house, db, now), night_id, counted, seed, who)
    )


def _is_over(night: Night, house: House) -> bool:
    """Tell whether there is a vote that is over."""
    closes = night.a_round.closes_at
    return closes is not None and closes <= house.clock()


def _count(house: House, night: Night, seed: str | None) -> Counted:
    """Count the round. Raises TurnedDownError with the reason why it cannot be."""
    while chain_ballots(house):
        pass
    slug = night.a_round.slug
    try:
        counted = count_round(house, slug, seed)
        house.db.read(lambda db: check_countable(db, night.round_id, counted.a_round))
    except (TallyError, PublishError) as refusal:
        raise TurnedDownError("night_no_count", str(refusal)) from refusal
    return counted


def _fill(
    scene: Scene, night_id: int, counted: Counted | None, seed: str | None, who: str
) -> int:
    night = open_to_change(scene, night_id)
    versions = _by_machine(scene.db, night_id)
    notes = _notes(scene.db, night)
    rows = []
    for plan in scene.db.execute(_waiting(night)).all():
        told = _suggested(scene, night, plan, counted, notes)
        if told is not None:
            votes = counted.outcome.totals.get(str(plan.number)) if counted else None
            rows.append(
                as_columns(told)
                | {"night_id": night_id, "plan_id": plan.id, "by_hand": False}
                | {"votes": votes if isinstance(votes, int) else None}
                | {"version": versions.get(plan.id, 0) + 1}
                | {"changed_by": who, "changed_at": scene.now}
            )
    if rows:
        scene.db.execute(insert(NightPlan), rows)
    known = {"counted_at": scene.now, "seed": seed} if counted else {}
    keep_night(scene, night, who, state=DRAFT, **known)
    about = {"plans": len(rows), "counted": counted is not None}
    note(scene, who, "night.count", f"night:{night_id}", **about)
    return len(rows)


def _by_machine(db: Connection, night_id: int) -> Mapping[int, int]:
    """Take away what nobody wrote by hand; return its versions by plan."""
    gone = delete(NightPlan).where(
        NightPlan.night_id == night_id, NightPlan.by_hand.is_(False)
    )
    returned = gone.returning(NightPlan.plan_id, NightPlan.version)
    return {row.plan_id: row.version for row in db.execute(returned)}


def _waiting(night: Night) -> Any:  # noqa: ANN401 - a select
    """Return the plans without a final outcome and without words of an official."""
    mine = and_(NightPlan.plan_id == PlanRow.id, NightPlan.night_id == night.id)
    return (
        select(
            PlanRow.id,
            PlanRow.number,
            PlanRow.status,
            PlanRow.supports,
            PlanRow.cost_cents,
            PlanRow.contact,
            Decision.outcome,
            Decision.data,
        )
        .outerjoin(NightPlan, mine)
        .outerjoin(Decision, Decision.plan_id == PlanRow.id)
        .where(
            PlanRow.round_id == night.round_id,
            PlanRow.status != Status.WITHDRAWN.value,
            NightPlan.plan_id.is_(None),
            or_(
                Decision.standing.is_(None),
                Decision.standing != FINAL,
                Decision.outcome == Status.ON_BALLOT.value,
            ),
        )
        .order_by(PlanRow.number)
    )


def _notes(db: Connection, night: Night) -> Mapping[tuple[int, str], Texts]:
    """Return what was written when plans came to where they are, the newest each."""
    told = (
        select(PlanStage.plan_id, PlanStage.status, PlanStage.note)
        .join(PlanRow, PlanRow.id == PlanStage.plan_id)
        .where(
            PlanRow.round_id == night.round_id,
            PlanStage.status.in_([each.value for each in NOT_CHOSEN]),
        )
        .order_by(PlanStage.id)
    )
    return {(row.plan_id, row.status): row.note for row in db.execute(told)}


def _suggested(
    scene: Scene,
    night: Night,
    plan: Row[Any],
    counted: Counted | None,
    notes: Mapping[tuple[int, str], Texts],
) -> Told | None:
    """Return what a plan's author should hear by what is known; None if nothing is."""
    outcome = _outcome(scene, night, plan, counted)
    if outcome is None:
        return None
    data = (plan.data or {}) if plan.outcome == outcome.value else {}
    helper = data.get("contact") or plan.contact or {}
    day = data.get("call_before")
    is_chosen = outcome is Status.CHOSEN
    cents = data.get("amount_cents") or plan.cost_cents
    return Told(
        outcome=outcome,
        reason=data.get("reason") or notes.get((plan.id, outcome.value), {}),
        contact=Contact(helper["name"], helper.get("phone", ""))
        if helper.get("name")
        else None,
        amount=Money(cents) if is_chosen and cents else None,
        call_before=date.fromisoformat(day) if day else None,
    )


def _outcome(
    scene: Scene, night: Night, plan: Row[Any], counted: Counted | None
) -> Status | None:
    key, status = str(plan.number), Status(plan.status)
    if counted and key in counted.outcome.totals:
        is_chosen = key in counted.outcome.chosen
        return Status.CHOSEN if is_chosen else Status.NOT_VOTED_IN
    if status in _DECIDED and not (counted and status is Status.ON_BALLOT):
        return status
    return _by_support(scene, night, plan.supports, status)


def _by_support(
    scene: Scene, night: Night, supports: int, status: Status
) -> Status | None:
    """Return that a plan had too little support, once nobody can support it."""
    phase = night.a_round.phase_at(scene.now)
    is_over = phase not in {None, Phase.COLLECTING, Phase.SUPPORTING}
    below = supports < night.a_round.threshold
    return Status.BELOW_THRESHOLD if status in _OPEN and is_over and below else None
