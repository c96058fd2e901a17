"""What is due is claimed: leased to one process, in order per talk, replies first.

Replies go at once. What we begin is given a place in the pace of its channel, by
whoever holds the lock on our account there; so ten workers are no faster than allowed,
and what is overdue after an outage is spaced anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from bot.domain.messages import Filled
from bot.domain.pace import places
from bot.meters import Lapsed
from bot.services.accounts import apart, find_account, keep_next, lock_account
from bot.services.fates import Fates, sort_out
from bot.services.house import Scene
from bot.services.outbox import (
    LEASE,
    PUSH,
    REPLY,
    Owed,
    Picture,
    file_keys,
    outbound,
    parts_done,
)
from bot.services.questions import open_question
from bot.store.base import spelled
from bot.store.leases import DOUBT, free_at, is_free_at
from bot.store.talks import Media, OutboundMessage, Talk

AT_ONCE = 500
_earlier = aliased(OutboundMessage)
_queued = and_(
    OutboundMessage.delivery == spelled("queued"), OutboundMessage.held.is_(None)
)
_EARLIER_DUE = select(_earlier.id).where(
    _earlier.talk_id == OutboundMessage.talk_id,
    _earlier.delivery == spelled("queued"),
    # Said like this, no planner takes the queue's own index to find one talk in.
    func.coalesce(_earlier.held, "") == "",
    _earlier.priority <= OutboundMessage.priority,
    _earlier.id < OutboundMessage.id,
    # A push for another day does not stand in the way; one to be repeated does,
    # and so does a reply from a clock ahead of ours: it is due.
    or_(
        _earlier.due_at <= bindparam("now"),
        _earlier.due_at <= _earlier.created_at,
        _earlier.attempts > 0,
        and_(
            _earlier.priority == REPLY,
            _earlier.created_at > bindparam("doubtful"),
        ),
    ),
)
# With an offset PostgreSQL asks for each row by its talk. Without one it makes this a
# join, and where its statistics are of before a broadcast, it believes the queue empty
# and reads all of it for each row.
_IS_HEAD = ~_EARLIER_DUE.offset(0).exists()
_CLAIM: Select[Any] = (
    select(
        OutboundMessage.id,
        OutboundMessage.talk_id,
        OutboundMessage.channel,
        OutboundMessage.text,
        OutboundMessage.choices,
        OutboundMessage.secret,
        OutboundMessage.about,
        OutboundMessage.kind,
        OutboundMessage.slots,
        OutboundMessage.round_id,
        OutboundMessage.external_id,
        OutboundMessage.priority,
        OutboundMessage.attempts,
        OutboundMessage.leased_until,
        *file_keys(),
        Talk.resident_id,
        Talk.address,
        Talk.language,
        Talk.stopped_at,
        Talk.closed_at,
        Talk.window_until,
        Talk.heard_by,
        Talk.opened_at,
    )
    .join(Talk, Talk.id == OutboundMessage.talk_id)
    .outerjoin(Media, Media.id == OutboundMessage.sound)
    .outerjoin(Picture, Picture.id == OutboundMessage.picture)
    .where(_queued, is_free_at(OutboundMessage.leased_until), _IS_HEAD)
    .limit(bindparam("limit"))
)
# A reply from the future was written before a clock was set back, or by one that is
# ahead of ours: it is due.
_DUE_REPLY = or_(
    OutboundMessage.due_at <= bindparam("now"),
    OutboundMessage.due_at <= OutboundMessage.created_at,
    OutboundMessage.created_at > bindparam("doubtful"),
)
_REPLIES = _CLAIM.where(
    OutboundMessage.priority == REPLY,
    OutboundMessage.channel.in_(bindparam("channels", expanding=True)),
    _DUE_REPLY,
).order_by(OutboundMessage.due_at, OutboundMessage.id)
_PUSHES = _CLAIM.where(
    OutboundMessage.priority == PUSH,
    OutboundMessage.channel == bindparam("channel"),
    OutboundMessage.due_at <= bindparam("now"),
).order_by(OutboundMessage.due_at, OutboundMessage.id)
_ANY_REPLY = select(
    exists().where(
        _queued,
        OutboundMessage.priority == REPLY,
        is_free_at(OutboundMessage.leased_until),
        OutboundMessage.channel.in_(bindparam("channels", expanding=True)),
        _DUE_REPLY,
    )
)
_ANY_PUSH = select(
    exists().where(
        _queued,
        OutboundMessage.priority == PUSH,
        OutboundMessage.channel == bindparam("channel"),
        OutboundMessage.due_at <= bindparam("now"),
    )
)
_LEASE = (
    update(OutboundMessage)
    .where(OutboundMessage.id.in_(bindparam("rows", expanding=True)))
    .values(
        leased_until=bindparam("until"),
        leased_by=bindparam("by"),
        attempts=OutboundMessage.attempts + 1,
    )
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for work: the scene, the process, and how much it takes at once."""

    scene: Scene
    me: str
    limit: int
    values: dict[str, Any] = field(default_factory=dict)


