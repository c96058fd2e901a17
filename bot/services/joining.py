"""Two people who turn out to be one: all that was the one's is the other's."""

from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import aliased

from bot.store.civic import CheckInAnswer, Follow, Mark, PlanRow, Support
from bot.store.talks import Resident, Talk

_MOVED: tuple[Any, ...] = (Talk, PlanRow, CheckInAnswer)
_ONCE: tuple[tuple[Any, str], ...] = (
    (Support, "plan_id"),
    (Follow, "plan_id"),
    (Mark, "round_id"),
)


def join(db: Connection, gone: int, stays: int) -> None:
    """Give everything of the resident `gone` to the resident `stays`.

    A support that both gave counts once, and one for a plan that is her own now does
    not count. Of two marks in a round one stays; their ballots stay as they were cast,
    each to be changed where it came from. Tasks and messages stay with their talk.
    """
    _hold(db, gone, stays)
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
    db.execute(delete(Resident).where(Resident.id == gone))


def _hold(db: Connection, gone: int, stays: int) -> None:
    """Let other turns of hers end first, and wait for us; SQLite has one writer."""
    talks = select(Talk.id).where(Talk.resident_id.in_((gone, stays)))
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
    """Keep what she answered to "may we write": a no, said in either app, holds."""
    columns = select(Resident.may_write, Resident.pushed_at)
    rows = db.execute(columns.where(Resident.id.in_((gone, stays)))).all()
    may = [row.may_write for row in rows if row.may_write is not None]
    pushed = [row.pushed_at for row in rows if row.pushed_at is not None]
    person = update(Resident).where(Resident.id == stays)
    values = {"may_write": all(may) if may else None}
    db.execute(person.values(values | {"pushed_at": max(pushed, default=None)}))
