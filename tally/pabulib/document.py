"""What a file holds: an election, how to count it, and what it says beside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tally.election import Election
from tally.settings import Settings


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a file that cannot be counted. `line` is 0 for the whole file."""

    line: int
    what: str

    def __str__(self) -> str:
        """Return the place and what is wrong there."""
        return f"line {self.line}: {self.what}" if self.line else self.what


class Note(Fault):
    """Something odd in a file that is counted all the same, and how."""


class PabulibError(ValueError):
    """A file cannot be counted; `faults` name every reason with its place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Document:
    """An election as a file has it.

    `settings` are those that the file names. `titles` are the names of plans by id,
    `about` the lines of META that are not settings, `selected` the plans that the file
    says were chosen (None if it does not say), `notes` what was odd in it.
    """

    election: Election
    settings: Settings
    titles: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    selected: frozenset[str] | None = None
    notes: tuple[Note, ...] = ()
