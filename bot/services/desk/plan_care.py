"""How a chosen plan is looked after, as officials see it: one plan, or what waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from bot.domain.cadences import REPORT_AHEAD
from bot.domain.care import Step
from bot.domain.effects import TaskKind
from bot.domain.plans import Status
from bot.services.caring import step_value
from bot.services.plan_lines import DID
from bot.store.care import CareRow, ContactRow, PlanLine
from bot.store.civic import CheckIn, CheckInAnswer, PlanRow, Task
from bot.store.talks import Media, Talk

MOST_SHOWN = 50
MOST_HISTORY = 30


@dataclass(frozen=True, slots=True)
class Cared:
    """A chosen plan in a list. `waits_since` is since when somebody waits for us.

    `is_late`: the municipality has been silent for longer than it may be.
    `needs_words`: nothing was written down since the author was last asked.
    """

    id: int
    number: int
    title: Mapping[str, str]
    text: str
    status: Status
    cadence: str
    contact: str
    contact_id: int | None
    phone: str
    language: str | None
    next_at: datetime | None
    asked_at: datetime | None
    answered_at: datetime | None
    reported_at: datetime | None
    stuck_at: datetime | None
    silences: int
    first_talk: str | None
    is_late: bool
    needs_words: bool
    has_author: bool

    @property
    def is_silent(self) -> bool:
        """Whether the author was asked and has not answered."""
        return self.silences > 0

    def state(self, now: datetime) -> str:
        """Return the colour of the municipality's own clock."""
        if self.is_late:
            return "red"
        soon = self.next_at is not None and self.next_at <= now + REPORT_AHEAD
        return "amber" if soon and self.needs_words else "green"


_DID = (
    select(PlanLine.id)
    .where(
        PlanLine.plan_id == CareRow.plan_id,
        PlanLine.kind == DID,
        PlanLine.told_at.is_(None),
    )
    .exists()
)
_FOUND: Any = (
    select(
        *CareRow.__table__.c,
        PlanRow.id,
        PlanRow.number,
        PlanRow.title,
        PlanRow.text,
        PlanRow.status,
        PlanRow.resident_id,
        PlanRow.contact,
        Talk.language,
        _DID.label("did"),
    )
    .join(PlanRow, PlanRow.id == CareRow.plan_id)
    .outerjoin(Talk, Talk.id == PlanRow.talk_id)
)


