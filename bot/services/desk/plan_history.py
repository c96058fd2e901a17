"""What has happened to a plan, in one row of time: stages, decisions, questions, tasks.

Reviews are on the page by themselves; each leaves its stage here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from bot.domain.languages import Texts
from bot.domain.plans import Status
from bot.store.civic import CheckIn, CheckInAnswer, Decision, PlanStage, Task

MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `kind` is stage, decision, checkin, answer or task.

    `what` is a machine word of that kind, `by` an official's e-mail address, "author"
    or a machine; `note` is what we said about it by language, `words` what she said.
    """

    kind: str
    at: datetime
    what: str
    by: str = ""
    note: Texts = field(default_factory=dict)
    words: str = ""
    done_at: datetime | None = None


def history_of(db: Connection, plan_id: int) -> Sequence[Line]:
    """Return what happened to a plan, newest first, at most 200 of each kind."""
    lines = [
        *_stages(db, plan_id),
        *_decisions(db, plan_id),
        *_checkins(db, plan_id),
        *_tasks(db, plan_id),
    ]
    return sorted(lines, key=lambda each: each.at, reverse=True)


def _stages(db: Connection, plan_id: int) -> list[Line]:
    columns = (PlanStage.status, PlanStage.at, PlanStage.by, PlanStage.note)
    rows = select(*columns).where(PlanStage.plan_id == plan_id)
    return [
        Line("stage", row.at, Status(row.status).value, row.by, row.note or {})
        for row in db.execute(rows.order_by(PlanStage.id.desc()).limit(MOST))
    ]


def _decisions(db: Connection, plan_id: int) -> list[Line]:
    columns = (Decision.outcome, Decision.at, Decision.data, Decision.next_step)
    rows = db.execute(select(*columns).where(Decision.plan_id == plan_id))
    return [
        Line(
            "decision",
            row.at,
            row.outcome,
            note=row.data.get("reason") or {},
            words=row.next_step or "",
        )
        for row in rows
    ]


def _checkins(db: Connection, plan_id: int) -> list[Line]:
    asked = select(CheckIn.question, CheckIn.asked_at)
    asked = asked.where(CheckIn.plan_id == plan_id).order_by(CheckIn.id.desc())
    answered = (
        select(CheckInAnswer.answer, CheckInAnswer.text, CheckInAnswer.at)
        .join(CheckIn, CheckIn.id == CheckInAnswer.checkin_id)
        .where(CheckIn.plan_id == plan_id)
        .order_by(CheckInAnswer.id.desc())
    )
    questions = [
        Line("checkin", row.asked_at, "", note=row.question)
        for row in db.execute(asked.limit(MOST))
    ]
    answers = [
        Line("answer", row.at, row.answer, words=row.text)
        for row in db.execute(answered.limit(MOST))
    ]
    return questions + answers


def _tasks(db: Connection, plan_id: int) -> list[Line]:
    columns = (Task.kind, Task.created_at, Task.note, Task.done_at, Task.done_by)
    rows = select(*columns).where(Task.plan_id == plan_id)
    return [
        Line(
            "task",
            row.created_at,
            row.kind,
            by=row.done_by or "",
            words=row.note,
            done_at=row.done_at,
        )
        for row in db.execute(rows.order_by(Task.id.desc()).limit(MOST))
    ]
