"""What is wrong with a hook's body, in plain words and by its path.

JSON allows more than anybody means: names that stand twice, numbers of any length,
nesting without end, half characters. All of that is a fault here, never an error.
"""

import json
from typing import Any

from bot.services.answers import Fault, FaultyCallError
from bot.services.named_faults import BODY, Named, unclean


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
    if faults := list(unclean(read, ())):
        raise FaultyCallError(faults)
    return read


def _object(pairs: list[tuple[str, Any]]) -> Named:
    found = Named(pairs)
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
