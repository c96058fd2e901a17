"""Words, numbers and secrets that stand in requests and must stand in no log."""

import re
from collections.abc import Iterable

WORD = "kwarts"
"""Stands in every text somebody writes here; nothing of ours is called so."""

NUMBER = "770077"
"""Stands in every number of a chat or a phone."""

_MARKED = re.compile(f"{WORD}|{NUMBER}", re.IGNORECASE)


def telegram_chat(place: int) -> int:
    return int(f"{NUMBER}{place:04}")


def phone_number(place: int) -> str:
    return f"+31{NUMBER}{place:03}"


def marked_in(text: str, secrets: Iterable[str]) -> str | None:
    """Return what a log tells and should not: a mark, or a secret; None for nothing."""
    found = _MARKED.search(text)
    if found:
        return found[0]
    return next((each for each in secrets if each and each in text), None)
