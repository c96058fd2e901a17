"""Money is whole cents: a public sum is exact."""

import pytest

from bot.domain.money import Money


def test_ten_cents_and_twenty_are_thirty() -> None:
    assert Money(10) + Money(20) == Money(30)


def test_money_left_may_be_less_than_nothing() -> None:
    assert Money.euros(1) - Money(101) == Money(-1)


def test_amounts_can_be_compared() -> None:
    assert Money(99) < Money.euros(1) <= Money(100)


def test_money_cannot_be_mixed_with_plain_numbers() -> None:
    with pytest.raises(AttributeError):
        Money(10) + 20  # type: ignore[operator]
    with pytest.raises(TypeError):
        assert Money(10) < 20  # type: ignore[operator]
