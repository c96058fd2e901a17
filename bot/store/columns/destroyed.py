"""Columns of what is left of a round whose records were destroyed."""

from collections.abc import Mapping

from bot.store.columns.kinds import STAFF, Personal, of, ours

_PROOF = "for good: it proves that the records were destroyed, by whom and when"

PERSONAL: dict[str, Personal] = of(
    "destroyed_rounds",
    {
        "by": ours("which official destroyed a round's records", _PROOF, STAFF),
        "second": ours("which other official answers for it", _PROOF, STAFF),
    },
)
PLAIN: Mapping[str, str] = {
    "destroyed_rounds": (
        "slug title municipality began_at ended_at selection archive_hash archived_at "
        "counts files last_number at finished_at"
    ),
}
