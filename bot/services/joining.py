"""Two people who turn out to be one: all that was the one's is the other's."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update
from sqlalchemy.orm import aliased

from bot.domain.messages import Delivery
from bot.services.corrections import allow_recording
from bot.services.outbox import LEASE, PUSH
from bot.store.civic import CheckInAnswer, Follow, Mark, PlanRow, Support
from bot.store.leases import free_at, is_free_at
from bot.store.outreach import Broadcast
from bot.store.talks import OutboundMessage, Resident, Talk

_MOVED: tuple[Any, ...] = (Talk, PlanRow, CheckInAnswer)
_ONCE: tuple[tuple[Any, str], ...] = (
    (Support, "plan_id"),
    (Follow, "plan_id"),
    (Mark, "round_id"),
)
NOT_TOLD = frozenset({Delivery.FAILED, Delivery.DROPPED})
TOLD_ELSEWHERE = "told_elsewhere"
REMINDER = "reminder:"


def join(db: Connection, gone: int, stays: int, now: datetime) -> None:
    """Give everything of the resident `gone` to the resident `stays`.

    A support that both gave counts once, and one for a plan that is her own now does
    not count. Of two marks in a round one stays; their ballots stay as they were cast,
    each to be changed where it came from. Tasks and messages stay with their talk; what
    was owed to both is owed once. Of `gone` an empty row stays.
    """
    hold(db, gone, stays)
    for table in _MOVED:
        _move(db, table, gone, stays)
    _count_off(db, _twice(Support, "plan_id", gone, stays))
    for table, key in _ONCE:
        db.execute(delete(table).where(_twice(table, key, gone, stays)))
        _move(db, table, gone, stays)
    _count_off(db, _own(Support, stays))
    for table in (Support, Follow):
        db.execute(delete(table).where(_own(table, stays)))
    _join_answers(db, gone, stays)
    _tell_once(db, gone, stays, now)
    _empty(db, gone)


def hold(db: Connection, *residents: int) -> None:
    """Let other turns of hers end first, and wait for us; SQLite has one writer."""
    talks = select(Talk.id).where(Talk.resident_id.in_(residents))
    db.execute(talks.order_by(Talk.id).with_for_update())


def _move(db: Connection, table: Any, gone: int, stays: int) -> None:  # noqa: ANN401
    rows = update(table).where(table.resident_id == gone)
    db.execute(rows.values(resident_id=stays))


def _twice(table: Any, key: str, gone: int, stays: int) -> Any:  # noqa: ANN401
    """Return which rows of `gone` there are for `stays` as well."""
    other = aliased(table)
    theirs = select(getattr(other, key)).where(other.resident_id == stays)
    return (table.resident_id == gone) & getattr(table, key).in_(theirs)


def _own(table: Any, stays: int) -> Any:  # noqa: ANN401
    """Return which rows tie her to a plan that is her own."""
    hers = select(PlanRow.id).where(PlanRow.resident_id == stays)
    return (table.resident_id == stays) & table.plan_id.in_(hers)


def _count_off(db: Connection, supports: Any) -> None:  # noqa: ANN401
    """Take these supports off the counts of their plans."""
    plans = select(Support.plan_id).where(supports)
    fewer = update(PlanRow).where(PlanRow.id.in_(plans))
    db.execute(fewer.values(supports=PlanRow.supports - 1))


def _join_answers(db: Connection, gone: int, stays: int) -> None:
    """Keep what she answered to what we asked: a no, said in either app, holds."""
    columns = select(Resident.may_write, Resident.may_record, Resident.pushed_at)
    rows = db.execute(columns.where(Resident.id.in_((gone, stays)))).all()
    may = [row.may_write for row in rows if row.may_write is not None]
    record = [row.may_record for row in rows if row.may_record is not None]
    pushed = [row.pushed_at for row in rows if row.pushed_at is not None]
    person = update(Resident).where(Resident.id == stays)
    values = {"may_write": all(may) if may else None}
    db.execute(person.values(values | {"pushed_at": max(pushed, default=None)}))
    if record:
        allow_recording(db, stays, allowed=all(record))


def _empty(db: Connection, gone: int) -> None:
    """Leave nothing but a number that is never given again.

    SQLite would give the number of a newest row that was deleted to the next newcomer:
    she would be taken for someone who was asked, or told, already.
    """
    nothing = {each.key: None for each in Resident.__table__.columns if each.nullable}
    db.execute(update(Resident).where(Resident.id == gone).values(nothing))


def _tell_once(db: Connection, gone: int, stays: int, now: datetime) -> None:
    """Owe her once what was owed to both; what is on its way to one stays.

    The keys of broadcasts and reminders end with whom they are for; others may end with
    the number of a plan or of a row, and are left alone. What was owed to `gone` alone
    is signed over: else a broadcast that has not come to `stays` would tell her again.
    """
    owed = _pushes(db, stays)
    for key, theirs in owed.items():
        news, _, whose = key.rpartition(":")
        to_many = news == theirs.broadcast or news.startswith(REMINDER)
        if whose != str(gone) or not to_many:
            continue
        hers = owed.get(f"{news}:{stays}")
        if hers is None:
            row = update(OutboundMessage).where(OutboundMessage.id == theirs.id)
            db.execute(row.values(dedupe_key=f"{news}:{stays}"))
        elif hers.delivery not in NOT_TOLD and not _drop(db, theirs.id, now):
            _drop(db, hers.id, now)


def _pushes(db: Connection, resident: int) -> dict[str, Row[Any]]:
    """Return what we began to tell her, in all her apps, by the key of each."""
    row = OutboundMessage
    columns: Any = select(
        row.id, row.dedupe_key, row.delivery, Broadcast.key.label("broadcast")
    )
    hers = (
        columns.join(Talk, Talk.id == row.talk_id)
        .outerjoin(Broadcast, Broadcast.id == row.broadcast_id)
        .where(Talk.resident_id == resident, row.priority == PUSH)
    )
    return {each.dedupe_key: each for each in db.execute(hers)}


def _drop(db: Connection, row_id: int, now: datetime) -> bool:
    return drop_waiting(db, (OutboundMessage.id == row_id,), TOLD_ELSEWHERE, now) > 0


def drop_waiting(
    db: Connection, which: tuple[ColumnElement[bool], ...], reason: str, now: datetime
) -> int:
    """Drop what is still queued and in nobody's hand; return how many that were."""
    waits = update(OutboundMessage).where(
        *which,
        OutboundMessage.delivery == Delivery.QUEUED,
        is_free_at(OutboundMessage.leased_until),
    )
    gone = {"delivery": Delivery.DROPPED.value, "reason": reason, "held": None}
    return db.execute(waits.values(gone | {"text": ""}), free_at(now, LEASE)).rowcount
