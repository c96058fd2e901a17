"""What waits for officials, oldest first: notes for ears, and tasks of every kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from bot.domain.effects import TaskKind
from bot.flows.saved import load_talk
from bot.services.desk.audit import note, note_heard
from bot.services.house import House, Scene
from bot.services.listening import EARS
from bot.services.officials import Person
from bot.services.scanning import load_checked
from bot.store.civic import PlanRow, Task
from bot.store.talks import Media, OutboundMessage, Talk
from transcription import Reason

AT_ONCE = 100
UNKNOWN = "unknown"
"""Stands for the language of a note of which nobody knows it."""

INVENTED = frozenset({Reason.KNOWN_PHRASE, Reason.LOOP, Reason.WRONG_SCRIPT})
"""With these signs a recogniser's words have nothing to do with what was said."""

SENT_BACK_DAYS = 14


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do. `words` are the resident's own, `attempt` what a machine heard.

    `media` is a recording that can be played here, None where there is none (any more).
    `due` is the day by which she was promised an answer. `reason` is why a message of
    ours did not reach her, a machine word, where it is about one.

    `talk` is None once she is forgotten. `assigned_to` is the official who has it in
    hand; `outcome`, `note` and `again` as in the table, `done` and `done_by` once it is
    over.

    `speaks` is the language somebody has to know who listens (or `UNKNOWN`), and
    `handed_over` tells that a listener has said so. `level` and `reasons` are what the
    recogniser itself thought of its attempt, `problem` why there was none.
    """

    task: int
    talk: int | None
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
    speaks: str = UNKNOWN
    handed_over: bool = False
    level: str | None = None
    reasons: Sequence[str] = ()
    problem: str | None = None
    assigned_to: int | None = None
    outcome: str | None = None
    note: str = ""
    again: datetime | None = None
    done: datetime | None = None
    done_by: str | None = None

    @property
    def is_usable(self) -> bool:
        """Whether the attempt is something to correct, not something invented.

        Of a note that was handed over, a listener has said that it is another language.
        """
        invented = self.handed_over or not INVENTED.isdisjoint(self.reasons)
        return bool(self.attempt) and not invented


@dataclass(frozen=True, slots=True)
class Queue:
    """Notes for ears, oldest first, and notes that went back and wait for her yes.

    At most a hundred of each. `languages` counts all that wait by what somebody has to
    speak, most first.
    """

    notes: Sequence[Waiting]
    hers: Sequence[Waiting]
    languages: Mapping[str, int]

    @property
    def count(self) -> int:
        """How many wait in all languages."""
        return sum(self.languages.values())


_NOTES = (
    Task.kind.in_(EARS),
    Task.done_at.is_(None),
    Task.media_id.is_not(None),
)


def oldest_note(db: Connection) -> tuple[Waiting | None, int]:
    """Return the note that waits longest for ears, and how many wait."""
    first = next(iter(waiting(db, *_NOTES, _is_first, most=1)), None)
    return first, sum(_languages(db).values())


def open_notes(db: Connection, now: datetime, speaks: str | None = None) -> Queue:
    """Return what waits for ears, for somebody who speaks `speaks` (None: anything)."""
    wanted = [speaks == _SPEAKS] if speaks else []
    return Queue(
        notes=waiting(db, *_NOTES, _is_first, *wanted),
        hers=_waiting_for_her(db, now),
        languages=_languages(db),
    )


def hand_over(house: House, task_id: int, speaks: str, official: Person) -> bool:
    """Leave a note to somebody who speaks this language. Commits; False if it is done.

    It keeps its place in the queue, and its day.
    """
    waits = update(Task).where(Task.id == task_id, *_NOTES)
    left, now, by = waits.values(speaks=speaks), house.clock(), official.email

    def leave(scene: Scene) -> bool:
        handed = scene.db.execute(left).rowcount > 0
        if handed:
            note(scene, by, "note.pass", f"task:{task_id}", speaks=speaks)
        return handed

    return house.db.run(lambda db: leave(Scene(house, db, now)))


def open_doubts(db: Connection) -> list[Waiting]:
    """Return the talks with messages of which nobody knows whether they arrived."""
    return waiting(db, Task.kind == TaskKind.UNSURE, Task.done_at.is_(None))


_other = aliased(Task)
_is_first = ~exists().where(
    _other.media_id == Task.media_id,
    _other.kind.in_(EARS),
    _other.done_at.is_(None),
    _other.id < Task.id,
)
"""A note that failed may have two tasks; it is listened to once."""

_SPEAKS = func.coalesce(Task.speaks, Media.language, Talk.language, UNKNOWN)


def _languages(db: Connection) -> Mapping[str, int]:
    count = func.count().label("waiting")
    found = (
        select(_SPEAKS.label("speaks"), count)
        .select_from(Task)
        .join(Talk, Talk.id == Task.talk_id)
        .join(Media, Media.id == Task.media_id)
        .where(*_NOTES, _is_first)
        .group_by(_SPEAKS)
        .order_by(count.desc(), _SPEAKS)
    )
    return {row.speaks: row.waiting for row in db.execute(found)}


IS_KNOWN = or_(Task.talk_id.is_not(None), Task.kind == TaskKind.HOOK_OFF)
"""A task is about somebody we still know, or about nobody: a system of the city."""

_COLUMNS = (
    Task.id,
    Task.talk_id,
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
    Task.speaks.label("handed_to"),
    _SPEAKS.label("speaks"),
    Media.signals,
    Media.problem,
    Task.assigned_to,
    Task.outcome,
    Task.outcome_note,
    Task.again_at,
    Task.done_at,
    Task.done_by,
)


def _rows(
    db: Connection,
    *conditions: Any,  # noqa: ANN401 - SQL conditions
    most: int = AT_ONCE,
    order: Sequence[Any] = (Task.created_at, Task.id),
) -> list[Row[Any]]:
    """Return tasks, oldest first. Who was forgotten has none that is open."""
    found = (
        select(*_COLUMNS)
        .outerjoin(Talk, Talk.id == Task.talk_id)
        .outerjoin(Media, Media.id == Task.media_id)
        .outerjoin(PlanRow, PlanRow.id == Task.plan_id)
        .outerjoin(OutboundMessage, OutboundMessage.id == Task.outbound_id)
        .where(*conditions)
        .order_by(*order)
        .limit(most)
    )
    return list(db.execute(found))


def waiting(
    db: Connection,
    *conditions: Any,  # noqa: ANN401 - SQL conditions
    most: int = AT_ONCE,
    order: Sequence[Any] = (Task.created_at, Task.id),
) -> list[Waiting]:
    """Return up to `most` tasks that fulfil all conditions, by default oldest first."""
    rows = _rows(db, *conditions, most=most, order=order)
    return [_as_waiting(row) for row in rows]


def _as_waiting(row: Row[Any]) -> Waiting:
    signals = row.signals or {}
    return Waiting(
        task=row.id,
        talk=row.talk_id,
        kind=row.kind,
        plan=row.number,
        language=row.language,
        channel=row.channel or "",
        phone=row.phone,
        words=row.note,
        media=row.media if row.key else None,
        seconds=row.seconds,
        attempt=row.transcript,
        since=row.created_at,
        due=row.due_at,
        reason=row.reason,
        speaks=row.speaks,
        handed_over=row.handed_to is not None,
        level=signals.get("level"),
        reasons=tuple(signals.get("reasons", ())),
        problem=row.problem,
        assigned_to=row.assigned_to,
        outcome=row.outcome,
        note=row.outcome_note or "",
        again=row.again_at,
        done=row.done_at,
        done_by=row.done_by,
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


def note_played(house: House, media_id: int, official: Person) -> None:
    """Keep who played a recording. Commits."""
    note_heard(house, official.email, "sound.play", f"media:{media_id}")


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
        return load_checked(house, media_id, row.key), row.mime
    except FileNotFoundError:
        return None
