"""Results nights: what is decided about each plan, and when who hears it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId

DRAFT, PROPOSED, RELEASED, DONE, DROPPED = (
    "draft",
    "proposed",
    "released",
    "done",
    "dropped",
)
"""What a night can be. What waits for a second person is proposed."""


class Night(Base):
    """The result of a round on its way out: authors first, then voters, then all.

    `standing` is provisional or final. Each of the three has a moment it is due and one
    at which it was done. `seed` is the public number of the lot, `counted_at` when the
    count was taken over. `next_step` and `voters_text` are {locale: text}. `told` is
    the answer of telling the authors; `trouble` says why a step could not be done.
    `version` rises with every change, so that two editors at once are seen.
    """

    __tablename__ = "nights"
    __table_args__ = (Index("ix_nights_round_id", "round_id", "id"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    round_id: Mapped[int]
    standing: Mapped[str] = mapped_column(short(16))
    state: Mapped[str] = mapped_column(short(16))
    version: Mapped[int] = mapped_column(default=1)
    seed: Mapped[str | None] = mapped_column(short(80))
    counted_at: Mapped[datetime | None]
    next_step: Mapped[dict[str, Any]] = mapped_column(default=dict)
    voters_text: Mapped[dict[str, Any]] = mapped_column(default=dict)
    authors_at: Mapped[datetime | None]
    voters_at: Mapped[datetime | None]
    public_at: Mapped[datetime | None]
    authors_done_at: Mapped[datetime | None]
    voters_done_at: Mapped[datetime | None]
    public_done_at: Mapped[datetime | None]
    told: Mapped[dict[str, Any] | None]
    trouble: Mapped[dict[str, Any] | None]
    broadcast_id: Mapped[int | None] = mapped_column(RowId)
    made_by: Mapped[str] = mapped_column(short(120))
    made_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(short(120))
    changed_at: Mapped[datetime]
    proposed_by: Mapped[str | None] = mapped_column(short(120))
    proposed_at: Mapped[datetime | None]
    released_by: Mapped[str | None] = mapped_column(short(120))
    released_at: Mapped[datetime | None]


class NightPlan(Base):
    """What one plan's author is to hear. `before` is the status it had until then.

    `reason` is {locale: text}, `contact` {name, phone}, `call_before` an ISO day,
    `votes` those of the count that was taken over. `by_hand` tells that an official
    wrote it: taking the count over again leaves it alone. `lacks` is what the story
    still needs (reason, contact or date), None for nothing. `called_by` told her by
    telephone.
    """

    __tablename__ = "night_plans"

    night_id: Mapped[int] = mapped_column(
        ForeignKey("nights.id"), primary_key=True, autoincrement=False
    )
    plan_id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(short(24))
    before: Mapped[str | None] = mapped_column(short(24))
    reason: Mapped[dict[str, Any]] = mapped_column(default=dict)
    contact: Mapped[dict[str, Any]] = mapped_column(default=dict)
    amount_cents: Mapped[int | None]
    call_before: Mapped[str | None] = mapped_column(short(10))
    votes: Mapped[int | None]
    by_hand: Mapped[bool] = mapped_column(default=False)
    lacks: Mapped[str | None] = mapped_column(short(16))
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[str] = mapped_column(short(120))
    changed_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    called_by: Mapped[str | None] = mapped_column(short(120))


class NightCorrection(Base):
    """That something told was wrong: proposed by one official, confirmed by another."""

    __tablename__ = "night_corrections"
    __table_args__ = (Index("ix_night_corrections_night_id", "night_id"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    night_id: Mapped[int] = mapped_column(ForeignKey("nights.id"))
    plan_id: Mapped[int] = mapped_column(RowId)
    was: Mapped[str] = mapped_column(short(24))
    now: Mapped[str] = mapped_column(short(24))
    reason: Mapped[dict[str, Any]]
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(short(120))
    confirmed_at: Mapped[datetime | None]
