"""A message on its way in: understood, cleaned, and stored once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.messages import Content, Inbound, Photo, Pin, Tap, Text, Unknown, Voice
from bot.domain.places import rounded
from bot.domain.text import clean
from bot.flows.reading import read_start, read_tap, read_text
from bot.flows.state import (
    ChoosingLanguage,
    ChoosingRound,
    Kind,
    Menu,
    Message,
    Talk,
    behind,
    is_at_pass,
    is_secret,
)
from bot.services.files import erase_at_provider
from bot.services.house import House, Scene
from bot.services.questions import is_asked_since, is_older
from bot.services.talks import TalkRow, open_window
from bot.store import talks as rows
from bot.store.bell import FETCH, LISTEN, ring
from bot.store.leases import DOUBT
from bot.store.prepared import Prepared

FLAGS = ("masked", "too_long", "stale")
"""What else is known of a text, kept while it waits for its turn."""

TAPPED = "on"
"""Which row of the outbox a tap is on, kept while it waits for its turn."""

_PASSING = (*FLAGS, TAPPED)

MOST_WAIT = timedelta(seconds=60)
"""How long what was typed behind a voice note waits for it."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A stored message: its row, what it means, and which of our messages it is on.

    `waits` tells that its turn comes later, behind a voice note. `heard_at` is when a
    note was recognised: it has a turn of its own then, beside the thanks for it.
    `stage` is how it was stored.
    """

    row: int
    message: Message
    waits: bool = False
    about_id: int | None = None
    heard_at: datetime | None = None
    stage: str = "done"

    @property
    def key(self) -> str:
        """What makes the replies to this message unique."""
        if self.heard_at is None:
            return f"in:{self.row}"
        return f"heard:{self.row}:{self.heard_at.timestamp():.3f}"


class LookedAt(NamedTuple):
    """A photo that may show a pass: its message here, and at the provider.

    Its turn is taken once a worker has looked (`bot.services.letter_photos`).
    """

    inbound: int
    place: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What a content means, its kind, and what of it is kept."""

    message: Message
    kind: str
    body: dict[str, Any]


def arrive(
    scene: Scene,
    talk: TalkRow,
    before: Talk,
    inbound: Inbound,
    stage: str = "done",
    written_at: datetime | None = None,
) -> Arrived | None:
    """Store a message; None if its key is taken, so that it was here before.

    What would show a vote, a pass or her word is not stored at all (unless it has to
    wait its turn; then it is encrypted, and emptied after it). `stage` "failed" puts a
    message aside whose turn failed. `written_at` is given for one that comes late: it
    answers no question asked since.
    """
    on = _tapped(scene, talk, inbound.content)
    if stage == "done":
        stage = _stage(talk, inbound.content)
    if isinstance(inbound.content, Tap):
        late = is_older(scene.db, inbound.content.id, on, talk.asked_id)
    else:
        late = written_at is not None and (
            stage == "waiting" or is_asked_since(scene.db, talk.asked_id, written_at)
        )
    read = _read(before, inbound.content, late=late)
    if stage == "done" and read.kind == "photo" and _may_show_pass(scene, talk, before):
        stage = "looking"
        read = replace(read, message=replace(read.message, kind=Kind.PHOTO_ARRIVED))
    if on is not None:
        read = replace(read, body=read.body | {TAPPED: on})
    read = replace(read, body=_kept(scene, before, read, stage))
    row = _store(scene, talk, inbound, stage, read)
    if row is None:
        return None
    if shows_pass(before, read.message):
        erase_at_provider(scene.db, talk.channel, inbound.place, scene.now)
    open_window(scene, talk, inbound, written_at)
    message = read.message
    if isinstance(inbound.content, Voice | Photo):
        looked = LookedAt(row, inbound.place) if stage == "looking" else None
        media = _store_media(scene, talk, inbound, row, looked)
        message = replace(message, media=media)
    if stage == "listening":
        _hold(scene, talk)
        ring(scene.db, LISTEN)
    if isinstance(inbound.content, Photo):
        ring(scene.db, FETCH)
    waits = stage == "waiting"
    return Arrived(row, message, waits=waits, about_id=on, stage=stage)


