"""Something told was wrong: one official says what is right, another agrees."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.domain.languages import FALLBACK, Texts
from bot.domain.plans import Status
from bot.services.answers import CallError
from bot.services.desk.audit import note
from bot.services.desk.night_writing import MOST_REASON
from bot.services.desk.nights import MOST_BY, Night, find_night
from bot.services.desk.refusals import TurnedDownError
from bot.services.house import House, Scene
from bot.services.results import Correction, Corrections, correct
from bot.services.stories import OUTCOMES
from bot.store.civic import Decision, PlanRow
from bot.store.nights import NightCorrection, NightPlan


@dataclass(frozen=True, slots=True)
class Wrong:
    """A correction on its way, or one that was told (`confirmed_at`)."""

    id: int
    plan: int
    was: Status
    now: Status
    reason: Texts
    by: str
    at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


def corrections_of(scene: Scene, night: Night) -> list[Wrong]:
    """Return the corrections of a night that were not dropped, newest first."""
    columns = NightCorrection.__table__.c
    wanted: Any = (
        select(*columns, PlanRow.number)
        .join(PlanRow, PlanRow.id == NightCorrection.plan_id)
        .where(columns.night_id == night.id, columns.dropped_at.is_(None))
        .order_by(columns.id.desc())
    )
    return [_wrong(row) for row in scene.db.execute(wanted)]


def _wrong(row: Any) -> Wrong:  # noqa: ANN401 - a row
    return Wrong(
        id=row.id,
        plan=row.number,
        was=Status(row.was),
        now=Status(row.now),
        reason=row.reason,
        by=row.by,
        at=row.at,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
    )


def propose_correction(
    house: House, night_id: int, number: int, right: Status, reason: Texts, who: str
) -> None:
    """Say that a plan's outcome was told wrongly; nobody hears it yet. Commits.

    Raises TurnedDownError for a plan nobody was told about, for the outcome that holds
    anyway, and without a reason in Dutch.
    """
    now = house.clock()
    words = {language: text for language, text in reason.items() if text.strip()}

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        _check(right, words)
        plan_id, holds = _told(scene, night_id, number)
        if holds is right:
            raise TurnedDownError("correction_same")
        values: dict[str, Any] = {
            "night_id": night_id,
            "plan_id": plan_id,
            "was": holds.value,
        }
        values |= {"now": right.value, "reason": words, "by": who, "at": now}
        db.execute(insert(NightCorrection).values(values))
        about = {"night": night_id, "was": holds.value, "now": right.value}
        note(scene, who, "night.wrong", f"plan:{number}", **about)

    house.db.run(job)


def _check(right: Status, words: Texts) -> None:
    if right not in OUTCOMES:
        raise TurnedDownError("night_outcome")
    if FALLBACK not in words:
        raise TurnedDownError("correction_why")
    if any(len(text) > MOST_REASON for text in words.values()):
        raise TurnedDownError("reason_too_long")


def _told(scene: Scene, night_id: int, number: int) -> tuple[int, Status]:
    """Return a plan's row and the outcome its author was told."""
    told = (
        select(PlanRow.id, Decision.outcome)
        .join(NightPlan, NightPlan.plan_id == PlanRow.id)
        .join(Decision, Decision.plan_id == PlanRow.id)
        .where(
            PlanRow.number == number,
            NightPlan.night_id == night_id,
            NightPlan.before.is_not(None),
        )
    )
    row = scene.db.execute(told).first()
    if row is None:
        raise TurnedDownError("night_no_plan")
    return row.id, Status(row.outcome)


def confirm_correction(house: House, correction_id: int, who: str) -> None:
    """Tell everyone affected what was wrong and what holds now. Commits.

    Followers hear it only if they heard the wrong thing. Raises TurnedDownError for
    whoever proposed it, and if the outcome is another one by now.
    """
    now = house.clock()

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        row = _waiting(scene, correction_id)
        if row.by == who:
            raise TurnedDownError("same_person")
        night = find_night(scene, row.night_id)
        found = Correction(row.number, Status(row.was), Status(row.now), row.reason)
        call = Corrections(night.a_round.slug, (found,))
        key, by = f"{night.call}-{row.id}", f"{row.by} and {who}"[:MOST_BY]
        knew = night.done["voters"] is not None
        try:
            correct(scene, call, key, by, followers=knew)
        except CallError as refusal:
            raise TurnedDownError("correction_late") from refusal
        _keep(scene, row, who)

    house.db.run(job)


def drop_correction(house: House, correction_id: int, who: str) -> None:
    """Let a correction be before anybody was told. Commits."""
    now = house.clock()

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        row = _waiting(scene, correction_id)
        gone = update(NightCorrection).where(NightCorrection.id == row.id)
        db.execute(gone.values(dropped_at=now))
        note(scene, who, "night.wrong_dropped", f"plan:{row.number}")

    house.db.run(job)


def _waiting(scene: Scene, correction_id: int) -> Any:  # noqa: ANN401 - a row
    columns = NightCorrection.__table__.c
    wanted: Any = (
        select(*columns, PlanRow.number)
        .join(PlanRow, PlanRow.id == NightCorrection.plan_id)
        .where(
            columns.id == correction_id,
            columns.confirmed_at.is_(None),
            columns.dropped_at.is_(None),
        )
        .with_for_update(of=NightCorrection)
    )
    row = scene.db.execute(wanted).first()
    if row is None:
        raise TurnedDownError("did_nothing")
    return row


def _keep(scene: Scene, row: Any, who: str) -> None:  # noqa: ANN401 - a row
    """Note that it was told; the night itself tells the right outcome from now on."""
    told = update(NightCorrection).where(NightCorrection.id == row.id)
    scene.db.execute(told.values(confirmed_by=who, confirmed_at=scene.now))
    mine = update(NightPlan).where(
        NightPlan.night_id == row.night_id, NightPlan.plan_id == row.plan_id
    )
    scene.db.execute(mine.values(outcome=row.now))
    about = {"was": row.was, "now": row.now}
    note(scene, who, "night.corrected", f"plan:{row.number}", **about)
