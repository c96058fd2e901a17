"""Where the money of a round went, in the words of one language."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.domain.languages import pick_text
from bot.domain.money import Money
from bot.i18n.values import amount_words
from bot.public_words import day, word
from bot.services.open_ledger import PublicAccount
from bot.services.open_rounds import OpenRound
from bot.services.plan_changes import Change, line_texts
from bot.services.spending import Line


class Payment(NamedTuple):
    """A payment as it is listed; `back` tells that it takes another one back."""

    day: str
    what: str
    activity: str
    amount: str
    back: bool
    paid_to: str
    how: str


class PlanAccount(NamedTuple):
    """The money of a plan as it is listed; `ahead` is "" where nothing is open.

    `changes` says what changed about the plan since it was chosen, oldest first.
    """

    number: int
    title: str
    granted: str
    spent: str
    left: str
    ahead: str
    lines: Sequence[Payment]
    changes: Sequence[str]


class PublicMoney:
    """The ledger of a round in the words of one language."""

    def __init__(self, found: OpenRound, language: str) -> None:
        self._found, self._language = found, language

    @property
    def plans(self) -> Iterator[PlanAccount]:
        """The chosen plans, by number."""
        for each in self._found.ledger:
            yield self._plan(each)

    def _plan(self, each: PublicAccount) -> PlanAccount:
        account = each.account
        ahead = account.advance if account.advance.cents > 0 else None
        return PlanAccount(
            number=account.plan,
            title=pick_text(account.title, self._language),
            granted=self._amount(account.granted),
            spent=self._amount(account.spent),
            left=self._amount(account.left),
            ahead=self._amount(ahead) if ahead else "",
            lines=[self._payment(line) for line in each.lines],
            changes=[self._changed(change) for change in each.changes],
        )

    @property
    def free(self) -> str:
        """What no chosen plan takes, in a sentence; "" before the result."""
        free = self._found.free
        if self._found.result is None or free is None or free.cents < 0:
            return ""
        return word("free", self._language, amount=free)

    def _changed(self, change: Change) -> str:
        assert change.settled_at is not None  # noqa: S101 - only what holds is public
        at = day(change.settled_at, self._found.a_round.zone, self._language)
        return f"{at}: {line_texts(change)[self._language]}"

    def _payment(self, line: Line) -> Payment:
        return Payment(
            day=day(line.day, self._found.a_round.zone, self._language),
            what=pick_text(line.what, self._language),
            activity=line.activity,
            amount=self._amount(Money(abs(line.amount.cents))),
            back=line.amount.cents < 0,
            paid_to=word(f"to_{line.paid_to}", self._language),
            how=word(f"by_{line.kind}", self._language),
        )

    def _amount(self, money: Money | None) -> str:
        return amount_words(money, self._language)
