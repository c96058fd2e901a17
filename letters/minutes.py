"""The record of a count as PDF: plain sections of text, tables and codes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from letters.printing import recorded


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heads; every row has as many cells, the first one names it."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the record: paragraphs, codes with what they are, tables, and a list.

    `numbered` lists count their items.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    items: tuple[str, ...] = ()
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Minutes:
    """A record in one language (an IETF tag), to be signed at its end.

    `signing` are the heads of the columns in which people sign, with room for three.
    """

    language: str
    right_to_left: bool
    municipality: str
    heading: str
    title: str
    sections: Sequence[Section] = field(default_factory=tuple)
    signatures: str = ""
    signing: tuple[str, ...] = ()


def print_minutes(minutes: Minutes) -> bytes:
    """Return the record as PDF/UA. A sign our fonts lack is spelt."""
    words = {"language": minutes.language, "right_to_left": minutes.right_to_left}
    return recorded("minutes.typ", asdict(minutes) | {"words": [words]})
