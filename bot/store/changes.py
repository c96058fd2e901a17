"""What changed about chosen plans, and to whom the money went that became free."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId

_PROPOSED = text("state = 'proposed'")


class PlanChange(Base):
    """A chosen plan shrinks, moves, changes hands or stops (`bot.domain.changes`).

    `was` and `now` are what it was and becomes: {amount_cents} (and, of a plan that
    stopped, what puts it back), {place} or {carrier}. `reason` is {locale: text} in all
    four languages; `translator` is who answers for the translations, "" for a prepared
    wording. It was proposed `by` somebody, and holds since `settled_at`; `second` is
    who agreed where money changes. At most one of a plan waits.
    """

    __tablename__ = "plan_changes"
    __table_args__ = (
        Index("ix_plan_changes_plan_id", "plan_id", "id"),
        Index(
            "uq_plan_changes_proposed",
            "plan_id",
            unique=True,
            sqlite_where=_PROPOSED,
            postgresql_where=_PROPOSED,
        ),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    kind: Mapped[str] = mapped_column(short(16))
    was: Mapped[dict[str, Any]]
    now: Mapped[dict[str, Any]]
    reason: Mapped[dict[str, Any]]
    translator: Mapped[str] = mapped_column(short(120))
    state: Mapped[str] = mapped_column(short(16))
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]
    second: Mapped[str | None] = mapped_column(short(120))
    settled_at: Mapped[datetime | None]


class FreedAward(Base):
    """Money that became free, and the plans that the published rule gives it to.

    `plans` are [{number, amount_cents}] as the rule chose them, `data` what is
    published of it. `reason` is {locale: text}, `contact` {name, phone}, `call_before`
    an ISO day. At most one of a round waits for a second person.
    """

    __tablename__ = "freed_awards"
    __table_args__ = (
        Index("ix_freed_awards_round_id", "round_id", "id"),
        Index(
            "uq_freed_awards_proposed",
            "round_id",
            unique=True,
            sqlite_where=_PROPOSED,
            postgresql_where=_PROPOSED,
        ),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    plans: Mapped[list[Any]]
    data: Mapped[dict[str, Any]]
    reason: Mapped[dict[str, Any]]
    translator: Mapped[str] = mapped_column(short(120))
    contact: Mapped[dict[str, Any]]
    call_before: Mapped[str] = mapped_column(short(10))
    state: Mapped[str] = mapped_column(short(16))
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]
    second: Mapped[str | None] = mapped_column(short(120))
    settled_at: Mapped[datetime | None]
