"""What each author is to hear: one row per plan, and who still lacks a story."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)

from bot.domain.languages import FALLBACK, Texts
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.services.decisions import FINAL
from bot.services.desk.nights import Night
from bot.services.desk.refusals import TurnedDownError
from bot.services.house import Scene
from bot.services.results import Decided, Results
from bot.services.stories import Contact
from bot.store.civic import Decision, PlanRow
from bot.store.nights import NightPlan

PAGE = 20
NAMED = 20
"""How many plans are named at once that lack a story."""

REASON, CONTACT, DATE = "reason", "contact", "date"
_NEEDS_REASON = frozenset({Status.INFEASIBLE, Status.NOT_PRESELECTED})


@dataclass(frozen=True, slots=True)
class Told:
    """What an official decided about a plan, as it stands in the form."""

    outcome: Status
    reason: Texts = field(default_factory=dict)
    contact: Contact | None = None
    amount: Money | None = None
    call_before: date | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One plan of a night, with its figures. `told` is None as long as nobody decided.

    `lacks` is what its story still needs: story, reason, contact or date; "" for
    nothing. `has_author` is False where the author is not known (any more).
    """

    plan_id: int
    number: int
    title: Texts
    text: str
    status: Status
    supports: int
    votes: int | None
    cost: Money | None
    has_author: bool
    told: Told | None
    lacks: str
    version: int
    by: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many authors have a story, and who lacks one: the first of them by number."""

    total: int
    lacking: int
    named: tuple[tuple[int, str], ...]
    outcomes: Mapping[str, int]

    @property
    def ready(self) -> int:
        """How many have one."""
        return self.total - self.lacking


def today(scene: Scene, night: Night) -> date:
    """Return the local day in the round's zone."""
    return scene.now.astimezone(ZoneInfo(night.a_round.zone)).date()


def completeness(scene: Scene, night: Night) -> Completeness:
    """Count who has a story. Plans that had a final outcome before do not count."""
    lacks = _lacks(scene, night)
    rows = _plans(night, PlanRow.number, lacks.label("lacks"), NightPlan.outcome)
    inner = rows.subquery()
    grouped = select(inner.c.outcome, inner.c.lacks, func.count())
    counts = scene.db.execute(grouped.group_by(inner.c.outcome, inner.c.lacks))
    outcomes: Counter[str] = Counter()
    lacking = total = 0
    for outcome, lack, many in counts:
        total += many
        lacking += many if lack else 0
        if outcome:
            outcomes[outcome] += many
    named = rows.where(lacks != "").order_by(PlanRow.number).limit(NAMED)
    found = tuple((row.number, row.lacks) for row in scene.db.execute(named))
    return Completeness(total, lacking, found, dict(outcomes))


def cards(
    scene: Scene, night: Night, wanted: str = "", after: int = 0, most: int = PAGE
) -> list[Card]:
    """Return plans by number behind `after`.

    `wanted` is an outcome, or "lacks" for those that lack something.
    """
    lacks = _lacks(scene, night)
    rows = _plans(night, *_SHOWN, lacks.label("lack"))
    if wanted == "lacks":
        rows = rows.where(lacks != "")
    elif wanted:
        rows = rows.where(NightPlan.outcome == wanted)
    rows = rows.where(PlanRow.number > after).order_by(PlanRow.number).limit(most)
    return [_card(row) for row in scene.db.execute(rows)]


def card_of(scene: Scene, night: Night, number: int) -> Card:
    """Return one plan. Raises TurnedDownError if it is not one of the night's."""
    rows = _plans(night, *_SHOWN, _lacks(scene, night).label("lack"))
    row = scene.db.execute(rows.where(PlanRow.number == number)).first()
    if row is None:
        raise TurnedDownError("night_no_plan")
    return _card(row)


def _lacks(scene: Scene, night: Night) -> Any:  # noqa: ANN401 - an expression
    """Return what a plan's story lacks: a day that has come by now is lacking too."""
    late = and_(
        NightPlan.outcome == Status.CHOSEN.value,
        NightPlan.call_before <= today(scene, night).isoformat(),
    )
    missing: Any = func.coalesce(NightPlan.lacks, "")
    return case(
        (NightPlan.plan_id.is_(None), "story"),
        (missing != "", missing),
        (late, DATE),
        else_="",
    )


