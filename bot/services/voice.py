"""A voice note in the worker: claimed, fetched, kept, recognised.

Nothing here holds a transaction while it waits for anybody. A claim has a lease; if the
process dies, somebody else takes the note up again. Its turn is `bot.services.notes`.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Row, exists, select, update
from sqlalchemy.orm import aliased

from bot.channels.base import ChannelError, Outcome
from bot.domain.languages import Language, is_language
from bot.domain.messages import MediaRef
from bot.flows.state import OTHER, Heard
from bot.services.files import discard, forget_at_provider, try_again_at
from bot.services.house import House
from bot.services.scanning import HARMFUL, HarmfulError, check, mark
from bot.store.leases import is_free
from bot.store.media import MediaUnavailableError
from bot.store.talks import InboundMessage, Media, Talk, is_open
from transcription import (
    BadAudio,
    BadReason,
    Level,
    ModelError,
    Reason,
    Transcript,
    TranscriptionError,
)

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
MOST_TRIES = 4
BACK_OFF = (5, 20, 60, 300)


@dataclass(frozen=True, slots=True)
class Note:
    """A voice note to work on, leased to us. `key` is set once its bytes are kept.

    `lapsed` tells that somebody died over it. (Before its bytes are kept, a lease that
    has run out is also how a fetch waits for its next try: that is not told apart.)
    `stale`: it came late, and was said before the question that was open then.
    """

    inbound: int
    talk: int
    media: int
    channel: str
    ref: MediaRef
    key: str | None
    language: str | None
    attempts: int
    since: datetime
    lapsed: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Hearing:
    """What became of a note: its words (if any), how sure, and what was wrong.

    `language` is the one it is written in, or OTHER; `clear` is that of the four which
    it was clearly spoken in. `found` is what a scanner found in it. `by` tells which
    recogniser heard it and how far it trusted itself, as columns of `Media`.
    """

    text: str = ""
    heard: Heard = Heard.BADLY
    language: str | None = None
    clear: Language | None = None
    seconds: float | None = None
    problem: str | None = None
    too_long: bool = False
    found: str = ""
    by: Mapping[str, Any] = field(default_factory=dict)


def claim_note(db: Connection, now: datetime) -> Note | None:
    """Lease the oldest note that nobody works on; None if there is none.

    Notes of one talk are heard one after the other, so that answers keep their order.
    """
    free = is_free(InboundMessage.leased_until, now, LEASE)
    oldest = (
        select(
            InboundMessage.id,
            InboundMessage.talk_id,
            InboundMessage.media_id,
            InboundMessage.attempts,
            InboundMessage.leased_until,
            InboundMessage.received_at,
            InboundMessage.body,
            Media.channel,
            Media.source,
            Media.mime,
            Media.seconds,
            Media.key,
            Talk.language,
        )
        .join(Media, Media.id == InboundMessage.media_id)
        .join(Talk, Talk.id == InboundMessage.talk_id)
        .where(is_open(InboundMessage), InboundMessage.stage == "listening")
        .where(free, ~_has_earlier)
        # Not by the bare id: in that order SQLite would look at every message there is.
        .order_by(InboundMessage.id + 0)
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


_earlier = aliased(InboundMessage)
_has_earlier = exists().where(
    _earlier.talk_id == InboundMessage.talk_id,
    is_open(_earlier),
    _earlier.stage == "listening",
    _earlier.id < InboundMessage.id,
)


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
        since=row.received_at,
        lapsed=row.leased_until is not None and row.key is not None,
        stale=bool(row.body.get("stale")),
    )


def keep_note(house: House, note: Note) -> Note:
    """Fetch the note at once, keep it, and let the provider forget it.

    Raises ChannelError if it cannot be had, and MediaUnavailableError if it cannot be
    kept: then the provider has it still.
    """
    if note.key is not None:
        if note.lapsed:  # whoever died over it may not have come to this
            forget_at_provider(house, note.channel, note.ref)
        return note
    fetched = house.channels[note.channel].fetch(note.ref)
    key = house.media.save(fetched, note.ref.mime)
    write_media(house, note.media, key=key, fetched_at=house.clock())
    forget_at_provider(house, note.channel, note.ref)
    return replace(note, key=key)


def write_media(house: House, media_id: int, **values: Any) -> None:  # noqa: ANN401
    """Write columns of a media row, in a transaction of its own."""
    media = update(Media).where(Media.id == media_id).values(values)

    def job(db: Connection) -> None:
        db.execute(media)

    house.db.run(job)


def try_later(house: House, note: Note, error: ChannelError) -> bool:
    """Give a fetch another try later; False if it was the last one."""
    if error.outcome is not Outcome.RETRY or note.attempts >= MOST_TRIES:
        return False
    _write_note(house, note, leased_until=house.clock() + put_off(error, note.attempts))
    return True


def wait_for_store(house: House, note: Note, error: MediaUnavailableError) -> None:
    """Let a note wait until the media store answers; this was none of its tries."""
    log.warning("note waits for the store media=%s code=%s", note.media, error)
    later = try_again_at(note.since, house.clock())
    _write_note(house, note, leased_until=later, attempts=note.attempts - 1)


def _write_note(house: House, note: Note, **values: Any) -> None:  # noqa: ANN401
    row = update(InboundMessage).where(InboundMessage.id == note.inbound)
    house.db.run(lambda db: db.execute(row.values(values)).rowcount)


def put_off(error: ChannelError, attempts: int) -> timedelta:
    """Return how long a fetch waits for its next try, never longer than a lease.

    It waits as one that is leased, and a longer lease would not be believed.
    """
    wait = error.wait_seconds or BACK_OFF[attempts - 1]
    return min(timedelta(seconds=wait), LEASE)


def hear(house: House, note: Note) -> Hearing:
    """Decode and recognise; whatever goes wrong leaves the sound for a person.

    Raises MediaUnavailableError if the sound cannot be read or looked at now.
    """
    from transcription.audio import MOST_SECONDS, decode

    assert note.key is not None  # noqa: S101 - kept just before
    try:
        data = house.media.load(note.key)
        check(house, data)
        mark(house, note.media)
        sound = decode(data, note.ref.seconds)
        house.meters.got_note(sound.seconds)
        _make_playable(house, note, sound.samples)
        if house.transcriber is None:
            return Hearing(seconds=sound.seconds)
        began = time.monotonic()
        said = house.transcriber.transcribe(sound, note.language)
        took, engine = time.monotonic() - began, house.settings.whisper_engine
        house.meters.heard(engine, took)
        if said.unheard_seconds:
            left = f"{said.unheard_seconds:.0f}"
            log.warning("note not heard whole media=%s left=%s", note.media, left)
    except BadAudio as bad:
        empty = bad.reason is BadReason.EMPTY
        return Hearing("", Heard.NOTHING, problem="empty" if empty else "bad_audio")
    except FileNotFoundError:
        return Hearing("", Heard.NOTHING, problem="gone")
    except HarmfulError as found:
        write_media(house, note.media, key=None)
        discard(house, note.key)
        return Hearing("", Heard.NOTHING, problem=HARMFUL, found=str(found))
    except (TranscriptionError, ModelError) as error:
        kind = type(error).__name__
        log.warning("note not recognised media=%s kind=%s", note.media, kind)
        return Hearing(problem="not_recognised")
    too_long = not sound.complete and sound.seconds >= MOST_SECONDS
    hearing = _hearing(said, too_long=too_long)
    return replace(hearing, by=_recognised_by(house, said))


def _recognised_by(house: House, said: Transcript) -> dict[str, Any]:
    """Return which recogniser said this, and its signals; a model goes by its name."""
    return {
        "engine": house.settings.whisper_engine,
        "model": Path(house.settings.whisper_model).name,
        "signals": {"level": said.level.value, "reasons": list(said.reasons)},
    }


def _make_playable(house: House, note: Note, samples: Any) -> None:  # noqa: ANN401
    """Keep browser recordings as OGG/Opus, which everything can play."""
    if note.ref.mime.startswith("audio/ogg") or note.key is None:
        return
    from transcription.audio import to_voice_note

    key = house.media.save(to_voice_note(samples), "audio/ogg")
    write_media(house, note.media, key=key, mime="audio/ogg")
    discard(house, note.key)


_HEARD = {
    Level.GOOD: Heard.WELL,
    Level.UNSURE: Heard.UNSURE,
    Level.BAD: Heard.BADLY,
    Level.EMPTY: Heard.NOTHING,
}


def _hearing(said: Transcript, *, too_long: bool) -> Hearing:
    other = Reason.OTHER_LANGUAGE in said.reasons
    clear = said.clear_language()
    return Hearing(
        text=said.text,
        heard=_HEARD[said.level],
        language=OTHER if other else said.language,
        clear=cast("Language", clear) if is_language(clear) else None,
        seconds=said.seconds,
        too_long=too_long,
    )
