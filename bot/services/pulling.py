"""Pull first: whoever writes to us gets what we keep for her, at once.

What is about her own plan does not wait for its turn or for the morning then; nor does
what could only have gone as a template, for her message lets us write freely. Only what
officials can still undo waits: a review, and a change of a chosen plan.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, and_, or_, select, update

from bot.domain.kinds import CAMPAIGNS
from bot.domain.reviews import HOLD
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
from bot.services.talks import TalkRow
from bot.services.unreached import reached_after_all
from bot.store.outreach import PAUSED
from bot.store.talks import Media, OutboundMessage

AT_ONCE = 5
_CAN_BE_UNDONE = ("review:%", "change:%")


def pull(scene: Scene, talk: TalkRow) -> list[Owed]:
    """Turn what is kept for her into replies; return what can be sent at once.

    Her talk is locked by the caller's turn. What another process is sending, or was
    when it ended, is left to it and to the worker.
    """
    rows = _kept(scene, talk)
    if not rows:
        return []
    ids = [row.id for row in rows]
    mine = None if talk.owed_elsewhere else scene.me
    pulled = {
        "priority": REPLY,
        "held": None,
        "reason": None,
        "due_at": scene.now,
        "leased_by": mine,
        "leased_until": scene.now + LEASE if mine else None,
        "attempts": OutboundMessage.attempts + (1 if mine else 0),
    }
    taken = update(OutboundMessage).where(OutboundMessage.id.in_(ids))
    scene.db.execute(taken.values(pulled))
    for row in rows:
        if row.choices or row.about:
            open_question(scene.db, talk.id, row.id)
    reached_after_all(scene.db, ids, scene.now)
    return [_owed(scene, talk, row) for row in rows] if mine else []


def _kept(scene: Scene, talk: TalkRow) -> Sequence[Row[Any]]:
    """Return what is kept for her, oldest first, locked on PostgreSQL."""
    row = OutboundMessage
    kept = (
        select(
            row.id,
            row.text,
            row.choices,
            row.about,
            row.attempts,
            row.secret,
            row.external_id,
            *file_keys(),
        )
        .outerjoin(Media, Media.id == row.sound)
        .outerjoin(Picture, Picture.id == row.picture)
        .where(
            row.talk_id == talk.id,
            row.delivery == "queued",
            row.priority == PUSH,
            or_(row.held.is_(None), row.held != PAUSED),
            or_(
                row.kind.is_(None),
                row.kind.not_in(sorted(CAMPAIGNS)),
                row.held.is_not(None),
            ),
            row.leased_until.is_(None),
            or_(
                and_(*(row.dedupe_key.not_like(key) for key in _CAN_BE_UNDONE)),
                row.created_at <= scene.now - HOLD,
            ),
        )
        .order_by(row.id)
        .limit(AT_ONCE)
    )
    if scene.db.dialect.name != "sqlite":
        kept = kept.with_for_update(of=row, skip_locked=True)
    return scene.db.execute(kept).all()


def _owed(scene: Scene, talk: TalkRow, row: Row[Any]) -> Owed:
    files = (row.sound, row.picture)
    out = outbound(row.id, talk.address, talk.language, row.text, row.choices, files)
    out = replace(out, done=parts_done(row.external_id))
    until = scene.now + LEASE
    return Owed(
        row.id,
        talk.id,
        talk.channel,
        out,
        attempt=row.attempts + 1,
        secret=row.secret,
        until=until,
    )
