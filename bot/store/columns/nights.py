"""Columns of results nights: officials' names, and what they write about plans."""

from collections.abc import Mapping

from bot.store.columns.kinds import STAFF, Basis, Personal, of, ours

_RECORD = "as long as the round's records"


def _who(purpose: str) -> Personal:
    return ours(purpose, _RECORD, STAFF)


def _decided(purpose: str) -> Personal:
    return Personal(purpose, Basis.ACCOUNTS, _RECORD, STAFF, forget=False)


_NIGHTS: Mapping[str, Personal] = {
    "made_by": _who("who began the results night"),
    "changed_by": _who("who changed it last"),
    "proposed_by": _who("who proposed to release it"),
    "released_by": _who("who released it"),
}
_PLANS: Mapping[str, Personal] = {
    "reason": _decided("why a plan was not chosen, in an official's words"),
    "contact": _decided("who at the municipality helps with a plan"),
    "changed_by": _who("who wrote what the author is told"),
    "called_by": _who("who told the author by telephone"),
}
_CORRECTIONS: Mapping[str, Personal] = {
    "reason": _decided("what was wrong in what an author was told"),
    "by": _who("who proposed the correction"),
    "confirmed_by": _who("who confirmed it"),
}

PERSONAL: dict[str, Personal] = (
    of("nights", _NIGHTS)
    | of("night_plans", _PLANS)
    | of("night_corrections", _CORRECTIONS)
)
PLAIN: Mapping[str, str] = {
    "nights": (
        "id round_id standing state version seed counted_at next_step voters_text "
        "authors_at voters_at public_at authors_done_at voters_done_at public_done_at "
        "told trouble broadcast_id made_at changed_at proposed_at released_at"
    ),
    "night_plans": (
        "night_id plan_id outcome before amount_cents call_before votes by_hand lacks "
        "version changed_at called_at"
    ),
    "night_corrections": "id night_id plan_id was now at dropped_at confirmed_at",
}
