"""Calls of the officials' web hook: each carried out once, whatever is repeated.

A call's id is taken in the transaction that carries it out. Whoever comes second, even
at the same moment, finds it taken and gets the answer that was given first.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, update

from bot.domain.languages import Texts
from bot.domain.plans import Status
from bot.services import broadcasts, checkins, news, results
from bot.services.answers import Answer, Fault, FaultyCallError, NotNowError
from bot.services.broadcasts import Broadcast
from bot.services.checkins import Question
from bot.services.desk.audit import note
from bot.services.freezing import frozen
from bot.services.house import House, Scene
from bot.services.plans import set_status
from bot.services.results import Corrections, Results
from bot.store.civic import HookCall, PlanRow
from bot.store.dialect import insert_once

LONGEST_ID = 120
BY_HOOK = "hook"
_NEEDS_TITLE = frozenset({Status.PUBLIC, Status.ON_BALLOT})


@dataclass(frozen=True, slots=True)
class StatusNews:
    """A call that says how far a plan is now."""

    plan: int
    status: Status
    note: Texts = field(default_factory=dict)


Call = StatusNews | Results | Corrections | Question | Broadcast


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to a call, and whether the call was `new` or had been seen before."""

    answer: Mapping[str, Any]
    new: bool


def kind_of(call: Call) -> str:
    """Return the type of a call, as it stood in its body."""
    kind, _ = _DO[type(call)]
    return kind


def accept(
    house: House, call_id: str, call: Call, warnings: Sequence[Mapping[str, Any]] = ()
) -> Accepted:
    """Carry a call out once and return its answer, with `warnings` about its body.

    Commits. Raises FaultyCallError or NotNowError, with nothing changed: then the same
    id may be used again.
    """
    now = house.clock()
    return house.db.run(
        lambda db: _accept(Scene(house, db, now), call_id, call, warnings)
    )


def _accept(
    scene: Scene, call_id: str, call: Call, warnings: Sequence[Mapping[str, Any]]
) -> Accepted:
    kind, carry_out = _DO[type(call)]
    taken = insert_once(scene.db, HookCall).values(
        id=call_id, kind=kind, answer={}, at=scene.now
    )
    if scene.db.scalar(taken.returning(HookCall.id)) is None:
        return Accepted(_given(scene.db, call_id), new=False)
    answer = carry_out(scene, call, _short(call_id))
    answer.warnings = [*map(dict, warnings), *answer.warnings]
    told = answer.as_json()
    kept = update(HookCall).where(HookCall.id == call_id)
    scene.db.execute(kept.values(answer=told))
    counted = {"told": answer.told, "held": answer.held}
    note(scene, BY_HOOK, kind, f"call:{_short(call_id)}", **counted)
    return Accepted(told, new=True)


def _given(db: Connection, call_id: str) -> Mapping[str, Any]:
    found = select(HookCall.answer).where(HookCall.id == call_id)
    given: Mapping[str, Any] = db.execute(found).scalar_one()
    return given


def _short(call_id: str) -> str:
    """Return what stands for a call in the keys of its messages."""
    return hashlib.sha256(call_id.encode()).hexdigest()[:16]


def _status(scene: Scene, call: StatusNews, _: str) -> Answer:
    """Keep a plan's status; author and followers are told."""
    columns = (PlanRow.status, PlanRow.title, PlanRow.resident_id, PlanRow.round_id)
    found = select(*columns).where(PlanRow.number == call.plan)
    plan = scene.db.execute(found.with_for_update()).one_or_none()
    if plan is None:
        raise FaultyCallError([Fault("data.plan", f"there is no plan {call.plan}")])
    if plan.status == Status.WITHDRAWN:
        raise NotNowError([Fault("data.plan", "its author took this plan back")])
    if call.status in _NEEDS_TITLE and not plan.title:
        fault = "has no public title yet: a reviewer has to publish it first"
        raise NotNowError([Fault("data.plan", fault)])
    told = set_status(scene, call.plan, call.status, call.note, "hook")
    answer = Answer(told=told)
    kept = frozen(scene.db, plan.round_id)
    if kept and (doubt := kept.doubt(call.plan, call.status, scene.now)):
        answer.warn("data.status", doubt)
    if not news.authors(scene.db, plan.resident_id):
        answer.unreachable.append(call.plan)
    return answer


def _publish(scene: Scene, call: Results, key: str) -> Answer:
    _refuse_by_night(scene, call.round)
    return results.publish(scene, call, key)


def _correct(scene: Scene, call: Corrections, key: str) -> Answer:
    _refuse_by_night(scene, call.round)
    return results.correct(scene, call, key)


def _refuse_by_night(scene: Scene, slug: str) -> None:
    """Keep what waits at the desk from being told beside its moment."""
    view = scene.house.catalog.view(scene.db)
    if any(view.slug(each) == slug for each in view.held):
        fault = "its results night waits at the desk: publish there, or drop the night"
        raise NotNowError([Fault("data.round", fault)])


_DO: Mapping[type[Call], tuple[str, Callable[[Scene, Any, str], Answer]]] = {
    StatusNews: ("plan.status", _status),
    Results: ("results.publish", _publish),
    Corrections: ("results.correct", _correct),
    Question: ("checkin.send", checkins.send),
    Broadcast: ("broadcast.send", broadcasts.send),
}
