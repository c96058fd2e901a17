"""A talk to JSON and back, with a version.

States are a closed union stored by name. Whatever cannot be read, an unknown version,
an unknown state, a field that is gone, becomes the menu with the language kept: a
deploy in the middle of a talk must never strand anybody.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any, cast, get_args

from bot.domain.languages import is_language
from bot.domain.messages import Pin
from bot.flows.state import Draft, Picks, State, Talk, Wish

VERSION = 1
_STATES: Mapping[str, type[State]] = MappingProxyType(
    {cls.__name__: cls for cls in get_args(State)}
)
_APART = frozenset({"state", "picks", "before"})
_PARTS: Mapping[str, type[Any]] = MappingProxyType(
    {"wish": Wish, "pin": Pin, "draft": Draft, "revision": Draft}
)


def dump_talk(talk: Talk) -> str:
    """Return the talk as JSON, without the picks (they are kept encrypted apart)."""
    kept = {name: value for name, value in _plain(talk).items() if name in _KEPT}
    data = {"v": VERSION, "state": _named(talk.state), "talk": kept}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


_KEPT = frozenset({"language", "offered", "misses", "draft", "revision", "aloud"})


def _named(state: State) -> dict[str, Any]:
    """Return a state with its name; one that waits behind another is nested."""
    data = {"at": type(state).__name__} | _plain(state)
    before = getattr(state, "before", None)
    return data | {"before": _named(before)} if before is not None else data


def dump_picks(picks: Picks | None) -> str | None:
    """Return the unfinished ballot as JSON, to be encrypted by the caller."""
    if picks is None:
        return None
    kept: list[object] = [picks.round, *picks.numbers]
    if picks.ticket or picks.code:
        kept.append({"ticket": picks.ticket, "code": picks.code})
    return json.dumps(kept, separators=(",", ":"))


def load_talk(stored: str | None, picks: str | None = None) -> Talk:
    """Return the talk that `dump_talk` stored; the menu if it cannot be read.

    None (nobody has written before) gives a talk without a language.
    """
    if stored is None:
        return Talk()
    language = None
    try:
        data = json.loads(stored)
        language = _language(data)
        if data["v"] != VERSION:
            return Talk(language=language)
        kept = (
            data["talk"]
            | {"language": language}
            | {
                "picks": load_picks(picks),
                "state": _state(data["state"]),
            }
        )
        return cast("Talk", _build(Talk, kept))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Talk(language=language)


def load_picks(stored: str | None) -> Picks | None:
    """Return the unfinished ballot that `dump_picks` gave, None if there is none."""
    if stored is None:
        return None
    round_slug, *numbers = json.loads(stored)
    of_pass = numbers.pop() if numbers and isinstance(numbers[-1], dict) else {}
    return Picks(round_slug, tuple(numbers), **of_pass)


def _language(data: Any) -> Any:  # noqa: ANN401 - JSON from another version
    """Find the language in a stored talk of any version, if there is one."""
    code = data.get("talk", {}).get("language")
    return code if isinstance(code, str) and is_language(code) else None


def _state(data: dict[str, Any]) -> State:
    cls = _STATES[data["at"]]
    known = {f.name: data[f.name] for f in fields(cls) if f.name in data}
    if known.get("before") is not None:
        known["before"] = _state(known["before"])
    return cast("State", _build(cls, known))


def _plain(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any of our dataclasses
    """Return a dataclass as JSON values, leaving defaults out."""
    found = {}
    for each in fields(value):
        item = getattr(value, each.name)
        if item != each.default and each.name not in _APART:
            found[each.name] = _plain(item) if is_dataclass(item) else item
    return found


def _build(cls: type[Any], data: dict[str, Any]) -> Any:  # noqa: ANN401
    """Build a dataclass from JSON values; lists become tuples, parts their class."""
    made = {}
    for name, value in data.items():
        if isinstance(value, list):
            made[name] = tuple(value)
        elif isinstance(value, dict) and name in _PARTS:
            made[name] = _build(_PARTS[name], value)
        else:
            made[name] = value
    return cls(**made)
