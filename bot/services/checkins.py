"""Asking how a plan goes: the municipality tells first, then asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, insert, select

from bot.domain.effects import TaskKind
from bot.domain.kinds import CHECKIN
from bot.domain.languages import Texts
from bot.domain.plans import Status
from bot.domain.say import N_, Button, Free, Local, Reply, Say
from bot.services import news
from bot.services.answers import Answer, Fault, FaultyCallError
from bot.services.doing import ANSWER_DAYS
from bot.services.holding import Campaign
from bot.services.house import Scene
from bot.services.news import News, Telling
from bot.services.outbox import Letter
from bot.services.segments import Segment, find_plans, find_readers
from bot.store.civic import CheckIn, PlanRow, Task

GOOD = Button("good", Say(N_("It is going well")))
STUCK = Button("stuck", Say(N_("I would like help")))
LATER = Button("later", Say(N_("Not started yet")))


@dataclass(frozen=True, slots=True)
class Question:
    """A call that asks how plans go: plans by number, or those of a segment."""

    question: Texts
    plans: tuple[int, ...] = ()
    segment: Segment | None = None


def send(scene: Scene, question: Question, call: str) -> Answer:
    """Ask about each plan, and keep the question with it; `call` makes it unique.

    The author is asked, or, for `followers:<plan>`, whoever follows that plan. Raises
    FaultyCallError for a plan or an area that is not there.
    """
    answer = Answer()
    for plan in _plans(scene, question, answer):
        readers = _readers(scene, question.segment, plan)
        if readers:
            telling = Telling(scene, _zone(scene, plan), plan.round_id)
            campaign = Campaign(telling, f"ask:{call}:{plan.id}", answer)
            _ask(campaign, question.question, plan, readers)
            _remind(campaign, plan)
        elif question.segment is None:
            answer.unreachable.append(plan.number)
    return answer


def _plans(scene: Scene, question: Question, answer: Answer) -> list[Row[Any]]:
    """Return the plans to ask about, without those that were taken back."""
    if question.segment is not None:
        numbers = find_plans(scene, question.segment)
    else:
        numbers = list(question.plans)
    rows = scene.db.execute(_PLANS, {"numbers": numbers})
    found = {row.number: row for row in rows}
    faults = [
        Fault(f"data.plans[{at}]", f"there is no plan {number}")
        for at, number in enumerate(numbers)
        if number not in found
    ]
    if faults:
        raise FaultyCallError(faults)
    back = [at for at, n in enumerate(numbers) if found[n].status == Status.WITHDRAWN]
    for at in back:
        answer.warn(f"data.plans[{at}]", "its author took this plan back")
    return [found[n] for at, n in enumerate(numbers) if at not in back]


_PLANS = select(
    PlanRow.id,
    PlanRow.number,
    PlanRow.resident_id,
    PlanRow.status,
    PlanRow.text,
    PlanRow.title,
    PlanRow.contact,
    PlanRow.round_id,
).where(PlanRow.number.in_(bindparam("numbers", expanding=True)))


def _zone(scene: Scene, plan: Row[Any]) -> str:
    view = scene.house.catalog.view(scene.db)
    slug = view.slug(plan.round_id)
    return next(each.zone for each in view.rounds if each.slug == slug)


def _readers(
    scene: Scene, segment: Segment | None, plan: Row[Any]
) -> Sequence[Row[Any]]:
    if segment is not None and segment.plan is not None:
        return find_readers(scene, segment)
    hers = news.authors(scene.db, plan.resident_id)
    wished = segment.locale if segment else None
    return [row for row in hers if wished in {None, row.language}]


def _ask(
    campaign: Campaign, texts: Texts, plan: Row[Any], readers: Sequence[Row[Any]]
) -> None:
    """Keep the question with the plan and owe it to each reader."""
    scene = campaign.telling.scene
    asked = insert(CheckIn).values(
        plan_id=plan.id, question=dict(texts), asked_at=scene.now
    )
    scene.db.execute(asked)
    about = {"kind": "checkin", "plan": plan.number}
    for reader in readers:
        own = reader.resident_id == plan.resident_id
        slots = news.own_slots(plan) if own else news.public_slots(plan)
        letter = Letter(CHECKIN, slots | {"words": Local(texts)})
        reply = _reply(plan, texts, campaign.telling, own=own)
        campaign.tell(reader, News(reply, letter, about))


def _remind(campaign: Campaign, plan: Row[Any]) -> None:
    """Warn if her last answer asked for help and nobody has seen to it."""
    waiting = select(Task.id).where(
        Task.plan_id == plan.id, Task.kind == TaskKind.STUCK, Task.done_at.is_(None)
    )
    if campaign.telling.scene.db.execute(waiting.limit(1)).first():
        warning = f"plan {plan.number} asked for help, and that is still to be done"
        campaign.answer.warn("data.question", warning)


def _reply(plan: Row[Any], texts: Texts, telling: Telling, *, own: bool) -> Reply:
    """Greet, name the plan, tell and ask what officials wrote, and offer help."""
    title = plan.title or {}
    named = news.own_plan(plan.number, title, plan.text if own else "")
    says = [
        Say(N_("Hello. How is your plan going?")) if own else Say(N_("Hello.")),
        named,
        Say(N_("%(words)s"), {"words": Local(texts)}),
        Say(N_("You can speak or tap a button.")),
    ]
    if name := (plan.contact or {}).get("name"):
        day = news.day_before(telling.scene.now, telling.zone, ANSWER_DAYS)
        help_row = N_("Want help? %(contact)s will call you before %(date)s.")
        says.append(Say(help_row, {"contact": Free(name), "date": day}))
    says.append(Say(N_("Thank you for your work.")))
    return Reply(tuple(says), (GOOD, STUCK, LATER))
