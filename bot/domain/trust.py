"""Three questions about trust, asked before and after a round, answered by nobody."""

from collections.abc import Mapping

QUESTIONS = ("listened", "involved", "room")
"""Asked in this order: a city's own poll asks the same three."""

BEFORE, AFTER = "before", "after"
MARKS: Mapping[str, int] = {f"mark:{n}": n for n in range(1, 6)}
"""The buttons of an answer, from not at all (1) to completely (5)."""
