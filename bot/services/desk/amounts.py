"""Amounts of money as officials type them: "1.250", "€ 1.250,50", "1250"."""

import re

from bot.domain.money import Money

MOST = Money.euros(100_000_000)
_AMOUNT = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(\d{2}|-))?")


def read_amount(text: str) -> Money | None:
    """Return the amount in `text`, None where there is none.

    Points and spaces may stand between thousands, two digits after a comma are cents.
    Raises ValueError for anything else, nothing, and more than EUR 100,000,000.
    """
    bare = text.replace("€", "").strip()
    if not bare:
        return None
    found = _AMOUNT.fullmatch(bare)
    if found is None or not bare.isascii() or len(bare) > len("999.999.999.999,00"):
        raise ValueError("this is no amount of euros")
    euros = int(re.sub(r"\D", "", found[1]))
    cents = 0 if found[2] in {None, "-"} else int(found[2])
    amount = Money(euros * 100 + cents)
    if not 0 < amount.cents <= MOST.cents:
        raise ValueError("this amount is not possible")
    return amount
