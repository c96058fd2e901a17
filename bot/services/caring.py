"""How chosen plans are looked after: begun with the award, noted in what follows.

A plan's row (`CareRow`) says who helps, when she is asked next, and since when anybody
is silent. What is due is asked by the worker (`bot.services.due_checkins`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.cadences import USUAL, YEARLY, gap_of
from bot.domain.care import TEMPLATE, Care, Step, StepKey, Who
from bot.domain.effects import TaskKind
from bot.domain.plans import Status
from bot.services.house import Scene
from bot.services.task_rows import finish_tasks, open_task
from bot.store.care import CareRow, ContactRow
from bot.store.civic import PlanRow, Task

AUTHOR = "author"
"""Who has seen to a task, where it was the author herself."""

_GONE = frozenset({Status.STOPPED, Status.WITHDRAWN})


def begin_care(scene: Scene, plan_id: int, data: Mapping[str, Any]) -> None:
    """Look after a plan from its award on; `data` is that of its decision.

    A plan that is looked after keeps its dates; a contact person that is named takes
    over.
    """
    named = data.get("contact") or {}
    contact = find_contact(scene, named) if named.get("name") else None
    row = care_row(scene.db, plan_id)
    if row is None:
        _insert(scene, plan_id, contact, data.get("call_before"))
        return
    values: dict[str, Any] = {"reported_at": scene.now}
    if contact is not None:
        values["contact_id"] = contact
    if data.get("call_before"):
        values["first_talk"] = data["call_before"]
    if row.next_at is None:
        gap = gap_of(row.cadence, row.asked)
        values["next_at"] = scene.now + gap if gap else None
    keep(scene.db, plan_id, **values)


def _insert(
    scene: Scene, plan_id: int, contact: int | None, first_talk: str | None
) -> None:
    gap = gap_of(USUAL, 0)
    values = {
        "plan_id": plan_id,
        "contact_id": contact,
        "cadence": USUAL,
        "begun_at": scene.now,
        "asked": 0,
        "next_at": scene.now + gap if gap else None,
        "silences": 0,
        "reported_at": scene.now,
        "first_talk": first_talk,
        "steps": [{"key": key.value, "who": who.value} for key, who in TEMPLATE],
    }
    scene.db.execute(insert(CareRow).values(values))


def end_care(db: Connection, plan_id: int) -> None:
    """Ask no more: the plan was stopped, or was not chosen after all."""
    keep(db, plan_id, next_at=None, asked_at=None, stuck_at=None, late_at=None)


def follow_status(scene: Scene, plan_id: int, status: Status) -> None:
    """Go on yearly with a plan that is done; leave one that stopped in peace."""
    if status in _GONE:
        end_care(scene.db, plan_id)
    elif status is Status.DONE:
        set_cadence(scene, plan_id, YEARLY)
    elif status in {Status.CHOSEN, Status.STARTED}:
        if care_row(scene.db, plan_id) is None:
            contact = select(PlanRow.contact).where(PlanRow.id == plan_id)
            begin_care(scene, plan_id, {"contact": scene.db.scalar(contact)})
        keep(scene.db, plan_id, reported_at=scene.now, late_at=None)


def set_cadence(scene: Scene, plan_id: int, cadence: str) -> None:
    """Ask in another cadence from now on, counted from today."""
    gap = gap_of(cadence, 0)
    keep(
        scene.db,
        plan_id,
        cadence=cadence,
        begun_at=scene.now,
        asked=0,
        next_at=scene.now + gap if gap else None,
        warned_at=None,
        late_at=None,
    )


def care_row(db: Connection, plan_id: int, *, lock: bool = False) -> Row[Any] | None:
    """Return how a plan is looked after; None for one that never was chosen."""
    found: Any = select(*CareRow.__table__.c).where(CareRow.plan_id == plan_id)
    row: Row[Any] | None = db.execute(
        found.with_for_update() if lock else found
    ).one_or_none()
    return row


def keep(db: Connection, plan_id: int, **values: object) -> None:
    """Write what changed in how a plan is looked after."""
    db.execute(update(CareRow).where(CareRow.plan_id == plan_id).values(values))


def find_contact(scene: Scene, named: Mapping[str, str]) -> int:
    """Return the contact person of that name and number, added if new."""
    name, phone = named["name"].strip()[:80], named.get("phone", "").strip()[:40]
    known = select(ContactRow.id).where(
        ContactRow.name == name, ContactRow.phone == phone, ContactRow.left_at.is_(None)
    )
    found = scene.db.scalar(known.order_by(ContactRow.id).limit(1))
    if found is not None:
        return found
    row = insert(ContactRow).values(name=name, phone=phone, created_at=scene.now)
    return int(scene.db.execute(row.returning(ContactRow.id)).scalar_one())


def photo_of(db: Connection, contact_id: int | None) -> int | None:
    """Return the media of a contact person's photo; None if there is none."""
    if contact_id is None:
        return None
    return db.scalar(select(ContactRow.photo_id).where(ContactRow.id == contact_id))


def answered(scene: Scene, plan_id: int, answer: str) -> None:
    """Note that she answered; what goes well again is not stuck any more."""
    values: dict[str, Any] = {"answered_at": scene.now, "silences": 0}
    row = care_row(scene.db, plan_id)
    if row is None:
        return
    if answer == "stuck" and row.stuck_at is None:
        values["stuck_at"] = scene.now
    if answer == "good":
        values["stuck_at"] = None
        finish(scene, plan_id, TaskKind.STUCK, AUTHOR)
    finish(scene, plan_id, TaskKind.SILENT, AUTHOR)
    keep(scene.db, plan_id, **values)


def reported(scene: Scene, plan_id: int, by: str) -> None:
    """Note that the municipality said something: its clock begins anew."""
    keep(scene.db, plan_id, reported_at=scene.now, late_at=None)
    for kind in (TaskKind.REPORT, TaskKind.SILENT_CITY):
        finish(scene, plan_id, kind, by)


def finish(scene: Scene, plan_id: int, kind: str, by: str) -> int:
    """Mark the open tasks of a kind about a plan as done; return how many."""
    about = (Task.plan_id == plan_id, Task.kind == kind)
    return len(finish_tasks(scene.db, by, scene.now, *about))


def raise_once(scene: Scene, plan: Row[Any], kind: str, due_at: datetime) -> None:
    """Ask officials for something about a plan, unless they are asked already.

    `plan` has id and talk_id.
    """
    waits = select(Task.id).where(
        Task.plan_id == plan.id, Task.kind == kind, Task.done_at.is_(None)
    )
    if scene.db.execute(waits.limit(1)).first():
        return
    values = {"kind": kind, "plan_id": plan.id, "talk_id": plan.talk_id}
    values |= {"due_at": due_at, "created_at": scene.now}
    open_task(scene.db, values)


def care_value(row: Row[Any], now: datetime) -> Care:
    """Return a row as a talk needs it."""
    return Care(
        answered_at=row.reported_at,
        next_at=row.next_at,
        is_late=row.next_at is not None and row.next_at <= now,
        steps=tuple(map(step_value, row.steps or [])),
    )


def step_value(kept: Mapping[str, Any]) -> Step:
    """Return a step from its JSON."""
    key = kept.get("key")
    return Step(
        who=Who(kept["who"]),
        key=StepKey(key) if key in set(StepKey) else None,
        texts=kept.get("texts"),
    )
