"""Columns about what officials write to one resident."""

from collections.abc import Mapping

from bot.store.columns.kinds import STAFF, Personal, of, ours, tie

_LONG = "as long as the talk; the words themselves go when she is forgotten"
_MESSAGES: Mapping[str, Personal] = {
    "talk_id": ours("whom an official wrote to", _LONG, STAFF),
    "official_id": ours("which official hears her answer", _LONG, STAFF),
    "dutch": tie("what an official wrote to her, in Dutch", seen=STAFF),
    "by": ours("which official wrote it", _LONG, STAFF),
    "translated_by": ours("who vouches for a translation", _LONG, STAFF),
}

PERSONAL: dict[str, Personal] = of("desk_messages", _MESSAGES)
PLAIN: Mapping[str, str] = {
    "desk_messages": "id task_id outbound_id phrase asks at answered_at"
}
