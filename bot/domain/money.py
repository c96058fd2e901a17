"""Money in whole cents."""

from dataclasses import dataclass
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
