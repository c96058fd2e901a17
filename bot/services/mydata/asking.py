"""That somebody wants all that is kept of her: a row that a worker finds."""

from sqlalchemy import exists, insert, select

from bot.domain.effects import GiveData
from bot.flows.own_data import PAUSE
from bot.services.doing import Doing
from bot.store.bell import MAKE, ring
from bot.store.media import ZIP
from bot.store.talks import HER_DATA, Media, Talk


def ask(doing: Doing, _: GiveData) -> None:
    """Owe her the file, unless she has asked for one within the hour, in any app."""
    db, now, talk = doing.db, doing.now, doing.talk
    lately = exists().where(
        Media.talk_id.in_(select(Talk.id).where(Talk.resident_id == talk.resident_id)),
        Media.kind == HER_DATA,
        Media.created_at > now - PAUSE,
    )
    if db.scalar(select(lately)):
        return
    values = {
        "talk_id": talk.id,
        "channel": talk.channel,
        "kind": HER_DATA,
        "source": {"place": ""},
        "mime": ZIP,
        "created_at": now,
    }
    db.execute(insert(Media).values(values))
    ring(db, MAKE)
