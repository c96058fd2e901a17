"""Whether a message reached her: by what the provider, her page or a person told us."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, exists, or_, select

from bot.domain.effects import TaskKind
from bot.domain.messages import Delivery
from bot.services.awaiting import HELD
from bot.services.unreached import SYSTEM
from bot.store.civic import Task
from bot.store.drafts import CallMade
from bot.store.outreach import CANCELLED, PAUSED
from bot.store.talks import OutboundMessage, Talk

UNSEEN = timedelta(days=2)
"""After so long without a sign that it was shown, somebody calls."""

_TELLS_ARRIVAL = frozenset({"whatsapp", "web"})
"""Channels that tell us when a message is on her phone; elsewhere sent is there."""

AT_ONCE = 500


class Reach(StrEnum):
    """How far a message is with the person it is for."""

    REACHED = "reached"
    CALLED = "called"
    CALL = "call"
    ON_ITS_WAY = "on_its_way"
    TIER = "tier"
    NIGHT = "night"
    TEMPLATE = "template"
    PAUSED = "paused"
    GONE = "gone"


WAITS = (Reach.ON_ITS_WAY, Reach.TIER, Reach.NIGHT, Reach.TEMPLATE, Reach.PAUSED)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one message is. `why` is a machine word where somebody has to call.

    `until` is when it is to go out, where it waits for its turn.
    """

    row: int
    talk: int
    reach: Reach
    why: str
    until: datetime | None
    channel: str
    phone: str | None
    language: str | None


_COLUMNS = (
    OutboundMessage.id,
    OutboundMessage.talk_id,
    OutboundMessage.dedupe_key,
    OutboundMessage.channel,
    OutboundMessage.delivery,
    OutboundMessage.held,
    OutboundMessage.reason,
    OutboundMessage.due_at,
    OutboundMessage.sent_at,
    OutboundMessage.again_id,
    OutboundMessage.template,
    Talk.phone,
    Talk.language,
    Talk.window_until,
    Talk.forgotten_at,
)
_CALLED = or_(
    exists().where(CallMade.outbound_id == OutboundMessage.id),
    exists().where(
        Task.outbound_id == OutboundMessage.id,
        Task.kind == TaskKind.UNREACHED,
        Task.done_at.is_not(None),
        Task.done_by != SYSTEM,
    ),
)
ROWS: Any = select(*_COLUMNS, _CALLED.label("called")).join(
    Talk, Talk.id == OutboundMessage.talk_id
)
"""Messages with what `standing_of` looks at."""


def standings(
    db: Connection, keys: Iterable[str], now: datetime
) -> dict[str, Standing]:
    """Return how far the messages with these keys are; a key without one is left out.

    What was owed anew counts as it stands now.
    """
    found: dict[str, Standing] = {}
    wanted = sorted(keys)
    for at in range(0, len(wanted), AT_ONCE):
        mine = ROWS.where(OutboundMessage.dedupe_key.in_(wanted[at : at + AT_ONCE]))
        firsts = {row.dedupe_key: row for row in db.execute(mine)}
        found |= {
            key: standing_of(row, now) for key, row in _as_now(db, firsts).items()
        }
    return found


def _as_now(db: Connection, rows: dict[str, Row[Any]]) -> dict[str, Row[Any]]:
    """Follow each message to the one that was owed instead of it, to the last."""
    newest = dict(rows)
    while going := {row.again_id: key for key, row in newest.items() if row.again_id}:
        again = ROWS.where(OutboundMessage.id.in_(sorted(going)))
        newest |= {going[row.id]: row for row in db.execute(again)}
    return newest


def standing_of(row: Row[Any], now: datetime) -> Standing:
    """Return how far a message is."""
    reach, why = _reach(row, now)
    waits = reach in {Reach.TIER, Reach.NIGHT}
    return Standing(
        row=row.id,
        talk=row.talk_id,
        reach=reach,
        why=why,
        until=row.due_at if waits else None,
        channel=row.channel,
        phone=row.phone,
        language=row.language,
    )


def _reach(row: Row[Any], now: datetime) -> tuple[Reach, str]:
    if row.forgotten_at is not None:
        return Reach.GONE, ""
    if row.called:
        return Reach.CALLED, ""
    match row.delivery:
        case Delivery.DELIVERED | Delivery.READ:
            return Reach.REACHED, ""
        case Delivery.SENT:
            return _sent(row, now)
        case Delivery.QUEUED:
            return _queued(row, now)
        case Delivery.DROPPED if row.reason == CANCELLED:
            return Reach.GONE, CANCELLED
        case _:
            return Reach.CALL, row.reason or row.delivery


def _sent(row: Row[Any], now: datetime) -> tuple[Reach, str]:
    if row.channel not in _TELLS_ARRIVAL:
        return Reach.REACHED, ""
    if row.sent_at is not None and row.sent_at < now - UNSEEN:
        return Reach.CALL, "unseen"
    return Reach.ON_ITS_WAY, ""


def _queued(row: Row[Any], now: datetime) -> tuple[Reach, str]:
    if row.held == HELD:
        return Reach.TEMPLATE, ""
    if row.held == PAUSED:
        return Reach.PAUSED, ""
    if row.held is not None:
        return Reach.CALL, row.held
    if row.due_at <= now:
        return Reach.ON_ITS_WAY, ""
    shut = row.window_until is not None and row.window_until <= now
    return (Reach.TIER if shut else Reach.NIGHT), ""
