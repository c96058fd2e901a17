"""People, their talks, and every message in and out."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short, spelled
from bot.store.sealed import sealed_address, sealed_data, sealed_words

# SQLite numbers rows by itself only in a column of type INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


class Resident(Base):
    """A person, as far as we know her. She may have several talks.

    `may_write` is her answer to "may we write to you about your plan" (None: not
    asked), `may_record` that to "may we keep your recordings for tests" (False from
    the moment she is asked). `pushed_at` is when we last began a message to her.
    `word_hash` is the word by which she is known again on another channel, as a keyed
    hash; `word_tries` and `word_tried_at` count wrong guesses of it.
    """

    __tablename__ = "residents"

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    may_write: Mapped[bool | None]
    may_record: Mapped[bool | None]
    pushed_at: Mapped[datetime | None]
    word_hash: Mapped[str | None] = mapped_column(short(64))
    word_tries: Mapped[int | None]
    word_tried_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Talk(Base):
    """The conversation with one address: one state.

    `address` is the channel's opaque id. `state` is JSON with a version (see
    `bot.flows.saved`), `picks` an unfinished ballot, encrypted. `asked_id` is the
    outbound message whose buttons are open, `about_id` the push whose question is not
    answered yet. While a voice note is being recognised,
    `listening_until` holds later messages back. `closed_at` is set when the address
    cannot be reached, `stopped_at` when she asked for silence, `forgotten_at` when she
    asked to be forgotten: then the address goes too, once our last word is sent.
    `linked_at` is when it came to a person who was there before, by her word.

    Until `window_until` free text may be sent (None where the channel has no such
    limit), from our address `heard_by`, to which she wrote last. `opened_at` is when
    we last began a message to her outside of that, which the provider counts. `aloud`
    tells that she wants to hear what we write.
    """

    __tablename__ = "talks"
    __table_args__ = (
        UniqueConstraint("channel", "address"),
        Index(
            "ix_talks_opened",
            "channel",
            "opened_at",
            sqlite_where=text("opened_at IS NOT NULL"),
            postgresql_where=text("opened_at IS NOT NULL"),
        ),
        Index(
            "ix_talks_picks",
            "id",
            sqlite_where=text("picks IS NOT NULL"),
            postgresql_where=text("picks IS NOT NULL"),
        ),
        Index(
            "ix_talks_forgotten",
            "id",
            sqlite_where=text("forgotten_at IS NOT NULL"),
            postgresql_where=text("forgotten_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    channel: Mapped[str] = mapped_column(short(16))
    address: Mapped[str] = mapped_column(sealed_address("talks.address", 160))
    phone: Mapped[str | None] = mapped_column(sealed_address("talks.phone", 32))
    language: Mapped[str | None] = mapped_column(short(8))
    state: Mapped[str | None] = mapped_column(sealed_words("talks.state"))
    picks: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_id: Mapped[int | None] = mapped_column(RowId)
    about_id: Mapped[int | None] = mapped_column(RowId)
    listening_until: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    last_inbound_at: Mapped[datetime | None]
    window_until: Mapped[datetime | None]
    heard_by: Mapped[str | None] = mapped_column(short(160))
    opened_at: Mapped[datetime | None]
    aloud: Mapped[bool | None]
    linked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


HER_DATA = "her_data"
"""The kind of a file that holds all we keep of somebody, made for her alone."""

_TO_MAKE = f"kind = '{HER_DATA}' AND fetched_at IS NULL AND delete_after IS NULL"
_TO_FETCH = "kind = 'photo' AND fetched_at IS NULL AND delete_after IS NULL"


class Media(Base):
    """A voice note or photo, what we read aloud ("spoken"), a plan's "picture".

    Of kind `HER_DATA` it is the file with all that we keep of her, from the moment she
    asks for it; a worker makes it then, and it is there for a day.

    `source` is the provider's reference until fetched. `key` names the bytes in the
    media store; `delete_after` is when they go. `problem` is a machine word for why a
    file could not be had. Claims set `leased_until`. `scanned_at` is when the city's
    scanner found nothing in a file of a resident.

    `engine` and `model` made the transcript ("person": somebody wrote it down);
    `signals` holds how far they can be trusted: a `level` and its `reasons`.
    """

    __tablename__ = "media"
    __table_args__ = (
        Index(
            "ix_media_to_delete",
            "delete_after",
            sqlite_where=text("key IS NOT NULL OR transcript IS NOT NULL"),
            postgresql_where=text("key IS NOT NULL OR transcript IS NOT NULL"),
        ),
        Index(
            "ix_media_to_fetch",
            "id",
            sqlite_where=text(_TO_FETCH),
            postgresql_where=text(_TO_FETCH),
        ),
        Index(
            "ix_media_to_make",
            "id",
            sqlite_where=text(_TO_MAKE),
            postgresql_where=text(_TO_MAKE),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    talk_id: Mapped[int | None] = mapped_column(ForeignKey("talks.id"), index=True)
    channel: Mapped[str] = mapped_column(short(16))
    kind: Mapped[str] = mapped_column(short(16))
    source: Mapped[dict[str, Any]] = mapped_column(sealed_data("media.source"))
    key: Mapped[str | None] = mapped_column(short(160))
    mime: Mapped[str] = mapped_column(short(80))
    seconds: Mapped[float | None]
    problem: Mapped[str | None] = mapped_column(short(40))
    transcript: Mapped[str | None] = mapped_column(sealed_words("media.transcript"))
    heard: Mapped[str | None] = mapped_column(short(16))
    language: Mapped[str | None] = mapped_column(short(8))
    engine: Mapped[str | None] = mapped_column(short(40))
    model: Mapped[str | None] = mapped_column(short(80))
    signals: Mapped[dict[str, Any] | None]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    delete_after: Mapped[datetime | None]
    scanned_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class InboundMessage(Base):
    """A message to us: stored before the provider is told 200.

    `stage` is one of done, waiting (behind a voice note), listening (a note not yet
    recognised), failed. `body` is the content as JSON and is emptied where it would
    reveal a vote. Claims of the worker set `leased_until`.
    """

    __tablename__ = "inbound_messages"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index(
            "ix_inbound_messages_open",
            "talk_id",
            "id",
            sqlite_where=text("stage IN ('waiting', 'listening')"),
            postgresql_where=text("stage IN ('waiting', 'listening')"),
        ),
        Index("ix_inbound_messages_talk", "talk_id", "id"),
        Index("ix_inbound_messages_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talks.id"))
    channel: Mapped[str] = mapped_column(short(16))
    external_id: Mapped[str] = mapped_column(short(80))
    stage: Mapped[str] = mapped_column(short(16))
    kind: Mapped[str] = mapped_column(short(16))
    body: Mapped[dict[str, Any]] = mapped_column(sealed_data("inbound_messages.body"))
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    received_at: Mapped[datetime]


def is_open(message: Any) -> Any:  # noqa: ANN401 - the table or an alias of it
    """Return the condition of `ix_inbound_messages_open`, so that it is found by it."""
    return message.stage.in_((spelled("waiting"), spelled("listening")))


class OutboundMessage(Base):
    """A message we owe someone: written with the decision, sent after the commit.

    `text`, `choices` ([[id, label, detail]]) and `sound` (a media id: a recording, or
    the file with all her data) are in the reader's language already; `picture` is a
    media id too. `secret` rows are emptied once delivered. A repeated `dedupe_key`
    ("in:81:0", "results:4:17") is refused by the database. `priority` 0 is a reply, 1
    a push. `about` says what a push asked, so that an answer finds it.

    `kind` names the template that stands for it outside the window, `slots` what that
    leaves open, `template` the approved resource it went out as. `broadcast_id` and
    `round_id` say what it belongs to. While `held` is set, a queued row waits: for a
    template, or because its broadcast is paused. A row that failed and was owed anew
    names the next one in `again_id`.
    """

    __tablename__ = "outbound_messages"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index(
            "ix_outbound_messages_ready",
            "priority",
            "channel",
            "due_at",
            "id",
            sqlite_where=text("delivery = 'queued' AND held IS NULL"),
            postgresql_where=text("delivery = 'queued' AND held IS NULL"),
        ),
        Index(
            "ix_outbound_messages_broadcast",
            "broadcast_id",
            "delivery",
            sqlite_where=text("broadcast_id IS NOT NULL"),
            postgresql_where=text("broadcast_id IS NOT NULL"),
        ),
        Index(
            "ix_outbound_messages_pushed",
            "channel",
            "sent_at",
            sqlite_where=text("priority = 1 AND sent_at IS NOT NULL"),
            postgresql_where=text("priority = 1 AND sent_at IS NOT NULL"),
        ),
        Index(
            "ix_outbound_messages_open",
            "delivery",
            "held",
            sqlite_where=text("delivery = 'unsure' OR held IS NOT NULL"),
            postgresql_where=text("delivery = 'unsure' OR held IS NOT NULL"),
        ),
        Index(
            "ix_outbound_messages_secret",
            "created_at",
            sqlite_where=text("secret = 1 AND text != ''"),
            postgresql_where=text("secret AND text != ''"),
        ),
        Index(
            "ix_outbound_messages_owed",
            "talk_id",
            "id",
            sqlite_where=text("delivery = 'queued'"),
            postgresql_where=text("delivery = 'queued'"),
        ),
        Index("ix_outbound_messages_talk", "talk_id", "id"),
        Index("ix_outbound_messages_external", "channel", "external_id"),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talks.id"))
    channel: Mapped[str] = mapped_column(short(16))
    dedupe_key: Mapped[str] = mapped_column(short(80))
    priority: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(sealed_words("outbound_messages.text"))
    choices: Mapped[list[Any]] = mapped_column(sealed_data("outbound_messages.choices"))
    sound: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    picture: Mapped[int | None] = mapped_column(RowId)
    secret: Mapped[bool] = mapped_column(default=False)
    about: Mapped[dict[str, Any] | None]
    kind: Mapped[str | None] = mapped_column(short(24))
    slots: Mapped[dict[str, Any] | None] = mapped_column(
        sealed_data("outbound_messages.slots")
    )
    template: Mapped[str | None] = mapped_column(short(64))
    broadcast_id: Mapped[int | None] = mapped_column(RowId)
    round_id: Mapped[int | None]
    held: Mapped[str | None] = mapped_column(short(16))
    again_id: Mapped[int | None] = mapped_column(RowId)
    delivery: Mapped[str] = mapped_column(short(16))
    external_id: Mapped[str | None] = mapped_column(short(80))
    reason: Mapped[str | None] = mapped_column(short(64))
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(short(40))
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
