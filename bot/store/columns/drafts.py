"""Columns of broadcasts before they are sent, and of calls about them."""

from collections.abc import Mapping

from bot.store.columns.kinds import STAFF, Personal, of, ours

_KEPT = "as long as the broadcast"
_DRAFTS: Mapping[str, Personal] = {
    name: ours(purpose, _KEPT, STAFF)
    for name, purpose in {
        "made_by": "who began the broadcast",
        "changed_by": "who changed it last",
        "proposed_by": "who proposed to send it",
        "released_by": "who sent it",
    }.items()
}

PERSONAL: dict[str, Personal] = of("broadcast_drafts", _DRAFTS) | of(
    "calls_made", {"by": ours("who called", _KEPT, STAFF)}
)
PLAIN: Mapping[str, str] = {
    "broadcast_drafts": (
        "id state version segment texts sounds at broadcast_id made_at changed_at "
        "proposed_at released_at"
    ),
    "calls_made": "outbound_id at",
}