def was_here(db: Connection, inbound: Inbound) -> bool:
    """Tell whether this message was stored before, whoever it is from."""
    key = {"channel": inbound.channel, "external_id": inbound.external_id[:80]}
    return _STORED.value(db, key) is not None


_STORED = Prepared(
    select(rows.InboundMessage.id).where(
        rows.InboundMessage.channel == bindparam("channel"),
        rows.InboundMessage.external_id == bindparam("external_id"),
    )
)


def _may_show_pass(scene: Scene, talk: TalkRow, before: Talk) -> bool:
    """Tell whether a photo may be one of the letter, so that it is looked at first."""
    if is_at_pass(before.state):
        return True
    view = scene.house.catalog.view(scene.db, talk.version or 0)
    votes = any(each.asks_pass and each.takes_votes(scene.now) for each in view.rounds)
    return votes and isinstance(before.state, Menu | ChoosingLanguage)


def _kept(scene: Scene, before: Talk, read: _Read, stage: str) -> dict[str, Any]:
    """Return what of a message is stored: nothing secret, but encrypted to wait."""
    hidden = reveals(before, read.message)
    if stage == "waiting":
        return _sealed(scene, read.body) if hidden else read.body
    if stage == "listening":
        return read.body
    if hidden or read.kind == "pin":
        return {}
    return {name: it for name, it in read.body.items() if name not in _PASSING}


def _stage(talk: TalkRow, content: Content) -> str:
    if isinstance(content, Voice):
        return "listening"
    return "done" if talk.listening_until is None else "waiting"


def _hold(scene: Scene, talk: TalkRow) -> None:
    """Let what comes behind a voice note wait for it, at most a minute in all."""
    if not is_over(talk.listening_until, scene.now):
        return
    held = update(rows.Talk).where(rows.Talk.id == talk.id)
    scene.db.execute(held.values(listening_until=scene.now + MOST_WAIT))


def is_over(held: datetime | None, now: datetime) -> bool:
    """Tell whether nothing has to wait any more behind a note, until `held`.

    One that ends later than it could have been set now is from a clock that was ahead.
    """
    return held is None or not now < held <= now + MOST_WAIT + DOUBT


def _tapped(scene: Scene, talk: TalkRow, content: Content) -> int | None:
    """Return the row of our message that was tapped, if we know it."""
    if not isinstance(content, Tap) or not content.on:
        return None
    on = {"channel": talk.channel, "on": content.on[:80], "talk": talk.id}
    row = _TAPPED.value(scene.db, on)
    return None if row is None else int(row)


_TAPPED = Prepared(
    select(rows.OutboundMessage.id).where(
        rows.OutboundMessage.channel == bindparam("channel"),
        rows.OutboundMessage.external_id == bindparam("on"),
        rows.OutboundMessage.talk_id == bindparam("talk"),
    )
)


def _read(before: Talk, content: Content, *, late: bool) -> _Read:
    """Understand the content in the light of where the talk is."""
    match content:
        case Text(start=start) if start is not None:
            return _Read(read_start(start), "start", {"start": start[:64]})
        case Text(text=text):
            cleaned = clean(text, masks=not is_at_pass(before.state))
            known = {
                "masked": cleaned.masked,
                "too_long": cleaned.too_long,
                "stale": late,
            }
            flags = {name: True for name, is_so in known.items() if is_so}
            message = read_text(before, cleaned.text, **flags)
            return _Read(message, "text", {"text": cleaned.text} | flags)
        case Tap(id=button):
            tapped = read_tap(button[:64], stale=late)
            return _Read(tapped, "tap", {"tap": button[:64]})
        case Photo(caption=caption):
            cleaned = clean(caption)
            message = Message(Kind.PHOTO, cleaned.text, masked=cleaned.masked)
            return _Read(message, "photo", {"text": cleaned.text})
        case Pin():
            near = rounded(content)
            body: dict[str, Any] = {"pin": [near.latitude, near.longitude]}
            return _Read(Message(Kind.PIN, pin=near), "pin", body)
        case Voice():
            flags = {"stale": True} if late else {}
            return _Read(Message(Kind.NOTE_ARRIVED), "voice", flags)
        case _:
            kind = content.kind if isinstance(content, Unknown) else "unknown"
            return _Read(Message(Kind.UNKNOWN), "unknown", {"kind": kind[:40]})


