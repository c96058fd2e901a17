"""Tasks are opened and finished here and nowhere else: so that each is told of.

Every function runs in the caller's transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, update

from bot.domain.events import Kind
from bot.services.events import tell_tasks
from bot.store.civic import Task


def open_task(db: Connection, values: Mapping[str, Any]) -> int:
    """Open one task and return its id. `values` are its columns, `created_at` too."""
    made = insert(Task).values({"note": ""} | dict(values)).returning(Task.id)
    task = int(db.execute(made).scalar_one())
    tell_tasks(db, Kind.TASK_OPENED, [task], values["created_at"])
    return task


def finish_tasks(
    db: Connection, by: str, at: datetime, *which: ColumnElement[bool]
) -> Sequence[int]:
    """Finish the open tasks for which all of `which` holds; return their ids.

    `by` is an official's e-mail address, or a machine word.
    """
    done = update(Task).where(Task.done_at.is_(None), *which)
    marked = done.values(done_at=at, done_by=by).returning(Task.id)
    tasks = sorted(db.scalars(marked))
    tell_tasks(db, Kind.TASK_DONE, tasks, at)
    return tasks
