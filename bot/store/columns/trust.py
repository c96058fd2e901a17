"""Columns about trust: answers of nobody, and that somebody was asked."""

from collections.abc import Mapping

from bot.store.columns.kinds import Personal, of, ours, tie

_NAMELESS = "no person beside it, and no time"
PERSONAL: dict[str, Personal] = of(
    "trust_answers",
    {
        "answer": ours("how far residents trust the city, before and after", _NAMELESS),
        "language": ours("in which language they answered", _NAMELESS),
    },
) | of("trust_asked", {"mark": tie("to ask nobody twice, as a keyed hash")})
PLAIN: Mapping[str, str] = {
    "trust_answers": "id round_id moment question",
    "trust_asked": "round_id moment",
}
