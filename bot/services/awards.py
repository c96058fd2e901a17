"""What goes along with the news that a plan is chosen: a face, and who does what."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from bot.domain.kinds import STATUS
from bot.domain.say import Reply
from bot.flows.parts import HOW_GOES
from bot.flows.underway import step_rows
from bot.services import caring, news
from bot.services.house import Scene
from bot.services.news import News, Telling
from bot.services.outbox import Letter


def with_face(scene: Scene, plan_id: int, reply: Reply) -> Reply:
    """Return the news with the photo of the contact person, where there is one."""
    row = caring.care_row(scene.db, plan_id)
    photo = caring.photo_of(scene.db, row.contact_id) if row else None
    return replace(reply, picture=photo)


def tell_steps(telling: Telling, plan: Row[Any], key: str) -> None:
    """Tell the author who does what, as a message of its own, behind the award.

    Only where a contact person is named: without one there is nobody to agree with.
    """
    scene = telling.scene
    row = caring.care_row(scene.db, plan.id)
    if row is None or row.contact_id is None:
        return
    steps = tuple(map(caring.step_value, row.steps))
    says = tuple(step_rows(steps))
    if not says:
        return
    own = news.own_plan(plan.number, plan.title, plan.text)
    letter = Letter(STATUS, news.own_slots(plan) | {"words": says[0]})
    told = News(Reply((own, *says), (HOW_GOES,)), letter)
    for reader in news.authors(scene.db, plan.resident_id):
        news.tell(telling, reader, told, f"{key}:{plan.id}:steps", after=1)
