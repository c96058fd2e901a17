"""Carries out what was released: authors, voters and everybody, each at its moment.

A step and the mark that it was done are one transaction: whoever dies before the commit
leaves the step to the next process, and nobody is told twice.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from bot.domain.effects import TaskKind
from bot.services import broadcasts, results
from bot.services.answers import CallError
from bot.services.catalog import touch
from bot.services.desk.audit import note
from bot.services.desk.night_plans import completeness, results_of
from bot.services.desk.nights import STEPS, Night, find_night
from bot.services.house import House, Scene
from bot.services.publishing import PublishError, Publishing, publish_result
from bot.services.segments import Segment
from bot.services.tallying import TallyError
from bot.services.task_rows import open_task
from bot.services.unreached import CALL_DAYS
from bot.store.base import UtcTime
from bot.store.civic import PlanRow
from bot.store.nights import DONE, DRAFT, RELEASED, NightPlan
from bot.store.nights import Night as NightRow
from bot.store.talks import Talk

log = logging.getLogger(__name__)
WORKER = "worker"
_NOW = bindparam("now", type_=UtcTime())


class _Trouble(Exception):  # noqa: N818 - no error of ours: officials have to look
    """A step cannot be done: why, as machine words for the desk."""

    def __init__(self, why: str, **about: object) -> None:
        super().__init__(why)
        self.about = {"why": why, **about}


def carry_out(house: House) -> bool:
    """Do the next step that is due; False if there is none.

    What cannot be done stops the night, and officials are told why. Any number of
    processes may call it at once.
    """
    found = house.db.read(lambda db: _next(db, house.clock()))
    if found is None:
        return False
    night_id, step = found
    try:
        if step == "authors":
            _publish_count(house, night_id)
        now = house.clock()
        done = house.db.run(lambda db: _do(Scene(house, db, now), night_id, step))
    except _Trouble as trouble:
        about = trouble.about | {"step": step}
        house.db.run(lambda db: _halt(Scene(house, db, house.clock()), night_id, about))
        log.warning("night halted id=%s step=%s", night_id, step)
        return True
    if done:
        log.info("night step done id=%s step=%s", night_id, step)
    return True


def _next(db: Connection, now: datetime) -> tuple[int, str] | None:
    row = db.execute(_DUE, {"now": now}).first()
    if row is None:
        return None
    return row.id, next(step for step in STEPS if getattr(row, step) is None)


def _due(step: str, before: str | None) -> Any:  # noqa: ANN401 - a condition
    """Tell whether a step is the next one, and its moment has come."""
    columns = NightRow.__table__.c
    first = and_(columns[f"{step}_done_at"].is_(None), columns[f"{step}_at"] <= _NOW)
    return and_(first, columns[f"{before}_done_at"].is_not(None)) if before else first


_DUE: Any = (
    select(
        NightRow.id,
        NightRow.authors_done_at.label("authors"),
        NightRow.voters_done_at.label("voters"),
        NightRow.public_done_at.label("public"),
    )
    .where(
        NightRow.state == RELEASED,
        or_(
            *(
                _due(step, STEPS[at - 1] if at else None)
                for at, step in enumerate(STEPS)
            )
        ),
    )
    .order_by(NightRow.id)
    .limit(1)
)


def _publish_count(house: House, night_id: int) -> None:
    """Keep the count that was taken over, so that authors hear their plan's votes.

    Nobody else sees it before its moment. The same count again changes nothing.
    """
    now = house.clock()
    night = house.db.read(lambda db: find_night(Scene(house, db, now), night_id))
    if night.counted_at is None:
        return
    order = Publishing(night.a_round.slug, night.by, night.seed)
    try:
        publish_result(house, order)
    except (TallyError, PublishError) as refusal:
        raise _Trouble("count", told=str(refusal)) from refusal


def _do(scene: Scene, night_id: int, step: str) -> bool:
    """Do a step in this transaction; False if it was done or stopped meanwhile."""
    night = find_night(scene, night_id, lock=True)
    at = night.at[step]
    if night.state != RELEASED or night.done[step] or at is None or at > scene.now:
        return False
    try:
        values = _STEPS[step](scene, night)
    except CallError as refusal:
        faults = [[each.path, each.fault] for each in refusal.faults]
        raise _Trouble("turned_down", faults=faults) from refusal
    values = {f"{step}_done_at": scene.now, "version": night.version + 1, **values}
    scene.db.execute(update(NightRow).where(NightRow.id == night_id).values(values))
    touch(scene.db)
    note(scene, WORKER, f"night.{step}", f"night:{night_id}")
    return True


def _halt(scene: Scene, night_id: int, about: Mapping[str, object]) -> None:
    stopped = update(NightRow).where(
        NightRow.id == night_id, NightRow.state == RELEASED
    )
    risen = {"version": NightRow.version + 1, "trouble": dict(about)}
    scene.db.execute(stopped.values(state=DRAFT, **risen))
    note(scene, WORKER, "night.halt", f"night:{night_id}", **about)


def _tell_authors(scene: Scene, night: Night) -> Mapping[str, Any]:
    """Tell each author her story; who cannot be written to becomes a call."""
    lacking = completeness(scene, night)
    if lacking.lacking:
        raise _Trouble("lacks", plans=[number for number, _ in lacking.named])
    call = results_of(scene, night)
    if not call.decisions:
        raise _Trouble("nobody")
    _keep_before(scene, night, [each.plan for each in call.decisions])
    answer = results.publish(scene, call, night.call, night.by, followers=False)
    for number in answer.unreachable:
        _ask_to_call(scene, number)
    return {"told": answer.as_json(), "trouble": None}


def _keep_before(scene: Scene, night: Night, numbers: list[int]) -> None:
    """Keep what each plan was: so it stays for everybody who may not know yet."""
    was = (
        select(PlanRow.status).where(PlanRow.id == NightPlan.plan_id).scalar_subquery()
    )
    plans = select(PlanRow.id).where(PlanRow.number.in_(numbers))
    mine = update(NightPlan).where(
        NightPlan.night_id == night.id, NightPlan.plan_id.in_(plans)
    )
    scene.db.execute(mine.values(before=was))


def _ask_to_call(scene: Scene, number: int) -> None:
    """Ask staff to tell an author to whom we may not write, if she has a talk."""
    hers = (
        select(Talk.id, PlanRow.id.label("plan"))
        .join(PlanRow, PlanRow.resident_id == Talk.resident_id)
        .where(PlanRow.number == number, Talk.forgotten_at.is_(None))
        .order_by(Talk.last_inbound_at.desc())
        .limit(1)
    )
    row = scene.db.execute(hers).first()
    if row is not None:
        task = {"kind": TaskKind.UNREACHED, "talk_id": row.id, "plan_id": row.plan}
        task |= {"created_at": scene.now}
        task |= {"due_at": scene.now + timedelta(days=CALL_DAYS)}
        open_task(scene.db, task)


def _tell_voters(scene: Scene, night: Night) -> Mapping[str, Any]:
    """Tell those who follow plans, and voters where there is a text for them."""
    results.tell_followers(scene, results_of(scene, night), night.call)
    if not any(night.voters_text.values()):
        return {"trouble": None}
    segment = Segment("voters", area=night.a_round.slug)
    cast = broadcasts.Broadcast(segment, night.voters_text)
    broadcast_id, _ = broadcasts.begin(scene, cast, f"{night.call}:voters", night.by)
    return {"broadcast_id": broadcast_id, "trouble": None}


def _show_all(scene: Scene, night: Night) -> Mapping[str, Any]:
    """Let everybody see it: the mark itself is what the pages look at."""
    del scene, night
    return {"state": DONE, "trouble": None}


_STEPS: Mapping[str, Callable[[Scene, Night], Mapping[str, Any]]] = {
    "authors": _tell_authors,
    "voters": _tell_voters,
    "public": _show_all,
}
