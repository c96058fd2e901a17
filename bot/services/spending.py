"""Where the money of chosen plans went, as the books have it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select

from bot.domain.languages import Texts
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.domain.spending import PAYABLE, LineState, PaidBy, PaidTo
from bot.store.civic import Decision, PlanRow
from bot.store.spending import Activity, Spending

PLANS_AT_ONCE = 50
LINES_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A payment as the desk has it; `amount` is less than nothing in a correction.

    `photo` is the media id of its receipt, `counters` the line it takes back and
    `countered_by` the one that takes it back.
    """

    id: int
    plan: int
    kind: PaidBy
    amount: Money
    what: Texts
    paid_to: PaidTo
    day: date
    activity: str
    photo: int | None
    counters: int | None
    countered_by: int | None
    state: LineState
    entered_by: str
    reason: Texts
    decided_by: str | None
    decided_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """The money of one chosen plan, in sum.

    `granted` is None where nobody has said what it gets. `spent` is what the city has
    paid; `advance` is what of an advance no bill is there for yet. `waiting` are lines
    that a second person has to look at.
    """

    plan: int
    plan_id: int
    title: Texts
    status: Status
    public: bool
    granted: Money | None
    spent: Money
    advance: Money
    waiting: int

    @property
    def left(self) -> Money | None:
        """What is left of the grant; less than nothing where more was spent."""
        return None if self.granted is None else self.granted - self.spent

    @property
    def takes(self) -> Money:
        """What it takes of the round's money: what was paid, where that is more."""
        return max(self.granted or Money(0), self.spent)

    @property
    def over(self) -> bool:
        """Whether more was spent than was granted, or anything without a grant."""
        return self.spent > (self.granted or Money(0))


_PAID = Spending.state == LineState.APPROVED.value
_FROM_ADVANCE = Spending.kind == PaidBy.FROM_ADVANCE.value
_ADVANCE = Spending.kind == PaidBy.ADVANCE.value


def _sum(*conditions: Any) -> Any:  # noqa: ANN401 - SQL conditions and an expression
    chosen = conditions[0]
    for each in conditions[1:]:
        chosen &= each
    return func.coalesce(func.sum(case((chosen, Spending.cents), else_=0)), 0)


_SUMS = (
    select(
        Spending.plan_id,
        _sum(_PAID, ~_FROM_ADVANCE).label("spent"),
        _sum(_PAID, _ADVANCE).label("advanced"),
        _sum(_PAID, _FROM_ADVANCE).label("accounted"),
        func.sum(case((Spending.state == LineState.WAITING.value, 1), else_=0)).label(
            "waiting"
        ),
    )
    .group_by(Spending.plan_id)
    .subquery()
)
_ACCOUNTS: Select[Any] = (
    select(
        PlanRow.id,
        PlanRow.number,
        PlanRow.title,
        PlanRow.status,
        PlanRow.public_at,
        PlanRow.cost_cents,
        Decision.data,
        _SUMS.c.spent,
        _SUMS.c.advanced,
        _SUMS.c.accounted,
        _SUMS.c.waiting,
    )
    .outerjoin(Decision, Decision.plan_id == PlanRow.id)
    .outerjoin(_SUMS, _SUMS.c.plan_id == PlanRow.id)
    .where(PlanRow.status.in_(sorted(PAYABLE)))
    .order_by(PlanRow.number)
)
"""Only chosen plans; the sums are of the few plans that anything was spent on."""


def account_of(db: Connection, number: int) -> Account | None:
    """Return the money of a chosen plan; None for any other."""
    row = db.execute(_ACCOUNTS.where(PlanRow.number == number)).one_or_none()
    return None if row is None else _account(row)


def accounts_of(db: Connection, numbers: Collection[int]) -> list[Account]:
    """Return the money of those of these plans that were chosen, by number."""
    rows = db.execute(_ACCOUNTS.where(PlanRow.number.in_(sorted(numbers))))
    return [_account(row) for row in rows]


def accounts_in(
    db: Connection, round_id: int | None, after: int = 0, most: int = PLANS_AT_ONCE
) -> list[Account]:
    """Return the chosen plans of a round (None: of all) behind number `after`."""
    rows = _ACCOUNTS.where(PlanRow.number > after).limit(most)
    if round_id is not None:
        rows = rows.where(PlanRow.round_id == round_id)
    return [_account(row) for row in db.execute(rows)]


