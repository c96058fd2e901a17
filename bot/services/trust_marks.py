"""That somebody was asked about trust: a keyed hash, and nothing of her answers."""

from sqlalchemy import Connection, delete, select

from bot.domain.trust import AFTER, BEFORE
from bot.keys import keyed_hash
from bot.services.house import House, Scene
from bot.store.civic import RoundRow
from bot.store.trust import TrustAsked


def mark_of(house: House, resident_id: int, slug: str, moment: str) -> str:
    """Return the keyed hash by which it is known that somebody was asked."""
    return keyed_hash(house.keys.addresses, "trust", str(resident_id), slug, moment)


def was_asked(db: Connection, mark: str) -> bool:
    """Tell whether somebody was asked already."""
    known = select(TrustAsked.mark).where(TrustAsked.mark == mark)
    return db.scalar(known) is not None


def forget_asked(scene: Scene, resident_id: int) -> None:
    """Let go of that somebody was asked; her answers cannot be found."""
    slugs = scene.db.scalars(select(RoundRow.slug)).all()
    marks = [
        mark_of(scene.house, resident_id, slug, moment)
        for slug in slugs
        for moment in (BEFORE, AFTER)
    ]
    scene.db.execute(delete(TrustAsked).where(TrustAsked.mark.in_(marks)))
