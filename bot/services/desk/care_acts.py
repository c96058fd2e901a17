"""What officials do for a chosen plan: tell what was done, help, tick, agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from bot.domain.cadences import CADENCES
from bot.domain.care import Step
from bot.domain.effects import TaskKind
from bot.domain.languages import Texts
from bot.services import caring, checkins, plan_lines
from bot.services.checkins import Help
from bot.services.desk.audit import note
from bot.services.files import discard
from bot.services.house import House, Scene
from bot.services.plan_lines import ANSWER, DID, TOLD, Written
from bot.services.plans import PlanKey, plan_key
from bot.services.scanning import HarmfulError, check
from bot.store.care import PlanLine
from bot.store.civic import CheckIn, CheckInAnswer
from bot.store.talks import Media

OGG = "audio/ogg"
SPOKEN_ANSWER = "answer"
MOST_STEPS = 12
MOST_SECONDS = 90.0


class CareError(ValueError):
    """Something that cannot be done with this plan; the message is a machine word.

    It is unknown (no chosen plan), cadence, steps, sound, long_sound or private.
    """


def _plan(scene: Scene, number: int) -> PlanKey:
    plan = plan_key(scene.db, number)
    if caring.care_row(scene.db, plan.id, lock=True) is None:
        raise CareError("unknown")
    return plan


def report(scene: Scene, number: int, texts: Texts, by: str) -> int:
    """Write down what the municipality did; the next question opens with it.

    Returns the line's row. Raises UnknownPlan, CareError.
    """
    plan = _plan(scene, number)
    line = plan_lines.write_line(scene, plan.id, Written(DID, texts, by))
    note(scene, by, "care.report", f"plan:{number}", languages=sorted(texts))
    return line


def tick(scene: Scene, line_id: int, by: str, *, public: bool) -> bool:
    """Make a line public, or private again; False if it was, or may not be.

    Raises LookupError for a line that is not there.
    """
    known = select(PlanLine.plan_id).where(PlanLine.id == line_id)
    if scene.db.scalar(known) is None:
        raise LookupError(line_id)
    if public:
        done = plan_lines.make_public(scene, line_id, by)
    else:
        done = plan_lines.take_back(scene, line_id)
    if done:
        note(scene, by, "care.tick", f"line:{line_id}", public=public)
    return done


def tell_of_answer(scene: Scene, answer_id: int, texts: Texts, by: str) -> None:
    """Make public what an author said, as a reviewer worded it; she hears that too.

    Raises LookupError for an unknown answer, CareError for one that is stuck: that
    stays between author and contact person.
    """
    found = (
        select(CheckIn.plan_id, CheckInAnswer.answer)
        .join(CheckIn, CheckIn.id == CheckInAnswer.checkin_id)
        .where(CheckInAnswer.id == answer_id)
    )
    row = scene.db.execute(found).one_or_none()
    if row is None:
        raise LookupError(answer_id)
    if row.answer == "stuck":
        raise CareError("private")
    line = plan_lines.write_line(scene, row.plan_id, Written(TOLD, texts, by))
    plan_lines.make_public(scene, line, by)
    note(scene, by, "care.told", f"line:{line}", languages=sorted(texts))


@dataclass(frozen=True, slots=True)
class Given:
    """Help for a plan that is stuck: words, a recording as it was uploaded, or both."""

    texts: Texts
    sound: bytes = b""


def help_author(house: House, number: int, given: Given, by: str) -> bool:
    """Send an answer to an author who is stuck; False if she cannot be reached.

    Closes what waited; it is solved once she says that it goes on again. Commits.
    Raises UnknownPlan, CareError, and MediaUnavailableError where no recording can be
    kept.
    """
    made = _recorded(house, given.sound) if given.sound else None
    now = house.clock()
    try:
        return house.db.run(
            lambda db: _help(Scene(house, db, now), number, given.texts, made, by)
        )
    except LookupError:
        if made:
            discard(house, made[0])
        raise


def _recorded(house: House, data: bytes) -> tuple[str, float]:
    """Keep a recording of any usual format as a voice note; its key and seconds."""
    from transcription import TranscriptionError
    from transcription.audio import decode, to_voice_note

    try:
        check(house, data)
        sound = decode(data)
    except (TranscriptionError, HarmfulError) as error:
        raise CareError("sound") from error
    if not sound.samples.size:
        raise CareError("sound")
    if sound.seconds > MOST_SECONDS:
        raise CareError("long_sound")
    return house.media.save(to_voice_note(sound.samples), OGG), sound.seconds


def _help(
    scene: Scene,
    number: int,
    texts: Texts,
    made: tuple[str, float] | None,
    by: str,
) -> bool:
    plan = _plan(scene, number)
    sound = _keep_sound(scene, *made) if made else None
    line = plan_lines.write_line(scene, plan.id, Written(ANSWER, texts, by, sound))
    caring.finish(scene, plan.id, TaskKind.STUCK, by)
    told = checkins.answer_stuck(scene, Help(number, texts, sound), f"help:{line}")
    spoken = sound is not None
    note(scene, by, "care.help", f"plan:{number}", spoken=spoken, told=told)
    return told


def _keep_sound(scene: Scene, key: str, seconds: float) -> int:
    row: dict[str, Any] = {"kind": SPOKEN_ANSWER, "channel": "", "mime": OGG}
    row |= {"key": key, "seconds": seconds, "source": {"place": ""}, "attempts": 0}
    row |= {"fetched_at": scene.now, "created_at": scene.now}
    made = insert(Media).values(row).returning(Media.id)
    return int(scene.db.execute(made).scalar_one())


def change_cadence(scene: Scene, number: int, cadence: str, by: str) -> None:
    """Ask in another cadence from now on. Raises UnknownPlan, CareError."""
    if cadence not in CADENCES:
        raise CareError("cadence")
    plan = _plan(scene, number)
    caring.set_cadence(scene, plan.id, cadence)
    note(scene, by, "care.cadence", f"plan:{number}", cadence=cadence)


def change_steps(scene: Scene, number: int, steps: Sequence[Step], by: str) -> None:
    """Keep who does what, as agreed with the author. Raises UnknownPlan, CareError."""
    if len(steps) > MOST_STEPS:
        raise CareError("steps")
    plan = _plan(scene, number)
    caring.keep(scene.db, plan.id, steps=[_as_json(step) for step in steps])
    note(scene, by, "care.steps", f"plan:{number}", steps=len(steps))


def _as_json(step: Step) -> Mapping[str, Any]:
    kept: dict[str, Any] = {"who": step.who.value}
    if step.key is not None:
        return kept | {"key": step.key.value}
    return kept | {"texts": dict(step.texts or {})}