def _account(row: Row[Any]) -> Account:
    amount = (row.data or {}).get("amount_cents")
    granted = row.cost_cents if amount is None else amount
    return Account(
        plan=row.number,
        plan_id=row.id,
        title=row.title or {},
        status=Status(row.status),
        public=row.public_at is not None,
        granted=None if granted is None else Money(int(granted)),
        spent=Money(int(row.spent or 0)),
        advance=Money(int(row.advanced or 0) - int(row.accounted or 0)),
        waiting=int(row.waiting or 0),
    )


_counter = Spending.__table__.alias("counter")
_STANDS = _counter.c.state != LineState.SENT_BACK.value
_LINES: Select[Any] = (
    select(
        Spending.__table__,
        PlanRow.number,
        Activity.name.label("activity"),
        _counter.c.id.label("countered_by"),
    )
    .select_from(Spending.__table__)
    .join(PlanRow, PlanRow.id == Spending.plan_id)
    .outerjoin(Activity, Activity.id == Spending.activity_id)
    .outerjoin(_counter, (_counter.c.counters == Spending.id) & _STANDS)
)


def lines_of(db: Connection, number: int, most: int = LINES_AT_ONCE) -> list[Line]:
    """Return the newest lines of a plan, newest first."""
    hers = _LINES.where(PlanRow.number == number).order_by(Spending.id.desc())
    return [_line(row) for row in db.execute(hers.limit(most))]


def line(db: Connection, line_id: int) -> Line | None:
    """Return a line by its id."""
    row = db.execute(_LINES.where(Spending.id == line_id)).one_or_none()
    return None if row is None else _line(row)


def waiting_lines(db: Connection, most: int = LINES_AT_ONCE) -> list[Line]:
    """Return the lines that a second person has to look at, oldest first."""
    waits = _LINES.where(Spending.state == LineState.WAITING.value)
    rows = waits.order_by(Spending.at, Spending.id).limit(most)
    return [_line(row) for row in db.execute(rows)]


def loose_lines(db: Connection, most: int = LINES_AT_ONCE) -> list[Line]:
    """Return payments that belong to no activity of their plan, oldest first.

    What waits is looked at anyway, and a line that was taken back is none.
    """
    loose = _LINES.where(
        _PAID,
        Spending.activity_id.is_(None),
        Spending.counters.is_(None),
        _counter.c.id.is_(None),
    )
    return [_line(row) for row in db.execute(loose.order_by(Spending.id).limit(most))]


def overspent(db: Connection, most: int = PLANS_AT_ONCE) -> list[Account]:
    """Return the plans that more was spent on than they were granted."""
    rows = db.execute(_ACCOUNTS.where(_SUMS.c.spent > 0))
    return [each for each in map(_account, rows) if each.over][:most]


def newest_lines(
    db: Connection, plan_ids: Sequence[int], most: int
) -> Mapping[int, list[Line]]:
    """Return the newest approved lines of each of these plans, by its number."""
    found: dict[int, list[Line]] = {}
    for plan_id in plan_ids:
        paid = _LINES.where(Spending.plan_id == plan_id, _PAID)
        rows = paid.order_by(Spending.day.desc(), Spending.id.desc()).limit(most)
        for each in map(_line, db.execute(rows)):
            found.setdefault(each.plan, []).append(each)
    return found


def paid_lines(db: Connection, round_id: int, most: int) -> list[Line]:
    """Return the newest approved lines of a round's public plans."""
    paid = _LINES.where(
        PlanRow.round_id == round_id, PlanRow.public_at.is_not(None), _PAID
    )
    rows = paid.order_by(Spending.id.desc()).limit(most)
    return [_line(row) for row in db.execute(rows)]


def activities_of(db: Connection, plan_id: int) -> list[tuple[int, str]]:
    """Return the activities of a plan with their ids, in the order they were named."""
    rows = select(Activity.id, Activity.name).where(Activity.plan_id == plan_id)
    return [(row.id, row.name) for row in db.execute(rows.order_by(Activity.id))]


def _line(row: Row[Any]) -> Line:
    return Line(
        id=row.id,
        plan=row.number,
        kind=PaidBy(row.kind),
        amount=Money(row.cents),
        what=row.what,
        paid_to=PaidTo(row.paid_to),
        day=date.fromisoformat(row.day),
        activity=row.activity or "",
        photo=row.media_id,
        counters=row.counters,
        countered_by=row.countered_by,
        state=LineState(row.state),
        entered_by=row.entered_by,
        reason=row.reason or {},
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        at=row.at,
    )
