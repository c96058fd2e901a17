"""What we owe: rows written with the decision, sent after the commit, paid once.

A row is queued until an outcome is recorded. Whoever sends it holds a lease; a lease
that runs out without an outcome (the process died) is claimed once more by anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    Case,
    ColumnElement,
    Connection,
    Label,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import aliased

from bot.domain.kinds import MESSAGE
from bot.domain.languages import FALLBACK
from bot.domain.messages import Choice, Delivery, Outbound
from bot.domain.say import N_, Param, Reply, Say
from bot.i18n import list_label, render
from bot.services.house import Scene
from bot.store.bell import SEND, ring
from bot.store.media import ZIP, mime_of
from bot.store.outreach import CANCELLED, PAUSED, Broadcast
from bot.store.prepared import Prepared
from bot.store.talks import Media, OutboundMessage, Talk

LEASE = timedelta(seconds=15)
REPLY, PUSH = 0, 1


@dataclass(frozen=True, slots=True)
class Owed:
    """A message to send now: its row is committed and leased to us `until` then.

    `claimed` tells that it was taken from the queue, where the order of a talk is kept.
    `at` is its place in the pace of its channel: not before, and not much later.
    """

    row: int
    talk: int
    channel: str
    out: Outbound
    attempt: int = 1
    secret: bool = False
    until: datetime | None = None
    claimed: bool = False
    at: datetime | None = None
    priority: int = REPLY


class Reader(Protocol):
    """Whom a message is for: any row of a talk with these columns."""

    @property
    def id(self) -> int:
        """The row's number."""
        ...

    @property
    def channel(self) -> str:
        """The name of her channel."""
        ...

    @property
    def address(self) -> str:
        """Where the channel reaches her."""
        ...

    @property
    def language(self) -> str | None:
        """The language she chose."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands for a message where only an approved template may be sent.

    `kind` names the template (`bot.domain.kinds`), `slots` what it leaves open.
    """

    kind: str = MESSAGE
    slots: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Push:
    """What makes a message one that we begin: when it is due, and what it asks.

    `about` is {"kind": "results" or "checkin", "plan": number}, so that an answer finds
    its plan; None where nothing is asked. `round_id` and `broadcast_id` say what it
    belongs to.
    """

    due_at: datetime
    about: dict[str, Any] | None = None
    letter: Letter = field(default_factory=Letter)
    round_id: int | None = None
    broadcast_id: int | None = None


def owe(
    scene: Scene,
    talk: Reader,
    reply: Reply,
    key: str,
    *,
    leased_by: str | None = None,
    push: Push | None = None,
) -> Owed:
    """Owe a message: render it in the reader's language and write its row.

    `key` makes it unique: a repeated one raises IntegrityError instead of telling
    somebody twice. With `leased_by`, that process sends what is returned at once.
    """
    db, now = scene.db, scene.now
    reader = talk.language or FALLBACK
    text, choices = rendered(reply, reader)
    values: dict[str, Any] = {
        "talk_id": talk.id,
        "channel": talk.channel,
        "dedupe_key": key,
        "priority": PUSH if push else REPLY,
        "text": text,
        "choices": choices,
        "sound": reply.sound,
        "picture": reply.picture,
        "secret": reply.secret,
        "delivery": Delivery.QUEUED.value,
        "attempts": 1 if leased_by else 0,
        "leased_by": leased_by,
        "leased_until": now + LEASE if leased_by else None,
        "due_at": push.due_at if push else now,
        "created_at": now,
    }
    if push is None:
        row = int(_INSERT.value(db, values))
    else:
        row = int(_INSERT_PUSH.value(db, values | push_values(push, reader)))
        if push.due_at <= now:
            ring(db, SEND)
    files = (_key_of(db, reply.sound), _key_of(db, reply.picture))
    out = outbound(row, talk.address, talk.language, text, choices, files)
    until = now + LEASE
    return Owed(
        row,
        talk.id,
        talk.channel,
        out,
        secret=reply.secret,
        until=until,
        priority=PUSH if push else REPLY,
    )


def _key_of(db: Connection, media_id: int | None) -> str | None:
    """Return a file's key, "" for one that is gone, None where there is none."""
    if media_id is None:
        return None
    return db.scalar(select(Media.key).where(Media.id == media_id)) or ""


def push_values(push: Push, language: str) -> dict[str, Any]:
    """Return the columns that only a message which we begin has."""
    return {
        "about": push.about,
        "kind": push.letter.kind,
        "slots": filled_slots(push.letter, language),
        "round_id": push.round_id,
        "broadcast_id": push.broadcast_id,
    }


def filled_slots(letter: Letter, language: str) -> dict[str, str]:
    """Return what fills a template's slots, in the reader's language."""
    words = N_("%(words)s")
    return {
        name: render(Say(words, {"words": value}), language)
        for name, value in letter.slots.items()
    }


