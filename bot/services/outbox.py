"""What we owe: rows written with the decision, sent after the commit, paid once.

A row is queued until an outcome is recorded. Whoever sends it holds a lease; a lease
that runs out without an outcome (the process died) is claimed once more by anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    bindparam,
    insert,
    select,
)

from bot.domain.languages import FALLBACK
from bot.domain.messages import Choice, Delivery, Outbound
from bot.domain.say import Reply
from bot.i18n import list_label, render
from bot.services.house import Scene
from bot.store.prepared import Prepared
from bot.store.talks import Media, OutboundMessage

LEASE = timedelta(seconds=15)
REPLY, PUSH = 0, 1


@dataclass(frozen=True, slots=True)
class Owed:
    """A message to send now: its row is committed and leased to us `until` then.

    `claimed` tells that it was taken from the queue, where the order of a talk is kept.
    """

    row: int
    talk: int
    channel: str
    out: Outbound
    attempt: int = 1
    secret: bool = False
    until: datetime | None = None
    claimed: bool = False


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
class Push:
    """What makes a message one that we begin: when it is due, and what it asks.

    `about` is {"kind": "results" or "checkin", "plan": number}, so that an answer finds
    its plan; None where nothing is asked.
    """

    due_at: datetime
    about: dict[str, Any] | None = None


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
    text, choices = rendered(reply, talk.language or FALLBACK)
    values = {
        "talk_id": talk.id,
        "channel": talk.channel,
        "dedupe_key": key,
        "priority": PUSH if push else REPLY,
        "text": text,
        "choices": choices,
        "sound": reply.sound,
        "secret": reply.secret,
        "about": push.about if push else None,
        "delivery": Delivery.QUEUED.value,
        "attempts": 1 if leased_by else 0,
        "leased_by": leased_by,
        "leased_until": now + LEASE if leased_by else None,
        "due_at": push.due_at if push else now,
        "created_at": now,
    }
    row = int(_INSERT.value(db, values))
    sound = None
    if reply.sound is not None:
        sound = db.scalar(select(Media.key).where(Media.id == reply.sound))
    out = outbound(row, talk.address, talk.language, text, choices, sound)
    until = now + LEASE
    return Owed(row, talk.id, talk.channel, out, secret=reply.secret, until=until)


_COLUMNS = (
    "talk_id",
    "channel",
    "dedupe_key",
    "priority",
    "text",
    "choices",
    "sound",
    "secret",
    "about",
    "delivery",
    "attempts",
    "leased_by",
    "leased_until",
    "due_at",
    "created_at",
)
_INSERT = Prepared(
    insert(OutboundMessage)
    .values({name: bindparam(name) for name in _COLUMNS})
    .returning(OutboundMessage.id)
)


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
    sound: str | None = None,
) -> Outbound:
    """Return a row as a channel takes it. `sound` is a key of the media store."""
    reader = language or FALLBACK
    return Outbound(
        id=row_id,
        user_id=address,
        language=reader,
        text=text,
        choices=tuple(Choice(*each) for each in choices),
        sound=sound,
        list_label=list_label(reader) if choices else "",
    )


_AFTER = "after:"


def mark_done(done: int) -> str | None:
    """Return what stands for a provider's name in a row that stopped half-way.

    No status can be about it, so that its first parts do not settle the whole.
    """
    return f"{_AFTER}{done}" if done else None


def parts_done(external_id: str | None) -> int:
    """Return how many parts of a queued row went out already."""
    return int((external_id or "").removeprefix(_AFTER) or 0)
