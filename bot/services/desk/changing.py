"""What officials change about a chosen plan: propose, agree, let be, undo.

A change of money needs a second person. Whatever the change, nobody hears of it for ten
minutes: so long it can be undone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.changes import CAN_CHANGE, MONEY, Kind, State
from bot.domain.languages import LANGUAGES, Texts
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.domain.reviews import HOLD
from bot.domain.say import N_
from bot.domain.text import clean
from bot.services.desk.audit import note
from bot.services.desk.refusals import TurnedDownError
from bot.services.house import Scene
from bot.services.plan_changes import carry_out, change_row, put_back
from bot.services.plans import UnknownPlan
from bot.services.spending import account_of
from bot.store.changes import FreedAward, PlanChange
from bot.store.civic import PlanRow

LONGEST_LINE = 120
MOST_REASON = 240

REASONS: Mapping[str, str] = {
    "author": N_("The author of the plan asked for this."),
    "cheaper": N_("The work costs less than we thought."),
    "cables": N_("There are cables or pipes in the ground."),
    "permit": N_("There is no permit for this place."),
    "unsafe": N_("It would not be safe at this place."),
    "better": N_("Somebody else can do this better."),
    "nobody": N_("There is nobody who can do the work."),
}
"""Reasons that are worded in all four languages."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an official wants to change, and why in all four languages.

    `translator` is who answers for the translations, "" for a prepared wording.
    `amount` is there for a plan that shrinks, `words` (a place, or who carries it out)
    for one that moves or changes hands.
    """

    kind: Kind
    reason: Texts
    translator: str = ""
    amount: Money | None = None
    words: str = ""


def propose(scene: Scene, number: int, wish: Wish, by: str) -> State:
    """Change a plan: at once, or proposed to a second person where money changes.

    Raises UnknownPlan, and TurnedDownError for what cannot be: a plan that is not on
    its way, one about which something waits already, an amount that is not less or is
    less than what was paid, and a reason that is missing in a language.
    """
    plan = _locked(scene, number)
    _check_words(wish)
    was, now = _values(scene, plan, wish)
    values = {"plan_id": plan.id, "kind": wish.kind.value, "was": was, "now": now}
    values |= {"reason": dict(wish.reason), "translator": wish.translator}
    values |= {"state": State.PROPOSED.value, "by": by, "at": scene.now}
    try:
        with scene.db.begin_nested():
            made = insert(PlanChange).values(values).returning(PlanChange.id)
            change = scene.db.execute(made).scalar_one()
    except IntegrityError as error:
        raise TurnedDownError("change_waits") from error
    about = {"change": change, "kind": wish.kind.value, **_numbers(was, now)}
    if wish.kind in MONEY:
        note(scene, by, "plan.change.propose", f"plan:{number}", **about)
        return State.PROPOSED
    carry_out(scene, _found(scene, number, change))
    note(scene, by, "plan.change", f"plan:{number}", **about)
    return State.DONE


def confirm(scene: Scene, number: int, change: int, by: str) -> None:
    """Agree to a change of money that somebody else proposed; from now on it holds.

    Raises UnknownPlan, and TurnedDownError for one's own, for one that no longer waits,
    and where the money is another by now.
    """
    plan = _locked(scene, number)
    row = _waiting(scene, number, change)
    if row.by.casefold() == by.casefold():
        raise TurnedDownError("change_own")
    wish = Wish(Kind(row.kind), row.reason, row.translator, _amount(row))
    if _values(scene, plan, wish) != (row.was, row.now):
        raise TurnedDownError("change_moved")
    agreed = update(PlanChange).where(PlanChange.id == change)
    scene.db.execute(agreed.values(second=by))
    carry_out(scene, row)
    about = {"change": change, "kind": row.kind, **_numbers(row.was, row.now)}
    note(scene, by, "plan.change", f"plan:{number}", **about)


def drop(scene: Scene, number: int, change: int, by: str) -> None:
    """Let a proposed change be; whoever proposed it may do so too."""
    _locked(scene, number)
    row = _waiting(scene, number, change)
    dropped = {"state": State.DROPPED.value, "second": by, "settled_at": scene.now}
    mine = update(PlanChange).where(PlanChange.id == row.id)
    scene.db.execute(mine.values(dropped))
    note(scene, by, "plan.change.drop", f"plan:{number}", change=change)


def undo(scene: Scene, number: int, change: int, by: str) -> None:
    """Take a change back while its news waits; nobody hears of it.

    Raises UnknownPlan, and TurnedDownError where it is too late, where something else
    changed since, or where the money that became free waits to be given away.
    """
    plan = _locked(scene, number)
    row = _found(scene, number, change)
    newest = select(PlanChange.id).where(
        PlanChange.plan_id == plan.id, PlanChange.state != State.DROPPED.value
    )
    last = scene.db.scalar(newest.order_by(PlanChange.id.desc()).limit(1))
    if row.state != State.DONE or last != row.id or _is_given_away(scene, row, plan):
        raise TurnedDownError("did_nothing")
    if not _is_young(scene, row):
        raise TurnedDownError("change_told")
    put_back(scene, row)
    note(scene, by, "plan.change.undo", f"plan:{number}", change=change)


def _is_young(scene: Scene, row: Row[Any]) -> bool:
    return bool(scene.now < row.settled_at + HOLD)


def _is_given_away(scene: Scene, row: Row[Any], plan: Row[Any]) -> bool:
    """Tell whether the money that a change freed is somebody else's already."""
    since = select(FreedAward.id).where(
        FreedAward.round_id == plan.round_id,
        FreedAward.at >= row.settled_at,
        or_(FreedAward.state == State.PROPOSED, FreedAward.state == State.DONE),
    )
    return scene.db.execute(since.limit(1)).first() is not None


