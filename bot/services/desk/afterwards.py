"""After the result: who was reached, who wants what, and who is still to be called.

Contacted is who got the result in person: the app says that the message arrived (where
an app never says so: it took the message), she answered it, or somebody spoke with her.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    func,
    insert,
    or_,
    select,
)

from bot.domain.effects import TaskKind
from bot.domain.kinds import DECISIONS
from bot.domain.plans import NOT_CHOSEN, Status
from bot.services import caring, meetings, renewing
from bot.services.desk.audit import note
from bot.services.desk.plan_care import Waits
from bot.services.house import Scene
from bot.services.plans import plan_key
from bot.store.after import CallRow, MeetingRow, Renewal
from bot.store.civic import Decision, PlanRow, Task
from bot.store.talks import OutboundMessage, Resident, Talk

SPOKE, NO_ANSWER, WRONG = "spoke", "no_answer", "wrong"
CALLS = (SPOKE, NO_ANSWER, WRONG)
STEPS = ("call", "join", "keep", "nothing", "silent")
CALL_WITHIN = timedelta(days=7)
MOST_SHOWN = 50
_ARRIVED = ("delivered", "read")
_NEVER_SAYS = ("telegram", "console")

_told = (
    select(OutboundMessage.id)
    .join(Talk, Talk.id == OutboundMessage.talk_id)
    .where(
        Talk.resident_id == PlanRow.resident_id,
        OutboundMessage.round_id == PlanRow.round_id,
        OutboundMessage.kind.in_(sorted(DECISIONS)),
        or_(
            OutboundMessage.delivery.in_(_ARRIVED),
            (OutboundMessage.delivery == "sent")
            & OutboundMessage.channel.in_(_NEVER_SAYS),
        ),
    )
    .correlate(PlanRow)
    .exists()
)
_spoken = (
    select(CallRow.id)
    .where(CallRow.plan_id == PlanRow.id, CallRow.outcome == SPOKE)
    .correlate(PlanRow)
    .exists()
)
_CONTACTED: ColumnElement[bool] = or_(Decision.next_step.is_not(None), _spoken, _told)
_WAITS_FOR_CALL: ColumnElement[bool] = (Decision.next_step == "call") & (
    select(Task.id)
    .where(
        Task.plan_id == PlanRow.id,
        Task.kind == TaskKind.CALL,
        Task.done_at.is_(None),
    )
    .correlate(PlanRow)
    .exists()
)
_REAL = PlanRow.status != Status.WITHDRAWN.value


@dataclass(frozen=True, slots=True)
class Reached:
    """How many authors with one outcome were contacted, of how many."""

    outcome: Status
    contacted: int
    total: int

    @property
    def to_call(self) -> int:
        """How many are left to call."""
        return self.total - self.contacted


@dataclass(frozen=True, slots=True)
class Author:
    """A plan whose author wants something, or was not contacted.

    `phone` is what the app shows, `note` what she said where to call, `words` when.
    `state` of a meeting or a renewal is "" while nothing was asked.
    """

    number: int
    title: Mapping[str, str]
    text: str
    outcome: Status
    step: str
    language: str | None
    phone: str | None
    note: str
    contacted: bool
    due: datetime | None
    last_call: str | None
    state: str
    other: int | None
    is_known: bool


@dataclass(frozen=True, slots=True)
class Afterwards:
    """A round after its result: counts by story, lists by what authors want."""

    reached: Sequence[Reached]
    lists: Mapping[str, Sequence[Author]]
    counts: Mapping[str, int]

    @property
    def contacted(self) -> int:
        """How many authors of plans that were not chosen were contacted."""
        return sum(each.contacted for each in self.reached if _not_chosen(each))

    @property
    def total(self) -> int:
        """How many plans were not chosen."""
        return sum(each.total for each in self.reached if _not_chosen(each))


def _not_chosen(reached: Reached) -> bool:
    return reached.outcome in NOT_CHOSEN


def rounds_decided(db: Connection) -> Mapping[int, int]:
    """Return how many plans were decided about, by the round's row."""
    found = (
        select(PlanRow.round_id, func.count())
        .join(Decision, Decision.plan_id == PlanRow.id)
        .group_by(PlanRow.round_id)
    )
    return {row[0]: row[1] for row in db.execute(found)}


def afterwards(db: Connection, round_id: int) -> Afterwards:
    """Return who was reached in a round, and who wants what."""
    decided = _decided(db, round_id)
    lists = {step: [each.id for each in decided if each.list == step] for step in STEPS}
    return Afterwards(
        reached=_reached(decided),
        lists={step: _authors(db, step, ids) for step, ids in lists.items()},
        counts={step: len(ids) for step, ids in lists.items()},
    )


@dataclass(frozen=True, slots=True)
class _Decided:
    """A plan that was decided about, and the list its author stands in, if in any."""

    id: int
    outcome: Status
    contacted: bool
    list: str | None


def _decided(db: Connection, round_id: int) -> list[_Decided]:
    """Return a round's decided plans by number; asks only once who was contacted."""
    found = (
        select(
            PlanRow.id,
            Decision.outcome,
            Decision.next_step,
            _CONTACTED.label("contacted"),
            _WAITS_FOR_CALL.label("waits"),
        )
        .join(Decision, Decision.plan_id == PlanRow.id)
        .where(PlanRow.round_id == round_id, _REAL)
        .order_by(PlanRow.number)
    )
    return [
        _Decided(
            row.id,
            Status(row.outcome),
            bool(row.contacted),
            _list_of(row.next_step, contacted=row.contacted, waits=row.waits),
        )
        for row in db.execute(found)
    ]


def _list_of(step: str | None, *, contacted: bool, waits: bool) -> str | None:
    if step == "call":
        return step if waits else None
    if step is None:
        return None if contacted else "silent"
    return step


