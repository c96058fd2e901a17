"""Who takes over from whom, as the desk does it; and the trail of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.services.desk.audit import note
from bot.services.desk.contact_people import contact_people
from bot.services.desk.plan_care import Waits
from bot.services.handing_over import UNDO, Takeover, hand_over, undo
from bot.services.house import Scene
from bot.store.care import ContactRow, Handover

MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Done:
    """A handover that lately happened. `can_undo` until people are told of it."""

    id: int
    former: str
    plans: int
    new: Sequence[str]
    by: str
    at: datetime
    can_undo: bool
    undone: bool


def take_over(scene: Scene, order: Takeover) -> int:
    """Move plans to other contact persons; return the row. Raises LookupError."""
    made = hand_over(scene, order)
    numbers = len(order.to)
    subject = f"contact:{order.contact or 0}"
    note(scene, order.by, "contact.leave", subject, plans=numbers, handover=made)
    return made


def undo_takeover(scene: Scene, handover_id: int, by: str) -> bool:
    """Give all plans back; False once people were told."""
    undone = undo(scene, handover_id)
    if undone:
        note(scene, by, "contact.undo", f"handover:{handover_id}")
    return undone


def lately(db: Connection, now: datetime) -> list[Done]:
    """Return the newest handovers, newest first."""
    found = select(*Handover.__table__.c).order_by(Handover.id.desc())
    rows = db.execute(found.limit(MOST_SHOWN)).all()
    ids = {each for row in rows for each in _people(row)}
    names: dict[int, str] = {
        row.id: row.name
        for row in db.execute(
            select(ContactRow.id, ContactRow.name).where(ContactRow.id.in_(ids))
        )
    }
    return [_done(row, names, now) for row in rows]


def _people(row: Any) -> set[int]:  # noqa: ANN401 - a row
    return {row.contact_id, *(move[2] for move in row.moves)}


def _done(row: Any, names: dict[int, str], now: datetime) -> Done:  # noqa: ANN401
    news = sorted({names.get(move[2], "") for move in row.moves})
    waits = row.told_at is None and row.undone_at is None
    return Done(
        id=row.id,
        former=names.get(row.contact_id, ""),
        plans=len(row.moves),
        new=news,
        by=row.by,
        at=row.at,
        can_undo=waits and now < row.at + UNDO,
        undone=row.undone_at is not None,
    )


def waiting(db: Connection, now: datetime) -> list[Waits]:
    """Return contact persons who are not there any more and still have plans."""
    red = [each for each in contact_people(db) if each.is_red]
    return [Waits("left", None, now, now, each.id) for each in red]
