"""What is wrong with data that somebody wrote, in plain words and by its path.

Hook bodies and round files name their faults alike: data.decisions[3].reason.nl.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.services.answers import Fault

BODY = "body"
DEEPEST = 12
LONGEST_NAME = 40
_HIDDEN = frozenset({"Cc", "Cs", "Co", "Cn"})
Place = tuple[str | int, ...]


class Named(dict[str, Any]):
    """An object, with the names that stood in it more than once."""

    twice: tuple[str, ...] = ()


def unclean(value: Any, place: Place) -> Iterator[Fault]:  # noqa: ANN401 - any JSON
    """Yield what no value may hold, whatever its name."""
    for where, words in unclean_places(value, place):
        yield Fault(path(where), words)


def unclean_places(
    value: Any,  # noqa: ANN401 - any JSON or TOML
    place: Place,
) -> Iterator[tuple[Place, str]]:
    """Yield the same as `unclean`, by place."""
    if len(place) > DEEPEST:
        yield place[:DEEPEST], "is nested too deeply"
    elif isinstance(value, dict):
        for name in getattr(value, "twice", ()):
            yield (*place, name), "stands twice"
        for name, item in value.items():
            yield from unclean_places(item, (*place, name))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from unclean_places(item, (*place, at))
    elif isinstance(value, str) and any(map(_is_hidden, value)):
        yield place, "holds characters that nobody can read"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN and character not in "\n\t"


def path(place: Place, whole: str = BODY) -> str:
    """Return a place as officials write it: data.decisions[3].reason.nl.

    `whole` is what they call all of it.
    """
    told = ""
    for step in place:
        told += f"[{step}]" if isinstance(step, int) else f".{_name(step)}"
    return told.lstrip(".") or whole


def _name(name: str) -> str:
    """Return a name from the body so that it can stand in an answer and in a log."""
    shown = "".join(c if c.isalnum() or c in "_:-" else "?" for c in name)
    return shown[:LONGEST_NAME] or "?"


def named_faults(error: ValidationError, before: Place = ()) -> list[Fault]:
    """Return each fault that pydantic found, once per path, in plain words."""
    found: dict[str, Fault] = {}
    for place, words in placed_faults(error):
        where = path((*before, *place))
        found.setdefault(where, Fault(where, words))
    return list(found.values())


def placed_faults(error: ValidationError) -> Iterator[tuple[Place, str]]:
    """Yield each fault that pydantic found, by its place."""
    for each in error.errors(include_url=False, include_input=False):
        yield tuple(step for step in each["loc"] if step != "[key]"), _words(each)


def _words(error: ErrorDetails) -> str:
    context: Mapping[str, Any] = error.get("ctx", {})
    worded = _WORDS.get(error["type"])
    if worded is not None:
        return worded(context)
    return error["msg"].removeprefix("Value error, ")


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "is missing",
    "extra_forbidden": lambda _: "is not known here",
    "string_type": lambda _: "must be text",
    "string_too_long": lambda c: f"has more than {c['max_length']} characters",
    "string_too_short": lambda _: "is empty",
    "string_pattern_mismatch": lambda _: "must be a phone number",
    "int_type": lambda _: "must be a whole number",
    "greater_than_equal": lambda c: f"must be {c['ge']} or more",
    "less_than": lambda c: f"must be less than {c['lt']}",
    "less_than_equal": lambda c: f"must be {c['le']} or less",
    "literal_error": lambda c: f"must be one of {c['expected']}",
    "enum": lambda c: f"must be one of {c['expected']}",
    "dict_type": lambda _: "must be an object",
    "model_type": lambda _: "must be an object",
    "list_type": lambda _: "must be a list",
    "too_short": lambda _: "is empty",
    "too_long": lambda c: f"has more than {c['max_length']} entries",
    "datetime_type": lambda _: "must be a moment, like 2026-12-01T10:00:00+01:00",
    "datetime_parsing": lambda _: "must be a moment, like 2026-12-01T10:00:00+01:00",
    "datetime_from_date_parsing": lambda _: (
        "must be a moment, like 2026-12-01T10:00:00+01:00"
    ),
    "timezone_aware": lambda _: "needs its zone, like 2026-12-01T10:00:00+01:00",
}
