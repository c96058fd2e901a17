"""Voice notes that wait for ears, and other things officials have to do.

Whatever an official writes down goes back to the person who said it: for her yes, or,
where her plan is stored already, so that she can change it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from bot.domain.effects import TaskKind
from bot.domain.languages import Language
from bot.domain.plans import CHANGEABLE, TEXT_LENGTH, Status
from bot.domain.say import N_, Button, Free, Reply, Say
from bot.domain.text import clean
from bot.flows.needs import Need
from bot.flows.saved import dump_talk
from bot.flows.state import Menu
from bot.flows.submit import plans_elsewhere
from bot.services import news
from bot.services.corrections import Dictation, date_sound, keep_correction
from bot.services.desk.audit import note
from bot.services.dictation import Dictated, Outcome, Waiting, dictate, joined
from bot.services.facts import Asking, load_facts
from bot.services.fates import is_shut
from bot.services.house import House, Scene
from bot.services.news import News, Telling
from bot.services.officials import Person
from bot.services.outbox import Owed, owe
from bot.services.searching import index_plan
from bot.services.speaking import read_along
from bot.services.talks import TalkRow, talk_by_id
from bot.services.task_rows import finish_tasks
from bot.services.turning import load_state
from bot.store.civic import PlanRow, PlanStage, RoundRow, Task
from bot.store.talks import Talk

AnyRow = Row[*tuple[Any, ...]]
EARS = (TaskKind.LISTEN, TaskKind.FAILED_NOTE)
"""The kinds of task that ask somebody to listen and write down."""


class DictationError(ValueError):
    """The words cannot be taken; the message is a machine word for why.

    "empty", "too_long", "done" (somebody else has seen to it) or "gone" (the person
    asked to be forgotten, or there is no such note).
    """


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the words, and whether she is told of it."""

    outcome: Outcome
    told: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What an official wrote down: `language` is that of the words.

    `spoken` is what she speaks (`bot.domain.languages.is_spoken`): a note in a language
    that is not written here is written down in one that she reads.
    """

    text: str
    language: Language
    spoken: str


def write_down(house: House, task_id: int, words: Words, official: Person) -> Written:
    """Keep what was said in a note and send it back to her. Commits.

    Private numbers are masked as in anything typed. What a machine had heard is kept
    beside the words. Raises DictationError, with nothing changed.
    """
    cleaned = clean(words.text)
    if cleaned.too_long:
        raise DictationError("too_long")
    if not cleaned.text:
        raise DictationError("empty")
    now = house.clock()
    said = Dictation(
        task_id, cleaned.text, words.language, words.spoken, official.email
    )
    written, owed = house.db.run(lambda db: _write(Scene(house, db, now), said))
    house.postman.push(owed)
    return written


def _write(scene: Scene, said: Dictation) -> tuple[Written, list[Owed]]:
    task = claim_task(scene, said.task, said.by)
    note(scene, said.by, "note.write", f"task:{said.task}", spoken=said.spoken)
    keep_correction(scene, task.media_id, said)
    if task.plan_id is not None:
        return _into_plan(scene, task, said), []
    return _into_talk(scene, task, said)


def claim_task(scene: Scene, task_id: int, by: str) -> AnyRow:
    """Mark the task done, so that two officials do not see to the same note.

    A second task about the same note is done with it: one that failed may also have
    been asked for by her talk. Raises DictationError for a task that is not open.
    """
    fresh = finish_tasks(scene.db, by, scene.now, Task.id == task_id)
    columns = (
        Task.id,
        Task.kind,
        Task.talk_id,
        Task.plan_id,
        Task.media_id,
        Task.created_at,
    )
    task = scene.db.execute(select(*columns).where(Task.id == task_id)).one_or_none()
    if task is None or task.media_id is None or task.talk_id is None:
        raise DictationError("gone")
    if not fresh or task.kind not in EARS:
        raise DictationError("done")
    same = (Task.media_id == task.media_id) & Task.kind.in_(EARS)
    finish_tasks(scene.db, by, scene.now, same)
    return task


def _into_talk(
    scene: Scene, task: AnyRow, said: Dictation
) -> tuple[Written, list[Owed]]:
    """Put the words into her draft and ask for her yes, as an answer to her note."""
    talk = talk_by_id(scene, task.talk_id)
    before = load_state(scene.house, talk)
    if before.language is None:
        # Nobody has asked her yet; whoever listened knows.
        before = replace(before, language=said.language, state=Menu())
        talk = replace(talk, language=said.language)
    after = dictate(before, task.media_id, said.words, waiting_for(scene, talk, task))
    draft = after.talk.draft or after.talk.revision
    if draft is not None and len(draft.text) > TEXT_LENGTH:
        raise DictationError("too_long")
    return answer(scene, talk, after, f"written:{task.id}")


def waiting_for(scene: Scene, talk: TalkRow, task: AnyRow) -> Waiting:
    """Return what her note belongs to, and whether plans are told in her chat."""
    view = scene.house.catalog.view(scene.db)
    facts = load_facts(scene, talk, view, Asking(Need.NOTHING))
    others = unwritten(scene.db, task.talk_id)
    return Waiting(others, task.kind, plans_elsewhere(facts, scene.now))


def answer(
    scene: Scene, talk: TalkRow, after: Dictated, key: str
) -> tuple[Written, list[Owed]]:
    """Write the talk after the words, and tell her what there is to tell."""
    silent = talk.stopped_at or talk.closed_at or talk.forgotten_at
    if after.reply is None or silent:
        _keep(scene, talk, after)
        return Written(after.outcome, told=False), []
    # She may have spoken days ago: what needs a template goes through a claim.
    queued = talk.owed_elsewhere or is_shut(scene, talk)
    mine = None if queued else scene.me
    owed = owe(scene, talk, after.reply, key, leased_by=mine)
    if after.talk.aloud:
        read_along(scene, talk, after.reply, owed.row)
    _keep(scene, talk, after, asked=owed.row)
    return Written(after.outcome, told=True), [] if queued else [owed]


def unwritten(db: Connection, talk_id: int) -> frozenset[int]:
    """Return the notes of a talk that still wait for ears."""
    waiting = select(Task.media_id).where(
        Task.talk_id == talk_id,
        Task.kind.in_(EARS),
        Task.done_at.is_(None),
        Task.media_id.is_not(None),
    )
    return frozenset(media for media in db.scalars(waiting) if media is not None)


def _keep(
    scene: Scene, talk: TalkRow, after: Dictated, asked: int | None = None
) -> None:
    """Write her talk. What she is asked in the middle of something stays open."""
    values: dict[str, Any] = {"state": dump_talk(after.talk)}
    values["language"] = talk.language
    if asked is not None and after.asks:
        values["asked_id"] = asked
    scene.db.execute(update(Talk).where(Talk.id == talk.id).values(values))


def _into_plan(scene: Scene, task: AnyRow, said: Dictation) -> Written:
    """Give a stored plan its words, or its place, and tell the author."""
    plan, is_place = plan_of(scene, task)
    before = plan.place if is_place else plan.text
    words = joined(before, said.words)
    if len(words) > TEXT_LENGTH:
        raise DictationError("too_long")
    values = {"place": words} if is_place else {"text": words}
    if not plan.text:
        values["language"] = said.language
    scene.db.execute(update(PlanRow).where(PlanRow.id == plan.id).values(values))
    index_plan(scene.db, plan.id)
    date_sound(scene.db, (task.media_id,), plan.id, plan.resident_id, scene.now)
    reply = _place_told(plan, words) if is_place else _plan_told(plan, words)
    told = tell_author(scene, plan, reply, f"written:{task.id}")
    return Written(Outcome.STORED, told=told)


def tell_author(scene: Scene, plan: AnyRow, reply: Reply, key: str) -> bool:
    """Push a message to a plan's author; False if she cannot be reached."""
    telling = Telling(scene, _zone(scene, plan))
    told = [
        news.tell(telling, reader, News(reply), key)
        for reader in news.authors(scene.db, plan.resident_id)
    ]
    return any(told)


