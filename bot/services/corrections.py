"""What a person wrote down, kept beside what a machine had heard in the same note.

Sound, machine's text and person's text go on one day: 30 days after she has confirmed
the text, or a year after it where she lets us test recognisers with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from bot.domain.languages import Language
from bot.domain.round_terms import Retention
from bot.services.house import Scene
from bot.store.civic import Correction, PlanRow, RoundRow
from bot.store.prepared import Prepared
from bot.store.talks import Media, Resident, Talk

SOUND_DAYS = Retention().sounds_days
TEST_DAYS = 365
"""How long a recording stays that we may test with: a year, so that a recogniser can
be compared with that of the round before [L]."""

_SOUND = timedelta(days=SOUND_DAYS)
_LONGER = timedelta(days=TEST_DAYS - SOUND_DAYS)
PERSON = "person"
"""Stands as the engine of words that somebody wrote down."""

_ANY = Prepared(
    select(
        exists()
        .where(Correction.talk_id == Talk.id)
        .where(Talk.resident_id == bindparam("resident"))
    )
)


@dataclass(frozen=True, slots=True)
class Dictation:
    """What an official wrote down for a task: `language` is that of the words.

    `spoken` is what the resident speaks (`bot.domain.languages.is_spoken`).
    """

    task: int
    words: str
    language: Language
    spoken: str
    by: str


def has_corrections(db: Connection, resident_id: int) -> bool:
    """Tell whether a person has written down a note of hers that is still kept."""
    return bool(_ANY.value(db, {"resident": resident_id}))


def keep_correction(scene: Scene, media_id: int, said: Dictation) -> None:
    """Keep the words as those of the note, and what was heard before beside them.

    Until she confirms them the sound stays 30 days. Written down once more, the
    machine's own text stays what it was.
    """
    words: dict[str, Any] = {
        "person_text": said.words,
        "spoken_language": said.spoken,
        "written_language": said.language,
        "by": said.by,
        "at": scene.now,
    }
    note: dict[str, Any] = {"transcript": said.words, "language": said.language}
    note |= {"heard": "well", "engine": PERSON}
    known = update(Correction).where(Correction.media_id == media_id)
    if not scene.db.execute(known.values(words)).rowcount:
        heard = _heard_before(scene.db, media_id)
        scene.db.execute(insert(Correction).values(media_id=media_id, **heard, **words))
        note["delete_after"] = scene.now + _SOUND
    scene.db.execute(update(Media).where(Media.id == media_id).values(note))


def _heard_before(db: Connection, media_id: int) -> Mapping[str, Any]:
    """Return what the recogniser left in the note's row, as columns of a correction."""
    columns = select(
        Media.talk_id,
        Media.transcript.label("machine_text"),
        Media.language.label("machine_language"),
        Media.engine,
        Media.model,
        Media.heard,
        Media.signals,
    )
    return db.execute(columns.where(Media.id == media_id)).one()._asdict()


def date_sound(
    db: Connection,
    media: Sequence[int],
    plan_id: int,
    resident_id: int | None,
    now: datetime,
) -> None:
    """Let sound go 30 days after its text is sure, or sooner if the plan's round says.

    Where she lets us test with it, it stays most of a year longer.
    """
    notes = update(Media).where(Media.id.in_(media), Media.kind == "voice")
    days = timedelta(days=_sound_days(db, plan_id))
    db.execute(notes.values(delete_after=now + days))
    may = db.scalar(select(Resident.may_record).where(Resident.id == resident_id))
    if may:
        _keep_longer(db, Correction.media_id.in_(media), allowed=True)


def _sound_days(db: Connection, plan_id: int) -> int:
    of_round = select(RoundRow.data).join(PlanRow, PlanRow.round_id == RoundRow.id)
    data = db.scalar(of_round.where(PlanRow.id == plan_id)) or {}
    return Retention(**data.get("retention", {})).sounds_days


def allow_recording(db: Connection, resident_id: int, *, allowed: bool) -> None:
    """Keep her answer for all notes of hers that a person has written down.

    Taken back, what would have gone already goes with the next sweep.
    """
    person = update(Resident).where(Resident.id == resident_id)
    db.execute(person.values(may_record=allowed))
    hers = select(Talk.id).where(Talk.resident_id == resident_id)
    mine = Correction.talk_id.in_(hers)
    kept = Correction.consent.is_(True)
    _keep_longer(db, mine & (~kept if allowed else kept), allowed=allowed)
    db.execute(update(Correction).where(mine).values(consent=allowed))


def _keep_longer(db: Connection, which: Any, *, allowed: bool) -> None:  # noqa: ANN401
    """Move the day on which these notes go, by what a year is longer than 30 days."""
    found = select(Media.id, Media.delete_after).join(
        Correction, Correction.media_id == Media.id
    )
    by = _LONGER if allowed else -_LONGER
    for row in db.execute(found.where(which, Media.delete_after.is_not(None))).all():
        later = update(Media).where(Media.id == row.id)
        db.execute(later.values(delete_after=row.delete_after + by))
    db.execute(update(Correction).where(which).values(consent=allowed))
