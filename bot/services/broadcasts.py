"""The same words for many people: taken on here, spread to them by the worker.

Taking one on is a row and a count, whatever the number of people; nobody is fetched.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from bot.domain.kinds import BROADCAST
from bot.domain.languages import FALLBACK, LANGUAGES, Texts
from bot.domain.rounds import HOME_ZONE, Round
from bot.domain.say import N_, Free, Local, Reply, Say
from bot.services.answers import Answer, Fault, FaultyCallError, NotNowError
from bot.services.audience import Audience, count, count_audience
from bot.services.house import Scene
from bot.services.outbox import Letter
from bot.services.segments import PATH, Segment
from bot.services.templates import missing, template_source
from bot.store.civic import PlanRow
from bot.store.outreach import RUNNING
from bot.store.outreach import Broadcast as BroadcastRow

log = logging.getLogger(__name__)
AT = "data.at"
HOOK = "hook"
CLOSING = "closing:"
"""How the key of a broadcast begins that corrects until when one can vote."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One text for a segment; `at` (aware) is not before now.

    `area` is the slug of the round whose money pays for it, where the segment does not
    say so itself. `sounds` are {locale: media id} of what people read.
    """

    segment: Segment
    text: Texts
    at: datetime | None = None
    area: str | None = None
    sounds: Mapping[str, int] = field(default_factory=dict)


def send(scene: Scene, broadcast: Broadcast, call: str) -> Answer:
    """Take on what a hook asks for; `call` makes it unique. See `begin`."""
    answer = Answer()
    if broadcast.at is not None and broadcast.at < scene.now:
        answer.warn(AT, "is in the past: sent now")
    _, audience = begin(scene, broadcast, f"cast:{call}", HOOK)
    answer.told = count(audience.reached)
    answer.held = count(each for each in audience.reached if each.held)
    return answer


def begin(
    scene: Scene, broadcast: Broadcast, key: str, by: str
) -> tuple[int, Audience]:
    """Take a broadcast on; return its id, and whom it is for as things are.

    Raises FaultyCallError for a plan or an area that is not there, NotNowError if it
    needs a template that is not approved yet, and IntegrityError for a repeated `key`.
    """
    starts_at = max(broadcast.at or scene.now, scene.now)
    audience = count_audience(scene, broadcast.segment, starts_at)
    if lacking := lacking_templates(scene, audience):
        told = f"needs templates that are not approved: {', '.join(lacking)}"
        raise NotNowError([Fault(PATH, told)])
    values: dict[str, Any] = {
        "key": key,
        "segment": str(broadcast.segment),
        "texts": dict(broadcast.text),
        "sounds": dict(broadcast.sounds) or None,
        "round_id": round_of(scene, broadcast),
        "state": RUNNING,
        "people": count(audience.reached),
        "places": {},
        "by": by,
        "starts_at": starts_at,
        "created_at": scene.now,
    }
    row = insert(BroadcastRow).values(values).returning(BroadcastRow.id)
    broadcast_id = int(scene.db.execute(row).scalar_one())
    log.info("broadcast begun id=%s people=%s", broadcast_id, values["people"])
    return broadcast_id, audience


def lacking_templates(scene: Scene, audience: Audience) -> list[str]:
    """Name the templates that people need who can only be written to with one.

    None where the channel that wants them is off.
    """
    if template_source(scene.house) is None:
        return []
    read = {each.language for each in audience.opened}
    languages = [each for each in LANGUAGES if each in read]
    return missing(scene.db, BROADCAST, languages)


def round_of(scene: Scene, broadcast: Broadcast) -> int | None:
    """Return the id of the round whose time, city and message budget are meant.

    That is the one named, else the one of the plan, else the first. Raises
    FaultyCallError if the one named is not there.
    """
    ids = scene.house.catalog.view(scene.db).ids or {}
    named = broadcast.segment.area or broadcast.area
    if named is not None and named not in ids:
        raise FaultyCallError([Fault("round", "is no round here")])
    if named is not None:
        return ids[named]
    if broadcast.segment.plan is not None:
        plan = select(PlanRow.round_id).where(PlanRow.number == broadcast.segment.plan)
        return scene.db.scalar(plan)
    return next(iter(ids.values()), None)


def round_by_id(scene: Scene, round_id: int | None) -> Round | None:
    """Return a round; None if there is none."""
    view = scene.house.catalog.view(scene.db)
    ids = view.ids or {}
    return next((each for each in view.rounds if ids[each.slug] == round_id), None)


def zone_of(a_round: Round | None) -> str:
    """Return whose quiet hours hold."""
    return a_round.zone if a_round else HOME_ZONE


def wording(text: Texts, a_round: Round | None) -> Reply:
    """Say who writes, then the words, then how to be left in peace."""
    city = {"city": Local({FALLBACK: a_round.municipality})} if a_round else None
    sender = (
        [Say(N_("A message from the municipality of %(city)s:"), city)] if city else []
    )
    words = Say(N_("%(words)s"), {"words": Local(text)})
    leave = Say(N_("No more messages? Type or say: stop."))
    return Reply((*sender, words, leave))


def letter(text: Texts, a_round: Round | None) -> Letter:
    """Return what stands for the words where only a template may be sent."""
    city = Free(a_round.municipality) if a_round else Free("")
    return Letter(BROADCAST, {"city": city, "words": Local(text)})
