"""Plans that were kept for later: their authors are asked when a new round begins."""

from typing import Any

from sqlalchemy import select

from bot.domain.kinds import STATUS
from bot.domain.round_terms import Act
from bot.domain.say import N_, Button, Reply, Say
from bot.services import news
from bot.services.house import Scene
from bot.services.news import News, Telling
from bot.services.outbox import Letter
from bot.store.after import Renewal
from bot.store.civic import Decision, PlanRow
from bot.store.dialect import insert_once

KEEP = "keep"
ENTER_IT = Button("yes", Say(N_("Yes, take it along")))
KEEP_IT = Button("no", Say(N_("No, keep it")))


class RenewError(ValueError):
    """A plan that cannot be renewed; the message is a machine word.

    It is unknown (no such plan or round), not_kept, not_open, asked or unreached.
    """


def ask_to_renew(scene: Scene, number: int, slug: str, by: str) -> None:
    """Ask an author whether her kept plan goes into another round.

    Only her own yes, to the plan as it is read back to her, stores it there. Raises
    RenewError.
    """
    view = scene.house.catalog.view(scene.db)
    a_round = next((each for each in view.rounds if each.slug == slug), None)
    plan: Any = scene.db.execute(_PLAN.where(PlanRow.number == number)).one_or_none()
    if plan is None or a_round is None:
        raise RenewError("unknown")
    if plan.next_step != KEEP:
        raise RenewError("not_kept")
    if not a_round.takes(Act.PLAN, scene.now):
        raise RenewError("not_open")
    hers = news.authors(scene.db, plan.resident_id)
    if not hers or not plan.text:
        raise RenewError("unreached")
    values = {"plan_id": plan.id, "round_id": view.round_id(slug)}
    once = insert_once(scene.db, Renewal).values(values | {"by": by, "at": scene.now})
    if scene.db.execute(once).rowcount == 0:
        raise RenewError("asked")
    says = (
        Say(N_("A new round begins for plans.")),
        Say(N_("You asked us to keep this plan.")),
        news.own_plan(plan.number, plan.title, plan.text),
        Say(N_("Does it go into the new round?")),
    )
    letter = Letter(STATUS, news.own_slots(plan) | {"words": says[0]})
    about = {"kind": "renew", "plan": plan.number, "round": slug}
    told = News(Reply(says, (ENTER_IT, KEEP_IT)), letter, about)
    telling = Telling(scene, a_round.zone, view.round_id(slug))
    key = f"renew:{plan.id}:{view.round_id(slug)}"
    for reader in hers:
        news.tell(telling, reader, told, key)


_PLAN = select(
    PlanRow.id,
    PlanRow.number,
    PlanRow.title,
    PlanRow.text,
    PlanRow.resident_id,
    Decision.next_step,
).join(Decision, Decision.plan_id == PlanRow.id)
