"""How fast residents hear from us, and who was not reached."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, exists, func, select

from bot.domain.effects import TaskKind
from bot.domain.plans import Status
from bot.services.desk.spans import Spans, seconds_between, spans_of
from bot.store.civic import Decision, PlanRow, PlanStage, Task
from bot.store.talks import Talk

DAY = 86_400
AUTHOR, HOOK = "author", "hook"
_ADVICE = frozenset(
    {
        Status.NEEDS_CHANGE,
        Status.INFEASIBLE,
        Status.BELOW_THRESHOLD,
        Status.NOT_PRESELECTED,
        Status.ON_BALLOT,
    }
)
"""Stages by which the municipality says whether a plan can be done."""


@dataclass(frozen=True, slots=True)
class Answers:
    """How long residents waited.

    `first` is until anything happened to a plan, `advice` until the municipality said
    whether it can be done, `tasks` until somebody did what was promised.
    """

    first: Spans
    advice: Spans
    tasks: Spans


def answers_of(
    db: Connection, round_id: int, answer_days: int, now: datetime
) -> Answers:
    """Return how long the authors of a round waited; late is beyond `answer_days`."""
    first = _until(db, round_id, PlanStage.by != AUTHOR, answer_days)
    advised = PlanStage.status.in_(sorted(_ADVICE))
    advice = _until(db, round_id, advised, answer_days)
    return Answers(first, advice, _tasks(db, round_id, now))


def _until(db: Connection, round_id: int, stage: Any, days: int) -> Spans:  # noqa: ANN401
    """Return how long plans waited for the first stage of a kind."""
    ended = (
        select(PlanStage.plan_id, func.min(PlanStage.at).label("ended"))
        .join(PlanRow, PlanRow.id == PlanStage.plan_id)
        .where(PlanRow.round_id == round_id, stage)
        .group_by(PlanStage.plan_id)
        .subquery()
    )
    took: Any = (
        select(seconds_between(db, PlanRow.created_at, ended.c.ended))
        .join(ended, ended.c.plan_id == PlanRow.id)
        .where(PlanRow.status != Status.WITHDRAWN.value)
    )
    spans = spans_of(db, took, days * DAY)
    told = select(func.count()).where(
        PlanRow.round_id == round_id, PlanRow.status != Status.WITHDRAWN.value
    )
    return _with_open(spans, (db.scalar(told) or 0) - spans.many)


def _with_open(spans: Spans, still: int) -> Spans:
    return Spans(spans.many, spans.median, spans.nine_of_ten, spans.late, max(0, still))


def _tasks(db: Connection, round_id: int, now: datetime) -> Spans:
    """Return how long residents waited for what officials were asked to do."""
    of_round = PlanRow.round_id == round_id
    of_tasks = select(PlanRow.id).join(Task, Task.plan_id == PlanRow.id)
    done: Any = of_tasks.where(of_round, Task.done_at.is_not(None))
    took = done.with_only_columns(seconds_between(db, Task.created_at, Task.done_at))
    spans = spans_of(db, took, 0)
    too_late = done.where(Task.done_at > Task.due_at)
    late = db.scalar(too_late.with_only_columns(func.count())) or 0
    still = (
        select(func.count(), func.sum(case((Task.due_at < now, 1), else_=0)))
        .select_from(Task)
        .join(PlanRow, PlanRow.id == Task.plan_id)
        .where(of_round, Task.done_at.is_(None))
    )
    waiting, overdue = db.execute(still).one()
    return Spans(
        spans.many,
        spans.median,
        spans.nine_of_ten,
        late + int(overdue or 0),
        waiting,
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """How many authors were told what was decided about their plans.

    `decided` are plans with an author we know; `to_call` of them did not hear it and
    somebody has to call; `no_way` have no chat that we may write to; `called` were
    called.
    """

    decided: int
    to_call: int
    no_way: int
    called: int

    @property
    def reached(self) -> int:
        """How many were told, in the chat or by a call."""
        return max(0, self.decided - self.to_call - self.no_way)


def reach_of(db: Connection, round_id: int) -> Reach:
    """Return whom the decisions of a round reached."""
    unreached = Task.kind == TaskKind.UNREACHED
    waits = exists().where(
        Task.plan_id == PlanRow.id, unreached, Task.done_at.is_(None)
    )
    called = exists().where(
        Task.plan_id == PlanRow.id, unreached, Task.done_at.is_not(None)
    )
    way = exists().where(
        Talk.resident_id == PlanRow.resident_id,
        Talk.stopped_at.is_(None),
        Talk.closed_at.is_(None),
        Talk.forgotten_at.is_(None),
    )
    row = db.execute(
        select(
            func.count(),
            func.sum(case((waits, 1), else_=0)),
            func.sum(case((~way & ~waits & ~called, 1), else_=0)),
            func.sum(case((called & ~waits, 1), else_=0)),
        )
        .select_from(Decision)
        .join(PlanRow, PlanRow.id == Decision.plan_id)
        .where(PlanRow.round_id == round_id, PlanRow.resident_id.is_not(None))
    ).one()
    return Reach(*(int(each or 0) for each in row))