SEALED = "sealed"
"""Where a message lies encrypted while it waits: it shows a vote, a pass, her word."""


def _sealed(scene: Scene, body: dict[str, Any]) -> dict[str, Any]:
    sealed = scene.house.keys.seal(json.dumps(body, separators=(",", ":")))
    return {SEALED: sealed.decode()}


def unsealed(house: House, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a message that waited holds; nothing if its key is gone."""
    if SEALED not in body:
        return body
    try:
        found: Mapping[str, Any] = json.loads(house.keys.open(body[SEALED].encode()))
    except InvalidToken:
        return {}
    return found


def shows_pass(before: Talk, message: Message) -> bool:
    """Tell whether a message holds a pass, or may: in her voice, or on a photo."""
    arrived = message.kind in {Kind.NOTE_ARRIVED, Kind.PHOTO_ARRIVED}
    return (arrived and is_at_pass(before.state)) or bool(message.code)


def reveals(before: Talk, message: Message) -> bool:
    """Tell whether words or taps would show a vote, a pass, or her secret word."""
    state = behind(before.state)
    if is_secret(state) or message.code:
        return True
    asked = isinstance(state, ChoosingRound) and state.goal == "vote"
    return (asked or message.act == "menu:vote") and bool(message.numbers)


def _store(
    scene: Scene, talk: TalkRow, inbound: Inbound, stage: str, read: _Read
) -> int | None:
    """Insert the message unless it is there; return its row."""
    statement = _STORE if scene.db.dialect.name == "sqlite" else _STORE_POSTGRES
    found = {
        "talk_id": talk.id,
        "channel": inbound.channel,
        "external_id": inbound.external_id[:80],
        "stage": stage,
        "kind": read.kind,
        "body": dict(read.body),
        "received_at": scene.now,
    }
    row = statement.value(scene.db, found)
    return None if row is None else int(row)


_COLUMNS = ("talk_id", "channel", "external_id", "stage", "kind", "body", "received_at")


def _once(insert_into: Any) -> Prepared:  # noqa: ANN401 - of either database
    columns: dict[str, Any] = {name: bindparam(name) for name in _COLUMNS}
    once = insert_into(rows.InboundMessage).on_conflict_do_nothing()
    return Prepared(once.values(columns | {"attempts": 0}).returning(*_KEY))


_KEY = (rows.InboundMessage.id,)
_STORE, _STORE_POSTGRES = _once(sqlite.insert), _once(postgresql.insert)


def _store_media(
    scene: Scene, talk: TalkRow, inbound: Inbound, row: int, looked: LookedAt | None
) -> int:
    """Keep where the file is; the worker fetches it. On the web it is here already."""
    content = inbound.content
    assert isinstance(content, Voice | Photo)  # noqa: S101 - narrows the type
    ref = content.ref
    found = {
        "talk_id": talk.id,
        "channel": inbound.channel,
        "kind": "voice" if isinstance(content, Voice) else "photo",
        "source": {"place": ref.place, "size": ref.size_bytes}
        | ({"looked": list(looked)} if looked else {}),
        "key": ref.place if inbound.channel == "web" else None,
        "mime": ref.mime[:80],
        "seconds": ref.seconds,
        "created_at": scene.now,
    }
    media = int(_STORE_MEDIA.value(scene.db, found))
    tie = update(rows.InboundMessage).where(rows.InboundMessage.id == row)
    scene.db.execute(tie.values(media_id=media))
    return media


def _media_insert() -> Prepared:
    columns = (
        "talk_id",
        "channel",
        "kind",
        "source",
        "key",
        "mime",
        "seconds",
        "created_at",
    )
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return Prepared(insert(rows.Media).values(values).returning(rows.Media.id))


_STORE_MEDIA = _media_insert()
