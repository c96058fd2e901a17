"""The talk with one person as an official sees it.

Never what shows a vote, or that she has voted: what is secret is left out, and so is
what the computer said about voting, a pass or a status.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    or_,
    select,
    true,
)

from bot.domain.kinds import REMINDER
from bot.domain.languages import pick_text
from bot.domain.plans import Status, draft_title
from bot.flows.words import understand
from bot.services.desk.answering import RECORDED
from bot.services.desk.inbox import tasks_of
from bot.services.desk.today import Item
from bot.services.fates import is_shut
from bot.services.house import House, Scene
from bot.services.scanning import load_checked
from bot.store.civic import Official, PlanRow
from bot.store.desk_messages import DeskMessage
from bot.store.talks import InboundMessage, Media, OutboundMessage, Talk

PAGE = 40
FEW = 6
"""How many messages stand on the page of a plan."""

_AT_ONCE, _OFFERS = 2 * PAGE, 10
"""How much is read at once, and how much more for what a tap was an answer to."""

_PRIVATE = re.compile(
    r"menu:vote|vote:|pass$|menu:status$|result$|mydata$|explain$|theme:|round:|next$"
)
"""Acts around a vote, and those whose answer says whether she has voted."""

_ANSWERS = re.compile(r"(?:in|heard):(\d+):")


@dataclass(frozen=True, slots=True)
class Line:
    """One message. `hers` came from her; else `by` is the official, "" the computer.

    `kind` is text, tap, voice, photo or pin. `sound` is a media id that can be played,
    `dutch` what an official's words say for colleagues. `delivery` is how far ours is.
    """

    at: datetime
    hers: bool
    kind: str
    text: str = ""
    language: str | None = None
    sound: int | None = None
    by: str = ""
    dutch: str = ""
    translated_by: str = ""
    delivery: str = ""
    asks: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """Where a message stands in its talk; of one moment hers (0) before ours (1)."""

    at: datetime
    side: int
    row: int

    def __str__(self) -> str:
        """Return it as an address holds it; `edge_in` gives it back."""
        since = self.at - _BEGINNING
        return f"{since // timedelta(microseconds=1)}-{self.side}-{self.row}"


def edge_in(text: str) -> Edge | None:
    """Return the edge that an address holds; None for anything else."""
    found = _EDGE.fullmatch(text)
    if found is None:
        return None
    since = timedelta(microseconds=int(found[1]))
    return Edge(_BEGINNING + since, int(found[2]), int(found[3]))


_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_EDGE = re.compile(r"([0-9]{1,16})-([01])-([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class HerPlan:
    """A plan of hers: its number, and its title or first words."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class TalkSeen:
    """A talk: who she is to us, what may be sent, her plans, tasks and messages.

    `window` is until when anything may be written on WhatsApp (None: always), `shut`
    that only an approved message may go now. `silence` is "stopped", "closed" or "".
    `older` is below which the older messages stand, None if these are the oldest.
    """

    id: int
    language: str | None
    channel: str
    phone: str | None
    aloud: bool
    window: datetime | None
    shut: bool
    silence: str
    plans: Sequence[HerPlan]
    tasks: Sequence[Item]
    lines: Sequence[Line]
    older: Edge | None


def load_talk(
    scene: Scene, talk_id: int, most: int = PAGE, before: Edge | None = None
) -> TalkSeen | None:
    """Return a talk with `most` messages; None if she is forgotten, or unknown.

    They are the newest of it, or the newest of those older than `before`.
    """
    talk = scene.db.execute(_TALK.where(Talk.id == talk_id)).one_or_none()
    if talk is None or talk.forgotten_at is not None:
        return None
    lines, older = _lines(scene.db, talk_id, talk.language, most, before)
    silence = "stopped" if talk.stopped_at else "closed" if talk.closed_at else ""
    return TalkSeen(
        id=talk.id,
        language=talk.language,
        channel=talk.channel,
        phone=talk.phone,
        aloud=bool(talk.aloud),
        window=talk.window_until,
        shut=is_shut(scene, talk),
        silence=silence,
        plans=_plans(scene.db, talk.resident_id),
        tasks=tasks_of(scene, talk_id),
        lines=lines,
        older=older,
    )


