"""An official's voice for one resident: recorded, played back, then sent or let go."""

from datetime import timedelta

from sqlalchemy import Connection, insert, select, update

from bot.services.desk.answering import RECORDED, AnswerError, is_recorded
from bot.services.house import House, Scene
from bot.services.officials import Person
from bot.services.scanning import HarmfulError, check
from bot.store.talks import Media, Talk
from transcription import BadAudio

MOST_SECONDS = 60.0
MOST_BYTES = 8 * 1024 * 1024
"""A minute of sound from a browser is half a megabyte; from a file it may be more."""

UNSENT = timedelta(days=1)
"""How long a recording is kept that nobody has sent."""


def keep_recording(house: House, talk_id: int, sound: bytes, person: Person) -> int:
    """Keep a recording as a voice note for this talk; return its media id. Commits.

    Raises AnswerError: "gone", "no_sound" (it holds none that can be played) or
    "sound_long" (over a minute). Raises MediaUnavailableError.
    """
    from transcription.audio import decode, to_voice_note

    try:
        check(house, sound)
        heard = decode(sound, None)
    except (BadAudio, HarmfulError) as bad:
        raise AnswerError("no_sound") from bad
    if heard.seconds > MOST_SECONDS + 1:
        raise AnswerError("sound_long")
    key = house.media.save(to_voice_note(heard.samples), "audio/ogg")
    now = house.clock()

    def job(db: Connection) -> int:
        talk = db.execute(
            select(Talk.channel, Talk.forgotten_at).where(Talk.id == talk_id)
        ).one_or_none()
        if talk is None or talk.forgotten_at is not None:
            raise AnswerError("gone")
        values = {
            "talk_id": talk_id,
            "channel": talk.channel,
            "kind": RECORDED,
            "source": {"place": "", "by": person.id},
            "key": key,
            "mime": "audio/ogg",
            "seconds": heard.seconds,
            "attempts": 0,
            "fetched_at": now,
            "created_at": now,
            "delete_after": now + UNSENT,
        }
        row = insert(Media).values(values).returning(Media.id)
        return int(db.execute(row).scalar_one())

    try:
        return house.db.run(job)
    except AnswerError:
        house.media.delete(key)
        raise


def let_go(house: House, talk_id: int, media_id: int) -> None:
    """Leave a recording to the sweep that nobody wants to send. Commits."""

    def job(db: Connection) -> None:
        scene = Scene(house, db, house.clock())
        if is_recorded(scene, talk_id, media_id):
            gone = update(Media).where(Media.id == media_id)
            db.execute(gone.values(delete_after=scene.now))

    house.db.run(job)
