"""What waits for officials, oldest first, and who has seen to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from bot.domain.effects import TaskKind
from bot.flows.saved import load_talk
from bot.services.house import House
from bot.services.listening import EARS
from bot.services.officials import Person
from bot.store.civic import PlanRow, Task
from bot.store.talks import Media, OutboundMessage, Talk

AT_ONCE = 100
SENT_BACK_DAYS = 14


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do. `words` are the resident's own, `attempt` what a machine heard.

    `media` is a recording that can be played here, None where there is none (any more).
    `due` is the day by which she was promised an answer. `reason` is why a message of
    ours did not reach her, a machine word, where it is about one.
    """

    task: int
    kind: str
    plan: int | None
    language: str | None
    channel: str
    phone: str | None
    words: str
    media: int | None
    seconds: float | None
    attempt: str | None
    since: datetime
    due: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Inbox:
    """All that waits: notes for ears, notes that wait for her yes, and the rest.

    At most a hundred of each; the counts are of all.
    """

    notes: Sequence[Waiting]
    note_count: int
    hers: Sequence[Waiting]
    others: Sequence[Waiting]
    other_count: int


def open_inbox(db: Connection, now: datetime) -> Inbox:
    """Return what waits for officials and, of what went back, what waits for her."""
    for_ears, rest = Task.kind.in_(EARS), Task.kind.not_in(EARS)
    still_open = Task.done_at.is_(None)
    return Inbox(
        notes=_waiting(db, for_ears, still_open, Task.media_id.is_not(None)),
        note_count=_count(db, for_ears, still_open, Task.media_id.is_not(None)),
        hers=_waiting_for_her(db, now),
        others=_waiting(db, rest, still_open),
        other_count=_count(db, rest, still_open),
    )


def open_doubts(db: Connection) -> list[Waiting]:
    """Return the talks with messages of which nobody knows whether they arrived."""
    return _waiting(db, Task.kind == TaskKind.UNSURE, Task.done_at.is_(None))


_COLUMNS = (
    Task.id,
    Task.kind,
    PlanRow.number,
    Talk.language,
    Talk.channel,
    Talk.phone,
    Task.note,
    Media.id.label("media"),
    Media.key,
    Media.seconds,
    Media.transcript,
    Task.created_at,
    Task.due_at,
    Talk.state,
    OutboundMessage.reason,
)


def _rows(db: Connection, *conditions: Any) -> list[Row[Any]]:  # noqa: ANN401
    """Return tasks of people we still know: who was forgotten has none."""
    found = (
        select(*_COLUMNS)
        .join(Talk, Talk.id == Task.talk_id)
        .outerjoin(Media, Media.id == Task.media_id)
        .outerjoin(PlanRow, PlanRow.id == Task.plan_id)
        .outerjoin(OutboundMessage, OutboundMessage.id == Task.outbound_id)
        .where(*conditions)
        .order_by(Task.created_at, Task.id)
        .limit(AT_ONCE)
    )
    return list(db.execute(found))


def _count(db: Connection, *conditions: Any) -> int:  # noqa: ANN401 - SQL conditions
    known = select(func.count()).select_from(Task).where(Task.talk_id.is_not(None))
    return db.scalar(known.where(*conditions)) or 0


def _waiting(db: Connection, *conditions: Any) -> list[Waiting]:  # noqa: ANN401
    return [_as_waiting(row) for row in _rows(db, *conditions)]


def _as_waiting(row: Row[Any]) -> Waiting:
    return Waiting(
        task=row.id,
        kind=row.kind,
        plan=row.number,
        language=row.language,
        channel=row.channel,
        phone=row.phone,
        words=row.note,
        media=row.media if row.key else None,
        seconds=row.seconds,
        attempt=row.transcript,
        since=row.created_at,
        due=row.due_at,
        reason=row.reason,
    )


def _waiting_for_her(db: Connection, now: datetime) -> list[Waiting]:
    """Return notes that went back and whose words are still in her unsent draft."""
    lately = now - timedelta(days=SENT_BACK_DAYS)
    back = _rows(
        db,
        Task.kind.in_(EARS),
        Task.done_at >= lately,
        Task.plan_id.is_(None),
        Task.media_id.is_not(None),
    )
    return [_as_waiting(row) for row in back if _in_draft(row)]


def _in_draft(row: Row[Any]) -> bool:
    talk = load_talk(row.state)
    drafts = [each for each in (talk.draft, talk.revision) if each]
    return any(row.media in each.notes and not each.unheard for each in drafts)


def finish_task(house: House, task_id: int, official: Person) -> bool:
    """Mark a task as done by this official. Commits; False if it was done before."""
    done = update(Task).where(Task.id == task_id, Task.done_at.is_(None))
    marked = done.values(done_at=house.clock(), done_by=official.email)
    return house.db.run(lambda db: db.execute(marked).rowcount > 0)


def recording(house: House, media_id: int) -> tuple[bytes, str] | None:
    """Return bytes and type of a recording that somebody has to listen to.

    None for any other: officials hear what waits for them, and nothing else. Raises
    MediaUnavailableError if the store does not answer.
    """
    wanted = select(Task.id).where(
        Task.media_id == Media.id, Task.done_at.is_(None), Task.talk_id.is_not(None)
    )
    found = select(Media.key, Media.mime).where(
        Media.id == media_id, Media.kind == "voice", wanted.exists()
    )
    row = house.db.read(lambda db: db.execute(found).one_or_none())
    if row is None or row.key is None:
        return None
    try:
        return house.media.load(row.key), row.mime
    except FileNotFoundError:
        return None
