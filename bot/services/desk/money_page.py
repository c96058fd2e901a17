"""The money of one plan as the desk shows it, and amounts and days as people type."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.domain.money import Money
from bot.flows.amounts import find_amount
from bot.services.spending import (
    Account,
    Line,
    account_of,
    activities_of,
    lines_of,
)

_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")


@dataclass(frozen=True, slots=True)
class MoneyOfPlan:
    """A chosen plan's account, its newest lines, and its activities with their ids."""

    account: Account
    lines: Sequence[Line]
    activities: Sequence[tuple[int, str]]


def money_of_plan(db: Connection, number: int) -> MoneyOfPlan | None:
    """Return the money of a chosen plan; None for any other."""
    account = account_of(db, number)
    if account is None:
        return None
    return MoneyOfPlan(
        account, lines_of(db, number), activities_of(db, account.plan_id)
    )


def parse_amount(text: str) -> Money:
    """Return an amount as an official types it: "12,50", "1.250". Money(0) for none."""
    return Money(find_amount(text, "nl") or 0)


def parse_day(text: str) -> date | None:
    """Return a day from a date field, or typed "12-5-2026"; None if it is none."""
    text = text.strip()
    typed = _DAY.fullmatch(text)
    try:
        if typed:
            return date(int(typed[3]), int(typed[2]), int(typed[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None