def _plans(night: Night, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns
    """Return a query of the plans that are to hear something in this night."""
    mine = and_(NightPlan.plan_id == PlanRow.id, NightPlan.night_id == night.id)
    return (
        select(*columns)
        .select_from(PlanRow)
        .outerjoin(NightPlan, mine)
        .outerjoin(Decision, Decision.plan_id == PlanRow.id)
        .where(
            PlanRow.round_id == night.round_id,
            PlanRow.status != Status.WITHDRAWN.value,
            _is_open(night),
        )
    )


def _is_open(night: Night) -> ColumnElement[bool]:
    """Tell whether a plan waits for its end: nothing final was told before."""
    told_here = NightPlan.before.is_not(None)
    if night.is_told:
        return told_here
    return or_(
        Decision.standing.is_(None),
        Decision.standing != FINAL,
        Decision.outcome == Status.ON_BALLOT.value,
    )


_SHOWN = (
    PlanRow.id,
    PlanRow.number,
    PlanRow.title,
    PlanRow.text,
    PlanRow.status,
    PlanRow.supports,
    PlanRow.cost_cents,
    PlanRow.resident_id,
    func.coalesce(NightPlan.votes, PlanRow.votes).label("votes"),
    NightPlan.outcome,
    NightPlan.reason,
    NightPlan.contact,
    NightPlan.amount_cents,
    NightPlan.call_before,
    NightPlan.version,
    NightPlan.changed_by,
)


def _card(row: Row[Any]) -> Card:
    return Card(
        plan_id=row.id,
        number=row.number,
        title=row.title or {},
        text=row.text,
        status=Status(row.status),
        supports=row.supports,
        votes=row.votes,
        cost=None if row.cost_cents is None else Money(row.cost_cents),
        has_author=row.resident_id is not None,
        told=None if row.outcome is None else told_of(row),
        lacks=row.lack,
        version=row.version or 0,
        by=row.changed_by or "",
    )


def told_of(row: Any) -> Told:  # noqa: ANN401 - a row with these columns
    """Read a decision from its row."""
    contact = row.contact or {}
    day = row.call_before
    return Told(
        outcome=Status(row.outcome),
        reason=row.reason or {},
        contact=Contact(contact["name"], contact.get("phone", "")) if contact else None,
        amount=None if row.amount_cents is None else Money(row.amount_cents),
        call_before=date.fromisoformat(day) if day else None,
    )


def lack_of(told: Told) -> str | None:
    """Return what a story needs and does not have; None for nothing."""
    if told.outcome in _NEEDS_REASON and not told.reason.get(FALLBACK, "").strip():
        return REASON
    if told.outcome is Status.CHOSEN and not (told.contact and told.contact.name):
        return CONTACT
    if told.outcome is Status.CHOSEN and told.call_before is None:
        return DATE
    return None


def as_columns(told: Told) -> dict[str, Any]:
    """Return a decision as the columns of its row, with what it lacks."""
    contact = told.contact
    return {
        "outcome": told.outcome.value,
        "reason": {lang: text for lang, text in told.reason.items() if text.strip()},
        "contact": {"name": contact.name, "phone": contact.phone} if contact else {},
        "amount_cents": told.amount.cents if told.amount else None,
        "call_before": told.call_before.isoformat() if told.call_before else None,
        "lacks": lack_of(told),
    }


def results_of(
    scene: Scene, night: Night, only: Collection[int] | None = None
) -> Results:
    """Return the night as the call that tells it; `only` these plan numbers."""
    rows = _plans(night, *_SHOWN, _lacks(scene, night).label("lack"))
    rows = rows.where(NightPlan.plan_id.is_not(None)).order_by(PlanRow.number)
    if only is not None:
        rows = rows.where(PlanRow.number.in_(sorted(only)))
    found = [_card(row) for row in scene.db.execute(rows)]
    decisions = tuple(_decided(each.number, each.told) for each in found if each.told)
    return Results(night.a_round.slug, night.standing, decisions, night.next_step)


def _decided(number: int, told: Told) -> Decided:
    is_chosen = told.outcome is Status.CHOSEN
    return Decided(
        plan=number,
        outcome=told.outcome,
        reason=told.reason,
        contact=told.contact,
        amount=told.amount if is_chosen else None,
        call_before=told.call_before if is_chosen else None,
    )


def votes_of(scene: Scene, night: Night) -> dict[int, int]:
    """Return the votes that were taken over from the count, by plan number."""
    rows = (
        select(PlanRow.number, NightPlan.votes)
        .join(PlanRow, PlanRow.id == NightPlan.plan_id)
        .where(NightPlan.night_id == night.id, NightPlan.votes.is_not(None))
    )
    return {row.number: row.votes for row in scene.db.execute(rows)}


def line_of(scene: Scene, night: Night) -> int | None:
    """Return the fewest votes of a chosen plan: the line that others stayed below."""
    fewest = select(func.min(NightPlan.votes)).where(
        NightPlan.night_id == night.id, NightPlan.outcome == Status.CHOSEN.value
    )
    return scene.db.scalar(fewest)


def known_before(scene: Scene, night: Night) -> int:
    """Return how many plans of the round had a final outcome before this night."""
    mine = and_(NightPlan.plan_id == PlanRow.id, NightPlan.night_id == night.id)
    counted = (
        select(func.count())
        .select_from(PlanRow)
        .join(Decision, Decision.plan_id == PlanRow.id)
        .outerjoin(NightPlan, mine)
        .where(
            PlanRow.round_id == night.round_id,
            PlanRow.status != Status.WITHDRAWN.value,
            Decision.standing == FINAL,
            Decision.outcome != Status.ON_BALLOT.value,
            NightPlan.before.is_(None),
        )
    )
    return scene.db.scalar(counted) or 0
