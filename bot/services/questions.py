"""Which question of ours is open, and which an answer means."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bot.flows.saved import dump_talk, load_talk
from bot.flows.state import Menu
from bot.store.talks import OutboundMessage, Talk

YES_OR_NO = frozenset({"yes", "no"})


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


def is_older(
    db: Connection, button: str, tapped: int | None, asked: int | None
) -> bool:
    """Tell whether a button was tapped on an older question than the one that is open.

    `tapped` and `asked` are rows of the outbox, None where we do not know them. What we
    have asked once more in the same words is the same question: a late "plan" has her
    plan read back again, and the yes that she taps below either of the two means it.
    """
    if tapped is None or asked is None or tapped >= asked:
        return False
    return button not in YES_OR_NO or not _is_asked_again(db, tapped, asked)


def is_asked_since(db: Connection, asked: int | None, at: datetime) -> bool:
    """Tell whether the question that is open is younger than what came at `at`.

    Such words cannot answer it: she had neither read nor heard it.
    """
    question = select(OutboundMessage.created_at).where(OutboundMessage.id == asked)
    asked_at = None if asked is None else db.scalar(question)
    return asked_at is not None and asked_at > at


def _is_asked_again(db: Connection, tapped: int, asked: int) -> bool:
    """Tell whether two messages are one question, whatever was said before it.

    What was emptied after sending is not known any more, so that is no question again.
    """
    found = select(OutboundMessage.text, OutboundMessage.choices)
    rows = db.execute(
        found.where(OutboundMessage.id.in_((tapped, asked))).order_by(
            OutboundMessage.id
        )
    ).all()
    (first, buttons), (second, others) = rows
    return bool(first) and second.endswith(first) and buttons == others


def _offered(db: Connection, talk_id: int, ids: list[str]) -> dict[str, Any]:
    """Return the state in which the digit n picks the nth of `ids`, if at rest."""
    found = select(Talk.state).where(Talk.id == talk_id).with_for_update()
    talk = load_talk(db.scalar(found))
    if talk.language is None or not isinstance(talk.state, Menu):
        return {}
    return {"state": dump_talk(replace(talk, offered=tuple(ids)))}
