"""What officials do with payments: enter, approve, send back, take back, file.

Whoever entered a payment never approves it, the administrator neither. Nothing is
deleted: a payment that was wrong is taken back by a line of as much less than nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.languages import LANGUAGES, Texts
from bot.domain.money import Money
from bot.domain.rounds import HOME_ZONE
from bot.domain.spending import MOST_CENTS, LineState, PaidBy, PaidTo
from bot.domain.text import clean
from bot.services.bills import AUTHOR
from bot.services.desk.audit import note
from bot.services.desk.bills import tell_approved, tell_sent_back
from bot.services.house import Scene
from bot.services.spending import (
    Account,
    Line,
    account_of,
    line,
    loose_lines,
    overspent,
    waiting_lines,
)
from bot.store.spending import Activity, Spending

LONGEST_WHAT, LONGEST_NAME, LONGEST_REASON = 120, 120, 240


class SpendingError(ValueError):
    """A payment cannot be kept like this. `word` names why, in the desk's words."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True)
class Payment:
    """What somebody writes down of a payment.

    `activity` is the id of one of the plan's, `new_activity` the name of one to add.
    """

    amount: Money
    kind: PaidBy
    what: Texts
    paid_to: PaidTo
    day: date
    activity: int | None = None
    new_activity: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the accounts ask of officials now."""

    lines: list[Line] = field(default_factory=list)
    loose: list[Line] = field(default_factory=list)
    over: list[Account] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many things there are to do."""
        return len(self.lines) + len(self.loose) + len(self.over)

    @property
    def since(self) -> datetime | None:
        """Since when the oldest line waits for a second person."""
        return self.lines[0].at if self.lines else None


def waiting(db: Connection, now: datetime) -> Waiting:
    """Return what waits: lines for a second person, and two alarms.

    A payment that belongs to no activity, and a plan that more was spent on than it was
    granted. At most 200 of each; an alarm ends by itself once it is mended.
    """
    del now
    return Waiting(waiting_lines(db), loose_lines(db), overspent(db))


def enter(scene: Scene, number: int, payment: Payment, by: str) -> int:
    """Write down a payment, which waits for a second person; return its id.

    Raises SpendingError for a plan that was not chosen and for what cannot be right.
    """
    account = account_of(scene.db, number)
    if account is None:
        raise SpendingError("money_no_plan")
    _check(scene, payment)
    values = _values(scene, account.plan_id, payment, by)
    line_id = _insert(scene, values | {"plan_id": account.plan_id, "entered_by": by})
    cents = payment.amount.cents
    note(scene, by, "money.enter", f"plan:{number}", line=line_id, cents=cents)
    return line_id


def approve(scene: Scene, line_id: int, by: str, filled: Payment | None = None) -> None:
    """Approve a line that somebody else entered.

    What an author sent has an amount only: `filled` says the rest, and its amount is
    not used. Raises SpendingError where the line is not there, was decided already, was
    entered by the same person, or lacks what everybody will read of it.
    """
    found = _waits(scene.db, line_id)
    if found.entered_by.casefold() == by.casefold():
        raise SpendingError("money_own_line")
    values: dict[str, Any] = {"state": LineState.APPROVED.value}
    if found.entered_by == AUTHOR:
        if filled is None:
            raise SpendingError("money_needs_words")
        _check(scene, filled)
        account = account_of(scene.db, found.plan)
        if account is None:
            raise SpendingError("money_no_plan")
        values |= _values(scene, account.plan_id, filled, by)
        values["cents"] = found.amount.cents
    _decide(scene, line_id, by, values)
    note(scene, by, "money.approve", f"plan:{found.plan}", line=line_id)
    if found.entered_by == AUTHOR:
        tell_approved(scene, line_id)


def send_back(scene: Scene, line_id: int, by: str, reason: Mapping[str, str]) -> None:
    """Send a line back, with why in words that an author can read.

    Whoever entered it may do so too: a slip is taken back before anybody looks. Raises
    SpendingError without a reason, or for a line that does not wait.
    """
    told = _texts(reason, LONGEST_REASON)
    if not told:
        raise SpendingError("money_no_reason")
    found = _waits(scene.db, line_id)
    values = {"state": LineState.SENT_BACK.value, "reason": told}
    _decide(scene, line_id, by, values)
    note(scene, by, "money.send_back", f"plan:{found.plan}", line=line_id)
    if found.entered_by == AUTHOR:
        tell_sent_back(scene, line_id, told)


