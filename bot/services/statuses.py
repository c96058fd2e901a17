"""What providers tell later about a message: only ever a step forward.

A failure that is told later is followed up like one at sending: the row keeps how it
ended, and what may be tried again is owed anew in a row of its own.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    or_,
    select,
    update,
)

from bot.domain.messages import RANK, Delivery, StatusUpdate
from bot.services.accounts import pause
from bot.services.aftermath import NORTH_AMERICA, Aftermath, aftermath
from bot.services.outbox import Anew, owe_anew
from bot.services.unreached import did_not_arrive, find_row
from bot.store.talks import OutboundMessage, Talk

log = logging.getLogger(__name__)
_AGAIN = "again:"


def record_statuses(
    db: Connection, channel: str, statuses: Sequence[StatusUpdate], now: datetime
) -> list[StatusUpdate]:
    """Move messages' delivery forward; return the updates that moved one."""
    return [each for each in statuses if record_status(db, channel, each, now)]


def record_status(
    db: Connection, channel: str, status: StatusUpdate, now: datetime
) -> bool:
    """Move a message's delivery forward; False if it is unknown or no step forward.

    A message whose sending ended unsure has no name of the provider's yet: its first
    status brings our own row number along (`extra["out"]`) and settles it.
    """
    given = {
        "on": channel,
        "external": status.external_id,
        "lower": [each.value for each in RANK if RANK[each] < RANK[status.delivery]],
        "to": status.delivery.value,
        "why": status.extra.get("reason") or status.code,
        "kept": status.external_id[:80],
    }
    row = _row(status)
    if row is None:
        row_id = db.scalar(_MOVE_NAMED, given)
    else:
        row_id = db.scalar(_MOVE, given | {"row": row})
    if row_id is not None and status.delivery is Delivery.FAILED:
        _follow_up(_Case(db, now, channel, row_id), status)
    return row_id is not None


def _row(status: StatusUpdate) -> int | None:
    """Return the number of our row, where the status brings one."""
    row = status.extra.get("out", "")
    is_number = row.isascii() and row.isdigit() and len(row) < 18  # noqa: PLR2004
    return int(row) if is_number else None


def _move(is_about: ColumnElement[bool]) -> Any:  # noqa: ANN401 - an update
    return (
        update(OutboundMessage)
        .where(
            OutboundMessage.channel == bindparam("on"),
            is_about,
            OutboundMessage.delivery.in_(bindparam("lower", expanding=True)),
        )
        .values(
            delivery=bindparam("to"),
            reason=bindparam("why"),
            external_id=bindparam("kept"),
            leased_until=None,
            leased_by=None,
        )
        .returning(OutboundMessage.id)
    )


_NAMED = OutboundMessage.external_id == bindparam("external")
_UNNAMED = and_(
    OutboundMessage.id == bindparam("row"), OutboundMessage.external_id.is_(None)
)
_MOVE_NAMED, _MOVE = _move(_NAMED), _move(or_(_NAMED, _UNNAMED))


_FAILED: Any = select(
    OutboundMessage.id,
    OutboundMessage.dedupe_key,
    OutboundMessage.talk_id,
    OutboundMessage.text,
    OutboundMessage.again_id,
    Talk.address,
).join(Talk, Talk.id == OutboundMessage.talk_id)


@dataclass(frozen=True, slots=True)
class _Case:
    """A message whose failure was told later: where, when, which."""

    db: Connection
    now: datetime
    channel: str
    row: int


def _follow_up(case: _Case, status: StatusUpdate) -> None:
    """Do what the reason of a failure asks for."""
    db, now = case.db, case.now
    reason = status.extra.get("reason")
    follows = aftermath(reason)
    row = db.execute(_FAILED.where(OutboundMessage.id == case.row)).one()
    if follows.ours:
        log.error("message refused row=%s reason=%s", case.row, reason)
    if follows.pause:
        until = now + timedelta(seconds=follows.pause)
        pause(db, case.channel, until, reason or "")
    closes = bool(status.extra.get("closes"))
    _change_talk(case, row.talk_id, follows, closes=closes)
    if row.again_id is not None:
        return
    wait = _wait(row, follows)
    if wait is not None and row.text:
        key = f"{_AGAIN}{row.id}:{_times(row) + 1}"
        owe_anew(db, row.id, Anew(key, now + timedelta(seconds=wait)), now)
    elif follows.elsewhere or closes:
        did_not_arrive(db, find_row(db, row.id), now)


def _change_talk(
    case: _Case, talk_id: int, follows: Aftermath, *, closes: bool
) -> None:
    changes: dict[str, Any] = {}
    if closes and not follows.stops:
        changes["closed_at"] = case.now
    if follows.stops:
        changes["stopped_at"] = case.now
    if follows.shuts:
        changes["window_until"] = case.now
    if changes:
        case.db.execute(update(Talk).where(Talk.id == talk_id).values(changes))


def _wait(row: Row[Any], follows: Aftermath) -> float | None:
    """Return how many seconds to wait before it is owed anew; None for never."""
    times = _times(row)
    if times >= len(follows.waits):
        return None
    if follows.elsewhere and row.address.startswith(NORTH_AMERICA):
        return None
    return follows.waits[times]


def _times(row: Row[Any]) -> int:
    """Return how often this message was owed anew before."""
    key: str = row.dedupe_key
    return int(key.rpartition(":")[2]) if key.startswith(_AGAIN) else 0
