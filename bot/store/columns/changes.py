"""Columns of what changes about chosen plans: accounts, with officials' names."""

from collections.abc import Mapping

from bot.store.columns.kinds import STAFF, Basis, Personal, Seen, of, ours

_RECORD = "as long as the round's records"


def _who(purpose: str) -> Personal:
    return ours(purpose, _RECORD, STAFF)


def _decided(purpose: str, seen: Seen = Seen.PUBLIC) -> Personal:
    return Personal(purpose, Basis.ACCOUNTS, _RECORD, seen, forget=False)


_CHANGES: Mapping[str, Personal] = {
    "was": _decided("what a chosen plan got, where it was, or who carried it out"),
    "now": _decided("what it gets now, where it is, or who carries it out"),
    "reason": _decided("why a chosen plan changed, in an official's words"),
    "translator": _who("who answers for the translations of the reason"),
    "by": _who("who proposed that a plan changes"),
    "second": _who("who agreed to it"),
}
_AWARDS: Mapping[str, Personal] = {
    "reason": _decided("why money became free, in an official's words"),
    "translator": _who("who answers for the translations of the reason"),
    "contact": _decided("who at the municipality helps with a plan", STAFF),
    "by": _who("who proposed to give away what became free"),
    "second": _who("who agreed to it"),
}

PERSONAL: dict[str, Personal] = of("plan_changes", _CHANGES) | of(
    "freed_awards", _AWARDS
)
PLAIN: Mapping[str, str] = {
    "plan_changes": "id plan_id kind state at settled_at",
    "freed_awards": "id round_id plans data call_before state at settled_at",
}
