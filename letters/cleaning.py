"""Signs that are no letters: no paper shows them, and some turn its lines around."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

# Controls, what Unicode calls no character, halves of one, and embeddings and overrides
# of direction. Isolates stay: our own sentences set foreign words apart with them.
_NO_LETTERS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ud800-\udfff"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_JOINERS = "[\u200d\ufe0e\ufe0f]*"


def cleaned(value: Any) -> Any:  # noqa: ANN401 - texts in whatever holds them
    """Return a value with the signs that are no letters gone from every text in it."""
    return _each_text(value, lambda text: _NO_LETTERS.sub("", text))


def spelt(value: Any, sign: str) -> Any:  # noqa: ANN401 - as above
    """Return a value in which a sign stands in a plainer one, or as its code.

    "＝" is "=" then, and what has no plainer sign is "[U+1F333]"; what joins it to its
    neighbours goes.
    """
    there = re.compile(f"{_JOINERS}{re.escape(sign)}{_JOINERS}")
    plainer = "".join(map(_plainer, sign))
    return _each_text(value, lambda text: there.sub(lambda _: plainer, text))


def _plainer(sign: str) -> str:
    found = unicodedata.normalize("NFKC", sign)
    return f"[U+{ord(sign):04X}]" if found == sign else found


def _each_text(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each_text(each, change) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_each_text(each, change) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {
            each.name: _each_text(getattr(value, each.name), change)
            for each in fields(value)
        }
        return replace(value, **parts)
    return value
