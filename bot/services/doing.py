"""Where an effect happens, and what several effects do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from bot.domain import effects as ask
from bot.domain.errors import RefusedError
from bot.domain.round_terms import Act
from bot.domain.rounds import Round
from bot.domain.say import N_, Say
from bot.flows.elsewhere import not_here
from bot.services.catalog import CatalogView
from bot.services.house import House, Scene
from bot.services.talks import TalkRow
from bot.services.task_rows import open_task
from bot.store.civic import PlanRow, Task

ANSWER_DAYS = 7


@dataclass(frozen=True, slots=True)
class Doing:
    """Where an effect happens: the scene, the talk, and the rounds as of now."""

    scene: Scene
    talk: TalkRow
    view: CatalogView

    @property
    def house(self) -> House:
        """The house of the scene."""
        return self.scene.house

    @property
    def db(self) -> Connection:
        """The transaction of the scene."""
        return self.scene.db

    @property
    def now(self) -> datetime:
        """The moment of the scene."""
        return self.scene.now


def refuse_elsewhere(doing: Doing, a_round: Round, act: Act) -> None:
    """Raise RefusedError where the round keeps `act` off the channel of this talk."""
    if not a_round.allows(act, doing.talk.channel):
        raise RefusedError(not_here(act))


def my_plan(doing: Doing, number: int) -> Any:  # noqa: ANN401 - a row
    """Return her plan with this number. Raises RefusedError if it is not hers."""
    row = doing.db.execute(
        select(PlanRow.id, PlanRow.status).where(
            PlanRow.number == number, PlanRow.resident_id == doing.talk.resident_id
        )
    ).one_or_none()
    if row is None:
        raise RefusedError(Say(N_("I do not know plan %(plan)s."), {"plan": number}))
    return row


def plan_id_of(doing: Doing, number: int) -> int:
    """Return the id of any plan. Raises RefusedError for an unknown number."""
    plan_id = doing.db.scalar(select(PlanRow.id).where(PlanRow.number == number))
    if plan_id is None:
        raise RefusedError(Say(N_("I do not know plan %(plan)s."), {"plan": number}))
    return plan_id


def raise_task(
    doing: Doing, effect: ask.RaiseTask, assigned_to: int | None = None
) -> None:
    """Ask staff for something, before a date; it may be in an official's hands.

    What she says when we ask her what it is about goes to the task that is there.
    """
    plan_id = None
    if effect.plan is not None:
        plan_id = doing.db.scalar(
            select(PlanRow.id).where(PlanRow.number == effect.plan)
        )
    if (effect.note or effect.media) and _told_more(doing, effect, plan_id):
        return
    task = {
        "kind": effect.kind,
        "assigned_to": assigned_to,
        "talk_id": doing.talk.id,
        "plan_id": plan_id,
        "media_id": effect.media,
        "note": effect.note,
        "due_at": doing.now + timedelta(days=ANSWER_DAYS),
        "created_at": doing.now,
    }
    open_task(doing.db, task)


_ASKED_MORE = frozenset(
    {ask.TaskKind.PERSON, ask.TaskKind.DISAGREE, ask.TaskKind.STUCK}
)
"""What becomes a task at once, before she has said what it is about."""


def _told_more(doing: Doing, effect: ask.RaiseTask, plan_id: int | None) -> bool:
    """Put her words into the task that waits for them; False if there is none."""
    if effect.kind not in _ASKED_MORE:
        return False
    newest = (
        select(Task.id)
        .where(
            Task.talk_id == doing.talk.id,
            Task.kind == effect.kind,
            Task.done_at.is_(None),
            Task.note == "",
            Task.media_id.is_(None),
            Task.plan_id.is_not_distinct_from(plan_id),
        )
        .order_by(Task.id.desc())
        .limit(1)
    )
    task_id = doing.db.scalar(newest)
    if task_id is None:
        return False
    told = {"note": effect.note, "media_id": effect.media}
    doing.db.execute(update(Task).where(Task.id == task_id).values(told))
    return True
