"""What fills the variables of a template, and what stands there if nothing is known.

A slot is a name ("plan", "title", "words" …) with a text in the reader's language.
"""

from collections.abc import Mapping
from functools import lru_cache

from bot.domain.say import N_, Say
from bot.domain.split import cut
from bot.domain.text import without_placeholders
from bot.i18n import direction, render
from bot.i18n.bidi import set_apart

LONGEST: Mapping[str, int] = {
    "plan": 12,
    "title": 150,
    "words": 250,
    "contact": 120,
    "city": 80,
    "area": 80,
    "closing": 80,
    "supports": 12,
    "threshold": 12,
}
"""How many characters of a slot are shown. A variable holds 250, a body 1,024."""

_LONGEST_OTHER = 80
"""For a slot that only an older wording has, which stays in use for a while."""

_FALLBACKS: Mapping[str, Say] = {
    "title": Say(N_("Voice message")),
    "words": Say(N_("You will hear that in the whole message.")),
    "contact": Say(N_("the neighbourhood team of the municipality")),
    "city": Say(N_("your own city")),
}
_REMEMBERED = 1_024  # the words of a broadcast are cut once, not for each reader
_UNKNOWN = "–"


def fallback(slot: str, language: str) -> str:
    """Return what a slot says where there is nothing to put into it."""
    say = _FALLBACKS.get(slot)
    return render(say, language) if say else _UNKNOWN


@lru_cache(maxsize=_REMEMBERED)
def fit(slot: str, text: str, language: str) -> str:
    """Return a slot's text as a template takes it: one line, not too long, not empty.

    Where it might turn a line of `language` around, it stands in isolates.
    """
    line = without_placeholders(" ".join(text.split()))
    if not line:
        line = fallback(slot, language)
    return cut(set_apart(line, direction(language)), LONGEST.get(slot, _LONGEST_OTHER))
