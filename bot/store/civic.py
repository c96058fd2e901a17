"""Rounds, plans, ballots, tasks and officials."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.sealed import sealed_words
from bot.store.talks import RowId


class Catalog(Base):
    """One row whose version rises when staff change rounds or public plans.

    Processes keep rounds and ballots in memory and read them anew when it has risen.
    """

    __tablename__ = "catalog"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]


class RoundRow(Base):
    """One run of choosing. `data` is the round as JSON (`bot.services.rounds`)."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(short(80))
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class PlanRow(Base):
    """A plan. `text` is what the author confirmed, "" while only her voice is there.

    `title` and `summary` are the public ones, set by a reviewer who ticks the plan;
    `already` says what is paid for there already; `picture_id` is the media of its
    public picture, and `picture_hash` the SHA-256 of that; `public_at` is when.
    `resident_id` is None once the author is forgotten, or where staff brought the plan
    in. A place is rounded to about 50 m before it is stored.

    `search` is what is looked through at the desk, None until it is made
    (`bot.services.searching`). Since `asked_at` (None: since it was told) we owe its
    author a first answer, until `answered_at`; `advised_at` is when its review was
    done. `entry` is where staff took it in ("market"), `entry_key` a keyed hash of the
    line of a list it came from.
    """

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_plans_status", "status", "number"),
        Index("ix_plans_entry_key", "entry_key", unique=True),
        Index(
            "ix_plans_unsearched",
            "id",
            sqlite_where=text("search IS NULL"),
            postgresql_where=text("search IS NULL"),
        ),
        Index(
            "ix_plans_picture_id",
            "picture_id",
            sqlite_where=text("picture_id IS NOT NULL"),
            postgresql_where=text("picture_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    number: Mapped[int]
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(
        ForeignKey("residents.id"), index=True
    )
    talk_id: Mapped[int | None] = mapped_column(ForeignKey("talks.id"))
    status: Mapped[str] = mapped_column(short(24))
    text: Mapped[str]
    language: Mapped[str | None] = mapped_column(short(8))
    spoken: Mapped[bool] = mapped_column(default=False)
    title: Mapped[dict[str, Any] | None]
    summary: Mapped[dict[str, Any] | None]
    already: Mapped[dict[str, Any] | None]
    picture_id: Mapped[int | None] = mapped_column(RowId)
    picture_hash: Mapped[str | None] = mapped_column(short(64))
    theme: Mapped[str | None] = mapped_column(short(40))
    cost_cents: Mapped[int | None]
    place: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    supports: Mapped[int] = mapped_column(default=0)
    votes: Mapped[int | None]
    contact: Mapped[dict[str, Any] | None]
    public_at: Mapped[datetime | None]
    search: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    advised_at: Mapped[datetime | None]
    entry: Mapped[str | None] = mapped_column(short(40))
    entry_key: Mapped[str | None] = mapped_column(short(64))
    created_at: Mapped[datetime]


class PlanStage(Base):
    """A line of a plan's history. `by` is an official's e-mail, "author" or "hook"."""

    __tablename__ = "plan_stages"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    status: Mapped[str] = mapped_column(short(24))
    note: Mapped[dict[str, Any]]
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]


class PlanMedia(Base):
    """The notes and photos of a plan."""

    __tablename__ = "plan_media"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    media_id: Mapped[int] = mapped_column(
        ForeignKey("media.id"), primary_key=True, index=True
    )


class Support(Base):
    """One person's sign that a plan should go on: once per person, by the key."""

    __tablename__ = "supports"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    resident_id: Mapped[int] = mapped_column(
        ForeignKey("residents.id"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class Follow(Base):
    """Somebody who wants to hear what becomes of a plan."""

    __tablename__ = "follows"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    resident_id: Mapped[int] = mapped_column(
        ForeignKey("residents.id"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class Mark(Base):
    """That a person has a ballot in a round; never what is on it.

    The day only: an hour could be matched with the moment a ballot came in.
    """

    __tablename__ = "marks"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    resident_id: Mapped[int] = mapped_column(
        ForeignKey("residents.id"), primary_key=True, index=True
    )
    day: Mapped[str] = mapped_column(short(10))


class BallotRow(Base):
    """What one voter chose. Joined to nobody but by `voter`, a keyed hash.

    The primary key is random and SQLite keeps the table without row numbers, so that
    the order of ballots tells nothing either. There is no time on purpose. Receipts
    have a table of their own: `receipt` says nothing (it was one before version 0.2).
    `voter_class` is that of the pass, None where no pass is asked for. `place` is the
    entry of the round's chain that `nonce` and picks are committed to in. `route` is
    how it came, kept only where a round weighs ballots by it. Once the round is sealed,
    `voter` says nothing, and `place` is the same in all.
    """

    __tablename__ = "ballots"
    __table_args__ = (
        UniqueConstraint("round_id", "voter"),
        UniqueConstraint("receipt"),
        Index(
            "ix_ballots_loose",
            "round_id",
            sqlite_where=text("place IS NULL"),
            postgresql_where=text("place IS NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(short(32), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    voter: Mapped[str] = mapped_column(short(64))
    picks: Mapped[list[Any]]
    receipt: Mapped[str] = mapped_column(short(24))
    nonce: Mapped[str | None] = mapped_column(short(32))
    place: Mapped[int | None]
    voter_class: Mapped[str | None] = mapped_column(short(16))
    route: Mapped[str | None] = mapped_column(short(16))


class Task(Base):
    """Something staff have to do: listen, call, help. `note` are her own words.

    `outbound_id` is the message of ours that it is about. `speaks` is the language that
    somebody has to know who listens, where a listener has said so.

    `assigned_to` is the official who has it in hand. `outcome` says how it ended
    (`bot.services.desk.handling.Outcome`), `outcome_note` what officials wrote down for
    each other; until `again_at` it rests, because nobody was reached.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_open", "kind", "done_at"),
        Index(
            "ix_tasks_waiting",
            "created_at",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix_tasks_done", "done_at", "id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(short(24))
    talk_id: Mapped[int | None] = mapped_column(ForeignKey("talks.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"), index=True)
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"), index=True)
    outbound_id: Mapped[int | None] = mapped_column(RowId)
    note: Mapped[str] = mapped_column(sealed_words("tasks.note"), default="")
    speaks: Mapped[str | None] = mapped_column(short(8))
    assigned_to: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(short(16))
    outcome_note: Mapped[str | None] = mapped_column(sealed_words("tasks.outcome_note"))
    again_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(short(120))


class Correction(Base):
    """What a person wrote down from a note, beside what a machine had heard in it.

    `signals` are those of the recogniser (`Media.signals`). `spoken_language` may be
    one that nobody writes to us in. `consent` tells whether the note may be kept to
    test recognisers (None: not asked). It goes on the day its sound goes.
    """

    __tablename__ = "corrections"

    media_id: Mapped[int] = mapped_column(
        ForeignKey("media.id"), primary_key=True, autoincrement=False
    )
    talk_id: Mapped[int] = mapped_column(ForeignKey("talks.id"), index=True)
    machine_text: Mapped[str | None] = mapped_column(
        sealed_words("corrections.machine_text")
    )
    machine_language: Mapped[str | None] = mapped_column(short(8))
    engine: Mapped[str | None] = mapped_column(short(40))
    model: Mapped[str | None] = mapped_column(short(80))
    heard: Mapped[str | None] = mapped_column(short(16))
    signals: Mapped[dict[str, Any] | None]
    person_text: Mapped[str] = mapped_column(sealed_words("corrections.person_text"))
    spoken_language: Mapped[str] = mapped_column(short(8))
    written_language: Mapped[str] = mapped_column(short(8))
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]
    consent: Mapped[bool | None]


class CheckIn(Base):
    """A question how a chosen plan goes, and what came back."""

    __tablename__ = "checkins"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    question: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]


class CheckInAnswer(Base):
    """One answer to a check-in: good, stuck, later or told (words or a voice note)."""

    __tablename__ = "checkin_answers"
    __table_args__ = (
        Index(
            "ix_checkin_answers_resident_id",
            "resident_id",
            sqlite_where=text("resident_id IS NOT NULL"),
            postgresql_where=text("resident_id IS NOT NULL"),
        ),
        Index(
            "ix_checkin_answers_media_id",
            "media_id",
            sqlite_where=text("media_id IS NOT NULL"),
            postgresql_where=text("media_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkins.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"))
    answer: Mapped[str] = mapped_column(short(16))
    text: Mapped[str] = mapped_column(sealed_words("checkin_answers.text"), default="")
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    at: Mapped[datetime]


class Decision(Base):
    """The outcome told to a plan's author: one final outcome per plan."""

    __tablename__ = "decisions"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(short(24))
    standing: Mapped[str] = mapped_column(short(16))
    data: Mapped[dict[str, Any]]
    next_step: Mapped[str | None] = mapped_column(short(16))
    at: Mapped[datetime]


class HookCall(Base):
    """A web hook call we accepted, with the answer given to it, by its `webhook-id`."""

    __tablename__ = "hook_calls"

    id: Mapped[str] = mapped_column(short(120), primary_key=True)
    kind: Mapped[str] = mapped_column(short(40))
    answer: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Official(Base):
    """Somebody who works with the desk. The login link is kept as a keyed hash."""

    __tablename__ = "officials"
    __table_args__ = (UniqueConstraint("email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(short(120))
    name: Mapped[str] = mapped_column(short(120), default="")
    role: Mapped[str] = mapped_column(short(24))
    login_hash: Mapped[str | None] = mapped_column(short(64))
    login_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Erasure(Base):
    """That somebody asked to be forgotten: a keyed hash, replayed after a restore."""

    __tablename__ = "erasures"

    address_hash: Mapped[str] = mapped_column(short(64), primary_key=True)
    kept_plans: Mapped[bool]
    at: Mapped[datetime]


class ContentSid(Base):
    """A provider's message shape, created once (`bot.channels.content`)."""

    __tablename__ = "content_sids"

    key: Mapped[str] = mapped_column(short(120), primary_key=True)
    sid: Mapped[str] = mapped_column(short(64))