def take_back(scene: Scene, line_id: int, by: str) -> int:
    """Enter a line that takes back an approved one; it waits like any other.

    Returns its id. Raises SpendingError for a line that is not approved, is itself such
    a correction, or is being taken back already.
    """
    found = line(scene.db, line_id)
    if found is None or found.state is not LineState.APPROVED or found.counters:
        raise SpendingError("money_cannot_take_back")
    if found.countered_by:
        raise SpendingError("money_taken_back")
    own = select(
        Spending.plan_id,
        Spending.kind,
        Spending.what,
        Spending.paid_to,
        Spending.activity_id,
    ).where(Spending.id == line_id)
    kept = dict(scene.db.execute(own).one()._mapping)  # noqa: SLF001 - SQLAlchemy's API
    values = kept | {"cents": -found.amount.cents, "counters": line_id}
    values |= {"day": _today(scene).isoformat(), "entered_by": by}
    try:
        with scene.db.begin_nested():
            made = _insert(scene, values)
    except IntegrityError as error:
        raise SpendingError("money_taken_back") from error
    note(scene, by, "money.take_back", f"plan:{found.plan}", line=made, of=line_id)
    return made


def file_under(
    scene: Scene, line_id: int, by: str, activity: int | None, new_activity: str = ""
) -> None:
    """Say which activity a payment belongs to, where nobody has: a known or a new one.

    Raises SpendingError for a line that has one, and where none is named.
    """
    found = line(scene.db, line_id)
    if found is None or (account := account_of(scene.db, found.plan)) is None:
        raise SpendingError("money_gone")
    found_id = _activity(scene, account.plan_id, (activity, new_activity), by)
    if found_id is None:
        raise SpendingError("money_no_activity")
    loose = update(Spending).where(
        Spending.id == line_id, Spending.activity_id.is_(None)
    )
    if not scene.db.execute(loose.values(activity_id=found_id)).rowcount:
        raise SpendingError("did_nothing")
    note(scene, by, "money.file", f"plan:{found.plan}", line=line_id)


def _waits(db: Connection, line_id: int) -> Line:
    found = line(db, line_id)
    if found is None:
        raise SpendingError("money_gone")
    if found.state is not LineState.WAITING:
        raise SpendingError("taken")
    return found


def _decide(scene: Scene, line_id: int, by: str, values: Mapping[str, Any]) -> None:
    """Write the one decision of a line: of two people at once, one comes first."""
    waits = update(Spending).where(
        Spending.id == line_id, Spending.state == LineState.WAITING.value
    )
    decided = {"decided_by": by, "decided_at": scene.now}
    if not scene.db.execute(waits.values(dict(values) | decided)).rowcount:
        raise SpendingError("taken")


def _check(scene: Scene, payment: Payment) -> None:
    """Raise SpendingError for what cannot be right."""
    if not 0 < payment.amount.cents <= MOST_CENTS:
        raise SpendingError("money_no_amount")
    if payment.day > _today(scene):
        raise SpendingError("money_later")
    if not _texts(payment.what, LONGEST_WHAT):
        raise SpendingError("money_needs_words")


def _values(scene: Scene, plan_id: int, payment: Payment, by: str) -> dict[str, Any]:
    return {
        "kind": payment.kind.value,
        "cents": payment.amount.cents,
        "what": _texts(payment.what, LONGEST_WHAT),
        "paid_to": payment.paid_to.value,
        "day": payment.day.isoformat(),
        "activity_id": _activity(
            scene, plan_id, (payment.activity, payment.new_activity), by
        ),
    }


def _insert(scene: Scene, values: Mapping[str, Any]) -> int:
    waits = {"state": LineState.WAITING.value, "at": scene.now}
    row = insert(Spending).values(dict(values) | waits).returning(Spending.id)
    return int(scene.db.execute(row).scalar_one())


def _activity(
    scene: Scene, plan_id: int, meant: tuple[int | None, str], by: str
) -> int | None:
    """Return the activity that is meant, made anew where it has a new name."""
    chosen, new_name = meant
    name = " ".join(clean(new_name).text.split())[:LONGEST_NAME]
    known = select(Activity.id).where(Activity.plan_id == plan_id)
    if name:
        found = scene.db.scalar(known.where(Activity.name == name))
        made = {"plan_id": plan_id, "name": name, "by": by, "at": scene.now}
        new = insert(Activity).values(made).returning(Activity.id)
        return int(found or scene.db.execute(new).scalar_one())
    if chosen is None:
        return None
    return scene.db.scalar(known.where(Activity.id == chosen))


def _texts(given: Mapping[str, str], longest: int) -> dict[str, str]:
    """Return what was written in our languages, cleaned; private numbers are masked."""
    cleaned = {
        code: " ".join(clean(given.get(code, "")).text.split())[:longest]
        for code in LANGUAGES
    }
    return {code: text for code, text in cleaned.items() if text}


def _today(scene: Scene) -> date:
    return scene.now.astimezone(ZoneInfo(HOME_ZONE)).date()
