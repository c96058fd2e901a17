"""An official's answer where only a template may go: it announces, the answer follows.

What she writes next asks for the answer and is none: the question in it is not open
before she has it.
"""

from typing import Any

from sqlalchemy import Connection, exists, select, update

from bot.domain.kinds import ANSWER
from bot.domain.languages import FALLBACK
from bot.domain.say import Param, Reply, Say
from bot.services.house import Scene
from bot.services.outbox import Anew, owe_anew, rendered
from bot.services.wordings import KINDS
from bot.store.desk_messages import DeskMessage
from bot.store.talks import OutboundMessage

UNTIL_SHE_WRITES = "her_turn"
"""What stands in `OutboundMessage.held` while an answer waits for her next message."""


def keep_whole(scene: Scene, row_id: int, language: str | None) -> None:
    """Keep a whole answer for her, and leave of this row what announces it.

    Repeating it changes nothing: a row that is tried again has its answer kept already.
    """
    db, columns = scene.db, OutboundMessage
    again = db.scalar(select(columns.again_id).where(columns.id == row_id))
    if again is not None:
        return
    whole = owe_anew(db, row_id, Anew(f"whole:{row_id}", scene.now), scene.now)
    held = update(columns).where(columns.id == whole)
    db.execute(held.values(held=UNTIL_SHE_WRITES))
    carried = update(DeskMessage).where(DeskMessage.outbound_id == row_id)
    db.execute(carried.values(outbound_id=whole))
    text, _ = rendered(_announcement(scene), language or FALLBACK)
    left: dict[str, Any] = {"text": text, "choices": [], "about": None, "sound": None}
    db.execute(update(columns).where(columns.id == row_id).values(left))


def is_kept(db: Connection, talk_id: int) -> bool:
    """Tell whether an answer waits for her next message."""
    waits = exists().where(
        OutboundMessage.talk_id == talk_id,
        OutboundMessage.delivery == "queued",
        OutboundMessage.held == UNTIL_SHE_WRITES,
    )
    return bool(db.scalar(select(waits)))


def _announcement(scene: Scene) -> Reply:
    rounds = scene.house.catalog.view(scene.db).rounds
    city: Param = rounds[0].municipality if rounds else "–"
    first, second, *_ = KINDS[ANSWER].rows
    return Reply((Say(first.msgid, {"city": city}), second))