def plan_of(scene: Scene, task: AnyRow) -> tuple[AnyRow, bool]:
    """Return the plan of a note, locked, and whether the note says where it is."""
    plan = scene.db.execute(_PLAN.where(PlanRow.id == task.plan_id)).one()
    return plan, task.created_at > _told_at(scene.db, plan.id)


_PLAN = (
    select(
        PlanRow.id,
        PlanRow.number,
        PlanRow.resident_id,
        PlanRow.status,
        PlanRow.text,
        PlanRow.place,
        RoundRow.slug,
    )
    .join(RoundRow, RoundRow.id == PlanRow.round_id)
    .with_for_update(of=PlanRow)
)


def _told_at(db: Connection, plan_id: int) -> datetime:
    """Return when its author last stored the plan: notes after that say where it is."""
    told = select(func.max(PlanStage.at)).where(
        PlanStage.plan_id == plan_id, PlanStage.by == "author"
    )
    at = db.scalar(told)
    assert at is not None  # noqa: S101 - a task with a plan comes from its author
    return at


def _zone(scene: Scene, plan: AnyRow) -> str:
    rounds = scene.house.catalog.view(scene.db).rounds
    return next(each.zone for each in rounds if each.slug == plan.slug)


def _plan_told(plan: AnyRow, words: str) -> Reply:
    says = (
        Say(N_("A person has written your plan down:")),
        Say(N_("%(plan_text)s"), {"plan_text": Free(words)}),
        Say(N_("Your plan has number %(plan)s."), {"plan": plan.number}),
    )
    if Status(plan.status) not in CHANGEABLE:
        return Reply(says)
    change = Button(f"change:{plan.number}", Say(N_("Change my plan")))
    wrong = Say(N_("Is it not right? Tap: Change my plan."))
    return Reply((*says, wrong), (change,))


def _place_told(plan: AnyRow, words: str) -> Reply:
    return Reply(
        (
            Say(N_("Plan %(plan)s."), {"plan": plan.number}),
            Say(N_("A person has written down where it is:")),
            Say(N_("%(words)s"), {"words": Free(words)}),
        )
    )