_COLUMNS = (
    "talk_id",
    "channel",
    "dedupe_key",
    "priority",
    "text",
    "choices",
    "sound",
    "picture",
    "secret",
    "delivery",
    "attempts",
    "leased_by",
    "leased_until",
    "due_at",
    "created_at",
)
_PUSH_COLUMNS = ("about", "kind", "slots", "round_id", "broadcast_id")


def _insert(columns: Sequence[str]) -> Prepared:
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return Prepared(
        insert(OutboundMessage).values(values).returning(OutboundMessage.id)
    )


_INSERT = _insert(_COLUMNS)
_INSERT_PUSH = _insert((*_COLUMNS, *_PUSH_COLUMNS))
_COPIED = (
    *("text", "choices", "sound", "picture", "secret", "about", "kind", "slots"),
    *("round_id", "broadcast_id", "priority"),
)


@dataclass(frozen=True, slots=True)
class Anew:
    """How a message is owed once more: under which key, from when, to which talk."""

    key: str
    due_at: datetime
    talk_id: int | None = None


def owe_anew(db: Connection, former: int, anew: Anew, now: datetime) -> int:
    """Owe a message once more that surely did not arrive; return the new row.

    The former row stays as it ended, and names this one. Its words must still be there.
    Raises IntegrityError if it was owed anew under this key before.
    """
    columns = OutboundMessage.__table__.c
    row = db.execute(select(*columns).where(columns.id == former)).one()
    talk_id = anew.talk_id or row.talk_id
    fresh = {
        "talk_id": talk_id,
        "channel": db.scalar(select(Talk.channel).where(Talk.id == talk_id)),
        "dedupe_key": anew.key,
        "delivery": Delivery.QUEUED.value,
        "attempts": 0,
        "due_at": anew.due_at,
        "created_at": now,
    }
    if row.broadcast_id is not None:
        fresh |= _as_its_broadcast(db, row.broadcast_id)
    copied = {name: getattr(row, name) for name in _COPIED}
    if anew.talk_id:
        copied["priority"] = PUSH  # there she has not asked for it
    made = insert(OutboundMessage).values(copied | fresh)
    again = int(db.execute(made.returning(columns.id)).scalar_one())
    named = update(OutboundMessage).where(columns.id == former)
    db.execute(named.values(again_id=again))
    ring(db, SEND)
    return again


def _as_its_broadcast(db: Connection, broadcast_id: int) -> dict[str, Any]:
    """Return what holds or ends a message whose broadcast is paused or cancelled."""
    found = select(Broadcast.state).where(Broadcast.id == broadcast_id)
    state = db.scalar(found.with_for_update(read=True))
    if state == PAUSED:
        return {"held": PAUSED}
    if state == CANCELLED:
        return {"delivery": Delivery.DROPPED.value, "reason": CANCELLED, "text": ""}
    return {}


def rendered(reply: Reply, language: str) -> tuple[str, list[list[str]]]:
    """Return the text of a reply and its buttons as [id, label, detail]."""
    text = "\n".join(render(say, language) for say in reply.says)
    choices = [
        [
            each.id,
            render(each.label, language),
            render(each.detail, language) if each.detail else "",
        ]
        for each in reply.buttons
    ]
    return text, choices


def outbound(
    row_id: int,
    address: str,
    language: str | None,
    text: str,
    choices: Sequence[Sequence[str]],
    files: tuple[str | None, str | None] = (None, None),
) -> Outbound:
    """Return a row as a channel takes it.

    `files` are sound and picture, as keys of the media store; "" is one that is gone.
    """
    sound, picture = files
    document = sound if sound and mime_of(sound) == ZIP else None
    reader = language or FALLBACK
    return Outbound(
        id=row_id,
        user_id=address,
        language=reader,
        text=text,
        choices=tuple(Choice(*each) for each in choices),
        sound=None if document else sound,
        picture=picture,
        document=document,
        list_label=list_label(reader) if choices else "",
    )


Picture = aliased(Media)
"""The media of a message's picture, beside that of its sound."""


def file_keys() -> tuple[Label[Any], Label[Any]]:
    """Return the columns `sound` and `picture` of a claim: joins `Media` and `Picture`.

    "" stands for one that is gone since: whoever repeats a message counts its parts.
    """
    return (
        _key_if(OutboundMessage.sound.is_not(None), Media.key).label("sound"),
        _key_if(OutboundMessage.picture.is_not(None), Picture.key).label("picture"),
    )


def _key_if(there: ColumnElement[bool], key: Any) -> Case[Any]:  # noqa: ANN401 - a column of an alias has no type of its own
    return case((there, func.coalesce(key, "")))


_AFTER = "after:"


def mark_done(done: int) -> str | None:
    """Return what stands for a provider's name in a row that stopped half-way.

    No status can be about it, so that its first parts do not settle the whole.
    """
    return f"{_AFTER}{done}" if done else None


def parts_done(external_id: str | None) -> int:
    """Return how many parts of a queued row went out already."""
    return int((external_id or "").removeprefix(_AFTER) or 0)
