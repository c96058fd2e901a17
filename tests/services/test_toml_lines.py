"""Where a value stands in a TOML text: every key of every table has its line."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from bot.services.toml_lines import Place, lines_of
from tests.need import ROOT

TEXT = '''# a = "b"
plain = 1.5  # ] not a bracket
"quoted \\u0041 # key" = 'x = [1]'
a.b.c = true
long = """
  [no.table]
  still = "text"
"""
list = [
    "one",  # first
    { x = 1, y = [
        2,
    ] },
]
[table]
key = 2019-10-07 09:00:00

[[many]]
n = 1
[many.inner]
m = 2
[[many.deep]]
[[many]]
n = 3
[[many.deep]]
k = 4
[[many.deep]]
k = 5
'''


def places(value: Any, before: Place = ()) -> Iterator[Place]:
    if before:
        yield before
    if isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*before, name))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from places(each, (*before, at))


def test_each_value_is_on_its_line() -> None:
    found = lines_of(TEXT)
    assert found["plain",] == 2
    assert found["quoted A # key",] == 3
    assert found["a", "b", "c"] == 4
    assert found["long",] == 5
    assert found["list", 0] == 10
    assert found["list", 1, "x"] == 11
    assert found["list", 1, "y", 0] == 12
    assert found["table", "key"] == 16
    assert found["many", 0, "n"] == 19
    assert found["many", 0, "inner", "m"] == 21
    assert found["many", 0, "deep", 0] == 22
    assert found["many", 1, "n"] == 24
    assert found["many", 1, "deep", 0, "k"] == 26
    assert found["many", 1, "deep", 1, "k"] == 28


@pytest.mark.parametrize(
    "path",
    [
        *sorted((ROOT / "rounds").glob("*.toml")),
        ROOT / "bot" / "demo" / "slotermeer.toml",
        ROOT / "pyproject.toml",
    ],
    ids=lambda path: path.name,
)
def test_every_value_of_a_file_has_a_line_with_its_key(path: Any) -> None:
    text = path.read_text("utf-8")
    lines, found = text.splitlines(), lines_of(text)
    known = list(places(tomllib.loads(text)))
    assert len(known) > 50
    assert sorted(map(str, found)) == sorted(map(str, known))
    for place in known:
        if isinstance(place[-1], str):
            assert place[-1] in lines[found[place] - 1]
