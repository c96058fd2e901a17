"""Who has heard her result, who will, and who has to be called: every author is one."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, exists, select, update

from bot.domain.effects import TaskKind
from bot.domain.languages import Texts
from bot.domain.plans import Status
from bot.services.desk.audit import note
from bot.services.desk.nights import Night, find_night
from bot.services.desk.reaching import WAITS, Reach, Standing, standings
from bot.services.desk.refusals import TurnedDownError
from bot.services.house import House, Scene
from bot.services.task_rows import finish_tasks, reopen_tasks
from bot.services.unreached import SYSTEM
from bot.store.civic import PlanRow, Task
from bot.store.nights import NightPlan
from bot.store.talks import Resident, Talk

JUST_NOW = timedelta(minutes=10)
"""So long a tick can be taken back."""


@dataclass(frozen=True, slots=True)
class Author:
    """The author of one plan of a night, and how far her message is."""

    plan: int
    title: Texts
    outcome: Status
    reach: Reach
    why: str
    until: datetime | None
    channel: str
    phone: str | None
    language: str | None
    called_by: str


@dataclass(frozen=True, slots=True)
class NightProgress:
    """All authors of a night: `total` = reached + called + waiting + to_call + gone.

    `waits` are those that still get it, by why, `until` the last moment of each.
    `gone` took their plan back or asked to be forgotten since: there is nobody to tell.
    """

    total: int
    counts: Counter[Reach]
    until: dict[Reach, datetime]
    calls: tuple[Author, ...]
    called: tuple[Author, ...]

    @property
    def told(self) -> int:
        """Who has heard it, by message or by telephone."""
        return self.counts[Reach.REACHED] + self.counts[Reach.CALLED]

    @property
    def waiting(self) -> int:
        """Who still gets it without anybody doing something."""
        return sum(self.counts[each] for each in WAITS)

    @property
    def is_over(self) -> bool:
        """Whether everybody has heard it who can."""
        return self.total == self.told + self.counts[Reach.GONE]


def night_progress(scene: Scene, night: Night) -> NightProgress:
    """Return how far a night is with the authors of its plans."""
    rows = scene.db.execute(_TOLD.where(NightPlan.night_id == night.id)).all()
    keys = {f"results:{night.call}:{row.plan_id}": row for row in rows}
    found = standings(scene.db, keys, scene.now)
    everybody = [
        _author(scene.db, row, found.get(key)) for key, row in sorted_by_plan(keys)
    ]
    until: dict[Reach, datetime] = {}
    for each in everybody:
        if each.until is not None:
            until[each.reach] = max(each.until, until.get(each.reach, each.until))
    return NightProgress(
        total=len(everybody),
        counts=Counter(each.reach for each in everybody),
        until=until,
        calls=tuple(each for each in everybody if each.reach is Reach.CALL),
        called=tuple(each for each in everybody if each.reach is Reach.CALLED),
    )


def sorted_by_plan(keys: dict[str, Row[Any]]) -> list[tuple[str, Row[Any]]]:
    """Return keys and rows in the order of the plans' numbers."""
    return sorted(keys.items(), key=lambda pair: pair[1].number)


_CALLED_BY_TASK = exists().where(
    Task.plan_id == PlanRow.id,
    Task.kind == TaskKind.UNREACHED,
    Task.outbound_id.is_(None),
    Task.created_at >= NightPlan.changed_at,
    Task.done_at.is_not(None),
    Task.done_by != SYSTEM,
)
_TOLD: Any = (
    select(
        NightPlan.plan_id,
        NightPlan.outcome,
        NightPlan.called_by,
        PlanRow.number,
        PlanRow.title,
        PlanRow.status,
        PlanRow.resident_id,
        Resident.may_write,
        _CALLED_BY_TASK.label("task_done"),
    )
    .join(PlanRow, PlanRow.id == NightPlan.plan_id)
    .outerjoin(Resident, Resident.id == PlanRow.resident_id)
    .where(NightPlan.before.is_not(None))
)


def _author(db: Connection, row: Row[Any], standing: Standing | None) -> Author:
    """Say how far her message is; whom no message could be written to is called."""
    reach, why = (standing.reach, standing.why) if standing else _without(row)
    if row.called_by or (standing is None and row.task_done):
        reach = Reach.CALLED
    talk = None if standing else _last_talk(db, row.resident_id)
    known: Any = standing or talk
    return Author(
        plan=row.number,
        title=row.title or {},
        outcome=Status(row.outcome),
        reach=reach,
        why=(_why(talk, row) if talk else why) if reach is Reach.CALL else "",
        until=standing.until if standing else None,
        channel=known.channel if known else "",
        phone=known.phone if known else None,
        language=known.language if known else None,
        called_by=row.called_by or "",
    )


def _without(row: Row[Any]) -> tuple[Reach, str]:
    """Say what stands for a message that could not be written."""
    if row.status == Status.WITHDRAWN:
        return Reach.GONE, ""
    return Reach.CALL, "no_talk"


def _last_talk(db: Connection, resident_id: int | None) -> Any:  # noqa: ANN401 - a row
    columns = (Talk.channel, Talk.phone, Talk.language, Talk.stopped_at, Talk.closed_at)
    hers = select(*columns).where(
        Talk.resident_id == resident_id, Talk.forgotten_at.is_(None)
    )
    last = hers.order_by(Talk.last_inbound_at.desc(), Talk.id.desc()).limit(1)
    return db.execute(last).first()


def _why(talk: Any, row: Row[Any]) -> str:  # noqa: ANN401 - a row
    if row.may_write is False:
        return "said_no"
    return "stopped" if talk.stopped_at else "unreachable"


def tick_called(
    house: House, night_id: int, number: int, who: str, *, called: bool = True
) -> None:
    """Note that somebody called an author and told her; or take that back. Commits.

    The tasks about it are done with it. Raises TurnedDownError for a plan that is not
    of this night.
    """
    now = house.clock()

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        night = find_night(scene, night_id)
        plan_id = select(PlanRow.id).where(PlanRow.number == number).scalar_subquery()
        mine = update(NightPlan).where(
            NightPlan.night_id == night_id,
            NightPlan.plan_id == plan_id,
            NightPlan.before.is_not(None),
        )
        told = {"called_at": now, "called_by": who}
        values = told if called else dict.fromkeys(told)
        if not night.is_told or not db.execute(mine.values(values)).rowcount:
            raise TurnedDownError("night_no_plan")
        _finish_tasks(scene, night, plan_id, who, called=called)
        act = "night.called" if called else "night.uncalled"
        note(scene, who, act, f"plan:{number}", night=night_id)

    house.db.run(job)


def _finish_tasks(
    scene: Scene,
    night: Night,
    plan_id: Any,  # noqa: ANN401 - a subquery
    who: str,
    *,
    called: bool,
) -> None:
    hers = (
        Task.plan_id == plan_id,
        Task.kind == TaskKind.UNREACHED,
        Task.created_at >= night.done["authors"],
    )
    if called:
        finish_tasks(scene.db, who, scene.now, *hers)
    else:
        reopen_tasks(scene.db, scene.now, *hers, Task.done_by == who)