def _locked(scene: Scene, number: int) -> Row[Any]:
    """Return a plan, locked: of two officials at once one comes first."""
    mine: Any = select(
        PlanRow.id, PlanRow.round_id, PlanRow.status, PlanRow.place
    ).where(PlanRow.number == number)
    row: Row[Any] | None = scene.db.execute(mine.with_for_update()).one_or_none()
    if row is None:
        raise UnknownPlan(f"there is no plan {number}")
    return row


def _found(scene: Scene, number: int, change: int) -> Row[Any]:
    row = change_row(scene.db, number, change)
    if row is None:
        raise TurnedDownError("did_nothing")
    return row


def _waiting(scene: Scene, number: int, change: int) -> Row[Any]:
    row = _found(scene, number, change)
    if row.state != State.PROPOSED:
        raise TurnedDownError("taken")
    return row


def _amount(row: Row[Any]) -> Money | None:
    return Money(row.now["amount_cents"]) if row.kind == Kind.SHRINKS else None


def _check_words(wish: Wish) -> None:
    if not any(text.strip() for text in wish.reason.values()):
        raise TurnedDownError("change_no_reason")
    if any(not wish.reason.get(each, "").strip() for each in LANGUAGES):
        raise TurnedDownError("change_reason_lacks")
    if any(len(text) > MOST_REASON for text in wish.reason.values()):
        raise TurnedDownError("reason_too_long")


def _values(
    scene: Scene, plan: Row[Any], wish: Wish
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a plan is and would be. Raises TurnedDownError for what cannot be."""
    if Status(plan.status) not in CAN_CHANGE:
        raise TurnedDownError("change_stage")
    if wish.kind in MONEY:
        return _money(scene, plan, wish)
    words = " ".join(clean(wish.words).text.split())
    if not words or len(words) > LONGEST_LINE:
        raise TurnedDownError("change_no_words")
    if wish.kind is Kind.MOVES:
        was, now = {"place": plan.place}, {"place": words}
    else:
        was, now = {"carrier": carrier_of(scene, plan.id)}, {"carrier": words}
    if was == now:
        raise TurnedDownError("change_same")
    return was, now


def _money(
    scene: Scene, plan: Row[Any], wish: Wish
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a plan gets and would get: never less than what was paid.

    While a payment waits nobody knows how much that is.
    """
    number = select(PlanRow.number).where(PlanRow.id == plan.id)
    account = account_of(scene.db, scene.db.execute(number).scalar_one())
    if account is None or account.granted is None:
        raise TurnedDownError("change_no_grant")
    if account.waiting:
        raise TurnedDownError("change_lines_wait")
    now = account.spent if wish.kind is Kind.STOPS else wish.amount
    if now is None or (now.cents <= 0 and wish.kind is Kind.SHRINKS):
        raise TurnedDownError("change_no_amount")
    if now < account.spent:
        raise TurnedDownError("change_below_paid")
    if now >= account.granted and wish.kind is Kind.SHRINKS:
        raise TurnedDownError("change_not_less")
    return {"amount_cents": account.granted.cents}, {"amount_cents": now.cents}


def carrier_of(scene: Scene, plan_id: int) -> str:
    """Return who carries a plan out, "" where nobody ever said."""
    newest = (
        select(PlanChange.now)
        .where(
            PlanChange.plan_id == plan_id,
            PlanChange.kind == Kind.CHANGES_HANDS.value,
            PlanChange.state == State.DONE.value,
        )
        .order_by(PlanChange.id.desc())
        .limit(1)
    )
    found: Mapping[str, str] = scene.db.scalar(newest) or {}
    return found.get("carrier", "")


def _numbers(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, int]:
    """Return what the trail tells of a change: amounts, and no words."""
    if "amount_cents" not in now:
        return {}
    return {"from_cents": was["amount_cents"], "to_cents": now["amount_cents"]}
