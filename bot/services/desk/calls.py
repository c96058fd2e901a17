"""What the officials' own systems asked us to do through the web hook, lately."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.store.civic import HookCall

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Called:
    """A call that was carried out, and how many people it told, now and later."""

    id: str
    kind: str
    at: datetime
    told: int
    held: int
    warnings: int


def lately_called(db: Connection) -> list[Called]:
    """Return the last calls that were accepted, newest first."""
    columns = (HookCall.id, HookCall.kind, HookCall.at, HookCall.answer)
    rows = select(*columns).order_by(HookCall.at.desc(), HookCall.id).limit(SHOWN)
    return [
        Called(
            id=row.id,
            kind=row.kind,
            at=row.at,
            told=row.answer.get("told", 0),
            held=row.answer.get("held", 0),
            warnings=len(row.answer.get("warnings", ())),
        )
        for row in db.execute(rows)
    ]
