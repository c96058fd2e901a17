"""From plans told to plans chosen: how many at each step, and which people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, case, func, select

from bot.domain.languages import Texts
from bot.domain.plans import ONCE_CHOSEN, Status, draft_title
from bot.store.civic import PlanRow

AT_ONCE = 50
_ON_BALLOT = frozenset({Status.ON_BALLOT, Status.NOT_VOTED_IN}) | ONCE_CHOSEN
_SUPPORTED = frozenset({Status.INFEASIBLE, Status.NOT_PRESELECTED}) | _ON_BALLOT


class Step(StrEnum):
    """A step that a plan has come to, each within the one before it."""

    TOLD = "told"
    SUPPORTED = "supported"
    ON_BALLOT = "on_ballot"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many plans came to a step, and how many people told them.

    A person who asked to be forgotten is no longer counted; her plan is.
    """

    step: Step
    plans: int
    people: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan as the list of a step names it."""

    number: int
    title: Texts
    status: Status
    supports: int


def _reached(threshold: int) -> Mapping[Step, Any]:
    enough: Any = PlanRow.status.in_(sorted(_SUPPORTED))
    if threshold:
        enough = enough | (PlanRow.supports >= threshold)
    return {
        Step.TOLD: PlanRow.status != Status.WITHDRAWN.value,
        Step.SUPPORTED: enough & (PlanRow.status != Status.WITHDRAWN.value),
        Step.ON_BALLOT: PlanRow.status.in_(sorted(_ON_BALLOT)),
        Step.CHOSEN: PlanRow.status.in_(sorted(ONCE_CHOSEN)),
    }


def funnel(db: Connection, round_id: int, threshold: int) -> Sequence[StepCount]:
    """Return the steps of a round, each with its plans and their authors.

    `threshold` is how many supports a plan needs.
    """
    reached = _reached(threshold)
    columns = [
        column
        for condition in reached.values()
        for column in (
            func.coalesce(func.sum(case((condition, 1), else_=0)), 0),
            func.count(func.distinct(case((condition, PlanRow.resident_id)))),
        )
    ]
    row = db.execute(select(*columns).where(PlanRow.round_id == round_id)).one()
    return [
        StepCount(step, int(row[2 * at]), int(row[2 * at + 1]))
        for at, step in enumerate(reached)
    ]


def plans_at(
    db: Connection, round_id: int, threshold: int, step: Step, after: int = 0
) -> list[Listed]:
    """Return the plans that came to a step, at most 50, by number behind `after`."""
    rows = (
        select(
            PlanRow.number,
            PlanRow.title,
            PlanRow.text,
            PlanRow.language,
            PlanRow.public_at,
            PlanRow.status,
            PlanRow.supports,
        )
        .where(
            PlanRow.round_id == round_id,
            PlanRow.number > after,
            _reached(threshold)[step],
        )
        .order_by(PlanRow.number)
        .limit(AT_ONCE)
    )
    return [
        Listed(
            row.number,
            row.title or {row.language or "nl": draft_title(row.text)},
            Status(row.status),
            row.supports,
        )
        for row in db.execute(rows)
    ]