def claim(
    scene: Scene,
    channels: Iterable[str] | None = None,
    me: str | None = None,
    limit: int = AT_ONCE,
) -> list[Owed]:
    """Lease up to `limit` due replies, then the pushes that have a place now.

    The first of each talk only. A push to somebody who has stopped us or cannot be
    reached is dropped here, at the last moment, with its reason; one that may only go
    as a template goes as that, or is held until it is approved.
    """
    names = list(scene.house.channels if channels is None else channels)
    asking = Asking(scene, me or scene.me, limit, _values(scene.now))
    owed = _claim_replies(asking, names)
    for name in names:
        owed += _claim_pushes(asking, name)
    return owed


def is_anything_due(scene: Scene) -> bool:
    """Tell whether a claim is worth its locks: something is due, or may be."""
    names, values = list(scene.house.channels), _values(scene.now)
    if scene.db.scalar(_ANY_REPLY, values | {"channels": names}):
        return True
    pushes = (values | {"channel": name} for name in names)
    return any(scene.db.scalar(_ANY_PUSH, each) for each in pushes)


def _values(now: datetime) -> dict[str, Any]:
    return {"now": now, "doubtful": now + DOUBT} | free_at(now, LEASE)


def _claim_replies(asking: Asking, names: list[str]) -> list[Owed]:
    rows = _locked(asking, _REPLIES, asking.limit, channels=names)
    return _take(asking, sort_out(asking.scene, rows))


def _claim_pushes(asking: Asking, channel: str) -> list[Owed]:
    """Lease the pushes of a channel that have a place within the next second."""
    db, now = asking.scene.db, asking.scene.now
    if not db.scalar(_ANY_PUSH, asking.values | {"channel": channel}):
        return []
    pace = apart(asking.scene.house.settings, channel)
    # Without a pace there are no places to give away, and no claim waits for another.
    account = (lock_account if pace else find_account)(db, channel, now)
    if account.paused_until is not None and account.paused_until > now:
        return []
    if pace is None:
        rows = _locked(asking, _PUSHES, asking.limit, channel=channel)
        return _take(asking, sort_out(asking.scene, rows))
    free = places(account.next_at, now, pace, asking.limit)
    rows = _locked(asking, _PUSHES, len(free), channel=channel) if free else []
    return _take_paced(asking, sort_out(asking.scene, rows), free, pace)


def _take_paced(
    asking: Asking, fates: Fates, free: Sequence[datetime], pace: timedelta
) -> list[Owed]:
    """Take what may go, each at a place of its own; the places left over stay free."""
    if fates.go:
        channel, last = fates.go[0][0].channel, free[len(fates.go) - 1]
        keep_next(asking.scene.db, channel, last + pace)
    return _take(asking, fates, free)


def _locked(
    asking: Asking, statement: Select[Any], limit: int, **values: object
) -> Sequence[Row[Any]]:
    db = asking.scene.db
    if db.dialect.name != "sqlite":
        statement = statement.with_for_update(of=OutboundMessage, skip_locked=True)
    return db.execute(statement, asking.values | {"limit": limit} | values).all()


def _take(
    asking: Asking, fates: Fates, at: Sequence[datetime] | None = None
) -> list[Owed]:
    """Lease the rows that may go, and open what they ask."""
    scene, until = asking.scene, asking.scene.now + LEASE
    if not fates.go:
        return []
    ids = [row.id for row, _ in fates.go]
    scene.db.execute(_LEASE, {"rows": ids, "until": until, "by": asking.me})
    for row, _ in fates.go:
        if row.leased_until is not None:
            scene.noted.append(Lapsed("outbound", row.id))
        if row.priority == PUSH and (row.choices or row.about):
            open_question(scene.db, row.talk_id, row.id)
    return [
        _owed(row, filled, until, at[n] if at else None)
        for n, (row, filled) in enumerate(fates.go)
    ]


def _owed(
    row: Row[Any], filled: Filled | None, until: datetime, at: datetime | None
) -> Owed:
    files = (row.sound, row.picture)
    out = outbound(row.id, row.address, row.language, row.text, row.choices, files)
    return Owed(
        row=row.id,
        talk=row.talk_id,
        channel=row.channel,
        out=replace(out, template=filled, done=parts_done(row.external_id)),
        attempt=row.attempts + 1,
        secret=row.secret,
        until=until,
        claimed=True,
        at=at,
        priority=row.priority,
    )
