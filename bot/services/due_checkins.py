"""Asking how chosen plans go when it is time, and noticing who is silent.

A question opens with what the municipality did since the last one. If it did nothing,
officials are asked first, and the author is not asked at all. Each step is one plan in
one transaction, and leaves a row that is not due any more: dying half-way, or running
in many processes, asks nobody twice.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, or_, select

from bot.domain.cadences import REPORT_AHEAD, SILENT_AFTER, gap_of
from bot.domain.effects import TaskKind
from bot.domain.plans import Status
from bot.flows.underway import ON_ITS_WAY
from bot.services import caring, checkins, news
from bot.services.checkins import Question
from bot.services.house import House, Scene
from bot.services.plan_lines import DID, mark_told, untold
from bot.store.care import CareRow, PlanLine
from bot.store.civic import PlanRow

log = logging.getLogger(__name__)
AT_ONCE = 200
CALL_DAYS = 7
CALL_SOON_DAYS = 2
Step = Callable[[Scene, Row[Any]], None]


def ask_due_checkins(house: House) -> bool:
    """Take the next step of every plan that is due for one; True if some are left."""
    now = house.clock()
    full = _adopt(house)
    for which, step in _steps(house):
        found = house.db.read(partial(_due, which=which))
        full = full or len(found) == AT_ONCE
        for plan_id in found:
            house.db.run(partial(_take, house, now, plan_id, which, step))
    return full


def _adopt(house: House) -> bool:
    """Look after plans that were chosen before anybody did; True if some are left."""
    cared = exists().where(CareRow.plan_id == PlanRow.id)
    found = (
        select(PlanRow.id)
        .where(PlanRow.status.in_(sorted(ON_ITS_WAY)), ~cared)
        .order_by(PlanRow.id)
        .limit(AT_ONCE)
    )
    plans = house.db.read(lambda db: list(db.scalars(found)))
    for plan_id in plans:
        house.db.run(partial(_begin, house, plan_id))
    return len(plans) == AT_ONCE


def _begin(house: House, plan_id: int, db: Connection) -> None:
    caring.follow_status(Scene(house, db, house.clock()), plan_id, Status.CHOSEN)


def _steps(house: House) -> list[tuple[ColumnElement[bool], Step]]:
    """Return which plans are due for what, at this moment."""
    now = house.clock()
    did = exists().where(
        PlanLine.plan_id == CareRow.plan_id,
        PlanLine.kind == DID,
        PlanLine.told_at.is_(None),
    )
    is_due = CareRow.next_at <= now
    unanswered = or_(
        CareRow.answered_at.is_(None), CareRow.answered_at < CareRow.asked_at
    )
    unnoticed = or_(CareRow.silent_at.is_(None), CareRow.silent_at < CareRow.asked_at)
    soon = CareRow.next_at <= now + REPORT_AHEAD
    return [
        (is_due & did, _ask),
        (soon & CareRow.warned_at.is_(None) & ~did, _ask_officials),
        (is_due & CareRow.late_at.is_(None) & ~did, _tell_lead),
        ((CareRow.asked_at <= now - SILENT_AFTER) & unanswered & unnoticed, _note),
    ]


def _due(db: Connection, which: ColumnElement[bool]) -> list[int]:
    found = select(CareRow.plan_id).where(which).order_by(CareRow.plan_id)
    return list(db.scalars(found.limit(AT_ONCE)))


def _take(
    house: House,
    now: Any,  # noqa: ANN401 - a moment
    plan_id: int,
    which: ColumnElement[bool],
    step: Step,
    db: Connection,
) -> None:
    """Take one step, if it is still to be taken once the row is ours."""
    scene = Scene(house, db, now)
    if caring.care_row(db, plan_id, lock=True) is None:
        return
    found: Any = _PLAN.where(CareRow.plan_id == plan_id, which)
    row = db.execute(found).one_or_none()
    if row is not None:
        step(scene, row)


_PLAN = select(
    PlanRow.id,
    PlanRow.number,
    PlanRow.talk_id,
    PlanRow.resident_id,
    CareRow.cadence,
    CareRow.asked,
    CareRow.next_at,
    CareRow.silences,
).join(PlanRow, PlanRow.id == CareRow.plan_id)


def _ask(scene: Scene, plan: Row[Any]) -> None:
    """Tell what was done and ask how it goes; then count to the next time."""
    deeds = tuple(row.texts for row in untold(scene.db, plan.id))
    question = Question({}, (plan.number,), deeds=deeds)
    asked = checkins.send(scene, question, f"due:{plan.asked}")
    mark_told(scene, plan.id)
    gap = gap_of(plan.cadence, plan.asked + 1)
    caring.keep(
        scene.db,
        plan.id,
        asked=plan.asked + 1,
        next_at=scene.now + gap if gap else None,
        reported_at=scene.now,
        warned_at=None,
        late_at=None,
    )
    log.info("checkin asked plan=%s told=%s", plan.number, asked.told)


def _ask_officials(scene: Scene, plan: Row[Any]) -> None:
    """Ask officials what was done, before the day on which the author is asked."""
    due = max(plan.next_at, scene.now + timedelta(days=1))
    if news.authors(scene.db, plan.resident_id):
        caring.raise_once(scene, plan, TaskKind.REPORT, due)
    caring.keep(scene.db, plan.id, warned_at=scene.now)


def _tell_lead(scene: Scene, plan: Row[Any]) -> None:
    """The municipality is silent for too long: whoever leads the team hears of it."""
    if news.authors(scene.db, plan.resident_id):
        caring.raise_once(scene, plan, TaskKind.SILENT_CITY, scene.now)
    caring.keep(scene.db, plan.id, late_at=scene.now)


def _note(scene: Scene, plan: Row[Any]) -> None:
    """Note that the author is silent: somebody calls her, sooner the second time."""
    silences = plan.silences + 1
    days = CALL_DAYS if silences == 1 else CALL_SOON_DAYS
    due = scene.now + timedelta(days=days)
    if news.authors(scene.db, plan.resident_id):
        caring.raise_once(scene, plan, TaskKind.SILENT, due)
    caring.keep(scene.db, plan.id, silent_at=scene.now, silences=silences)
