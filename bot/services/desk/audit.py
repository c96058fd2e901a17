"""The audit trail: each act of an official is one line, and no line ever changes."""

from typing import Any

from sqlalchemy import insert

from bot.services.house import House, Scene
from bot.store.audit import AuditLine


def note(scene: Scene, by: str, act: str, subject: str, **data: Any) -> None:  # noqa: ANN401 - what JSON holds
    """Write down that somebody did something, in the transaction that does it.

    `by` is an e-mail address, `act` a machine word like "plan.review", `subject` what
    it was done to, like "plan:130". `data` holds machine words and numbers, never what
    a resident said.
    """
    line = {"at": scene.now, "by": by, "act": act, "subject": subject, "data": data}
    scene.db.execute(insert(AuditLine).values(line))


def note_taken(house: House, by: str, table: str, form: str) -> None:
    """Write down that somebody took a table away as a file. Commits."""
    now = house.clock()
    house.db.run(
        lambda db: note(
            Scene(house, db, now), by, "export", f"table:{table}", form=form
        )
    )
