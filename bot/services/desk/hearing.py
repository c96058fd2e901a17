"""Her answer to an official's question: back on the desk, in the hands of who asked."""

from collections.abc import Mapping

from sqlalchemy import select, update

from bot.domain import effects as ask
from bot.domain.languages import FALLBACK
from bot.domain.say import Say
from bot.flows.checking import NO, YES
from bot.i18n import render
from bot.services.doing import Doing, raise_task
from bot.store.civic import PlanRow, Task
from bot.store.desk_messages import DeskMessage
from bot.store.talks import OutboundMessage

_TAPPED: Mapping[str, Say] = {"yes": YES.label, "no": NO.label}


def keep_answer(doing: Doing, effect: ask.AnswerOfficial) -> None:
    """Note that a question is answered, and raise a task for the official who asked.

    Answered once more, it is another task: she has thought again.
    """
    asked = doing.db.execute(
        select(DeskMessage.official_id, DeskMessage.outbound_id).where(
            DeskMessage.id == effect.asked, DeskMessage.talk_id == doing.talk.id
        )
    ).one_or_none()
    if asked is None:
        return
    answered = update(DeskMessage).where(DeskMessage.id == effect.asked)
    doing.db.execute(answered.values(answered_at=doing.now))
    plan = _plan(doing, effect.asked, asked.outbound_id)
    words = _words(doing, effect.text)
    task = ask.RaiseTask(ask.TaskKind.ANSWERED, plan, words, effect.media)
    raise_task(doing, task, assigned_to=asked.official_id)


def _words(doing: Doing, text: str) -> str:
    label = _TAPPED.get(text)
    return render(label, doing.talk.language or FALLBACK) if label else text


def _plan(doing: Doing, asked: int, outbound_id: int | None) -> int | None:
    """Return the number of the plan that the question, or its task, was about."""
    about = doing.db.scalar(
        select(OutboundMessage.about).where(OutboundMessage.id == outbound_id)
    )
    if about and about.get("plan"):
        return int(about["plan"])
    its_task = (
        select(PlanRow.number)
        .join(Task, Task.plan_id == PlanRow.id)
        .join(DeskMessage, DeskMessage.task_id == Task.id)
        .where(DeskMessage.id == asked)
    )
    return doing.db.scalar(its_task)