def hear(house: House, talk_id: int, media_id: int) -> tuple[bytes, str] | None:
    """Return bytes and type of a sound that stands in this talk; None for any other.

    Raises MediaUnavailableError if the store does not answer.
    """
    found = select(Media.key, Media.mime).where(
        Media.id == media_id, Media.talk_id == talk_id
    )

    def look(db: Connection) -> Row[str | None, str] | None:
        if not _is_playable(db, talk_id, media_id):
            return None
        return db.execute(found).one_or_none()

    row = house.db.read(look)
    if row is None or row.key is None:
        return None
    try:
        return load_checked(house, media_id, row.key), row.mime
    except FileNotFoundError:
        return None


def _is_playable(db: Connection, talk_id: int, media_id: int) -> bool:
    """Tell what an official may hear: her notes that are shown, officials' own."""
    hers = _SAID.where(InboundMessage.talk_id == talk_id, Media.id == media_id)
    lines = [_said(row, {}, None) for row in db.execute(hers)]
    ours = select(Media.id).where(
        Media.id == media_id, Media.talk_id == talk_id, Media.kind == RECORDED
    )
    return any(line and line.sound for line in lines) or bool(db.scalar(ours))


_TALK = select(
    Talk.id,
    Talk.resident_id,
    Talk.language,
    Talk.channel,
    Talk.phone,
    Talk.aloud,
    Talk.window_until,
    Talk.heard_by,
    Talk.stopped_at,
    Talk.closed_at,
    Talk.forgotten_at,
)
_SAID = (
    select(
        InboundMessage.id,
        InboundMessage.kind,
        InboundMessage.body,
        InboundMessage.received_at,
        InboundMessage.received_at.label("at"),
        Media.id.label("media"),
        Media.key,
        Media.transcript,
        Media.problem,
        Media.delete_after,
    )
    .outerjoin(Media, Media.id == InboundMessage.media_id)
    .where(
        InboundMessage.stage == "done",
        InboundMessage.kind.in_(("text", "tap", "voice", "photo", "pin")),
    )
)
_SENT_AT: ColumnElement[datetime] = case(
    (OutboundMessage.due_at > OutboundMessage.created_at, OutboundMessage.due_at),
    else_=OutboundMessage.created_at,
)
_TOLD = (
    select(
        OutboundMessage.id,
        OutboundMessage.dedupe_key,
        OutboundMessage.text,
        OutboundMessage.choices,
        _SENT_AT.label("at"),
        OutboundMessage.delivery,
        OutboundMessage.held,
        OutboundMessage.sound,
        Media.key,
        Media.kind.label("media_kind"),
        DeskMessage.id.label("desk_id"),
        DeskMessage.dutch,
        DeskMessage.translated_by,
        DeskMessage.asks,
        Official.name,
        DeskMessage.by,
    )
    .outerjoin(Media, Media.id == OutboundMessage.sound)
    .outerjoin(DeskMessage, DeskMessage.outbound_id == OutboundMessage.id)
    .outerjoin(Official, Official.id == DeskMessage.official_id)
    .where(
        OutboundMessage.secret.is_(False),
        OutboundMessage.text != "",
        or_(OutboundMessage.kind.is_(None), OutboundMessage.kind != REMINDER),
    )
)


def _lines(
    db: Connection, talk_id: int, language: str | None, most: int, before: Edge | None
) -> tuple[list[Line], Edge | None]:
    """Return what may be shown of a talk, newest last, and the edge of what is older.

    Much of a talk may be what is not shown: it is read on until there is enough.
    """
    found: list[tuple[Edge, Line]] = []
    edge, ends = before, False
    while len(found) <= most and not ends:
        some, edge = _some(db, talk_id, language, edge)
        found += some
        ends = edge is None
    shown = found[:most]
    older = shown[-1][0] if len(found) > most else None
    return [line for _, line in reversed(shown)], older


def _some(
    db: Connection, talk_id: int, language: str | None, before: Edge | None
) -> tuple[list[tuple[Edge, Line]], Edge | None]:
    """Return some of a talk, newest first, and how far that is; None for to its end."""
    said = _read(db, _SAID, InboundMessage.talk_id == talk_id, _is_older(0, before))
    told = _read(db, _TOLD, OutboundMessage.talk_id == talk_id, _is_older(1, before))
    labels = {each[0]: each[1] for row in reversed(told) for each in row.choices}
    hers = {row.id: _said(row, labels, language) for row in said}
    hers |= {row.id: _said(row, labels, language) for row in _replied(db, told, hers)}
    lines = [(Edge(row.at, 0, row.id), hers[row.id]) for row in said]
    lines += [
        (Edge(row.at, 1, row.id), _told(row, language))
        for row in told
        if _may_show(row, hers)
    ]
    cut = [
        Edge(rows[_AT_ONCE].at, side, rows[_AT_ONCE].id)
        for side, rows in enumerate((said, told))
        if len(rows) > _AT_ONCE
    ]
    end = max(cut, default=None)
    lines = [each for each in lines if end is None or each[0] >= end]
    newest_first = sorted(lines, key=lambda each: each[0], reverse=True)
    return [(edge, line) for edge, line in newest_first if line], end


