"""Mutation: what was valid, changed in bytes, fields, types, order or encoding."""

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from urllib.parse import quote, quote_plus

from tests.fuzz.values import STRANGE_TEXTS, strange, strange_name

DEEP = 4_000
HUGE = 60_000
MOST_NESTED = 200
"""So few that four of them, one in the other, can still be written by `json`."""

_SHARE_OF_LARGE = 0.01
"""Deep and huge bodies are slow, and one in a hundred tells as much as one in two."""

Pair = tuple[str, str]


def changed_json(random: Random, value: Any) -> Any:
    """Return a deep copy with one to four of its nodes changed."""
    holder = {"it": copy.deepcopy(value)}
    for _ in range(random.randint(1, 4)):
        parent, key = random.choice(list(_places(holder)))
        _change(random, parent, key)
    return holder.get("it")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place of a JSON value, as what holds it and the key there."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _change(random: Random, parent: Any, key: Any) -> None:
    draw = random.random()
    if isinstance(parent, dict):
        if draw < 0.2:
            del parent[key]
            parent.setdefault("it", None)
            return
        if draw < 0.3:
            parent[strange_name(random)] = strange(random)
            return
    if random.random() < _SHARE_OF_LARGE:
        parent[key] = (
            "x" * HUGE if draw < 0.5 else _deep(random.randint(50, MOST_NESTED))
        )
    elif draw < 0.4:
        parent[key] = {"it": parent[key]}
    elif draw < 0.5:
        parent[key] = [parent[key], parent[key]]
    else:
        parent[key] = strange(random)


def _deep(levels: int) -> Any:
    made: Any = []
    for _ in range(levels):
        made = [made]
    return made


def json_bytes(random: Random, value: Any) -> bytes:
    """Write JSON, now and then in an order, a form or an encoding nobody uses."""
    draw = random.random()
    if draw < 0.7:
        return _encoded(json.dumps(value, ensure_ascii=draw < 0.5), "utf-8")
    if draw < 0.8 and isinstance(value, dict):
        names = list(value)
        random.shuffle(names)
        return _encoded(json.dumps({name: value[name] for name in names}), "utf-8")
    if draw < 0.88 and isinstance(value, dict) and value:
        return _twice(random, value)
    if draw < 0.9 and random.random() < 0.2:
        return b'{"a":' * DEEP + b"1" + b"}" * DEEP
    encoding = random.choice(("utf-8-sig", "utf-16", "utf-32", "latin-1"))
    return _encoded(json.dumps(value, ensure_ascii=False), encoding)


def _encoded(text: str, encoding: str) -> bytes:
    """Encode; what an encoding does not know stays, as half a letter or as "?"."""
    errors = "replace" if encoding == "latin-1" else "surrogatepass"
    return text.encode(encoding, errors)


def _twice(random: Random, value: dict[str, Any]) -> bytes:
    """Write one name twice, with two values."""
    name = random.choice(list(value))
    first = json.dumps({name: strange(random)})[:-1]
    rest = json.dumps(value)[1:]
    return f"{first},{rest}".encode()


def changed_bytes(random: Random, data: bytes) -> bytes:
    """Return the bytes with one to three cuts, flips, repeats or insertions."""
    made = bytearray(data or b"\x00")
    for _ in range(random.randint(1, 3)):
        _BYTES[random.randrange(len(_BYTES))](random, made)
    return bytes(made)


def _flip(random: Random, made: bytearray) -> None:
    if made:
        made[random.randrange(len(made))] ^= 1 << random.randrange(8)


def _cut(random: Random, made: bytearray) -> None:
    at = random.randint(0, len(made))
    del made[at : at + random.choice((1, 2, 8, len(made)))]


def _repeat(random: Random, made: bytearray) -> None:
    at = random.randint(0, len(made))
    made[at:at] = made[at : at + random.randint(1, 40)]


def _insert(random: Random, made: bytearray) -> None:
    at = random.randint(0, len(made))
    token = random.choice(
        (b"\x00", b"\xff\xfe", b"\xc3\x28", b'"', b"{", b"]", b"%00", b"&", b"\\u0000")
    )
    made[at:at] = token


_BYTES: tuple[Callable[[Random, bytearray], None], ...] = (
    _flip,
    _cut,
    _repeat,
    _insert,
)


def changed_form(random: Random, pairs: list[Pair]) -> list[Pair]:
    """Return the pairs with some of them gone, doubled, strange or out of order."""
    made = list(pairs)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(made)) if made else 0
        draw = random.random()
        if not made or draw < 0.15:
            made.append((strange_name(random), random.choice(STRANGE_TEXTS)))
        elif draw < 0.35:
            del made[at]
        elif draw < 0.5:
            made.insert(at, (made[at][0], random.choice(STRANGE_TEXTS)))
        elif draw < 0.6:
            random.shuffle(made)
        else:
            made[at] = (made[at][0], str(strange(random)))
    return made


def form_bytes(random: Random, pairs: list[Pair]) -> bytes:
    """Write a form, now and then with escapes that are none."""
    write = random.choice((quote, quote_plus))
    parts = (
        f"{write(name.encode('utf-8', 'surrogatepass'))}="
        f"{write(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in pairs
    )
    data = "&".join(parts).encode()
    return changed_bytes(random, data) if random.random() < 0.1 else data
