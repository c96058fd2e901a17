"""Is a receipt in the box? Yes or no, and never more."""

import re

from sqlalchemy import Connection, select

from bot.domain.passes import typed_digits
from bot.services.house import House
from bot.store.passes import Receipt

DIGITS = 8
_OLD = re.compile(r"([A-Z0-9]{4})[\s-]*([A-Z0-9]{4})")
"""A receipt of version 0.1, such as KXQ4-7M2P."""


class ReceiptError(ValueError):
    """What was typed cannot be a receipt: it has not eight digits."""


def is_in_box(house: House, slug: str, typed: str) -> bool:
    """Tell whether a ballot with this receipt is in the box of a round.

    Digits of any script, with or without spaces and hyphens. Raises ReceiptError if it
    is no receipt, LookupError for a round that is not there.
    """
    wanted = _as_kept(typed)

    def look(db: Connection) -> bool:
        round_id = house.catalog.view(db).round_id(slug)
        found = select(Receipt.round_id).where(
            Receipt.receipt.in_(wanted), Receipt.round_id == round_id
        )
        return db.scalar(found) is not None

    return house.db.read(look)


def _as_kept(typed: str) -> tuple[str, ...]:
    """Return how a receipt may have been written down when it was given."""
    old = _OLD.fullmatch(typed.strip().upper())
    if old and not (old[1] + old[2]).isdigit():
        return (f"{old[1]}-{old[2]}",)
    digits = typed_digits(typed) or ""
    if len(digits) != DIGITS:
        raise ReceiptError
    return (f"{digits[:4]}\u00a0{digits[4:]}",)
