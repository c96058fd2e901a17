"""The worker's way with sound and pictures: fetch, keep, recognise, then the turn.

Nothing here holds a transaction while it waits for anybody. A claim has a lease; if the
process dies, somebody else takes the note up again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, insert, or_, select, update

from bot.channels.base import Channel, ChannelError, Outcome
from bot.domain.effects import TaskKind
from bot.domain.languages import Language, is_language
from bot.domain.messages import MediaRef
from bot.domain.text import clean
from bot.flows.reading import read_note, read_text
from bot.flows.state import Heard, Kind, Message, Talk as TalkState
from bot.services.house import House
from bot.services.inbound import Arrived, apology, failed_task, load_state, turn
from bot.services.outbox import Owed, owe
from bot.services.photos import without_traces
from bot.services.talks import talk_by_id
from bot.store.civic import Task
from bot.store.talks import InboundMessage, Media, Talk
from transcription import (
    BadAudio,
    BadReason,
    Level,
    ModelError,
    Transcript,
    TranscriptionError,
)
from transcription.audio import MOST_SECONDS, decode, to_voice_note

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
MOST_TRIES = 4
_BACK_OFF = (5, 20, 60, 300)


@dataclass(frozen=True, slots=True)
class Note:
    """A voice note to work on, leased to us."""

    inbound: int
    talk: int
    media: int
    channel: str
    ref: MediaRef
    key: str | None
    language: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Hearing:
    """What became of a note: its words (if any), how sure, and what was wrong."""

    text: str = ""
    heard: Heard = Heard.BADLY
    language: str | None = None
    clear: Language | None = None
    seconds: float | None = None
    problem: str | None = None
    too_long: bool = False


def listen_once(house: House) -> bool:
    """Take one waiting voice note through to its turn; False if there was none."""
    now = house.clock()
    note = house.db.run(lambda db: _claim(db, now))
    if note is None:
        return False
    try:
        kept = _kept(house, note)
        hearing = _hear(house, kept) if kept.key else Hearing(problem="gone")
    except ChannelError as error:
        _not_fetched(house, note, error)
        return True
    finish(house, kept, hearing)
    return True


def _claim(db: Connection, now: datetime) -> Note | None:
    """Lease the oldest note whose talk has no earlier one still open."""
    oldest = (
        select(
            InboundMessage.id,
            InboundMessage.talk_id,
            InboundMessage.media_id,
            InboundMessage.attempts,
            Media.channel,
            Media.source,
            Media.mime,
            Media.seconds,
            Media.key,
            Talk.language,
        )
        .join(Media, Media.id == InboundMessage.media_id)
        .join(Talk, Talk.id == InboundMessage.talk_id)
        .where(
            InboundMessage.stage == "listening",
            or_(
                InboundMessage.leased_until.is_(None), InboundMessage.leased_until < now
            ),
        )
        .order_by(InboundMessage.id)
        .limit(1)
    )
    if db.dialect.name != "sqlite":
        oldest = oldest.with_for_update(of=InboundMessage, skip_locked=True)
    row = db.execute(oldest).one_or_none()
    if row is None:
        return None
    lease = update(InboundMessage).where(InboundMessage.id == row.id)
    db.execute(lease.values(leased_until=now + LEASE, attempts=row.attempts + 1))
    return _note(row)


def _note(row: Row[Any]) -> Note:
    ref = MediaRef(row.source["place"], row.mime, row.source.get("size"), row.seconds)
    return Note(
        inbound=row.id,
        talk=row.talk_id,
        media=row.media_id,
        channel=row.channel,
        ref=ref,
        key=row.key,
        language=row.language,
        attempts=row.attempts + 1,
    )


def _kept(house: House, note: Note) -> Note:
    """Fetch the note at once, keep it, and let the provider forget it.

    Raises ChannelError if it cannot be had.
    """
    if note.key is not None:
        return note
    channel = house.channels[note.channel]
    data = channel.fetch(note.ref)
    key = house.media.save(data, note.ref.mime)
    kept = {"key": key, "fetched_at": house.clock()}
    media = update(Media).where(Media.id == note.media).values(kept)
    house.db.run(lambda db: db.execute(media) and None)
    _forget_at_provider(channel, note.ref)
    return replace(note, key=key)


def _forget_at_provider(channel: Channel, ref: MediaRef) -> None:
    try:
        channel.delete_media(ref)
    except ChannelError as error:
        log.warning("media not deleted at provider code=%s", error.code)


def _not_fetched(house: House, note: Note, error: ChannelError) -> None:
    """Try a fetch again later; after the last try tell her, and give staff a task."""
    if error.outcome is Outcome.RETRY and note.attempts < MOST_TRIES:
        wait = error.wait_seconds or _BACK_OFF[note.attempts - 1]
        later = house.clock() + timedelta(seconds=wait)
        row = update(InboundMessage).where(InboundMessage.id == note.inbound)
        house.db.run(lambda db: db.execute(row.values(leased_until=later)) and None)
        return
    too_long = error.code == "too_large"
    problem = Hearing("", Heard.NOTHING, problem=error.code, too_long=too_long)
    finish(house, note, problem)


def _hear(house: House, note: Note) -> Hearing:
    """Decode and recognise; whatever goes wrong here leaves the sound for a person."""
    assert note.key is not None  # noqa: S101 - kept just before
    try:
        data = house.media.load(note.key)
        sound = decode(data, note.ref.seconds)
        _playable(house, note, sound.samples)
        if house.transcriber is None:
            return Hearing(seconds=sound.seconds)
        said = house.transcriber.transcribe(sound, note.language)
    except BadAudio as bad:
        return _unusable(bad)
    except FileNotFoundError:
        return Hearing("", Heard.NOTHING, problem="gone")
    except (TranscriptionError, ModelError) as error:
        log.warning(
            "note not recognised media=%s kind=%s", note.media, type(error).__name__
        )
        return Hearing(problem="not_recognised")
    too_long = not sound.complete and sound.seconds >= MOST_SECONDS
    return _hearing(said, too_long=too_long)


def _unusable(bad: BadAudio) -> Hearing:
    """Tell a file that is no sound from one that cannot be read but may be heard."""
    empty = bad.reason is BadReason.EMPTY
    return Hearing("", Heard.NOTHING, problem="empty" if empty else "bad_audio")


def _playable(house: House, note: Note, samples: Any) -> None:  # noqa: ANN401 - numpy
    """Keep browser recordings as OGG/Opus, which every channel and the desk can play."""
    if note.ref.mime.startswith("audio/ogg"):
        return
    old, key = note.key, house.media.save(to_voice_note(samples), "audio/ogg")
    media = update(Media).where(Media.id == note.media)
    house.db.run(
        lambda db: db.execute(media.values(key=key, mime="audio/ogg")) and None
    )
    if old:
        house.media.delete(old)


def _hearing(said: Transcript, *, too_long: bool) -> Hearing:
    heard = {Level.GOOD: Heard.WELL, Level.UNSURE: Heard.WELL, Level.BAD: Heard.BADLY}
    clear = said.clear_language()
    return Hearing(
        text=said.text,
        heard=heard.get(said.level, Heard.NOTHING),
        language=said.language,
        clear=cast("Language", clear) if is_language(clear) else None,
        seconds=said.seconds,
        too_long=too_long,
    )


def finish(house: House, note: Note, hearing: Hearing) -> None:
    """Take the note's turn, then the turns of what waited behind it."""
    now = house.clock()
    try:
        owed = house.db.run(lambda db: _note_turn(house, db, note, hearing, now))
    except Exception:
        log.exception("note turn failed inbound=%s", note.inbound)
        owed = house.db.run(lambda db: _note_failed(house, db, note, now))
    house.postman.push(owed)
    catch_up(house, note.talk)


