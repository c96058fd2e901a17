"""The sound of a draft: read by a person where somebody did, else by the computer."""

from typing import Any

from bot.domain.languages import is_language
from bot.services.broadcasts import Broadcast, round_by_id, round_of, wording
from bot.services.desk.drafts import Draft, change_draft, find_draft
from bot.services.desk.refusals import TurnedDownError
from bot.services.desk.rehearsing import sound_of_reading
from bot.services.house import House, Scene
from bot.services.reading import Reading, read_replies
from bot.services.segments import parse_segment
from bot.services.sounds import Made, keep_for_all, load_sound, save_note
from bot.store.drafts import DRAFT
from synthesis import RATE, SynthesisError, levelled, waveform
from synthesis.resampling import resampled
from transcription import SAMPLE_RATE, TranscriptionError

MOST_SECONDS = 60.0


def keep_sound(
    house: House, draft_id: int, language: str, data: bytes, version: int, who: str
) -> None:
    """Keep what somebody read as the sound of a draft in a language. Commits.

    Raises TurnedDownError for what is no sound, silent, cut off or over a minute.
    """
    if not is_language(language):
        raise TurnedDownError("draft_gone")
    made = _made(house, data)

    def change(scene: Scene, draft: Draft) -> dict[str, Any]:
        if not draft.is_open:
            raise TurnedDownError("draft_sent")
        before = [draft.sounds[language]] if language in draft.sounds else []
        media = keep_for_all(scene, made, language, instead_of=before)
        return {"sounds": {**draft.sounds, language: media}, "state": DRAFT}

    change_draft(house, draft_id, version, who, change)


def _made(house: House, data: bytes) -> Made:
    from transcription.audio import decode

    try:
        sound = decode(data)
        samples = resampled(sound.samples, SAMPLE_RATE, RATE)
        if sound.seconds > MOST_SECONDS:
            raise TurnedDownError("sound_too_long")
        if {"silent", "clipped"} & set(waveform(samples).faults):
            raise TurnedDownError("sound_bad")
        return save_note(house, [levelled(samples)])
    except (TranscriptionError, SynthesisError) as error:
        raise TurnedDownError("sound_bad") from error


def drop_sound(
    house: House, draft_id: int, language: str, version: int, who: str
) -> None:
    """Let the computer read a draft again in a language. Commits."""

    def change(scene: Scene, draft: Draft) -> dict[str, Any]:
        del scene
        if not draft.is_open:
            raise TurnedDownError("draft_sent")
        left = {name: n for name, n in draft.sounds.items() if name != language}
        return {"sounds": left, "state": DRAFT}

    change_draft(house, draft_id, version, who, change)


def sound_of_draft(house: House, draft_id: int, language: str) -> bytes | None:
    """Return how a draft sounds; None where nobody reads aloud.

    Raises TurnedDownError if there is no such draft, MediaUnavailableError if the store
    does not answer.
    """
    now = house.clock()

    def look(scene: Scene) -> tuple[Draft, Reading]:
        draft = find_draft(scene.db, draft_id)
        cast = Broadcast(parse_segment(draft.segment), draft.texts)
        told = wording(draft.texts, round_by_id(scene, round_of(scene, cast)))
        return draft, read_replies([told], language)

    draft, reading = house.db.read(lambda db: look(Scene(house, db, now)))
    if language in draft.sounds:
        return load_sound(house, draft.sounds[language])
    return sound_of_reading(house, reading)
