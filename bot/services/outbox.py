"""What we owe: rows written with the decision, sent after the commit, paid once.

A row is queued until an outcome is recorded. Whoever sends it holds a lease; a lease
that runs out without an outcome (the process died) is claimed once more by anybody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from bot.channels.base import ChannelError, Outcome, Sent
from bot.domain.languages import FALLBACK
from bot.domain.messages import RANK, Choice, Delivery, Outbound, StatusUpdate
from bot.domain.say import Reply
from bot.i18n import list_label, render
from bot.services.house import Scene
from bot.services.questions import open_question
from bot.store.prepared import Prepared
from bot.store.talks import Media, OutboundMessage, Talk

LEASE = timedelta(seconds=15)
MOST_TRIES = 100
"""About a day: the last waits are a quarter of an hour each."""

BACK_OFF = (1, 2, 5, 15, 60, 300, 900)
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


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How one send ended: with `sent`, or with an `error`."""

    owed: Owed
    sent: Sent | None
    error: ChannelError | None
    at: datetime


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


_earlier = aliased(OutboundMessage)
_IS_HEAD = ~exists().where(
    and_(
        _earlier.talk_id == OutboundMessage.talk_id,
        _earlier.delivery == "queued",
        _earlier.priority <= OutboundMessage.priority,
        _earlier.id < OutboundMessage.id,
        # A push for another day does not stand in the way; one to be repeated does.
        or_(_earlier.due_at <= bindparam("now"), _earlier.attempts > 0),
    )
)
_DUE = (
    select(
        OutboundMessage.id,
        OutboundMessage.talk_id,
        OutboundMessage.channel,
        OutboundMessage.text,
        OutboundMessage.choices,
        OutboundMessage.secret,
        OutboundMessage.priority,
        OutboundMessage.attempts,
        Media.key.label("sound"),
        Talk.address,
        Talk.language,
        Talk.stopped_at,
        Talk.closed_at,
    )
    .join(Talk, Talk.id == OutboundMessage.talk_id)
    .outerjoin(Media, Media.id == OutboundMessage.sound)
    .where(
        OutboundMessage.delivery == "queued",
        OutboundMessage.due_at <= bindparam("now"),
        or_(
            OutboundMessage.leased_until.is_(None),
            OutboundMessage.leased_until < bindparam("now"),
        ),
        OutboundMessage.channel.in_(bindparam("channels", expanding=True)),
        _IS_HEAD,
    )
    .order_by(OutboundMessage.priority, OutboundMessage.due_at, OutboundMessage.id)
    .limit(bindparam("limit"))
)
_LEASE = (
    update(OutboundMessage)
    .where(OutboundMessage.id == bindparam("row"))
    .values(
        leased_until=bindparam("until"),
        leased_by=bindparam("by"),
        attempts=OutboundMessage.attempts + 1,
    )
)


def claim(
    db: Connection, channels: Iterable[str], me: str, now: datetime, limit: int = 100
) -> list[Owed]:
    """Lease up to `limit` due messages, the first of each talk, replies first.

    A push to somebody who has stopped us or cannot be reached is dropped here, at the
    last moment, with its reason.
    """
    statement = _DUE
    if db.dialect.name != "sqlite":
        statement = _DUE.with_for_update(of=OutboundMessage, skip_locked=True)
    found = {"now": now, "channels": list(channels), "limit": limit}
    rows = db.execute(statement, found).all()
    owed = []
    for row in rows:
        if reason := _undeliverable(row):
            _drop(db, row.id, reason)
            continue
        lease = {"row": row.id, "until": now + LEASE, "by": me}
        db.execute(_LEASE, lease)
        if row.priority == PUSH:
            open_question(db, row.talk_id, row.id)
        out = outbound(
            row.id, row.address, row.language, row.text, row.choices, row.sound
        )
        attempt, until = row.attempts + 1, now + LEASE
        owed.append(
            Owed(
                row.id,
                row.talk_id,
                row.channel,
                out,
                attempt,
                row.secret,
                until,
                claimed=True,
            )
        )
    return owed


def _undeliverable(row: Any) -> str | None:  # noqa: ANN401 - a row of _DUE
    if row.priority == REPLY:
        return None
    if row.stopped_at is not None:
        return "stopped"
    return "unreachable" if row.closed_at is not None else None


def _drop(db: Connection, row_id: int, reason: str) -> None:
    dropped = {"delivery": Delivery.DROPPED.value, "reason": reason, "text": ""}
    db.execute(
        update(OutboundMessage).where(OutboundMessage.id == row_id).values(dropped)
    )


