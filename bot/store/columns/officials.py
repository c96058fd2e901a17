"""Columns about officials, and the trail of what they did."""

from collections.abc import Mapping

from bot.store.columns.kinds import STAFF, Personal, of, ours

_OFFICIALS: Mapping[str, Personal] = {
    name: ours(purpose, "as long as the official works here", STAFF)
    for name, purpose in {
        "email": "who may log in",
        "name": "what residents call the official",
        "role": "what the official may do",
        "login_hash": "a login link, as a keyed hash, used once",
        "login_until": "until when that link works",
    }.items()
}
_TRAIL: Mapping[str, Personal] = {
    "by": ours("which official did it", "as long as the city keeps the trail", STAFF),
    "subject": ours(
        "what it was done to: numbers of rows and plans, never words of residents",
        "as long as the city keeps the trail",
        STAFF,
    ),
    "data": ours(
        "what was changed: machine words and numbers, never words of residents; of a "
        "login the browser, and a keyed hash of the network it came from",
        "as long as the city keeps the trail",
        STAFF,
    ),
}

PERSONAL: dict[str, Personal] = of("officials", _OFFICIALS) | of("audit_lines", _TRAIL)
PLAIN: Mapping[str, str] = {
    "officials": "id created_at",
    "audit_lines": "id act at",
    "audit_chain": "place line_id nonce digest value gone",
    "audit_openings": "subject",
}
