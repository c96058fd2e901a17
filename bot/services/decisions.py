"""The decision about a plan, as it stands in the books: found, locked and written."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from bot.domain.plans import Status
from bot.domain.rounds import Round
from bot.services import caring
from bot.services.answers import Fault, FaultyCallError, NotNowError
from bot.services.house import Scene
from bot.services.plans import add_stage
from bot.store.civic import Decision, PlanRow

FINAL, HOOK = "final", "hook"
ONGOING = frozenset({Status.STARTED, Status.DONE, Status.STOPPED})
"""A chosen plan stays chosen while it is being done."""

_FOUND = (
    select(
        PlanRow.id,
        PlanRow.number,
        PlanRow.round_id,
        PlanRow.resident_id,
        PlanRow.status,
        PlanRow.text,
        PlanRow.title,
        PlanRow.supports,
        PlanRow.votes,
        Decision.outcome,
        Decision.standing,
        Decision.data,
    )
    .outerjoin(Decision, Decision.plan_id == PlanRow.id)
    .where(PlanRow.number.in_(bindparam("numbers", expanding=True)))
    .order_by(PlanRow.number)
)


def plans_in_round(
    scene: Scene, slug: str, numbers: Sequence[int], path: str, *, lock: bool = True
) -> tuple[Round, list[Row[Any]]]:
    """Return a round and its plans with these numbers, locked, in the given order.

    Without `lock` they are only looked at.

    `path` is the list of the call that names them, for what is wrong with it: raises
    FaultyCallError for an unknown round or plan and for one named twice, NotNowError
    for a plan of another round.
    """
    view = scene.house.catalog.view(scene.db)
    a_round = next((each for each in view.rounds if each.slug == slug), None)
    if a_round is None:
        raise FaultyCallError([Fault("data.round", "is no round here")])
    wanted = _FOUND.with_for_update(of=PlanRow) if lock else _FOUND
    rows = scene.db.execute(wanted, {"numbers": sorted(set(numbers))})
    found = {row.number: row for row in rows}
    if faults := _unknown(numbers, found, path):
        raise FaultyCallError(faults)
    plans = [found[number] for number in numbers]
    elsewhere = f"is a plan of another round than {slug}"
    faults = [
        Fault(f"{path}[{at}].plan", elsewhere)
        for at, plan in enumerate(plans)
        if plan.round_id != view.round_id(slug)
    ]
    if faults:
        raise NotNowError(faults)
    return a_round, plans


def _unknown(numbers: Sequence[int], found: Any, path: str) -> list[Fault]:  # noqa: ANN401
    """Name the plans that are not there, and those that are named once more."""
    faults = []
    for at, number in enumerate(numbers):
        if number not in found:
            faults.append(Fault(f"{path}[{at}].plan", f"there is no plan {number}"))
        elif number in numbers[:at]:
            faults.append(Fault(f"{path}[{at}].plan", f"names plan {number} once more"))
    return faults


def is_final(plan: Row[Any]) -> bool:
    """Tell whether a plan has an outcome that only a correction can change.

    Being on the ballot is news of the way, never its end.
    """
    return bool(plan.standing == FINAL and plan.outcome != Status.ON_BALLOT)


def write_decision(
    scene: Scene,
    plan: Row[Any],
    outcome: Status,
    standing: str,
    data: dict[str, Any],
    by: str = HOOK,
) -> None:
    """Write an outcome, the plan's new status and a line of its history.

    An answer to an earlier, other outcome is no answer to this one.
    """
    values: dict[str, Any] = {"outcome": outcome.value, "standing": standing}
    values |= {"data": data, "at": scene.now}
    if plan.outcome is None:
        scene.db.execute(insert(Decision).values(plan_id=plan.id, **values))
    else:
        if plan.outcome != outcome:
            values["next_step"] = None
        changed = update(Decision).where(Decision.plan_id == plan.id)
        scene.db.execute(changed.values(values))
    status = Status(plan.status)
    if not (outcome is Status.CHOSEN and status in ONGOING):
        moved = update(PlanRow).where(PlanRow.id == plan.id)
        scene.db.execute(moved.values(status=outcome.value))
        status = outcome
    add_stage(scene.db, plan.id, status, data.get("reason", {}), by, scene.now)
    if outcome is Status.CHOSEN:
        caring.begin_care(scene, plan.id, data)
    else:
        caring.end_care(scene.db, plan.id)
