"""Sound of ours: made of words or of recordings, kept for whoever hears it next.

A prompt that never changes is kept by itself; so is all that one turn says, where
nothing in it is anybody's own.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from bot.services.house import House, Scene
from bot.services.reading import Piece, Reading, Voices, find_sound, find_voices
from bot.store.dialect import insert_once
from bot.store.talks import Media
from bot.store.voices import SoundRow
from synthesis import (
    Samples,
    SynthesisError,
    fits,
    levelled,
    samples_of,
    seconds_of,
    voice_note,
)

log = logging.getLogger(__name__)
SPOKEN = "spoken"
OGG = "audio/ogg"
CLIP = 15.0
"""Seconds in which one plan is read aloud, where its summary can be cut."""

UNUSED_DAYS = 90
"""After so long, sound that nobody has heard is made anew if need be."""


@dataclass(frozen=True, slots=True)
class Made:
    """A voice note of ours in the media store: its key, and how long it is."""

    key: str
    seconds: float


def make_note(house: House, reading: Reading) -> Made:
    """Read something aloud and keep the voice note, at most a minute long.

    With sentences to spare it is at most 15 seconds long, as far as those go.

    Raises SynthesisError, and MediaUnavailableError if the store does not answer.
    """
    now = house.clock()
    voices = house.db.read(lambda db: find_voices(Scene(house, db, now)))
    heard = [(each, _samples(house, voices, each)) for each in reading.pieces]
    return save_note(house, _fitting(_brief(heard), reading))


def make_ahead(house: House, reading: Reading) -> None:
    """Make sound that many will hear, unless it is there; if that fails, say so."""
    now = house.clock()

    def look(db: Connection) -> tuple[str, int | None]:
        scene = Scene(house, db, now)
        key = find_voices(scene).whole(reading)
        return key, find_sound(scene, key)

    key, media = house.db.run(look)
    if media is not None:
        return
    try:
        made = make_note(house, reading)
    except (SynthesisError, OSError) as error:
        log.warning("not read aloud ahead kind=%s", type(error).__name__)
        return
    house.db.run(
        lambda db: keep_shared(Scene(house, db, now), key, reading.language, made)
    )


def save_note(house: House, pieces: Sequence[Samples]) -> Made:
    """Keep these pieces as a voice note that no row names yet."""
    if not pieces:
        raise SynthesisError("there is nothing to read aloud", permanent=True)
    note = voice_note(pieces)
    return Made(house.media.save(note, OGG), seconds_of(note))


def _brief(heard: Sequence[tuple[Piece, Samples]]) -> list[Samples]:
    """Leave out what is silent, and spare sentences from the last until it is brief."""
    kept = [(piece, samples) for piece, samples in heard if samples.size]
    spare = [at for at, (piece, _) in enumerate(kept) if piece.spare]
    while spare and fits([each for _, each in kept], longest=CLIP) < len(kept):
        del kept[spare.pop()]
    return [samples for _, samples in kept]


def _fitting(pieces: Sequence[Samples], reading: Reading) -> list[Samples]:
    """Leave rows out until the rest fits: the last ones before the question first."""
    kept, tail = list(pieces), reading.tail
    while len(kept) > tail and fits(kept) < len(kept):
        del kept[-tail - 1]
    return kept


def _samples(house: House, voices: Voices, piece: Piece) -> Samples:
    """Return the sound of one row: recorded, made before, or made now."""
    if piece.slot is None:
        return _speak(house, piece)
    media = find_prompt(house, voices, piece)
    if media is None and piece.text:
        media = render_prompt(house, voices, piece)
    return _none() if media is None else levelled(samples_of(load_sound(house, media)))


def _none() -> Samples:
    """Return no sound: of a line that only people can read, and nobody has."""
    import numpy as np

    return np.zeros(0, dtype=np.float32)


def _speak(house: House, piece: Piece) -> Samples:
    """Have a row said; one in which there is nothing to say is passed over."""
    if house.voice is None:
        raise SynthesisError("nobody reads aloud here", permanent=True)
    try:
        return house.voice.speak(piece.text, piece.language)
    except SynthesisError as error:
        if not error.permanent:
            raise
        log.warning("row not read aloud language=%s", piece.language)
        return _none()


def find_prompt(house: House, voices: Voices, piece: Piece) -> int | None:
    """Return the media of a prompt: read by a person, or made before; None if none."""
    recording = voices.recording(piece)
    if recording is not None:
        return recording
    now = house.clock()
    key = voices.key(piece)
    return house.db.run(lambda db: find_sound(Scene(house, db, now), key))


def render_prompt(house: House, voices: Voices, piece: Piece) -> int:
    """Make the sound of a prompt and keep it; return its media.

    Raises SynthesisError, and MediaUnavailableError if the store does not answer.
    """
    said = _speak(house, piece)
    made = save_note(house, [said] if said.size else [])
    now = house.clock()
    key, language = voices.key(piece), piece.language
    return house.db.run(
        lambda db: keep_shared(Scene(house, db, now), key, language, made)
    )


def load_sound(house: House, media_id: int) -> bytes:
    """Read the file of a media row. Raises FileNotFoundError if it is gone."""
    found = select(Media.key).where(Media.id == media_id)
    key = house.db.read(lambda db: db.scalar(found))
    if key is None:
        raise FileNotFoundError
    return house.media.load(key)


def keep_shared(scene: Scene, key: str, language: str, made: Made) -> int:
    """Keep sound under its key, for everybody; return its media.

    If somebody else made the same meanwhile, ours goes and theirs is returned.
    """
    media = _insert_media(scene, made, {"channel": "", "language": language})
    row = {"key": key, "media_id": media, "language": language}
    times = {"used_at": scene.now, "created_at": scene.now}
    kept = insert_once(scene.db, SoundRow).values(row | times)
    if scene.db.execute(kept).rowcount:
        return media
    other = select(SoundRow.media_id).where(SoundRow.key == key)
    theirs = scene.db.scalar(other)
    if theirs is not None and _is_there(scene.db, theirs):
        _delete_soon(scene, [media])
        return int(theirs)
    again = update(SoundRow).where(SoundRow.key == key)
    scene.db.execute(again.values(media_id=media, used_at=scene.now))
    return media


def keep_for_all(
    scene: Scene, made: Made, language: str, instead_of: Sequence[int] = ()
) -> int:
    """Keep sound that people recorded; return its media. What it replaces goes."""
    media = _insert_media(scene, made, {"channel": "", "language": language})
    if instead_of:
        _delete_soon(scene, instead_of)
    return media


def _is_there(db: Connection, media_id: int) -> bool:
    found = select(Media.key).where(Media.id == media_id, Media.delete_after.is_(None))
    return db.scalar(found) is not None


def keep_own(
    scene: Scene, talk_id: int, channel: str, made: Made, life: timedelta
) -> int:
    """Keep sound that is for one person, as long as `life`; return its media."""
    hers = {"talk_id": talk_id, "channel": channel, "delete_after": scene.now + life}
    return _insert_media(scene, made, hers)


def _insert_media(scene: Scene, made: Made, more: Mapping[str, Any]) -> int:
    values = {
        "kind": SPOKEN,
        "source": {"place": ""},
        "key": made.key,
        "mime": OGG,
        "seconds": made.seconds,
        "attempts": 0,
        "fetched_at": scene.now,
        "created_at": scene.now,
    }
    row = insert(Media).values(values | dict(more)).returning(Media.id)
    return int(scene.db.execute(row).scalar_one())


def _delete_soon(scene: Scene, media: Sequence[int]) -> None:
    """Leave files to the sweep."""
    gone = update(Media).where(Media.id.in_(media))
    scene.db.execute(gone.values(delete_after=scene.now))


def drop_unused(scene: Scene) -> int:
    """Let go of sound that nobody has heard for long; return how much."""
    old = SoundRow.used_at < scene.now - timedelta(days=UNUSED_DAYS)
    gone = delete(SoundRow).where(old).returning(SoundRow.media_id)
    media = list(scene.db.scalars(gone))
    if media:
        _delete_soon(scene, media)
    return len(media)
