"""Messages that may or may not have arrived: a later status or a person settles them.

They never repeat by themselves. Where no status has come for an hour, a person is asked
to find out; one task for each talk, whatever the number of messages.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, func, select, update

from bot.domain.effects import TaskKind
from bot.domain.messages import Delivery
from bot.services.desk.audit import note
from bot.services.house import House, Scene
from bot.services.outbox import Anew, owe_anew
from bot.services.task_rows import finish_tasks, open_task
from bot.store.civic import Task
from bot.store.talks import OutboundMessage, Talk

PATIENCE = timedelta(hours=1)
ANSWER_DAYS = 1
AT_ONCE = 200
_UNSURE = Delivery.UNSURE.value


def ask_about_doubts(db: Connection, now: datetime) -> int:
    """Raise a task for each talk with a message in doubt; return how many.

    Repeating it raises no second one as long as the first is open.
    """
    asked = exists().where(
        Task.talk_id == OutboundMessage.talk_id,
        Task.kind == TaskKind.UNSURE,
        Task.done_at.is_(None),
    )
    doubtful = (
        select(OutboundMessage.talk_id, func.max(OutboundMessage.id))
        .join(Talk, Talk.id == OutboundMessage.talk_id)
        .where(
            OutboundMessage.delivery == _UNSURE,
            OutboundMessage.due_at < now - PATIENCE,
            Talk.forgotten_at.is_(None),
            ~asked,
        )
        .group_by(OutboundMessage.talk_id)
        .limit(AT_ONCE)
    )
    tasks = [
        {
            "kind": TaskKind.UNSURE,
            "talk_id": talk,
            "outbound_id": row,
            "due_at": now + timedelta(days=ANSWER_DAYS),
            "created_at": now,
        }
        for talk, row in db.execute(doubtful)
    ]
    for task in tasks:
        open_task(db, task)
    return len(tasks)


def settle(house: House, task_id: int, by: str, *, arrived: bool) -> bool:
    """Write what a person found out: it arrived, or it is sent again.

    Commits. All messages of the talk that are in doubt are settled together, oldest
    first. False if somebody else has settled it before.
    """
    now = house.clock()
    return house.db.run(
        lambda db: _settle(Scene(house, db, now), task_id, by, arrived=arrived)
    )


def _settle(scene: Scene, task_id: int, by: str, *, arrived: bool) -> bool:
    db, now = scene.db, scene.now
    asked = (Task.id == task_id, Task.kind == TaskKind.UNSURE)
    if not finish_tasks(db, by, now, *asked):
        return False
    talk_id = db.scalar(select(Task.talk_id).where(Task.id == task_id))
    if talk_id is None:
        return False
    note(scene, by, "task.settle", f"task:{task_id}", arrived=arrived)
    ended = Delivery.DELIVERED if arrived else Delivery.FAILED
    row = OutboundMessage
    in_doubt = update(row).where(row.talk_id == talk_id, row.delivery == _UNSURE)
    told = in_doubt.values(delivery=ended.value, reason=f"by_{by}"[:64])
    rows = sorted(db.scalars(told.returning(row.id)))
    if not arrived:
        words = select(row.id).where(row.id.in_(rows), row.text != "").order_by(row.id)
        for each in list(db.scalars(words)):
            owe_anew(db, each, Anew(f"settled:{each}", now), now)
    return True
