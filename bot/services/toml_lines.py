"""On which line of a TOML text each value stands.

The standard library's reader keeps no places. This one reads a text that the library
has read already, so nothing in it can be wrong; it only follows keys and brackets.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

Place = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
    | (?P<text>\"\"\"(?:\\.|[^\\])*?\"{3,5} | '''.*?'{3,5}
        | "(?:\\.|[^"\\\n])*" | '[^'\n]*')
    | (?P<mark>[\[\]{}=,.\n])
    | (?P<space>[ \t\r]+)
    | (?P<bare>[^\s\[\]{}=,.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_NAMED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


def lines_of(text: str) -> dict[Place, int]:
    """Return the line (from 1) of every key and every entry of a list, by its place.

    The text must be TOML that `tomllib` reads.
    """
    reading = _Reading(list(_tokens(text)), {})
    reading.whole()
    return reading.found


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind not in {"comment", "space"}:
            yield _Token(kind, match[0], line)
        line += match[0].count("\n")
    yield _Token("mark", "\n", line)


@dataclass(slots=True)
class _Reading:
    """Goes through the tokens; `found` is where everything stands."""

    tokens: list[_Token]
    found: dict[Place, int]
    at: int = 0

    def whole(self) -> None:
        """Read all tables of the text."""
        table: Place = ()
        counts: dict[Place, int] = {}
        while self.at < len(self.tokens):
            if self._is("\n"):
                self.at += 1
            elif self._is("["):
                table = self._header(counts)
            else:
                self._pair(table)

    def _is(self, mark: str, ahead: int = 0) -> bool:
        at = self.at + ahead
        if at >= len(self.tokens):
            return False
        return self.tokens[at].kind == "mark" and self.tokens[at].text == mark

    def _header(self, counts: dict[Place, int]) -> Place:
        """Read [a.b] or [[a.b]] and return the place it opens."""
        line, many = self.tokens[self.at].line, self._is("[", 1)
        self.at += 2 if many else 1
        *before, last = self._key()
        self.at += 2 if many else 1
        place: Place = ()
        for step in before:
            place = (*place, step)
            self.found.setdefault(place, line)
            place = self._newest(place, counts)
        place = (*place, last)
        if many:
            counts[place] = counts.get(place, -1) + 1
            self.found.setdefault(place, line)
            place = (*place, counts[place])
            for known in [each for each in counts if each[: len(place)] == place]:
                del counts[known]
        self.found.setdefault(place, line)
        return place

    @staticmethod
    def _newest(place: Place, counts: dict[Place, int]) -> Place:
        """Return the last entry of a list of tables; any other place as it is."""
        return (*place, counts[place]) if place in counts else place

    def _key(self) -> list[str]:
        steps = [self._name()]
        while self._is("."):
            self.at += 1
            steps.append(self._name())
        return steps

    def _name(self) -> str:
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "bare":
            return token.text
        inside = token.text[1:-1]
        return inside if token.text[0] == "'" else _ESCAPE.sub(_unescaped, inside)

    def _pair(self, table: Place) -> None:
        """Read key = value into `table`."""
        line, place = self.tokens[self.at].line, table
        for step in self._key():
            place = (*place, step)
            self.found.setdefault(place, line)
        self.at += 1
        self._value(place)

    def _value(self, place: Place) -> None:
        if self._is("["):
            self._list(place)
        elif self._is("{"):
            self._inline(place)
        else:
            self._scalar()

    def _scalar(self) -> None:
        """Pass over a number, a date or a text; a number may hold full stops."""
        self.at += 1
        while not any(self._is(mark) for mark in "\n,]}"):
            self.at += 1

    def _list(self, place: Place) -> None:
        self.at += 1
        entry = 0
        while not self._is("]"):
            if self._is("\n") or self._is(","):
                self.at += 1
                continue
            self.found[*place, entry] = self.tokens[self.at].line
            self._value((*place, entry))
            entry += 1
        self.at += 1

    def _inline(self, place: Place) -> None:
        self.at += 1
        while not self._is("}"):
            if self._is("\n") or self._is(","):
                self.at += 1
            else:
                self._pair(place)
        self.at += 1


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if code[0] in "uU" else _NAMED.get(code, code)
