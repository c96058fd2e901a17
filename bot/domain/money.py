"""Money in whole cents, and what messages cost."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in euro cents. Never a float, so that a public sum is exact."""

    cents: int

    @classmethod
    def euros(cls, euros: int) -> Self:
        """Return whole `euros` as money."""
        return cls(euros * 100)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + other.cents)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.cents - other.cents)


@dataclass(frozen=True, slots=True)
class MessageBudget:
    """What messages that we begin may cost in a round, and what one costs.

    Providers charge parts of a cent, so prices are exact decimals of cents: `template`
    for one that opens a conversation, `text` for one inside the window.
    """

    budget: Money
    template: Decimal
    text: Decimal

    def cost(self, templates: int, texts: int) -> Money:
        """Return what so many cost together, to the next whole cent."""
        cents = templates * self.template + texts * self.text
        return Money(int(cents.to_integral_value(ROUND_CEILING)))
