"""What becomes of a task: taken, handed over, closed with an outcome, opened again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select, update

from bot.domain.effects import TaskKind
from bot.domain.text import clean
from bot.services.desk.audit import note
from bot.services.desk.today import zone_here
from bot.services.forget import FORGOTTEN
from bot.services.house import House, Scene
from bot.services.listening import EARS
from bot.services.officials import Person
from bot.services.plans import note_answers
from bot.services.task_rows import finish_tasks, open_task, reopen_tasks
from bot.store.civic import Official, PlanRow, Task

MOST_NOTE = 500
"""Characters of a note of officials."""


class Outcome(StrEnum):
    """How a task ended; not_reached lets it rest until a day."""

    CALLED = "called"
    ANSWERED = "answered"
    NOT_REACHED = "not_reached"
    PASSED = "passed"
    NOT_NEEDED = "not_needed"


class HandlingError(ValueError):
    """A task was left as it is; the message is a machine word for why.

    "gone" (no such task, or the person is forgotten), "taken" (somebody else has done
    it already), "which" (no such outcome), "day" (no day to try again, or one that is
    over), "where_to" (to which department?), "colleague" (nobody who may answer),
    "long" (the note has more than 500 characters).
    """


@dataclass(frozen=True, slots=True)
class Closing:
    """How an official closes a task. `again` is the day to try once more."""

    outcome: str
    note: str = ""
    again: date | None = None


def take(house: House, task_id: int, person: Person) -> None:
    """Note that this official has it in hand. Commits. Raises HandlingError."""
    _change(house, task_id, person, "task.take", {"assigned_to": person.id})


def leave(house: House, task_id: int, person: Person) -> None:
    """Give it back to everybody. Commits. Raises HandlingError."""
    _change(house, task_id, person, "task.leave", {"assigned_to": None})


def hand_over(
    house: House, task_id: int, person: Person, colleague: Person, why: str
) -> None:
    """Put it into a colleague's hands, with a word why. Commits. HandlingError."""
    values = {"assigned_to": colleague.id, "outcome_note": _words(why)}
    _change(house, task_id, person, "task.hand_over", values, to=colleague.id)


def close(house: House, task_id: int, person: Person, how: Closing) -> None:
    """Close a task with an outcome; one that was not reached rests until its day.

    Commits. Raises HandlingError, with nothing changed.
    """
    if how.outcome not in set(Outcome):
        raise HandlingError("which")
    words = _words(how.note)
    if how.outcome == Outcome.PASSED and not words:
        raise HandlingError("where_to")
    outcome = {"outcome": how.outcome, "outcome_note": words}
    now = house.clock()
    if how.outcome == Outcome.NOT_REACHED:
        again = house.db.read(lambda db: _again(Scene(house, db, now), how.again))
        values = outcome | {"again_at": again, "assigned_to": person.id}
        _change(house, task_id, person, "task.try_again", values)
        return
    over = outcome | {"again_at": None}
    _change(house, task_id, person, "task.close", over, outcome=how.outcome)


def reopen(house: House, task_id: int, person: Person) -> None:
    """Undo a closing: it waits again, in this official's hands. Commits.

    Raises HandlingError where the person is forgotten: there is nobody to answer.
    """

    def job(db: Connection) -> None:
        scene = Scene(house, db, house.clock())
        row = _task(db, task_id)
        if row.done_at is None:
            raise HandlingError("taken")
        if row.talk_id is None or row.outcome == FORGOTTEN:
            raise HandlingError("gone")
        back = {"outcome": None, "again_at": None, "assigned_to": person.id}
        reopen_tasks(db, scene.now, Task.id == task_id, **back)
        note(scene, person.email, "task.reopen", f"task:{task_id}")

    house.db.run(job)


def note_call(house: House, talk_id: int, number: int, person: Person) -> bool:
    """Write down that an official has called about a plan. Commits; False if unknown.

    It is a task that is done at once, so that the clocks of this plan know of it.
    """

    def job(db: Connection) -> bool:
        scene = Scene(house, db, house.clock())
        hers = select(PlanRow.id).where(PlanRow.number == number)
        plan_id = db.scalar(hers.where(PlanRow.talk_id == talk_id))
        if plan_id is None:
            return False
        about = {"kind": TaskKind.CALL, "talk_id": talk_id, "plan_id": plan_id}
        times = {"due_at": scene.now, "created_at": scene.now}
        task_id = open_task(db, about | times | {"assigned_to": person.id})
        called = Outcome.CALLED.value
        finish_tasks(db, person.email, scene.now, Task.id == task_id, outcome=called)
        note_answers(db, talk_id, scene.now)
        note(scene, person.email, "plan.called", f"plan:{number}")
        return True

    return house.db.run(job)


def colleagues(db: Connection, roles: Sequence[str]) -> list[Person]:
    """Return the officials who may answer, by name."""
    columns = (Official.id, Official.email, Official.name, Official.role)
    found = select(*columns).where(Official.role.in_(roles))
    return [Person(*row) for row in db.execute(found.order_by(Official.name))]


def _change(
    house: House,
    task_id: int,
    person: Person,
    act: str,
    values: dict[str, Any],
    **data: Any,  # noqa: ANN401 - what JSON holds
) -> None:
    """Change a task that is open, and write down who did it."""

    def job(db: Connection) -> None:
        scene = Scene(house, db, house.clock())
        which = (
            Task.id == task_id,
            Task.talk_id.is_not(None) | (Task.kind == TaskKind.HOOK_OFF),
            Task.kind.not_in(EARS),
        )
        if act == "task.close":
            changed = bool(finish_tasks(db, person.email, scene.now, *which, **values))
        else:
            open_one = update(Task).where(Task.done_at.is_(None), *which)
            changed = db.execute(open_one.values(values)).rowcount > 0
        if not changed:
            row = _task(db, task_id)
            raise HandlingError("gone" if row.talk_id is None else "taken")
        note(scene, person.email, act, f"task:{task_id}", **data)

    house.db.run(job)


def _task(db: Connection, task_id: int) -> Row[int | None, datetime | None, str | None]:
    columns = (Task.talk_id, Task.done_at, Task.outcome)
    row = db.execute(select(*columns).where(Task.id == task_id)).one_or_none()
    if row is None:
        raise HandlingError("gone")
    return row


def _again(scene: Scene, day: date | None) -> datetime:
    """Return when the day to try again begins; it must be a later one than today."""
    where = ZoneInfo(zone_here(scene))
    if day is None or day <= scene.now.astimezone(where).date():
        raise HandlingError("day")
    return datetime.combine(day, time(), where)


def _words(text: str) -> str | None:
    """Return a note of officials with private numbers masked; None for an empty one."""
    kept = clean(text).text.strip()
    if len(kept) > MOST_NOTE:
        raise HandlingError("long")
    return kept or None