def cared(row: Row[Any], now: datetime) -> Cared:
    """Return a row as lists show it."""
    contact = row.contact or {}
    late = row.next_at is not None and row.next_at <= now and not row.did
    return Cared(
        id=row.id,
        number=row.number,
        title=row.title or {},
        text=row.text,
        status=Status(row.status),
        cadence=row.cadence,
        contact=contact.get("name", ""),
        contact_id=row.contact_id,
        phone=contact.get("phone", ""),
        language=row.language,
        next_at=row.next_at,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        reported_at=row.reported_at,
        stuck_at=row.stuck_at,
        silences=row.silences,
        first_talk=row.first_talk,
        is_late=late,
        needs_words=not row.did,
        has_author=row.resident_id is not None,
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits for officials about chosen plans; at most fifty of each, oldest first.

    `late`: the municipality is silent for too long. `stuck`: an author needs help.
    `to_report`: say what was done, before the author is asked. `silent`: authors who
    do not answer. `coming`: the next questions. `counts` is how many there are of each.
    """

    stuck: Sequence[Cared]
    late: Sequence[Cared]
    to_report: Sequence[Cared]
    silent: Sequence[Cared]
    coming: Sequence[Cared]
    counts: Mapping[str, int]


def overview(db: Connection, now: datetime) -> Overview:
    """Return what waits about chosen plans."""
    due, soon = CareRow.next_at <= now, CareRow.next_at <= now + REPORT_AHEAD
    which: dict[str, tuple[ColumnElement[bool], Any]] = {
        "stuck": (CareRow.stuck_at.is_not(None), CareRow.stuck_at),
        "late": (due & ~_DID, CareRow.next_at),
        "to_report": (soon & ~due & ~_DID, CareRow.next_at),
        "silent": (CareRow.silences > 0, CareRow.asked_at),
        "coming": (CareRow.next_at > now, CareRow.next_at),
    }
    lists = {
        name: [
            cared(row, now)
            for row in db.execute(_FOUND.where(rows).order_by(order).limit(MOST_SHOWN))
        ]
        for name, (rows, order) in which.items()
    }
    counts = {
        name: db.scalar(select(func.count()).select_from(CareRow).where(rows)) or 0
        for name, (rows, _) in which.items()
    }
    return Overview(**lists, counts=counts)


@dataclass(frozen=True, slots=True)
class Asked:
    """A task of an author who is stuck: her words, or a recording."""

    task: int
    words: str
    media: int | None
    seconds: float | None
    attempt: str | None
    since: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the plan's history at the desk."""

    id: int
    kind: str
    texts: Mapping[str, str]
    sound: int | None
    by: str
    at: datetime
    told_at: datetime | None
    public_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What an author answered to a question how it goes."""

    id: int
    answer: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CareFile:
    """All about one chosen plan: `plan` as in lists, what she asks, what happened.

    `waits_for_her`: we have answered, and she has not said yet that it goes on.
    """

    plan: Cared
    steps: Sequence[Step]
    photo: int | None
    stuck: Sequence[Asked]
    lines: Sequence[Told]
    answers: Sequence[Answered]

    @property
    def waits_for_her(self) -> bool:
        """Whether an answer of ours is with the author."""
        return self.plan.stuck_at is not None and not self.stuck


def care_file(db: Connection, number: int, now: datetime) -> CareFile:
    """Return one chosen plan. Raises LookupError for any other number."""
    row = db.execute(_FOUND.where(PlanRow.number == number)).one_or_none()
    if row is None:
        raise LookupError(number)
    photo = select(ContactRow.photo_id).where(ContactRow.id == row.contact_id)
    return CareFile(
        plan=cared(row, now),
        steps=[step_value(each) for each in row.steps or []],
        photo=db.scalar(photo),
        stuck=_stuck(db, row.id),
        lines=_lines(db, row.id),
        answers=_answers(db, row.id),
    )


def _stuck(db: Connection, plan_id: int) -> list[Asked]:
    found = (
        select(Task, Media.key, Media.seconds, Media.transcript)
        .with_only_columns(
            Task.id,
            Task.note,
            Task.media_id,
            Task.created_at,
            Task.due_at,
            Media.key,
            Media.seconds,
            Media.transcript,
        )
        .outerjoin(Media, Media.id == Task.media_id)
        .where(
            Task.plan_id == plan_id,
            Task.kind == TaskKind.STUCK,
            Task.done_at.is_(None),
        )
        .order_by(Task.id)
        .limit(MOST_SHOWN)
    )
    return [
        Asked(
            task=row.id,
            words=row.note,
            media=row.media_id if row.key else None,
            seconds=row.seconds,
            attempt=row.transcript,
            since=row.created_at,
            due=row.due_at,
        )
        for row in db.execute(found)
    ]


def _lines(db: Connection, plan_id: int) -> list[Told]:
    found = (
        select(*PlanLine.__table__.c)
        .where(PlanLine.plan_id == plan_id)
        .order_by(PlanLine.id.desc())
        .limit(MOST_HISTORY)
    )
    return [
        Told(
            id=row.id,
            kind=row.kind,
            texts=row.texts,
            sound=row.media_id,
            by=row.by,
            at=row.at,
            told_at=row.told_at,
            public_at=row.public_at,
        )
        for row in db.execute(found)
    ]


def _answers(db: Connection, plan_id: int) -> list[Answered]:
    found = (
        select(
            CheckInAnswer.id, CheckInAnswer.answer, CheckInAnswer.text, CheckInAnswer.at
        )
        .join(CheckIn, CheckIn.id == CheckInAnswer.checkin_id)
        .where(CheckIn.plan_id == plan_id)
        .order_by(CheckInAnswer.id.desc())
        .limit(MOST_HISTORY)
    )
    return [Answered(row.id, row.answer, row.text, row.at) for row in db.execute(found)]


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits for officials, for the page that shows all of it.

    `what` is a machine word, `since` from when, `due` before when, `plan` its number.
    """

    what: str
    plan: int | None
    since: datetime
    due: datetime
    contact_id: int | None = None


STUCK_DAYS = timedelta(days=7)


def waiting(db: Connection, now: datetime) -> list[Waits]:
    """Return chosen plans that are stuck, silent, or of which nothing was said."""
    soon = (CareRow.next_at <= now + REPORT_AHEAD) & ~_DID
    which = or_(CareRow.stuck_at.is_not(None), soon, CareRow.silences > 0)
    rows = db.execute(_FOUND.where(which).order_by(CareRow.plan_id).limit(MOST_SHOWN))
    return [each for row in rows for each in _waits(cared(row, now), now)]


def _waits(plan: Cared, now: datetime) -> list[Waits]:
    found = []
    if plan.stuck_at:
        due = plan.stuck_at + STUCK_DAYS
        found.append(Waits("stuck", plan.number, plan.stuck_at, due, plan.contact_id))
    if plan.next_at and plan.needs_words and plan.next_at <= now + REPORT_AHEAD:
        what = "late" if plan.is_late else "to_report"
        since = plan.reported_at or now
        found.append(Waits(what, plan.number, since, plan.next_at, plan.contact_id))
    if plan.is_silent and plan.asked_at:
        due = plan.asked_at + 3 * STUCK_DAYS
        found.append(Waits("silent", plan.number, plan.asked_at, due, plan.contact_id))
    return found
