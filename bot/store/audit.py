"""The audit trail: what officials did at the desk, by command or by hook.

Lines are tied together by a chain. Triggers of the database (migration 0025) refuse
whoever wants to change a line, or delete one without saying so.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId


class AuditLine(Base):
    """One act. Lines are only added.

    `by` is an official's e-mail address, "hook", "command", or "unknown" at the door.
    `act` is a machine word ("plan.review"), `subject` what it was done to ("plan:130"),
    `data` what changed. No words of residents stand in it.
    """

    __tablename__ = "audit_lines"
    __table_args__ = (
        Index("ix_audit_lines_subject", "subject", "id"),
        Index("ix_audit_lines_by", "by", "id"),
        Index("ix_audit_lines_act", "act", "id"),
        Index("ix_audit_lines_at", "at"),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(short(120))
    act: Mapped[str] = mapped_column(short(40))
    subject: Mapped[str] = mapped_column(short(80))
    data: Mapped[dict[str, Any]]


class TrailEntry(Base):
    """An entry of the trail's chain (`bot.domain.trail`): one for each line.

    The key lets one writer at a time append. Of a line that was destroyed with its
    round the entry stays, without `line_id` and `nonce`; `gone` is then the subject of
    the act that destroyed it ("round:slotermeer-2026").
    """

    __tablename__ = "audit_chain"
    __table_args__ = (UniqueConstraint("line_id"),)

    place: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    line_id: Mapped[int | None] = mapped_column(BigInteger)
    nonce: Mapped[str | None] = mapped_column(short(32))
    digest: Mapped[str] = mapped_column(short(64))
    value: Mapped[str] = mapped_column(short(64))
    gone: Mapped[str | None] = mapped_column(short(80))


class TrailOpening(Base):
    """While a row stands here, lines may be deleted; triggers refuse it otherwise.

    It comes and goes within one transaction, so nobody else ever sees it.
    """

    __tablename__ = "audit_openings"

    subject: Mapped[str] = mapped_column(short(80), primary_key=True)
