"""Where the money of some plans went, as a talk tells it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from bot.domain.plans import Plan
from bot.domain.spending import PAYABLE, MoneyLine, PlanMoney
from bot.services.spending import Line, accounts_of, newest_lines

MOST_PLANS = 5
MOST_LINES = 3


def money_of(db: Connection, plans: Iterable[Plan]) -> Mapping[int, PlanMoney]:
    """Return the money of those of these plans that were chosen, by number.

    At most five; only plans that the person asking may see, and approved payments.
    """
    seen = {
        plan.number: plan
        for plan in plans
        if plan.status in PAYABLE and (plan.public or plan.mine)
    }
    accounts = accounts_of(db, seen.keys())[:MOST_PLANS]
    lines = newest_lines(db, [each.plan_id for each in accounts], MOST_LINES)
    return {
        each.plan: PlanMoney(
            plan=seen[each.plan],
            granted=each.granted,
            spent=each.spent,
            lines=tuple(map(_line, lines.get(each.plan, ()))),
        )
        for each in accounts
    }


def _line(line: Line) -> MoneyLine:
    return MoneyLine(line.day, line.amount, line.what, line.paid_to)
