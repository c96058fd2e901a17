"""Signs that are no letters: no paper shows them, and some turn its lines around."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

# Controls, what Unicode calls no character, halves of one, and embeddings and overrides
# of direction. Isolates stay: our own sentences set foreign words apart with them.
_NO_LETTERS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ud800-\udfff"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


def cleaned(value: Any) -> Any:  # noqa: ANN401 - texts in whatever holds them
    """Return a value with the signs that are no letters gone from every text in it."""
    if isinstance(value, str):
        return _NO_LETTERS.sub("", value)
    if isinstance(value, Mapping):
        return {name: cleaned(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(cleaned(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {
            each.name: cleaned(getattr(value, each.name)) for each in fields(value)
        }
        return replace(value, **parts)
    return value
