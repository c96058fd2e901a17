"""What a check of the installation saw."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a check ended. BAD: something does not work, or will not."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its name, what was seen, and what to do unless all is well.

    Both are for whoever runs the installation: English, one line, no secrets.
    """

    name: str
    mark: Mark
    seen: str
    advice: str = ""


def ok(name: str, seen: str) -> Finding:
    """Return that all is well."""
    return Finding(name, Mark.OK, seen)


def warn(name: str, seen: str, advice: str) -> Finding:
    """Return something to look at."""
    return Finding(name, Mark.WARN, seen, advice)


def bad(name: str, seen: str, advice: str) -> Finding:
    """Return something that does not work."""
    return Finding(name, Mark.BAD, seen, advice)
