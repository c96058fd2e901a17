"""Asking how a plan goes: the municipality tells first, then asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, insert, select

from bot.domain.effects import TaskKind
from bot.domain.kinds import CHECKIN, STATUS
from bot.domain.languages import LANGUAGES, Texts, pick_text
from bot.domain.plans import Status
from bot.domain.say import N_, Button, Free, Local, Reply, Say
from bot.services import caring, news
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
    """A call that asks how plans go: plans by number, or those of a segment.

    `question` is what officials wrote, or `deeds` what the municipality did since the
    last question: then the question itself is ours.
    """

    question: Texts
    plans: tuple[int, ...] = ()
    segment: Segment | None = None
    deeds: tuple[Texts, ...] = ()

    @property
    def words(self) -> Texts:
        """What is kept of it: the question, or all deeds in each language."""
        if not self.deeds:
            return self.question
        told = {
            each: " ".join(pick_text(deed, each) for deed in self.deeds)
            for each in LANGUAGES
        }
        return {each: " ".join(words.split()) for each, words in told.items()}


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
            _ask(campaign, question, plan, readers)
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
    campaign: Campaign, question: Question, plan: Row[Any], readers: Sequence[Row[Any]]
) -> None:
    """Keep the question with the plan and owe it to each reader."""
    scene, texts = campaign.telling.scene, question.words
    _keep(scene, plan, texts)
    about = {"kind": "checkin", "plan": plan.number}
    for reader in readers:
        own = reader.resident_id == plan.resident_id
        slots = news.own_slots(plan) if own else news.public_slots(plan)
        letter = Letter(CHECKIN, slots | {"words": Local(texts)})
        reply = _reply(plan, question, campaign.telling, own=own)
        campaign.tell(reader, News(reply, letter, about))


def _keep(scene: Scene, plan: Row[Any], texts: Texts) -> None:
    """Keep a question with the plan: from now on her silence counts."""
    asked = insert(CheckIn).values(
        plan_id=plan.id, question=dict(texts), asked_at=scene.now
    )
    scene.db.execute(asked)
    caring.keep(scene.db, plan.id, asked_at=scene.now)


def _remind(campaign: Campaign, plan: Row[Any]) -> None:
    """Warn if her last answer asked for help and nobody has seen to it."""
    waiting = select(Task.id).where(
        Task.plan_id == plan.id, Task.kind == TaskKind.STUCK, Task.done_at.is_(None)
    )
    if campaign.telling.scene.db.execute(waiting.limit(1)).first():
        warning = f"plan {plan.number} asked for help, and that is still to be done"
        campaign.answer.warn("data.question", warning)


def _reply(plan: Row[Any], question: Question, telling: Telling, *, own: bool) -> Reply:
    """Greet, name the plan, tell and ask what officials wrote, and offer help."""
    title = plan.title or {}
    named = news.own_plan(plan.number, title, plan.text if own else "")
    told = _tell_deeds if question.deeds else _ask_words
    says = [
        *told(named, question, own=own),
        Say(N_("You can speak or tap a button.")),
    ]
    if name := (plan.contact or {}).get("name"):
        day = news.day_before(telling.scene.now, telling.zone, ANSWER_DAYS)
        help_row = N_("Want help? %(contact)s will call you before %(date)s.")
        says.append(Say(help_row, {"contact": Free(name), "date": day}))
    says.append(Say(N_("Thank you for your work.")))
    return Reply(tuple(says), (GOOD, STUCK, LATER))


def _ask_words(named: Say, question: Question, *, own: bool) -> list[Say]:
    hello = Say(N_("Hello. How is your plan going?")) if own else Say(N_("Hello."))
    return [hello, named, Say(N_("%(words)s"), {"words": Local(question.question)})]


def _tell_deeds(named: Say, question: Question, *, own: bool) -> list[Say]:
    """Say first what the municipality did; only then ask."""
    deeds = [Say(N_("%(words)s"), {"words": Local(deed)}) for deed in question.deeds]
    return [
        Say(N_("Hello. This is about your plan.") if own else N_("Hello.")),
        named,
        Say(N_("The municipality did this:")),
        *deeds,
        Say(N_("How is your plan going?")),
    ]


@dataclass(frozen=True, slots=True)
class Help:
    """The answer of officials to a plan that is stuck, in words, in sound, or both."""

    plan: int
    texts: Texts
    sound: int | None = None


def answer_stuck(scene: Scene, given: Help, key: str) -> bool:
    """Tell an author what helps her, and ask whether it goes on again.

    It is kept as a question, so that her good or stuck belongs to it. False if she
    cannot be reached. `key` makes the message unique.
    """
    plan = scene.db.execute(_PLANS, {"numbers": [given.plan]}).one()
    _keep(scene, plan, given.texts)
    telling = Telling(scene, _zone(scene, plan), plan.round_id)
    words = [Say(N_("%(words)s"), {"words": Local(given.texts)})]
    heard = [Say(N_("Please listen to the voice message."))]
    says = (
        Say(N_("We have an answer about your plan.")),
        news.own_plan(plan.number, plan.title, plan.text),
        *(words if given.texts else heard),
        Say(N_("Is it going again?")),
    )
    slots = news.own_slots(plan)
    letter = Letter(STATUS, slots | {"words": Local(given.texts)})
    about = {"kind": "checkin", "plan": plan.number}
    told = News(Reply(says, (GOOD, STUCK), sound=given.sound), letter, about)
    due = [
        news.tell(telling, reader, told, f"{key}:{reader.resident_id}")
        for reader in news.authors(scene.db, plan.resident_id)
    ]
    return any(due)
