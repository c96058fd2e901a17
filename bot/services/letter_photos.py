"""The turn of a photo that may show her letter, once a worker has looked at it.

With a pass on it the turn goes on as if she had scanned the square. Where a pass was
asked for the photo is kept in no case; elsewhere one without a pass is like any other.
"""

from typing import Any

from sqlalchemy import Row, select, update

from bot.domain.say import Say
from bot.flows.state import Kind, Message, is_at_pass
from bot.services.arriving import Arrived, LookedAt
from bot.services.behind import guarded
from bot.services.files import erase_at_provider
from bot.services.house import House, Scene
from bot.services.outbox import Owed
from bot.services.scanning import TOLD, report, tell
from bot.services.talks import talk_by_id
from bot.services.turning import load_state, take_turn
from bot.store.talks import InboundMessage, Media


def looked_at(row: Row[Any]) -> LookedAt | None:
    """Return whose turn waits for this photo; None if it had its turn already."""
    found = row.source.get("looked")
    return LookedAt(*found) if found else None


def is_for_pass(house: House, row: Row[Any]) -> bool:
    """Tell whether a photo is an answer to the question about the pass: kept not."""
    looked = looked_at(row)
    if looked is None:
        return False
    body = select(InboundMessage.body).where(InboundMessage.id == looked.inbound)
    return house.db.read(lambda db: db.scalar(body)) == {}


def answer_photo(
    house: House,
    row: Row[Any],
    token: str,
    values: Any,  # noqa: ANN401 - of columns
    harm: str = "",
) -> None:
    """Write what became of a photo, and take its turn if that has waited for it.

    `harm` is what a scanner found in it: then she is told that, and officials too. Both
    in one transaction, so that whoever dies before leaves it to the next one.
    """
    looked = looked_at(row)
    write = update(Media).where(Media.id == row.id).values(values)
    if looked is None:
        now = house.clock()
        house.db.run(lambda db: _write(Scene(house, db, now), row, write, harm))
        return

    def turn(scene: Scene, refused: Say | None) -> list[Owed] | None:
        scene.db.execute(write)
        if harm:
            report(scene, row.talk_id, row.id, harm)
            refused = TOLD
        return _turn(scene, row, looked, token, refused)

    guarded(house, row.talk_id, f"in:{looked.inbound}", turn)


def _write(scene: Scene, row: Row[Any], write: Any, harm: str) -> None:  # noqa: ANN401 - a statement
    """Write what became of a photo whose turn was taken before."""
    scene.db.execute(write)
    if harm:
        report(scene, row.talk_id, row.id, harm)
        tell(scene, row.talk_id, row.id)


def _turn(
    scene: Scene, row: Row[Any], looked: LookedAt, token: str, refused: Say | None
) -> list[Owed] | None:
    """Take the turn; None if it was taken before, or nobody waits for it any more."""
    done = update(InboundMessage).where(
        InboundMessage.id == looked.inbound, InboundMessage.stage == "looking"
    )
    body = scene.db.scalar(
        select(InboundMessage.body).where(InboundMessage.id == looked.inbound)
    )
    values: dict[str, Any] = {"stage": "done"} | ({"body": {}} if token else {})
    if not scene.db.execute(done.values(values)).rowcount:
        return None
    talk = talk_by_id(scene, row.talk_id)
    before = load_state(scene.house, talk)
    if token:
        erase_at_provider(scene.db, talk.channel, looked.place, scene.now)
        message = Message(Kind.PHOTO, act="pass", code=token)
    elif not body:
        if not is_at_pass(before.state):
            return None
        message = Message(Kind.PHOTO)
    else:
        message = Message(Kind.PHOTO, body["text"], media=row.id)
    arrived = Arrived(looked.inbound, message, heard_at=scene.now)
    return take_turn(scene, talk, before, arrived, refused)
