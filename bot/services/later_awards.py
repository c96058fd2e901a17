"""Plans that are chosen after the result, with money that became free."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, update

from bot.domain.kinds import STATUS
from bot.domain.languages import Texts
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.domain.say import Free, Local
from bot.services import awards, news, stories
from bot.services.catalog import touch
from bot.services.decisions import FINAL, plans_in_round, write_decision
from bot.services.house import Scene
from bot.services.news import News, Telling
from bot.services.outbox import Letter
from bot.services.stories import Contact, Story
from bot.store.civic import PlanRow


@dataclass(frozen=True, slots=True)
class LaterAward:
    """The plans that are next with what each gets, and what their authors hear."""

    amounts: Mapping[int, Money]
    reason: Texts
    contact: Contact
    call_before: date


def award(scene: Scene, slug: str, given: LaterAward, key: str, by: str) -> int:
    """Choose these plans and tell their authors and followers; return how many.

    In the caller's transaction; `key` makes the messages unique. Raises FaultyCallError
    and NotNowError like `results.publish`.
    """
    numbers = sorted(given.amounts)
    a_round, plans = plans_in_round(scene, slug, numbers, "plans")
    contact = {"name": given.contact.name, "phone": given.contact.phone}
    for plan in plans:
        data = {
            "reason": dict(given.reason),
            "contact": contact,
            "amount_cents": given.amounts[plan.number].cents,
            "call_before": given.call_before.isoformat(),
        }
        write_decision(scene, plan, Status.CHOSEN, FINAL, data, by)
        helped = update(PlanRow).where(PlanRow.id == plan.id)
        scene.db.execute(helped.values(contact=contact))
    touch(scene.db)
    telling = Telling(scene, a_round.zone, plans[0].round_id)
    return sum(_tell(telling, plan, given, key) for plan in plans)


def _tell(telling: Telling, plan: Row[Any], given: LaterAward, key: str) -> int:
    """Tell a plan's author, who does what, and its followers; return how many."""
    scene = telling.scene
    story = Story(
        outcome=Status.CHOSEN,
        named=news.own_plan(plan.number, plan.title, plan.text),
        reason=given.reason,
        contact=given.contact,
        amount=given.amounts[plan.number],
        call_before=given.call_before,
        is_later=True,
    )
    reply = awards.with_face(scene, plan.id, stories.told(story))
    slots = news.own_slots(plan) | {
        "words": Local(given.reason),
        "contact": Free(given.contact.name),
    }
    mine = News(
        reply,
        Letter(Status.CHOSEN.value, slots),
        {"kind": "results", "plan": plan.number},
    )
    told = [
        news.tell(telling, reader, mine, f"{key}:{plan.id}")
        for reader in news.authors(scene.db, plan.resident_id)
    ]
    awards.tell_steps(telling, plan, key)
    named = news.plan_rows(plan.number, plan.title or {})
    others = stories.news_for_follower(named, Status.CHOSEN)
    stage = news.public_slots(plan) | {"words": stories.stage(Status.CHOSEN)}
    for reader in news.followers(scene.db, plan.id):
        if reader.resident_id != plan.resident_id:
            own = f"{key}:{plan.id}:{reader.resident_id}"
            heard = News(others, Letter(STATUS, stage))
            told.append(news.tell(telling, reader, heard, own))
    return len([due for due in told if due])
