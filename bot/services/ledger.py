"""The delivery ledger as officials read it: who was not reached, and why."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from bot.domain.messages import Delivery
from bot.services.outbox import PUSH
from bot.store.outreach import CANCELLED, PAUSED
from bot.store.talks import OutboundMessage, Talk

AT_ONCE = 100
LOOKED_AT = 200_000
"""How many of the newest messages are looked through."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A message that we began and that did not reach somebody.

    `kind` is what it was about, `plan` the number of her plan where it was about one.
    `waits` tells that it is kept for her; `reason` is a machine word.
    """

    kind: str
    plan: int | None
    channel: str
    phone: str | None
    reason: str
    waits: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """The newest of them, and how many there are by reason."""

    missed: tuple[Missed, ...]
    reasons: Counter[str]


def open_ledger(db: Connection) -> Ledger:
    """Return who was not reached lately and why, newest first, at most a hundred.

    What was owed anew is left out: it counts as it ends; so is what officials have
    paused or cancelled themselves.
    """
    newest = db.scalar(select(func.max(OutboundMessage.id))) or 0
    missed = _is_missed(newest)
    why = func.coalesce(OutboundMessage.held, OutboundMessage.reason)
    counted = (
        select(why.label("reason"), func.count().label("messages"))
        .where(missed)
        .group_by(why)
    )
    reasons = Counter({row.reason or "": row.messages for row in db.execute(counted)})
    return Ledger(tuple(_as_missed(row) for row in _rows(db, missed)), reasons)


def _is_missed(newest: int) -> ColumnElement[bool]:
    message = OutboundMessage
    failed = message.delivery == Delivery.FAILED.value
    dropped = and_(
        message.delivery == Delivery.DROPPED.value, message.reason != CANCELLED
    )
    kept = and_(
        message.delivery == Delivery.QUEUED.value,
        message.held.is_not(None),
        message.held != PAUSED,
    )
    return and_(
        message.id > newest - LOOKED_AT,
        message.priority == PUSH,
        message.again_id.is_(None),
        or_(failed, dropped, kept),
    )


def _rows(db: Connection, missed: ColumnElement[bool]) -> list[Row[Any]]:
    message = OutboundMessage
    found: Any = (
        select(
            message.kind,
            message.slots,
            message.about,
            message.channel,
            message.reason,
            message.held,
            message.created_at,
            Talk.phone,
        )
        .join(Talk, Talk.id == message.talk_id)
        .where(missed)
        .order_by(message.id.desc())
        .limit(AT_ONCE)
    )
    return list(db.execute(found))


def _as_missed(row: Row[Any]) -> Missed:
    number = str((row.slots or {}).get("plan") or (row.about or {}).get("plan") or "")
    return Missed(
        kind=row.kind or "message",
        plan=int(number) if number.isdecimal() else None,
        channel=row.channel,
        phone=row.phone,
        reason=row.held or row.reason or "",
        waits=row.held is not None,
        at=row.created_at,
    )