def _note_turn(
    house: House, db: Connection, note: Note, hearing: Hearing, now: datetime
) -> list[Owed]:
    row = db.execute(
        select(InboundMessage.stage).where(InboundMessage.id == note.inbound)
    ).one()
    if row.stage != "listening":
        return []
    talk = talk_by_id(db, note.talk, house.postman.name)
    before = load_state(house, talk)
    message = _as_message(before, note, hearing)
    done = update(InboundMessage).where(InboundMessage.id == note.inbound)
    db.execute(done.values(stage="done", leased_until=None))
    _write_transcript(db, note, hearing, message)
    _let_go(db, note)
    if hearing.problem and hearing.problem != "empty":
        _failed_note(db, note, now)
    return turn(house, db, talk, before, message, Arrived(note.inbound, message), now)


def _as_message(before: TalkState, note: Note, hearing: Hearing) -> Message:
    cleaned = clean(hearing.text)
    clear = hearing.clear if before.language is None else None
    message = read_note(before, cleaned.text, note.media, hearing.heard, clear)
    too_long = hearing.too_long and not cleaned.text
    return replace(message, masked=cleaned.masked, too_long=too_long)


def _write_transcript(
    db: Connection, note: Note, hearing: Hearing, message: Message
) -> None:
    words = {
        "transcript": message.text or None,
        "heard": hearing.heard.value,
        "language": hearing.language,
        "problem": hearing.problem,
    }
    if hearing.seconds is not None:
        words["seconds"] = f"{hearing.seconds:.2f}"
    db.execute(update(Media).where(Media.id == note.media).values(words))


def _let_go(db: Connection, note: Note) -> None:
    """Stop holding the talk back once its last note is done."""
    more = select(InboundMessage.id).where(
        InboundMessage.talk_id == note.talk, InboundMessage.stage == "listening"
    )
    if db.execute(more.limit(1)).first() is None:
        talk = update(Talk).where(Talk.id == note.talk)
        db.execute(talk.values(listening_until=None))


