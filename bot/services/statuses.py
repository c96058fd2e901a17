"""What providers tell later about a message: only ever a step forward."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, func, or_, update

from bot.domain.messages import RANK, StatusUpdate
from bot.store.talks import OutboundMessage, Talk


def record_statuses(
    db: Connection, channel: str, statuses: Sequence[StatusUpdate]
) -> list[StatusUpdate]:
    """Move messages' delivery forward; return the updates that moved one."""
    return [each for each in statuses if record_status(db, channel, each)]


def record_status(db: Connection, channel: str, status: StatusUpdate) -> bool:
    """Move a message's delivery forward; False if it is unknown or no step forward.

    A message whose sending ended unsure has no name of the provider's yet: its first
    status brings our own row number along (`extra["out"]`) and settles it.
    """
    lower = [name.value for name, rank in RANK.items() if rank < RANK[status.delivery]]
    moved = (
        update(OutboundMessage)
        .where(
            OutboundMessage.channel == channel,
            _is_about(status),
            OutboundMessage.delivery.in_(lower),
        )
        .values(
            delivery=status.delivery.value,
            reason=status.extra.get("reason") or status.code,
            external_id=status.external_id[:80],
        )
        .returning(OutboundMessage.talk_id)
    )
    talk_id = db.scalar(moved)
    if talk_id is not None and status.extra.get("closes"):
        closed = update(Talk).where(Talk.id == talk_id)
        db.execute(closed.values(closed_at=func.coalesce(Talk.closed_at, func.now())))
    return talk_id is not None


def _is_about(status: StatusUpdate) -> ColumnElement[bool]:
    named = OutboundMessage.external_id == status.external_id
    row = status.extra.get("out", "")
    if not (row.isascii() and row.isdigit() and len(row) < 18):  # noqa: PLR2004
        return named
    unnamed = OutboundMessage.external_id.is_(None)
    return or_(named, and_(OutboundMessage.id == int(row), unnamed))
