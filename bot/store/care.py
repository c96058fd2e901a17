"""Chosen plans on their way: contact persons, what was done, and who took over."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId


class ContactRow(Base):
    """A person residents can turn to. Not always an official of the desk.

    `photo_id` is the media of the photo that goes along in messages, `left_at` when the
    person stopped.
    """

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(short(80))
    phone: Mapped[str] = mapped_column(short(40), default="")
    photo_id: Mapped[int | None] = mapped_column(RowId)
    official_id: Mapped[int | None]
    left_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class CareRow(Base):
    """How a chosen plan is looked after: one row per plan, from its award on.

    `asked` questions were due since `begun_at`, the last at `asked_at`; the next is due
    at `next_at` (None: no more). `answered_at` is her last answer, `silent_at` when her
    silence was noted, `silences` how often in a row. `reported_at` is when the
    municipality last said something; `warned_at` and `late_at` when officials, and the
    one who leads them, were told that it is time. `stuck_at` is since when it is stuck.
    `steps` is who does what.
    """

    __tablename__ = "plan_care"
    __table_args__ = (
        Index("ix_plan_care_next", "next_at"),
        Index("ix_plan_care_asked", "asked_at"),
        Index("ix_plan_care_stuck", "stuck_at"),
        Index("ix_plan_care_contact_id", "contact_id"),
    )

    plan_id: Mapped[int] = mapped_column(
        RowId, ForeignKey("plans.id"), primary_key=True, autoincrement=False
    )
    contact_id: Mapped[int | None] = mapped_column(RowId)
    cadence: Mapped[str] = mapped_column(short(24))
    begun_at: Mapped[datetime]
    asked: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    silent_at: Mapped[datetime | None]
    silences: Mapped[int] = mapped_column(default=0)
    reported_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]
    stuck_at: Mapped[datetime | None]
    first_talk: Mapped[str | None] = mapped_column(short(10))
    steps: Mapped[list[Any]]


class PlanLine(Base):
    """A line of what happened with a chosen plan, in words of officials.

    `kind` is "did" (what the municipality did), "answer" (to what was stuck, never
    public), "told" (what the author said, as a reviewer worded it) or "changed" (what
    became of the plan itself, always public). `media_id` is a
    spoken answer, `told_at` when the author was told, `public_at` when it was ticked.
    """

    __tablename__ = "plan_lines"
    __table_args__ = (
        Index("ix_plan_lines_plan_id", "plan_id", "id"),
        Index(
            "ix_plan_lines_media_id",
            "media_id",
            sqlite_where=text("media_id IS NOT NULL"),
            postgresql_where=text("media_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(RowId, ForeignKey("plans.id"))
    kind: Mapped[str] = mapped_column(short(16))
    texts: Mapped[dict[str, Any]]
    media_id: Mapped[int | None] = mapped_column(RowId)
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    public_at: Mapped[datetime | None]
    public_by: Mapped[str | None] = mapped_column(short(120))


class Handover(Base):
    """A contact person's plans that somebody took over.

    `moves` is [[plan row, former contact, new contact]]. People are told at `told_at`,
    when it can no longer be undone.
    """

    __tablename__ = "handovers"
    __table_args__ = (Index("ix_handovers_open", "told_at", "id"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(RowId)
    moves: Mapped[list[Any]]
    left: Mapped[bool]
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
