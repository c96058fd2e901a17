"""Events for the city's own systems, written in the transaction of what they tell.

An event is a row, and a dispatch for each endpoint that wants to hear of it. Where
nobody listens nothing is written. No event holds words of residents, names, addresses
or picks: who wants more asks the desk or the open data.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
)

from bot.domain.events import Kind
from bot.domain.plans import Status
from bot.store.base import spelled
from bot.store.civic import PlanRow, PlanStage, RoundRow, Task
from bot.store.outhooks import HookDispatch, HookEvent, HookTry, HookWish
from bot.store.prepared import Prepared

OWED, TAKEN, GIVEN_UP = "owed", "taken", "given_up"
_WRITTEN_BY = frozenset({"author", "hook"})
DESK = "desk"
"""Stands for officials: their names are nobody else's business."""

_IS_WANTED = Prepared(
    select(literal(1)).where(exists().where(HookWish.kind == bindparam("kind")))
)


def is_wanted(db: Connection, kind: Kind) -> bool:
    """Tell whether any system of the city wants to hear of this kind."""
    return _IS_WANTED.value(db, {"kind": kind.value}) is not None


def write_event(
    db: Connection, kind: Kind, at: datetime, data: Mapping[str, Any]
) -> None:
    """Write that something happened, and owe it to whoever wants to hear it.

    `data` holds numbers and machine words only.
    """
    event = insert(HookEvent).values(
        uid=new_uid(), kind=kind.value, at=at, data=dict(data)
    )
    event_id = db.execute(event.returning(HookEvent.id)).scalar_one()
    wanting = select(
        literal(event_id),
        HookWish.endpoint_id,
        literal(OWED),
        literal(0),
        literal(at, HookDispatch.due_at.type),
    ).where(HookWish.kind == kind.value)
    columns = ["event_id", "endpoint_id", "state", "tries", "due_at"]
    db.execute(insert(HookDispatch).from_select(columns, wanting))


def new_uid() -> str:
    """Return a new `webhook-id`."""
    return f"evt_{uuid4().hex}"


def tell_stage(
    db: Connection, plan_id: int, status: Status, by: str, at: datetime
) -> None:
    """Tell that a plan is there, or has another status; its stage is written."""
    wanted = {kind for (kind,) in _PLAN_WISHES.rows(db, {})}
    if not wanted:
        return
    is_new = status is Status.RECEIVED and _is_first(db, plan_id)
    kind = Kind.PLAN_CREATED if is_new else Kind.PLAN_STATUS
    if kind not in wanted:
        return
    number, slug = db.execute(_PLAN.where(PlanRow.id == plan_id)).one()
    data = {"plan": number, "round": slug, "status": status.value}
    data["by"] = by if by in _WRITTEN_BY else DESK
    write_event(db, kind, at, data)


_PLAN_WISHES = Prepared(
    select(HookWish.kind).where(
        or_(
            HookWish.kind == literal_column(f"'{Kind.PLAN_CREATED}'"),
            HookWish.kind == literal_column(f"'{Kind.PLAN_STATUS}'"),
        )
    )
)
_PLAN = select(PlanRow.number, RoundRow.slug).join(
    RoundRow, RoundRow.id == PlanRow.round_id
)


def _is_first(db: Connection, plan_id: int) -> bool:
    stages = select(func.count()).where(PlanStage.plan_id == plan_id)
    return db.scalar(stages) == 1


def tell_closed(db: Connection, round_id: int, ballots: int, at: datetime) -> None:
    """Tell that voting in a round is over, and how many ballots are in the box."""
    if is_wanted(db, Kind.BALLOT_CLOSED):
        data = {"round": _slug(db, round_id), "ballots": ballots}
        write_event(db, Kind.BALLOT_CLOSED, at, data)


def tell_result(
    db: Connection, round_id: int, version: int, result_hash: str, at: datetime
) -> None:
    """Tell that the count of a round is published; above version 1 it is corrected."""
    if is_wanted(db, Kind.RESULT_PUBLISHED):
        data = {"round": _slug(db, round_id), "version": version, "hash": result_hash}
        write_event(db, Kind.RESULT_PUBLISHED, at, data)


def _slug(db: Connection, round_id: int) -> str:
    found = select(RoundRow.slug).where(RoundRow.id == round_id)
    return str(db.execute(found).scalar_one())


def tell_tasks(db: Connection, kind: Kind, tasks: Sequence[int], at: datetime) -> None:
    """Tell that officials have something to do, or have done it."""
    if not tasks or not is_wanted(db, kind):
        return
    columns = (Task.id, Task.kind, Task.due_at, PlanRow.number)
    rows = select(*columns).outerjoin(PlanRow, PlanRow.id == Task.plan_id)
    for row in db.execute(rows.where(Task.id.in_(tasks)).order_by(Task.id)).all():
        data = {"task": row.id, "kind": row.kind, "plan": row.number}
        if kind is Kind.TASK_OPENED:
            data["due_at"] = row.due_at.isoformat()
        write_event(db, kind, at, data)


def sweep_events(db: Connection, before: datetime, most: int = 1_000) -> int:
    """Let go of events from before then, with all that was tried; return how many.

    At most so many at once. What is still owed by then goes as well: it is too old to
    act on, and `/open` tells how things are.
    """
    old = select(HookEvent.id).where(HookEvent.at < before).limit(most)
    events = list(db.scalars(old))
    if not events:
        return 0
    theirs = HookDispatch.event_id.in_(events)
    tries = HookTry.dispatch_id.in_(select(HookDispatch.id).where(theirs))
    db.execute(delete(HookTry).where(tries))
    db.execute(delete(HookDispatch).where(theirs))
    return db.execute(delete(HookEvent).where(HookEvent.id.in_(events))).rowcount


IS_OWED = HookDispatch.state == spelled(OWED)