def _reached(decided: Sequence[_Decided]) -> list[Reached]:
    total = Counter(each.outcome for each in decided)
    contacted = Counter(each.outcome for each in decided if each.contacted)
    return [Reached(each, contacted[each], total[each]) for each in sorted(total)]


_NEWEST_TASK: Any = (
    select(func.max(Task.id))
    .where(Task.plan_id == PlanRow.id, Task.kind.in_(("call", "unreached")))
    .correlate(PlanRow)
    .scalar_subquery()
)
_LAST_CALL: Any = (
    select(CallRow.outcome)
    .where(CallRow.plan_id == PlanRow.id)
    .order_by(CallRow.id.desc())
    .limit(1)
    .correlate(PlanRow)
    .scalar_subquery()
)
_AUTHORS: Select[Any] = (
    select(
        PlanRow.id,
        PlanRow.number,
        PlanRow.title,
        PlanRow.text,
        PlanRow.resident_id,
        Decision.outcome,
        Talk.language,
        Talk.phone,
        Task.note,
        Task.due_at,
        _LAST_CALL.label("last_call"),
        _CONTACTED.label("contacted"),
    )
    .join(Decision, Decision.plan_id == PlanRow.id)
    .outerjoin(Talk, Talk.id == PlanRow.talk_id)
    .outerjoin(Task, Task.id == _NEWEST_TASK)
    .order_by(PlanRow.number)
)


def _authors(db: Connection, step: str, ids: Sequence[int]) -> list[Author]:
    shown = ids[:MOST_SHOWN]
    found = db.execute(_AUTHORS.where(PlanRow.id.in_(shown))).all() if shown else []
    states = {"join": _met, "keep": _renewed}.get(step, _none)(db, shown)
    return [_author(row, step, states.get(row.id, ("", None))) for row in found]


def _author(row: Row[Any], step: str, state: tuple[str, int | None]) -> Author:
    return Author(
        number=row.number,
        title=row.title or {},
        text=row.text,
        outcome=Status(row.outcome),
        step=step,
        language=row.language,
        phone=row.phone,
        note=row.note or "",
        contacted=bool(row.contacted),
        due=row.due_at,
        last_call=row.last_call,
        state=state[0],
        other=state[1],
        is_known=row.resident_id is not None,
    )


States = Mapping[int, tuple[str, int | None]]


def _none(_: Connection, __: Sequence[int]) -> States:
    return {}


def _met(db: Connection, ids: Sequence[int]) -> States:
    """Return how far a meeting is. Who said no stands nowhere on the desk."""
    found = select(*MeetingRow.__table__.c).where(
        or_(MeetingRow.plan_id.in_(ids), MeetingRow.other_id.in_(ids))
    )
    rows = db.execute(found.order_by(MeetingRow.id)).all()
    both = {each for row in rows for each in (row.plan_id, row.other_id)}
    named = select(PlanRow.id, PlanRow.number).where(PlanRow.id.in_(both))
    numbers: dict[int, int] = {row.id: row.number for row in db.execute(named)}
    states: dict[int, tuple[str, int | None]] = {}
    for row in rows:
        state = "over" if row.ended_at else "met" if row.met_at else "asked"
        states[row.plan_id] = (state, numbers[row.other_id])
        states[row.other_id] = (state, numbers[row.plan_id])
    return states


def _renewed(db: Connection, ids: Sequence[int]) -> States:
    found = select(Renewal.plan_id).where(Renewal.plan_id.in_(ids))
    return dict.fromkeys(db.scalars(found), ("asked", None))


def called(scene: Scene, number: int, outcome: str, by: str) -> None:
    """Note that an author was called. Who was spoken with, need not be called again.

    Raises UnknownPlan, and ValueError for another outcome than the three.
    """
    if outcome not in CALLS:
        raise ValueError(outcome)
    plan = plan_key(scene.db, number)
    row = {"plan_id": plan.id, "outcome": outcome, "by": by, "at": scene.now}
    scene.db.execute(insert(CallRow).values(row))
    if outcome == SPOKE:
        for kind in (TaskKind.CALL, TaskKind.UNREACHED):
            caring.finish(scene, plan.id, kind, by)
    note(scene, by, "after.call", f"plan:{number}", outcome=outcome)


def bring_together(scene: Scene, number: int, other: int, by: str) -> None:
    """Ask two authors whether they want to meet. Raises MeetingError."""
    made = meetings.propose(scene, number, other, by)
    plan, second = plan_key(scene.db, number), plan_key(scene.db, other)
    for each in (plan.id, second.id):
        caring.finish(scene, each, TaskKind.JOIN, by)
    note(scene, by, "after.join", f"plan:{number}", other=other, meeting=made)


def renew(scene: Scene, number: int, slug: str, by: str) -> None:
    """Ask whether a kept plan goes into another round. Raises RenewError."""
    renewing.ask_to_renew(scene, number, slug, by)
    caring.finish(scene, plan_key(scene.db, number).id, TaskKind.KEEP, by)
    note(scene, by, "after.renew", f"plan:{number}", round=slug)


def waiting(db: Connection, now: datetime) -> list[Waits]:
    """Return authors who were told of no result yet, oldest decision first."""
    found = (
        select(PlanRow.number, Decision.at)
        .join(Decision, Decision.plan_id == PlanRow.id)
        .join(Resident, Resident.id == PlanRow.resident_id)
        .where(_REAL, Decision.at <= now, ~_CONTACTED)
        .order_by(Decision.at, PlanRow.number)
        .limit(MOST_SHOWN)
    )
    return [
        Waits("uncontacted", row.number, row.at, row.at + CALL_WITHIN)
        for row in db.execute(found)
    ]
