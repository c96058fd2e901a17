"""What is paid for a chosen plan: lines that are added, approved, and stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.languages import Texts
from bot.domain.money import Money
from bot.domain.plans import Plan, Status

PAYABLE = frozenset({Status.CHOSEN, Status.STARTED, Status.DONE, Status.STOPPED})
"""A plan that was chosen: money can be spent on it, and corrected afterwards."""

TAKES_RECEIPTS = frozenset({Status.CHOSEN, Status.STARTED})
"""While a plan is like this its author can send a receipt in the chat."""

MOST_CENTS = 100_000_000
"""No line is of more than a million euros: it is a slip of the keyboard."""


class PaidBy(StrEnum):
    """How a line is paid. No resident has to pay first: the city can pay at once.

    INVOICE: the city pays the bill. ADVANCE: the city pays before there is a bill.
    FROM_ADVANCE: a bill out of an advance, which was counted when it was paid.
    REIMBURSEMENT: the city pays back what a resident has paid.
    """

    INVOICE = "invoice"
    ADVANCE = "advance"
    FROM_ADVANCE = "from_advance"
    REIMBURSEMENT = "reimbursement"


class PaidTo(StrEnum):
    """Who was paid, as a role: the name of a person never stands in public."""

    SHOP = "shop"
    COMPANY = "company"
    CLUB = "club"
    NEIGHBOURS = "neighbours"
    CITY = "city"
    OTHER = "other"


class LineState(StrEnum):
    """Whether a second person has looked at a line. Only an approved one counts."""

    WAITING = "waiting"
    APPROVED = "approved"
    SENT_BACK = "sent_back"


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """A line as everybody may see it. A correction is a line of less than nothing."""

    day: date
    amount: Money
    what: Texts
    paid_to: PaidTo


@dataclass(frozen=True, slots=True)
class PlanMoney:
    """What became of a plan's money; `lines` are the newest ones, newest first.

    `granted` is None where nobody has said what the plan gets.
    """

    plan: Plan
    granted: Money | None
    spent: Money
    lines: Sequence[MoneyLine] = ()

    @property
    def left(self) -> Money | None:
        """What is left of the grant; less than nothing where more was spent."""
        return None if self.granted is None else self.granted - self.spent
