"""What *forget me* takes of a chosen plan on its way, and of authors who meet."""

from sqlalchemy import delete, select, update

from bot.services.house import Scene
from bot.services.meetings import forget_meetings
from bot.services.plan_lines import ANSWER
from bot.store.care import CareRow, PlanLine
from bot.store.civic import PlanRow
from bot.store.talks import Media


def forget_care(scene: Scene, resident_id: int) -> None:
    """Ask about her plans no more; let go of what we answered to what was stuck."""
    db = scene.db
    forget_meetings(scene, resident_id)
    hers = select(PlanRow.id).where(PlanRow.resident_id == resident_id)
    mine = PlanLine.plan_id.in_(hers) & (PlanLine.kind == ANSWER)
    sounds = select(PlanLine.media_id).where(mine, PlanLine.media_id.is_not(None))
    media = list(db.scalars(sounds))
    if media:
        gone = update(Media).where(Media.id.in_(media))
        db.execute(gone.values(delete_after=scene.now))
    db.execute(delete(PlanLine).where(mine))
    silent = {"next_at": None, "asked_at": None, "stuck_at": None}
    silent |= {"answered_at": None, "silent_at": None}
    cared = update(CareRow).where(CareRow.plan_id.in_(hers))
    db.execute(cared.values(silent | {"silences": 0}))
