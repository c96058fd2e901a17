"""The money of a round's chosen plans as everybody may see it: approved lines only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.domain.money import Money
from bot.domain.rounds import Round
from bot.services.house import House
from bot.services.plan_changes import Change, told_changes
from bot.services.spending import Account, Line, accounts_in, paid_lines

MOST_PLANS = 300
MOST_LINES = 5_000
MOST_ACCOUNTS = 10_000


@dataclass(frozen=True, slots=True)
class PublicAccount:
    """A chosen plan with its approved payments, newest first, and what changed."""

    account: Account
    lines: Sequence[Line]
    changes: Sequence[Change] = ()


def ledger_in(db: Connection, round_id: int, now: datetime) -> Sequence[PublicAccount]:
    """Return the public plans of a round that were chosen, with what was paid."""
    by_plan: dict[int, list[Line]] = {}
    for each in paid_lines(db, round_id, MOST_LINES):
        by_plan.setdefault(each.plan, []).append(each)
    accounts = accounts_in(db, round_id, most=MOST_PLANS)
    changes = told_changes(db, round_id, now)
    return tuple(
        PublicAccount(each, by_plan.get(each.plan, ()), changes.get(each.plan, ()))
        for each in accounts
        if each.public
    )


def free_in(db: Connection, round_id: int, a_round: Round) -> Money:
    """Return what no chosen plan of a round takes; it may be less than nothing."""
    accounts = accounts_in(db, round_id, most=MOST_ACCOUNTS)
    return a_round.budget - Money(sum(each.takes.cents for each in accounts))


def public_ledger(house: House, slug: str) -> list[Mapping[str, Any]] | None:
    """Return the ledger of a round as open data; None for a round that is not there.

    A round that has not begun is not there for the outside.
    """
    now = house.clock()

    def read(db: Connection) -> list[Mapping[str, Any]] | None:
        view = house.catalog.view(db)
        a_round = next((each for each in view.rounds if each.slug == slug), None)
        if a_round is None or a_round.phase_at(now) is None:
            return None
        return [_to_json(each) for each in ledger_in(db, view.round_id(slug), now)]

    return house.db.read(read)


def _to_json(each: PublicAccount) -> Mapping[str, Any]:
    account = each.account
    return {
        "plan": account.plan,
        "title": account.title,
        "granted_cents": account.granted.cents if account.granted else None,
        "spent_cents": account.spent.cents,
        "left_cents": account.left.cents if account.left else None,
        "advance_cents": account.advance.cents,
        "lines": [_line(line) for line in each.lines],
        "changes": [_change(change) for change in each.changes],
    }


def _change(change: Change) -> Mapping[str, Any]:
    """Return a change without who proposed it and who agreed."""
    assert change.settled_at is not None  # noqa: S101 - only what holds is public
    return {
        "at": change.settled_at.isoformat(),
        "kind": change.kind.value,
        "amount_cents": change.amount.cents if change.amount else None,
        "words": change.words,
        "reason": change.reason,
    }


def _line(line: Line) -> Mapping[str, Any]:
    """Return a payment without its photo, and without who entered or approved it."""
    told = {
        "line": line.id,
        "day": line.day.isoformat(),
        "kind": line.kind,
        "amount_cents": line.amount.cents,
        "what": line.what,
        "paid_to": line.paid_to,
        "activity": line.activity,
    }
    return told | {"takes_back": line.counters} if line.counters else told