def _read(
    db: Connection, query: Select[Any], *which: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    """Return the newest of these messages, newest first."""
    at, row = query.selected_columns["at"], query.selected_columns["id"]
    newest = query.where(*which).order_by(at.desc(), row.desc())
    return db.execute(newest.limit(_AT_ONCE + _OFFERS)).all()


def _is_older(side: int, edge: Edge | None) -> ColumnElement[bool]:
    """Match messages of one side that stand before an edge; all without one."""
    if edge is None:
        return true()
    at = _SENT_AT if side else InboundMessage.received_at
    row = OutboundMessage.id if side else InboundMessage.id
    if side == edge.side:
        return or_(at < edge.at, and_(at == edge.at, row < edge.row))
    return at <= edge.at if side < edge.side else at < edge.at


def _replied(
    db: Connection, told: Sequence[Row[Any]], known: Container[int]
) -> Sequence[Row[Any]]:
    """Return what these messages of ours answer, where it is not among the known."""
    found = [_ANSWERS.match(row.dedupe_key) for row in told]
    asked = {int(each[1]) for each in found if each}
    missing = [each for each in asked if each not in known]
    return db.execute(_SAID.where(InboundMessage.id.in_(missing))).all()


def _may_show(row: Row[Any], shown: Mapping[int, Line | None]) -> bool:
    """Tell whether a message of ours may be shown: no reply to what is not."""
    if row.desk_id is not None:
        return True
    if any(_PRIVATE.match(each[0]) for each in row.choices if each[0] != "menu:vote"):
        return False
    answers = _ANSWERS.match(row.dedupe_key)
    return answers is None or shown.get(int(answers[1])) is not None


def _said(
    row: Row[Any], labels: Mapping[str, str], language: str | None
) -> Line | None:
    """Return what she said; None where it may not be shown."""
    if row.kind == "voice":
        return _note(row, language)
    if row.kind == "pin":
        return Line(row.received_at, hers=True, kind="pin")
    if row.kind == "photo" and row.key is None:
        return None
    if row.kind == "photo":
        words = row.body.get("text", "")
        return Line(row.received_at, hers=True, kind="photo", text=words)
    tapped = row.body.get("tap", "")
    words = row.body.get("text", "") or labels.get(tapped, "")
    if not words or _is_private(tapped, words):
        return None
    return Line(row.received_at, hers=True, kind=row.kind, text=words)


def _note(row: Row[Any], language: str | None) -> Line | None:
    """Return a voice note; one that may hold a vote is gone at once, and not shown."""
    gone = row.problem == "spoken_secret" or (row.key is None and not row.transcript)
    dropped = row.delete_after is not None and row.delete_after <= row.received_at
    if gone or dropped or _is_private("", row.transcript or ""):
        return None
    sound = row.media if row.key else None
    words = row.transcript or ""
    return Line(
        row.received_at,
        hers=True,
        kind="voice",
        text=words,
        sound=sound,
        language=language,
    )


def _is_private(tapped: str, words: str) -> bool:
    act = tapped or understand(words, None).act(frozenset()) or ""
    return bool(_PRIVATE.match(act))


def _told(row: Row[Any], language: str | None) -> Line:
    own = row.media_kind == RECORDED and row.key
    return Line(
        at=row.at,
        hers=False,
        kind="voice" if own else "text",
        text=row.text,
        language=language,
        sound=row.sound if own else None,
        by=(row.name or row.by or "") if row.desk_id else "",
        dutch=row.dutch or "",
        translated_by=row.translated_by or "",
        delivery="kept" if row.held else row.delivery,
        asks=bool(row.asks),
    )


def _plans(db: Connection, resident_id: int) -> list[HerPlan]:
    rows = db.execute(
        select(PlanRow.number, PlanRow.title, PlanRow.text)
        .where(
            PlanRow.resident_id == resident_id,
            PlanRow.status != Status.WITHDRAWN.value,
        )
        .order_by(PlanRow.number)
        .limit(20)
    )
    return [
        HerPlan(
            row.number,
            pick_text(row.title, "nl") if row.title else draft_title(row.text),
        )
        for row in rows
    ]
