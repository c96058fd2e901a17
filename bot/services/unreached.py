"""Messages that did not reach her: another way, her next message, or a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.domain.effects import TaskKind
from bot.domain.kinds import MUST_HEAR, OWN
from bot.domain.messages import Delivery
from bot.services.outbox import PUSH, Anew, owe_anew
from bot.services.task_rows import finish_tasks, open_task
from bot.store.civic import PlanRow, Task
from bot.store.talks import OutboundMessage, Talk

UNREACHABLE = "unreachable"
"""Why a row is held, or was dropped: the address cannot be reached."""

CALL_DAYS = 3
SYSTEM = "sent"
"""Who has done a task that solved itself: the message went out after all."""

_NEEDED = (
    OutboundMessage.id,
    OutboundMessage.talk_id,
    OutboundMessage.kind,
    OutboundMessage.slots,
    Talk.resident_id,
)


def find_row(db: Connection, row_id: int) -> Row[Any]:
    """Return what the verbs here need to know of a message."""
    joined = select(*_NEEDED).join(Talk, Talk.id == OutboundMessage.talk_id)
    return db.execute(joined.where(OutboundMessage.id == row_id)).one()


def cannot_reach(db: Connection, row: Any, now: datetime) -> None:  # noqa: ANN401
    """Decide about a queued push to an address that cannot be reached.

    It goes to another talk of hers; news of her own plan waits for her to write, and
    what was decided about it becomes a call; anything else is dropped.
    """
    if pass_on(db, row, now):
        _end(db, row.id, "passed_on")
    elif row.kind in OWN:
        _hold(db, row.id)
        ask_to_call(db, row, now)
    else:
        _end(db, row.id, UNREACHABLE)


def _hold(db: Connection, row_id: int) -> None:
    """Keep a message until she writes: then it is pulled, like all that we begin."""
    kept = {"held": UNREACHABLE, "reason": UNREACHABLE, "priority": PUSH}
    db.execute(update(OutboundMessage).where(OutboundMessage.id == row_id).values(kept))


def _end(db: Connection, row_id: int, reason: str) -> None:
    gone = {"delivery": Delivery.DROPPED.value, "reason": reason}
    db.execute(update(OutboundMessage).where(OutboundMessage.id == row_id).values(gone))


def did_not_arrive(db: Connection, row: Any, now: datetime) -> None:  # noqa: ANN401
    """Follow up a push that will not arrive at this address; a reply has no other."""
    if row.kind is None or pass_on(db, row, now):
        return
    if row.kind in OWN:
        again = owe_anew(db, row.id, Anew(f"kept:{row.id}", now), now)
        _hold(db, again)
        ask_to_call(db, find_row(db, again), now)


def pass_on(db: Connection, row: Any, now: datetime) -> bool:  # noqa: ANN401
    """Owe a message to another talk of the same person; False if she has none."""
    other = (
        select(Talk.id)
        .where(
            Talk.resident_id == row.resident_id,
            Talk.id != row.talk_id,
            Talk.stopped_at.is_(None),
            Talk.closed_at.is_(None),
            Talk.forgotten_at.is_(None),
        )
        .order_by(Talk.last_inbound_at.desc())
        .limit(1)
    )
    talk_id = db.scalar(other)
    if talk_id is None:
        return False
    owe_anew(db, row.id, Anew(f"other:{row.id}", now, talk_id), now)
    return True


def ask_to_call(db: Connection, row: Any, now: datetime) -> None:  # noqa: ANN401
    """Ask staff to call her, if what she must hear did not reach her."""
    if row.kind not in MUST_HEAR:
        return
    number = int((row.slots or {}).get("plan", 0))
    plan_id = db.scalar(select(PlanRow.id).where(PlanRow.number == number))
    task = {
        "kind": TaskKind.UNREACHED,
        "talk_id": row.talk_id,
        "plan_id": plan_id,
        "outbound_id": row.id,
        "due_at": now + timedelta(days=CALL_DAYS),
        "created_at": now,
    }
    open_task(db, task)


def reached_after_all(db: Connection, rows: Sequence[int], now: datetime) -> None:
    """Finish the tasks about messages that went out after all."""
    finish_tasks(db, SYSTEM, now, Task.outbound_id.in_(rows))
