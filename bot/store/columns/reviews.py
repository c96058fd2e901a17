"""Columns about reviews of plans by officials."""

from collections.abc import Mapping

from bot.store.columns.kinds import STAFF, Personal, of, ours

_RECORDS = "as long as the round's records"
PERSONAL: dict[str, Personal] = of(
    "reviews",
    {
        "words": ours("on what grounds officials decided", _RECORDS, STAFF),
        "note": ours("what the author was told about it", _RECORDS, STAFF),
        "person": ours("which official would carry the plan out", _RECORDS, STAFF),
        "by": ours("which official reviewed", _RECORDS, STAFF),
        "second": ours("which other official settled it", _RECORDS, STAFF),
    },
)
PLAIN: Mapping[str, str] = {
    "reviews": ("id plan_id verdict department cost_cents state at settled_at before"),
}
