"""Appending to the chain of the audit trail, as the last thing a transaction does.

Whoever appends holds a lock until its commit, so that processes side by side make one
chain. As nothing comes behind it in a transaction, nobody waits crosswise.
"""

import logging
from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.domain.trail import Head, digest_of, nothing_yet, value_of
from bot.store.audit import AuditLine, TrailEntry, TrailOpening
from bot.store.prepared import Prepared

log = logging.getLogger(__name__)
_NOTED = "noted_lines"
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(0x41756469))
_KNOWN = select(TrailEntry.line_id).where(TrailEntry.line_id == AuditLine.id)
_LINE = Prepared(
    select(
        AuditLine.at, AuditLine.by, AuditLine.act, AuditLine.subject, AuditLine.data
    ).where(AuditLine.id == bindparam("line"), ~_KNOWN.exists())
)
_NEWEST = Prepared(
    select(TrailEntry.place, TrailEntry.value)
    .order_by(TrailEntry.place.desc())
    .limit(1)
)
_ADD = Prepared(
    insert(TrailEntry).values(
        {
            name: bindparam(name)
            for name in ("place", "line_id", "nonce", "digest", "value")
        }
    )
)
"""Compiled once: they run at each act of the desk."""


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
    for line_id in sorted(ids):
        line = _LINE.one(db, {"line": line_id})
        if line is None:
            continue
        nonce, place = uuid4().hex, head.place + 1
        digest = digest_of(nonce, *line)
        head = Head(place, value_of(head.value, place, digest))
        row = {"line_id": line_id, "nonce": nonce, "digest": digest}
        rows.append(row | {"place": head.place, "value": head.value})
    _ADD.many(db, rows)
    return head


def head_of(db: Connection) -> Head:
    """Return the newest entry of the chain."""
    row = _NEWEST.one(db, {})
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
