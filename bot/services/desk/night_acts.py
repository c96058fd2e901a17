"""What two officials do with a results night: set, propose, release and stop it."""

from typing import Any

from sqlalchemy import Connection

from bot.services.catalog import touch
from bot.services.desk.audit import note
from bot.services.desk.night_plans import completeness
from bot.services.desk.nights import (
    STEPS,
    Night,
    Setting,
    find_night,
    keep_night,
    locked_night,
)
from bot.services.desk.refusals import TurnedDownError
from bot.services.house import House, Scene
from bot.store.nights import DRAFT, DROPPED, PROPOSED, RELEASED


def save_setting(
    house: House, night_id: int, setting: Setting, version: int, who: str
) -> None:
    """Keep texts and moments. Commits.

    Raises ChangedError if somebody saved it meanwhile, TurnedDownError once it is
    released.
    """
    now = house.clock()

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        night = locked_night(scene, night_id, version)
        if night.state not in {DRAFT, PROPOSED}:
            raise TurnedDownError("night_stop_first")
        values: dict[str, Any] = {
            "next_step": dict(setting.next_step),
            "voters_text": dict(setting.voters_text),
        }
        if not night.is_told:
            values |= {"standing": setting.standing}
        for step in STEPS:
            if night.done[step] is None:
                values[f"{step}_at"] = getattr(setting, step)
        keep_night(scene, night, who, state=DRAFT, **values)
        note(scene, who, "night.set", f"night:{night_id}")

    house.db.run(job)


def propose(house: House, night_id: int, version: int, who: str) -> None:
    """Hand a night to a second person. Commits.

    Raises TurnedDownError while an author lacks her story or a moment is not set.
    """
    now = house.clock()

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        night = locked_night(scene, night_id, version)
        if night.state != DRAFT:
            raise TurnedDownError("did_nothing")
        check_ready(scene, night)
        keep_night(scene, night, who, state=PROPOSED, proposed_by=who, proposed_at=now)
        note(scene, who, "night.propose", f"night:{night_id}")

    house.db.run(job)


def release(house: House, night_id: int, version: int, who: str) -> None:
    """Let a proposed night go at its moments. Commits.

    Raises TurnedDownError for whoever proposed it, and like `propose`.
    """
    now = house.clock()

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        night = locked_night(scene, night_id, version)
        if night.state != PROPOSED:
            raise TurnedDownError("did_nothing")
        if night.proposed_by == who:
            raise TurnedDownError("same_person")
        check_ready(scene, night)
        let_go = {"released_by": who, "released_at": now, "trouble": None}
        keep_night(scene, night, who, state=RELEASED, **let_go)
        note(scene, who, "night.release", f"night:{night_id}")

    house.db.run(job)


def stop(house: House, night_id: int, who: str) -> None:
    """Let nothing more of a night go until it is released anew. Commits.

    What was told stays told. Raises TurnedDownError if there is nothing to stop.
    """
    now = house.clock()

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        night = find_night(scene, night_id, lock=True)
        if night.state not in {PROPOSED, RELEASED}:
            raise TurnedDownError("did_nothing")
        keep_night(scene, night, who, state=DRAFT)
        note(scene, who, "night.stop", f"night:{night_id}")

    house.db.run(job)


def drop(house: House, night_id: int, who: str) -> None:
    """Give a night up before anybody was told; the result no longer waits. Commits."""
    now = house.clock()

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        night = find_night(scene, night_id, lock=True)
        if night.is_told or night.state == RELEASED:
            raise TurnedDownError("night_stop_first")
        keep_night(scene, night, who, state=DROPPED)
        touch(db)
        note(scene, who, "night.drop", f"night:{night_id}")

    house.db.run(job)


def check_ready(scene: Scene, night: Night) -> None:
    """Raise TurnedDownError unless everybody has a story and every step a moment."""
    if not night.is_told and completeness(scene, night).lacking:
        raise TurnedDownError("night_lacks")
    moments = [night.at[step] for step in STEPS]
    known = [each for each in moments if each is not None]
    if len(known) < len(moments):
        raise TurnedDownError("night_no_moment")
    if sorted(known) != known:
        raise TurnedDownError("night_order")
