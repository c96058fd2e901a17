"""The audit trail: each act of an official is one line, and no line ever changes.

Right before its commit each line comes into the chain of the trail (`bot.store.trail`).
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from bot.services.house import House, Scene
from bot.store.audit import AuditLine
from bot.store.civic import Official
from bot.store.trail import expect

ONE_SITTING = timedelta(minutes=10)
"""A player asks for a recording in parts; within this time they are one playing."""


def note(scene: Scene, by: str, act: str, subject: str, **data: Any) -> None:  # noqa: ANN401 - what JSON holds
    """Write down that somebody did something, in the transaction that does it.

    `by` is an e-mail address, `act` a machine word like "plan.review", `subject` what
    it was done to, like "plan:130". `data` holds machine words and numbers, never what
    a resident said.
    """
    line = {"at": scene.now, "by": by, "act": act, "subject": subject, "data": data}
    made = scene.db.execute(insert(AuditLine).values(line))
    key = made.inserted_primary_key
    assert key is not None  # noqa: S101 - one row was inserted
    expect(scene.db, key[0])


def note_heard(house: House, by: str, act: str, subject: str, **data: Any) -> None:  # noqa: ANN401 - what JSON holds
    """Write down that an official plays or sees something, once a sitting. Commits.

    Whichever part of a file is asked for first is written down, for nobody says which.
    """
    now = house.clock()
    hers = select(Official.id).where(Official.email == by).with_for_update()
    before = select(AuditLine.id).where(
        AuditLine.by == by,
        AuditLine.act == act,
        AuditLine.subject == subject,
        AuditLine.at > now - ONE_SITTING,
    )

    def write(scene: Scene) -> None:
        scene.db.execute(hers)  # parts asked for side by side wait for each other
        told = scene.db.execute(before.add_columns(AuditLine.data)).all()
        if all(row.data != data for row in told):
            note(scene, by, act, subject, **data)

    house.db.run(lambda db: write(Scene(house, db, now)))


def note_taken(house: House, by: str, table: str, form: str) -> None:
    """Write down that somebody took a table away as a file. Commits."""
    now = house.clock()
    house.db.run(
        lambda db: note(
            Scene(house, db, now), by, "export", f"table:{table}", form=form
        )
    )
