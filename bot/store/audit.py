"""The audit trail: what officials did at the desk, by command or by hook."""

from datetime import datetime
from typing import Any

from sqlalchemy import Identity, Index
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
