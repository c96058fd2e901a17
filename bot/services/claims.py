"""What is due is claimed: leased to one process, in order per talk, replies first."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import aliased

from bot.domain.messages import Delivery
from bot.services.outbox import LEASE, PUSH, REPLY, Owed, outbound, parts_done
from bot.services.questions import open_question
from bot.store.talks import Media, OutboundMessage, Talk

_earlier = aliased(OutboundMessage)


_IS_HEAD = ~exists().where(
    and_(
        _earlier.talk_id == OutboundMessage.talk_id,
        _earlier.delivery == "queued",
        _earlier.priority <= OutboundMessage.priority,
        _earlier.id < OutboundMessage.id,
        # A push for another day does not stand in the way; one to be repeated does.
        or_(_earlier.due_at <= bindparam("now"), _earlier.attempts > 0),
    )
)


_DUE = (
    select(
        OutboundMessage.id,
        OutboundMessage.talk_id,
        OutboundMessage.channel,
        OutboundMessage.text,
        OutboundMessage.choices,
        OutboundMessage.secret,
        OutboundMessage.external_id,
        OutboundMessage.priority,
        OutboundMessage.attempts,
        Media.key.label("sound"),
        Talk.address,
        Talk.language,
        Talk.stopped_at,
        Talk.closed_at,
    )
    .join(Talk, Talk.id == OutboundMessage.talk_id)
    .outerjoin(Media, Media.id == OutboundMessage.sound)
    .where(
        OutboundMessage.delivery == "queued",
        OutboundMessage.due_at <= bindparam("now"),
        or_(
            OutboundMessage.leased_until.is_(None),
            OutboundMessage.leased_until < bindparam("now"),
        ),
        OutboundMessage.channel.in_(bindparam("channels", expanding=True)),
        _IS_HEAD,
    )
    .order_by(OutboundMessage.priority, OutboundMessage.due_at, OutboundMessage.id)
    .limit(bindparam("limit"))
)


_LEASE = (
    update(OutboundMessage)
    .where(OutboundMessage.id == bindparam("row"))
    .values(
        leased_until=bindparam("until"),
        leased_by=bindparam("by"),
        attempts=OutboundMessage.attempts + 1,
    )
)


def claim(
    db: Connection, channels: Iterable[str], me: str, now: datetime, limit: int = 100
) -> list[Owed]:
    """Lease up to `limit` due messages, the first of each talk, replies first.

    A push to somebody who has stopped us or cannot be reached is dropped here, at the
    last moment, with its reason.
    """
    statement = _DUE
    if db.dialect.name != "sqlite":
        statement = _DUE.with_for_update(of=OutboundMessage, skip_locked=True)
    found = {"now": now, "channels": list(channels), "limit": limit}
    rows = db.execute(statement, found).all()
    owed = []
    for row in rows:
        if reason := _undeliverable(row):
            _drop(db, row.id, reason)
            continue
        lease = {"row": row.id, "until": now + LEASE, "by": me}
        db.execute(_LEASE, lease)
        if row.priority == PUSH:
            open_question(db, row.talk_id, row.id)
        out = outbound(
            row.id, row.address, row.language, row.text, row.choices, row.sound
        )
        out = replace(out, done=parts_done(row.external_id))
        attempt, until = row.attempts + 1, now + LEASE
        owed.append(
            Owed(
                row.id,
                row.talk_id,
                row.channel,
                out,
                attempt,
                row.secret,
                until,
                claimed=True,
            )
        )
    return owed


def _undeliverable(row: Any) -> str | None:  # noqa: ANN401 - a row of _DUE
    if row.priority == REPLY:
        return None
    if row.stopped_at is not None:
        return "stopped"
    return "unreachable" if row.closed_at is not None else None


def _drop(db: Connection, row_id: int, reason: str) -> None:
    dropped = {"delivery": Delivery.DROPPED.value, "reason": reason, "text": ""}
    db.execute(
        update(OutboundMessage).where(OutboundMessage.id == row_id).values(dropped)
    )
