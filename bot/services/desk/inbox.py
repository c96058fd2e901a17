"""Tasks of people: what waits, what rests until a day, and what was done lately."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, or_, select

from bot.domain.clocks import before_day
from bot.services.desk.today import Asked, Found, Item, Waits, zone_here
from bot.services.house import Scene
from bot.services.listening import EARS
from bot.services.tasks import IS_KNOWN, Waiting, oldest_note, waiting
from bot.store.civic import Task

MINE, ALL, LATER, DONE = "mine", "all", "later", "done"
SHOWS = (ALL, MINE, LATER, DONE)
"""What the page of tasks can show."""

_OPEN = (
    Task.done_at.is_(None),
    IS_KNOWN,
    Task.kind.not_in(EARS),
)


def tasks(scene: Scene, asked: Asked) -> Found:
    """Find the tasks that wait now, each kind counted by itself."""
    zone = zone_here(scene)
    here = [*_OPEN, _is_awake(scene.now)]
    if asked.official is not None:
        here.append(Task.assigned_to == asked.official)
    wanted = [Task.kind == asked.kind] if asked.kind else []
    rows = waiting(scene.db, *here, *wanted, most=asked.most)
    items = [as_item(row, zone) for row in rows]
    return Found(items, _counts(scene, here, zone))


def notes(scene: Scene, asked: Asked) -> Found:
    """Find how many notes wait for ears: one item for all, as old as the oldest."""
    if asked.official is not None:
        return Found()
    oldest, count = oldest_note(scene.db)
    if oldest is None:
        return Found()
    due = before_day(oldest.due, zone_here(scene))
    item = Item("listen", oldest.since, due, "listening")
    return Found([item], {"listen": Waits(count, int(due <= scene.now))})


def as_item(task: Waiting, zone: str) -> Item:
    """Return a task as Today shows it. One that was tried again is due that day."""
    due = before_day(task.due, zone)
    if task.again is not None:
        due = max(due, task.again + timedelta(days=1))
    page, args = ("talk", {"talk_id": task.talk}) if task.talk else ("inbox", {})
    return Item(
        kind=task.kind,
        since=task.since,
        due=due,
        page=page,
        args={**args, "task": task.task},
        plan=task.plan,
        talk=task.talk,
        task=task,
    )


def task_list(
    scene: Scene, shows: str, official: int, most: int, page: int = 0
) -> Sequence[Item]:
    """Return one page of tasks, and one more: all that wait, mine, resting, or done."""
    zone = zone_here(scene)
    offset = (most - 1) * page
    if shows == DONE:
        rows = waiting(
            scene.db,
            Task.done_at.is_not(None),
            Task.kind.not_in(EARS),
            Task.outcome.is_not(None),
            most=most + offset,
            order=(Task.done_at.desc(), Task.id.desc()),
        )
    else:
        rows = waiting(
            scene.db, *_shown(scene.now, shows, official), most=most + offset
        )
    return [as_item(row, zone) for row in rows[offset:]]


def tasks_of(scene: Scene, talk_id: int) -> Sequence[Item]:
    """Return the open tasks of one talk."""
    rows = waiting(scene.db, *_OPEN, Task.talk_id == talk_id)
    zone = zone_here(scene)
    return [as_item(row, zone) for row in rows]


def _shown(now: datetime, shows: str, official: int) -> list[Any]:
    if shows == LATER:
        return [*_OPEN, Task.again_at > now]
    mine = [Task.assigned_to == official] if shows == MINE else []
    return [*_OPEN, _is_awake(now), *mine]


def _is_awake(now: datetime) -> Any:  # noqa: ANN401 - an SQL condition
    return or_(Task.again_at.is_(None), Task.again_at <= now)


def _counts(scene: Scene, here: Sequence[Any], zone: str) -> dict[str, Waits]:
    """Count by kind. A promise before a day is broken when that day begins."""
    today = scene.now.astimezone(ZoneInfo(zone)).date()
    tomorrow = datetime.combine(today + timedelta(days=1), time(), ZoneInfo(zone))
    midnight = datetime.combine(today, time(), ZoneInfo(zone))
    again = or_(Task.again_at.is_(None), Task.again_at < midnight)
    is_late = (Task.due_at < tomorrow) & again
    late = func.sum(case((is_late, 1), else_=0))
    found = select(Task.kind, func.count().label("size"), late.label("late"))
    rows = scene.db.execute(found.where(*here).group_by(Task.kind))
    return {row.kind: Waits(row.size, row.late or 0) for row in rows}
