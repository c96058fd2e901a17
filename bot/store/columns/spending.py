"""Columns about what is spent on chosen plans: accounts, which stay."""

from collections.abc import Mapping

from bot.store.columns.kinds import STAFF, Basis, Personal, Seen, of, tie

_YEARS = "as long as the city has to keep its accounts; no name is left beside it"


def _accounts(purpose: str, seen: Seen = STAFF) -> Personal:
    return Personal(purpose, Basis.ACCOUNTS, _YEARS, seen, forget=False)


_SPENDINGS: Mapping[str, Personal] = {
    "talk_id": tie("where the author hears what became of her receipt"),
    "media_id": _accounts("the photo of a receipt: what a payment rests on"),
    "what": _accounts("what was paid for, in an official's words", Seen.PUBLIC),
    "paid_to": _accounts("who was paid, as a role and never a name", Seen.PUBLIC),
    "entered_by": _accounts("which official entered a payment, or that an author did"),
    "decided_by": _accounts("which second official approved a payment"),
    "reason": _accounts("why a receipt was sent back, in an official's words"),
}
_ACTIVITIES: Mapping[str, Personal] = {
    "name": _accounts("which part of a plan money goes to", Seen.PUBLIC),
    "by": _accounts("which official named that part of a plan"),
}

PERSONAL: dict[str, Personal] = of("spendings", _SPENDINGS) | of(
    "activities", _ACTIVITIES
)
PLAIN: Mapping[str, str] = {
    "activities": "id plan_id at",
    "spendings": ("id plan_id kind cents day activity_id counters state decided_at at"),
}
