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
    db: Connection,
    by: str,
    at: datetime,
    *which: ColumnElement[bool],
    **more: Any,  # noqa: ANN401 - values of columns
) -> Sequence[int]:
    """Finish the open tasks for which all of `which` holds; return their ids.

    `by` is an official's e-mail address, or a machine word; `more` are other columns
    that change with it, as the outcome does.
    """
    done = update(Task).where(Task.done_at.is_(None), *which)
    marked = done.values(done_at=at, done_by=by, **more).returning(Task.id)
    tasks = sorted(db.scalars(marked))
    tell_tasks(db, Kind.TASK_DONE, tasks, at)
    return tasks


def reopen_tasks(
    db: Connection,
    at: datetime,
    *which: ColumnElement[bool],
    **more: Any,  # noqa: ANN401 - values of columns
) -> Sequence[int]:
    """Open finished tasks again; return their ids. `more` are columns that change."""
    over = update(Task).where(Task.done_at.is_not(None), *which)
    back = over.values(done_at=None, done_by=None, **more).returning(Task.id)
    tasks = sorted(db.scalars(back))
    tell_tasks(db, Kind.TASK_OPENED, tasks, at)
    return tasks