def _failed_note(db: Connection, note: Note, now: datetime) -> None:
    task = {"kind": TaskKind.FAILED_NOTE, "talk_id": note.talk, "media_id": note.media}
    soon = now + timedelta(days=1)
    db.execute(insert(Task).values(**task, note="", due_at=soon, created_at=now))


def _note_failed(house: House, db: Connection, note: Note, now: datetime) -> list[Owed]:
    """Put a note aside whose turn failed; the sound stays for a person."""
    talk = talk_by_id(db, note.talk, house.postman.name)
    aside = update(InboundMessage).where(InboundMessage.id == note.inbound)
    db.execute(aside.values(stage="failed", leased_until=None))
    _let_go(db, note)
    failed_task(db, talk.id, now)
    key = f"in:{note.inbound}:failed"
    return [owe(db, talk, apology(), key, now, leased_by=house.postman.name)]


def catch_up(house: House, talk_id: int) -> int:
    """Take the turns of messages that waited behind a note; return how many."""
    count = 0
    while True:
        now = house.clock()
        owed = house.db.run(lambda db, now=now: _next_waiting(house, db, talk_id, now))
        if owed is None:
            return count
        house.postman.push(owed)
        count += 1


def _next_waiting(
    house: House, db: Connection, talk_id: int, now: datetime
) -> list[Owed] | None:
    talk = talk_by_id(db, talk_id, house.postman.name)
    if talk.listening_until is not None and talk.listening_until > now:
        return None
    waiting = (
        select(
            InboundMessage.id,
            InboundMessage.kind,
            InboundMessage.body,
            InboundMessage.media_id,
        )
        .where(InboundMessage.talk_id == talk_id, InboundMessage.stage == "waiting")
        .order_by(InboundMessage.id)
        .limit(1)
    )
    row = db.execute(waiting).one_or_none()
    if row is None:
        return None
    before = load_state(house, talk)
    message = _stored_message(before, row)
    done = update(InboundMessage).where(InboundMessage.id == row.id)
    db.execute(done.values(stage="done"))
    return turn(house, db, talk, before, message, Arrived(row.id, message), now)


def _stored_message(before: TalkState, row: Row[Any]) -> Message:
    """Read a stored message again, in the light of where the talk is now."""
    from bot.flows.reading import read_start, read_tap  # noqa: PLC0415

    if "tap" in row.body:
        return read_tap(row.body["tap"], stale=False)
    if "start" in row.body:
        return read_start(row.body["start"])
    text = row.body.get("text", "")
    if row.kind == "photo":
        return Message(Kind.PHOTO, text, media=row.media_id)
    if row.kind in {"text", "start"}:
        return read_text(before, text)
    return Message(Kind.UNKNOWN)


def overdue_talks(db: Connection, now: datetime) -> Sequence[int]:
    """Return talks whose minute of waiting for a note is over."""
    found = (
        select(Talk.id)
        .join(InboundMessage, InboundMessage.talk_id == Talk.id)
        .where(
            InboundMessage.stage == "waiting",
            or_(Talk.listening_until.is_(None), Talk.listening_until <= now),
        )
        .distinct()
    )
    return list(db.scalars(found))


def fetch_photo_once(house: House) -> bool:
    """Fetch one photo that is not here yet, without its hidden data; False if none."""
    now = house.clock()
    row = house.db.run(lambda db: _claim_photo(db, now))
    if row is None:
        return False
    values: dict[str, Any] = {"fetched_at": house.clock(), "delete_after": None}
    try:
        if row.key is not None:
            data, old = house.media.load(row.key), row.key
        else:
            channel = house.channels[row.channel]
            ref = MediaRef(row.source["place"], row.mime, row.source.get("size"))
            data, old = channel.fetch(ref), None
            _forget_at_provider(channel, ref)
        values["key"] = house.media.save(without_traces(data), "image/jpeg")
        values["mime"] = "image/jpeg"
        if old:
            house.media.delete(old)
    except (ChannelError, ValueError, OSError) as error:
        values["problem"] = getattr(error, "code", "bad_photo")
    media = update(Media).where(Media.id == row.id)
    house.db.run(lambda db: db.execute(media.values(values)) and None)
    return True


def _claim_photo(db: Connection, now: datetime) -> Row[Any] | None:
    """Return a photo to fetch; its `delete_after` serves as the lease meanwhile."""
    waiting = (
        select(Media.id, Media.channel, Media.source, Media.mime, Media.key)
        .where(
            Media.kind == "photo",
            Media.fetched_at.is_(None),
            Media.problem.is_(None),
            or_(Media.delete_after.is_(None), Media.delete_after < now),
        )
        .order_by(Media.id)
        .limit(1)
    )
    row = db.execute(waiting).one_or_none()
    if row is not None:
        lease = update(Media).where(Media.id == row.id)
        db.execute(lease.values(delete_after=now + LEASE))
    return row
