"""Whom a broadcast did not reach, and why: a list to call, and its ticks."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, or_, select

from bot.domain.messages import Delivery
from bot.services.desk.audit import note
from bot.services.desk.reaching import ROWS, Reach, standing_of
from bot.services.desk.refusals import TurnedDownError
from bot.services.house import House, Scene
from bot.store.dialect import insert_once
from bot.store.drafts import CallMade
from bot.store.outreach import CANCELLED, PAUSED
from bot.store.talks import OutboundMessage

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody a broadcast did not reach: the message's row, and why not."""

    row: int
    channel: str
    phone: str | None
    language: str | None
    why: str
    is_called: bool


def unreached_of(scene: Scene, broadcast_id: int) -> list[Unreached]:
    """Return the first two hundred people a broadcast did not reach.

    Who said stop wants no call either, and is left out.
    """
    message = OutboundMessage
    missed = ROWS.where(
        message.broadcast_id == broadcast_id,
        message.again_id.is_(None),
        or_(
            message.delivery.in_((Delivery.FAILED.value, Delivery.DROPPED.value)),
            message.held.is_not(None),
        ),
        or_(message.held.is_(None), message.held != PAUSED),
        or_(
            message.reason.is_(None),
            message.reason.not_in((CANCELLED, "stopped", "opted_out", "forgotten")),
        ),
    )
    rows = scene.db.execute(missed.order_by(message.id).limit(AT_ONCE))
    found = [standing_of(row, scene.now) for row in rows]
    return [
        Unreached(
            each.row,
            each.channel,
            each.phone,
            each.language,
            each.why,
            is_called=each.reach is Reach.CALLED,
        )
        for each in found
        if each.reach in {Reach.CALL, Reach.CALLED}
    ]


def tick_call(
    house: House, broadcast_id: int, row: int, who: str, *, called: bool
) -> None:
    """Note that somebody called about a message; or take that back. Commits.

    Raises TurnedDownError for a message that is not of this broadcast.
    """
    now = house.clock()

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        if not db.scalar(select(_is_of(broadcast_id, row))):
            raise TurnedDownError("draft_gone")
        if called:
            made = {"outbound_id": row, "at": now, "by": who}
            db.execute(insert_once(db, CallMade).values(made))
        else:
            db.execute(delete(CallMade).where(CallMade.outbound_id == row))
        act = "broadcast.called" if called else "broadcast.uncalled"
        note(scene, who, act, f"broadcast:{broadcast_id}", message=row)

    house.db.run(job)


def _is_of(broadcast_id: int, row: int) -> Any:  # noqa: ANN401 - a condition
    return exists().where(
        OutboundMessage.id == row, OutboundMessage.broadcast_id == broadcast_id
    )
