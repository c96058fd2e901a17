"""What is wrong with a hook's body, in plain words and by its path.

JSON allows more than anybody means: names that stand twice, numbers of any length,
nesting without end, half characters. All of that is a fault here, never an error.
"""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.services.answers import Fault, FaultyCallError

BODY = "body"
DEEPEST = 12
LONGEST_NAME = 40
_HIDDEN = frozenset({"Cc", "Cs", "Co", "Cn"})
Place = tuple[str | int, ...]


class _Object(dict[str, Any]):
    """An object of the body, with the names that stood in it more than once."""

    twice: tuple[str, ...] = ()


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`.

    Raises FaultyCallError that names every name standing twice, every hidden character
    and every value nested too deeply; or that it is no JSON object at all.
    """
    try:
        read = json.loads(
            body, object_pairs_hook=_object, parse_constant=_refuse_constant
        )
    except RecursionError:
        raise FaultyCallError([Fault(BODY, "is nested too deeply")]) from None
    except ValueError as error:
        raise FaultyCallError([Fault(BODY, _not_json(error))]) from None
    if not isinstance(read, dict):
        raise FaultyCallError([Fault(BODY, "must be a JSON object")])
    if faults := list(_unclean(read, ())):
        raise FaultyCallError(faults)
    return read


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.twice = tuple(name for name in found if names.count(name) > 1)
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _not_json(error: ValueError) -> str:
    """Say what is wrong without repeating what stood in the body."""
    if isinstance(error, json.JSONDecodeError):
        return f"is no JSON: line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "is no UTF-8"
    return "is no JSON: a number that is too long, NaN or Infinity"


def _unclean(value: Any, place: Place) -> Iterator[Fault]:  # noqa: ANN401 - any JSON
    """Yield what no value may hold, whatever its name."""
    if len(place) > DEEPEST:
        yield Fault(path(place[:DEEPEST]), "is nested too deeply")
    elif isinstance(value, _Object):
        for name in value.twice:
            yield Fault(path((*place, name)), "stands twice")
        for name, item in value.items():
            yield from _unclean(item, (*place, name))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _unclean(item, (*place, at))
    elif isinstance(value, str) and any(map(_is_hidden, value)):
        yield Fault(path(place), "holds characters that nobody can read")


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN and character not in "\n\t"


def path(place: Place) -> str:
    """Return a place in the body as officials write it: data.decisions[3].reason.nl."""
    told = ""
    for step in place:
        told += f"[{step}]" if isinstance(step, int) else f".{_name(step)}"
    return told.lstrip(".") or BODY


def _name(name: str) -> str:
    """Return a name from the body so that it can stand in an answer and in a log."""
    shown = "".join(c if c.isalnum() or c in "_:-" else "?" for c in name)
    return shown[:LONGEST_NAME] or "?"


def named_faults(error: ValidationError, before: Place = ()) -> list[Fault]:
    """Return each fault that pydantic found, once per path, in plain words."""
    found: dict[str, Fault] = {}
    for each in error.errors(include_url=False, include_input=False):
        place = tuple(step for step in each["loc"] if step != "[key]")
        where = path((*before, *place))
        found.setdefault(where, Fault(where, _words(each)))
    return list(found.values())


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