_SENT = (
    update(OutboundMessage)
    .where(OutboundMessage.id == bindparam("row"), OutboundMessage.delivery == "queued")
    .values(
        delivery=bindparam("to"),
        external_id=bindparam("external"),
        sent_at=bindparam("at"),
        leased_until=None,
        leased_by=None,
    )
)
_SENT_SECRET = _SENT.values(text="", choices=[])
_FAILED = (
    update(OutboundMessage)
    .where(OutboundMessage.id == bindparam("row"), OutboundMessage.delivery == "queued")
    .values(
        delivery=bindparam("to"),
        reason=bindparam("why"),
        due_at=bindparam("due"),
        leased_until=None,
        leased_by=None,
    )
)
_FAILED_SECRET = _FAILED.values(text="", choices=[])


def record_outcomes(
    db: Connection, outcomes: Sequence[Outcomes], freed: Sequence[int] = ()
) -> None:
    """Write how sends ended, and give back the leases of `freed` rows.

    Repeating it changes nothing.
    """
    _release(db, freed)
    sent = [each for each in outcomes if each.sent is not None]
    for statement, secret in ((_SENT, False), (_SENT_SECRET, True)):
        rows = [_sent_values(each) for each in sent if _erases(each) is secret]
        if rows:
            db.execute(statement, rows)
    for each in outcomes:
        if each.error is not None:
            _record_failure(db, each, each.error)


def _erases(each: Outcomes) -> bool:
    """Tell whether a row that reveals a choice can be emptied now.

    Messenger apps have the text once it is sent; the web page fetches it later, and it
    is emptied when the page has asked for what came after it.
    """
    return each.owed.secret and each.owed.channel != "web"


def _sent_values(each: Outcomes) -> dict[str, Any]:
    assert each.sent is not None  # noqa: S101 - chosen by the caller
    return {
        "row": each.owed.row,
        "to": Delivery.SENT.value,
        "external": each.sent.external_id[:80],
        "at": each.at,
    }


def _record_failure(db: Connection, each: Outcomes, error: ChannelError) -> None:
    again = error.outcome is Outcome.RETRY and each.owed.attempt < MOST_TRIES
    to = Delivery.QUEUED
    if not again:
        to = Delivery.UNSURE if error.outcome is Outcome.UNSURE else Delivery.FAILED
    values = {
        "row": each.owed.row,
        "to": to.value,
        "why": error.code[:64],
        "due": each.at + timedelta(seconds=_wait(each.owed.attempt, error)),
    }
    db.execute(_FAILED_SECRET if each.owed.secret and not again else _FAILED, values)
    if error.closes:
        closed = update(Talk).where(Talk.id == each.owed.talk).values(closed_at=each.at)
        db.execute(closed)


def _wait(attempt: int, error: ChannelError) -> float:
    """Return how many seconds to wait before the next try."""
    if error.wait_seconds is not None:
        return error.wait_seconds
    return BACK_OFF[min(attempt, len(BACK_OFF)) - 1]


def _release(db: Connection, rows: Sequence[int]) -> None:
    """Give leases back: somebody before these rows has to be paid first."""
    if rows:
        free = update(OutboundMessage).where(OutboundMessage.id.in_(rows))
        db.execute(free.values(leased_until=None, leased_by=None))


def record_statuses(
    db: Connection, channel: str, statuses: Sequence[StatusUpdate]
) -> int:
    """Move messages' delivery forward; return how many moved."""
    return sum(record_status(db, channel, each) for each in statuses)


def record_status(db: Connection, channel: str, status: StatusUpdate) -> bool:
    """Move a message's delivery forward; False if it is unknown or no step forward.

    A message whose sending ended unsure has no name of the provider's yet: its first
    status brings our own row number along (`extra["out"]`) and settles it.
    """
    lower = [name.value for name, rank in RANK.items() if rank < RANK[status.delivery]]
    moved = (
        update(OutboundMessage)
        .where(
            OutboundMessage.channel == channel,
            _is_about(status),
            OutboundMessage.delivery.in_(lower),
        )
        .values(
            delivery=status.delivery.value,
            reason=status.extra.get("reason") or status.code,
            external_id=status.external_id[:80],
        )
        .returning(OutboundMessage.talk_id)
    )
    talk_id = db.scalar(moved)
    if talk_id is not None and status.extra.get("closes"):
        closed = update(Talk).where(Talk.id == talk_id)
        db.execute(closed.values(closed_at=func.coalesce(Talk.closed_at, func.now())))
    return talk_id is not None


def _is_about(status: StatusUpdate) -> ColumnElement[bool]:
    named = OutboundMessage.external_id == status.external_id
    row = status.extra.get("out", "")
    if not (row.isascii() and row.isdigit() and len(row) < 18):  # noqa: PLR2004
        return named
    unnamed = OutboundMessage.external_id.is_(None)
    return or_(named, and_(OutboundMessage.id == int(row), unnamed))
