"""The talk with one person as an official sees it.

Never what shows a vote, or that she has voted: what is secret is left out, and so is
what the computer said about voting, a pass or a status.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

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
    more: bool


def load_talk(scene: Scene, talk_id: int, most: int = PAGE) -> TalkSeen | None:
    """Return a talk with its newest messages; None if she is forgotten, or unknown.

    At most PAGE of them are shown, or fewer by `most`.
    """
    talk = scene.db.execute(_TALK.where(Talk.id == talk_id)).one_or_none()
    if talk is None or talk.forgotten_at is not None:
        return None
    lines = _lines(scene.db, talk_id, talk.language)
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
        lines=lines[-most:],
        more=len(lines) > most,
    )


def hear(house: House, talk_id: int, media_id: int) -> tuple[bytes, str] | None:
    """Return bytes and type of a sound that stands in this talk; None for any other.

    Raises MediaUnavailableError if the store does not answer.
    """
    found = select(Media.key, Media.mime).where(
        Media.id == media_id, Media.talk_id == talk_id
    )

    def look(db: Connection) -> Row[str | None, str] | None:
        if media_id not in _playable(db, talk_id):
            return None
        return db.execute(found).one_or_none()

    row = house.db.read(look)
    if row is None or row.key is None:
        return None
    try:
        return load_checked(house, media_id, row.key), row.mime
    except FileNotFoundError:
        return None


def _playable(db: Connection, talk_id: int) -> Collection[int]:
    """Return what an official may hear: her notes that are shown, officials' own."""
    hers = {line.sound for line in _lines(db, talk_id, None)}
    ours = select(Media.id).where(Media.talk_id == talk_id, Media.kind == RECORDED)
    return {each for each in hers if each} | set(db.scalars(ours))


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
    .order_by(InboundMessage.id.desc())
    .limit(2 * PAGE)
)
_TOLD = (
    select(
        OutboundMessage.id,
        OutboundMessage.dedupe_key,
        OutboundMessage.text,
        OutboundMessage.choices,
        OutboundMessage.due_at,
        OutboundMessage.created_at,
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
    .order_by(OutboundMessage.id.desc())
    .limit(2 * PAGE)
)


def _lines(db: Connection, talk_id: int, language: str | None) -> list[Line]:
    """Return what may be shown of a talk, newest last."""
    said = db.execute(_SAID.where(InboundMessage.talk_id == talk_id)).all()
    told = db.execute(_TOLD.where(OutboundMessage.talk_id == talk_id)).all()
    labels = {each[0]: each[1] for row in reversed(told) for each in row.choices}
    shown = {row.id: _said(row, labels, language) for row in said}
    lines = [line for line in reversed(shown.values()) if line]
    lines += [_told(row, language) for row in reversed(told) if _may_show(row, shown)]
    return sorted(lines, key=lambda line: line.at)


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
        at=max(row.due_at, row.created_at),
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
