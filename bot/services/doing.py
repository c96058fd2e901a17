"""Where an effect happens, and what several effects do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

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
from bot.store.civic import PlanRow

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


def raise_task(doing: Doing, effect: ask.RaiseTask) -> None:
    """Ask staff for something, before a date."""
    plan_id = None
    if effect.plan is not None:
        plan_id = doing.db.scalar(
            select(PlanRow.id).where(PlanRow.number == effect.plan)
        )
    task = {
        "kind": effect.kind,
        "talk_id": doing.talk.id,
        "plan_id": plan_id,
        "media_id": effect.media,
        "note": effect.note,
        "due_at": doing.now + timedelta(days=ANSWER_DAYS),
        "created_at": doing.now,
    }
    open_task(doing.db, task)
