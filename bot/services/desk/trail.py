"""The audit trail as admins read it: filtered, a page at a time, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.services.desk.audit import note
from bot.services.desk.sheets import Value
from bot.services.house import House, Scene
from bot.services.officials import Person
from bot.store.audit import AuditLine

AT_ONCE = 50
MOST_EXPORTED = 50_000
HEAD = ("id", "at", "by", "act", "subject", "data")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; whatever is empty does not matter.

    `subject` is the whole of it ("plan:130") or its kind ("plan"). `day` is a day, and
    `since` the first one, in local time of `zone`.
    """

    zone: str
    by: str = ""
    act: str = ""
    subject: str = ""
    day: date | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One act. `data` holds machine words and numbers."""

    id: int
    at: datetime
    by: str
    act: str
    subject: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first; `older` is what the next page begins below, if any."""

    lines: Sequence[Line]
    older: int | None


_COLUMNS = (
    AuditLine.id,
    AuditLine.at,
    AuditLine.by,
    AuditLine.act,
    AuditLine.subject,
    AuditLine.data,
)


def trail(db: Connection, wanted: Wanted, before: int | None = None) -> Page:
    """Return a page of the trail, below the line `before` if there is one."""
    found = _found(wanted)
    if before is not None:
        found = found.where(AuditLine.id < before)
    lines = [Line(*row) for row in db.execute(found.limit(AT_ONCE + 1))]
    more = len(lines) > AT_ONCE
    shown = lines[:AT_ONCE]
    return Page(shown, shown[-1].id if more else None)


def rows(db: Connection, wanted: Wanted) -> Iterator[Sequence[Value]]:
    """Yield the trail as rows of a sheet under `HEAD`, newest first, 50,000 at most."""
    for row in db.execute(_found(wanted).limit(MOST_EXPORTED)):
        told = "; ".join(f"{name}={value}" for name, value in row.data.items())
        yield row.id, row.at, row.by, row.act, row.subject, told


def take_away(house: House, wanted: Wanted, by: Person) -> list[Sequence[Value]]:
    """Return the rows for an official who takes them away, and keep that. Commits."""
    now = house.clock()
    asked = {"by": wanted.by, "act": wanted.act, "subject": wanted.subject}
    told = {f"only_{name}": value for name, value in asked.items() if value}
    if wanted.day is not None:
        told["only_day"] = wanted.day.isoformat()

    def keep(scene: Scene) -> None:
        note(scene, by.email, "audit.export", "audit", **told)

    found = house.db.read(lambda db: list(rows(db, wanted)))
    house.db.run(lambda db: keep(Scene(house, db, now)))
    return found


def _found(wanted: Wanted) -> Any:  # noqa: ANN401 - a select
    zone = ZoneInfo(wanted.zone)
    found = select(*_COLUMNS).order_by(AuditLine.id.desc())
    if wanted.by:
        found = found.where(AuditLine.by == wanted.by)
    if wanted.act:
        found = found.where(AuditLine.act == wanted.act)
    if wanted.subject:
        found = found.where(_about(wanted.subject))
    first = wanted.day or wanted.since
    if first is not None:
        found = found.where(AuditLine.at >= _midnight(first, zone))
    if wanted.day is not None:
        after = _midnight(wanted.day + timedelta(days=1), zone)
        found = found.where(AuditLine.at < after)
    return found


def _about(subject: str) -> Any:  # noqa: ANN401 - a condition
    """Match one subject, or all of its kind: from "plan:" up to "plan;"."""
    if ":" in subject:
        return AuditLine.subject == subject
    of_kind = (AuditLine.subject >= f"{subject}:") & (AuditLine.subject < f"{subject};")
    return (AuditLine.subject == subject) | of_kind


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
