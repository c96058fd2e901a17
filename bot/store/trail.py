"""Appending to the chain of the audit trail, as the last thing a transaction does.

Whoever appends holds a lock until its commit, so that processes side by side make one
chain. As nothing comes behind it in a transaction, nobody waits crosswise.
"""

import logging
from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.domain.trail import Head, digest_of, nothing_yet, value_of
from bot.store.audit import AuditLine, TrailEntry, TrailOpening

log = logging.getLogger(__name__)
_NOTED = "noted_lines"
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(0x41756469))
_LINE = (
    AuditLine.id,
    AuditLine.at,
    AuditLine.by,
    AuditLine.act,
    AuditLine.subject,
    AuditLine.data,
)


def begin(db: Connection) -> None:
    """Forget lines of a transaction that was rolled back on this connection."""
    db.info.pop(_NOTED, None)


def expect(db: Connection, line_id: int) -> None:
    """Have a line that was just written appended when its transaction is done."""
    db.info.setdefault(_NOTED, set()).add(line_id)


def append_noted(db: Connection) -> Head | None:
    """Append the lines of this transaction; None if there are none.

    Call it right before the commit. The head is to be told after it: see `tell`.
    """
    noted = db.info.pop(_NOTED, None)
    return append(db, noted) if noted else None


def append(db: Connection, ids: Iterable[int]) -> Head:
    """Append lines to the chain in the order of their ids, and return its new head.

    A line that is in it already, or was undone meanwhile, is left out.
    """
    if db.dialect.name != "sqlite":
        db.execute(_ONE_AT_A_TIME)
    head, rows = head_of(db), []
    known = select(TrailEntry.line_id).where(TrailEntry.line_id == AuditLine.id)
    lines = select(*_LINE).where(AuditLine.id.in_(sorted(ids)), ~known.exists())
    for line in db.execute(lines.order_by(AuditLine.id)):
        nonce, place = uuid4().hex, head.place + 1
        digest = digest_of(nonce, line.at, line.by, line.act, line.subject, line.data)
        head = Head(place, value_of(head.value, place, digest))
        row = {"line_id": line.id, "nonce": nonce, "digest": digest}
        rows.append(row | {"place": head.place, "value": head.value})
    if rows:
        db.execute(insert(TrailEntry), rows)
    return head


def head_of(db: Connection) -> Head:
    """Return the newest entry of the chain."""
    newest = select(TrailEntry.place, TrailEntry.value)
    row = db.execute(newest.order_by(TrailEntry.place.desc()).limit(1)).one_or_none()
    return Head(*row) if row else nothing_yet()


def tell(head: Head | None) -> None:
    """Log the head once it is committed: whoever keeps the log holds it for us."""
    if head is not None:
        log.info("trail grown place=%s value=%s", head.place, head.value)


def take_out(db: Connection, subject: str, lines: object) -> list[int]:
    """Let lines be deleted until `close`; return the places of their entries.

    `lines` is a condition; `subject` the one of the act that destroys them.
    """
    db.execute(insert(TrailOpening).values(subject=subject))
    ids = select(AuditLine.id).where(lines)  # type: ignore[arg-type]
    mine = TrailEntry.line_id.in_(ids)
    places = list(db.scalars(select(TrailEntry.place).where(mine)))
    emptied = {"line_id": None, "nonce": None, "gone": subject}
    db.execute(update(TrailEntry).where(mine).values(emptied))
    return places


def close(db: Connection, subject: str) -> None:
    """Let no line be deleted any more."""
    db.execute(delete(TrailOpening).where(TrailOpening.subject == subject))
