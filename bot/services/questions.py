"""A question in a message we begin: from when it is there, an answer may mean it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, update

from bot.flows.saved import dump_talk, load_talk
from bot.flows.state import Menu
from bot.store.talks import OutboundMessage, Talk


def open_question(db: Connection, talk_id: int, outbound_id: int) -> None:
    """Let the buttons of a push, and what it is about, be answered from now on.

    A talk that is in the middle of something keeps its own numbers: the digit 1 stays
    the first answer to what she is asked there. Repeating it changes nothing.
    """
    asked = select(OutboundMessage.choices, OutboundMessage.about)
    push = db.execute(asked.where(OutboundMessage.id == outbound_id)).one()
    values: dict[str, Any] = {"about_id": outbound_id} if push.about else {}
    if push.choices:
        values["asked_id"] = outbound_id
        values |= _offered(db, talk_id, [choice[0] for choice in push.choices])
    if values:
        db.execute(update(Talk).where(Talk.id == talk_id).values(values))


def _offered(db: Connection, talk_id: int, ids: list[str]) -> dict[str, Any]:
    """Return the state in which the digit n picks the nth of `ids`, if at rest."""
    found = select(Talk.state).where(Talk.id == talk_id).with_for_update()
    talk = load_talk(db.scalar(found))
    if talk.language is None or not isinstance(talk.state, Menu):
        return {}
    return {"state": dump_talk(replace(talk, offered=tuple(ids)))}
