"""The one transaction that turns a message into state, effects and replies.

A written or tapped message is answered in the webhook's own transaction. A voice note
is stored and thanked for; its turn follows when it has been recognised. What arrives
behind it waits, at most a minute, so that nothing overtakes.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, update

from bot.domain.errors import RefusedError
from bot.domain.messages import (
    Content,
    Inbound,
    Photo,
    Pin,
    Reach,
    Tap,
    Text,
    Voice,
)
from bot.domain.say import Say
from bot.services.arriving import arrive, is_over, was_here
from bot.services.behind import catch_up
from bot.services.faults import where
from bot.services.floods import ask_to_wait
from bot.services.forget import finish_forgetting
from bot.services.house import House, Scene
from bot.services.outbox import Owed
from bot.services.talks import TalkRow, begin_talk, find_talk
from bot.services.turning import load_state, put_aside, take_turn
from bot.store.errors import is_trouble
from bot.store.talks import Talk

log = logging.getLogger(__name__)


def take_in(house: House, inbound: Inbound, written_at: datetime | None = None) -> bool:
    """Store a message and answer it; False if it was here before.

    `written_at` is when the provider had it, for one that comes late.
    Commits. The replies are on their way when this returns, but nothing has waited for
    them. If the turn fails, the message stays, marked failed; she gets an apology and
    staff a task. Raises only if storing failed, or if the database is in trouble: then
    nothing is stored, and the provider must repeat it. Of a chat that sends without
    end, what is too much is not stored, and it is False as well.
    """
    began = time.monotonic()
    if written_at is None and _is_too_much(house, inbound):
        return False
    take = partial(_take, written_at=written_at)
    try:
        taken = house.db.run(_in(house, inbound, take))
    except RefusedError as refusal:
        taken = house.db.run(_in(house, inbound, take, refusal.say))
    except Exception as error:
        if is_trouble(error):
            raise
        log.error("turn failed channel=%s %s", inbound.channel, where(error))
        taken = house.db.run(_in(house, inbound, _aside))
    took, kind = time.monotonic() - began, _kind(inbound.content)
    if taken is None:
        house.meters.took_in(inbound.channel, kind, "duplicate", took)
        return False
    house.postman.push(taken.owed)
    house.meters.took_in(inbound.channel, kind, taken.stage, took)
    if taken.overdue is not None:
        catch_up(house, taken.overdue)
    return True


@dataclass(frozen=True, slots=True)
class Taken:
    """What storing a message led to: replies that can be sent now.

    `overdue` is a talk whose minute of waiting for a voice note is over, so that its
    messages are answered now. `stage` is how the message was stored.
    """

    owed: list[Owed]
    overdue: int | None = None
    stage: str = "done"


def _is_too_much(house: House, inbound: Inbound) -> bool:
    """Tell whether a chat sends without end; it is asked once to wait. Commits."""
    who, floods = (inbound.channel, inbound.sender.user_id), house.floods
    if floods is None or isinstance(inbound.content, Reach) or floods.lets_in(who):
        return False
    house.meters.took_in(inbound.channel, _kind(inbound.content), "flood", 0.0)
    if floods.tells(who):
        log.warning("chat floods channel=%s", inbound.channel)
        asked = house.db.run(_in(house, inbound, _ask_to_wait))
        house.postman.push(asked.owed if asked else [])
    return True


def _ask_to_wait(scene: Scene, inbound: Inbound, _: Say | None) -> Taken | None:
    talk = _talk(scene, inbound)
    return Taken(ask_to_wait(scene, talk)) if talk else None


_Step = Callable[[Scene, Inbound, Say | None], Taken | None]


def _in(
    house: House, inbound: Inbound, step: _Step, refused: Say | None = None
) -> Callable[[Connection], Taken | None]:
    """Return a transaction's job: one step, at the moment it is reached."""
    now = house.clock()
    return lambda db: step(Scene(house, db, now), inbound, refused)


def _take(
    scene: Scene,
    inbound: Inbound,
    refused: Say | None,
    *,
    written_at: datetime | None = None,
) -> Taken | None:
    """Store the message and take its turn; None if it was here before."""
    if isinstance(inbound.content, Reach):
        return _reach(scene, inbound, inbound.content)
    talk = _talk(scene, inbound)
    if talk is None:
        return None
    before = load_state(scene.house, talk)
    arrived = arrive(scene, talk, before, inbound, written_at=written_at)
    if arrived is None:
        return None
    if arrived.waits:
        over = is_over(talk.listening_until, scene.now)
        return Taken([], talk.id if over else None, arrived.stage)
    owed = take_turn(scene, talk, before, arrived, refused)
    return Taken(owed, stage=arrived.stage)


def _talk(scene: Scene, inbound: Inbound) -> TalkRow | None:
    """Return the talk this message belongs to; somebody forgotten begins anew.

    None if that would be by a message that was here before she was forgotten: what a
    provider delivers again brings nobody's address back.
    """
    talk = find_talk(scene, inbound.channel, inbound.sender.user_id)
    if talk is not None and talk.forgotten_at is None:
        return talk
    if was_here(scene.db, inbound):
        return None
    if talk is not None:
        finish_forgetting(scene.db, talk.id)
    return begin_talk(scene, inbound)


def _reach(scene: Scene, inbound: Inbound, reach: Reach) -> Taken:
    """Note that somebody blocked or unblocked us."""
    closed = None if reach.open else scene.now
    talk = update(Talk).where(
        Talk.channel == inbound.channel, Talk.address == inbound.sender.user_id
    )
    scene.db.execute(talk.values(closed_at=closed))
    return Taken([])


def _aside(scene: Scene, inbound: Inbound, _: Say | None) -> Taken | None:
    """Keep a message whose turn failed: an apology for her, a task for staff."""
    talk = _talk(scene, inbound)
    if talk is None:
        return None
    before = load_state(scene.house, talk)
    arrived = arrive(scene, talk, before, inbound, stage="failed")
    if arrived is None:
        return None
    return Taken(put_aside(scene, talk, f"in:{arrived.row}"), stage=arrived.stage)


_KINDS: Mapping[type[Content], str] = {
    Text: "text",
    Tap: "tap",
    Voice: "voice",
    Photo: "photo",
    Pin: "pin",
    Reach: "reach",
}


def _kind(content: Content) -> str:
    """Return the word for what a message is, to be counted by."""
    if isinstance(content, Text) and content.start is not None:
        return "start"
    return _KINDS.get(type(content), "unknown")
