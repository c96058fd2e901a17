"""The lines of a file, by block: each with its number and its values by column."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tally.pabulib.document import Fault, PabulibError

SECTIONS = ("META", "PROJECTS", "VOTES")
COLUMNS = {
    "META": ("key", "value"),
    "PROJECTS": ("project_id", "cost"),
    "VOTES": ("vote",),
}
"""What a head cannot do without."""

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Block:
    """One block: the names of its columns in small letters, and its lines to come."""

    name: str
    head: Sequence[str]
    rows: Iterator[Row]

    def cells(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield number and values of each line; a value that is missing is ""."""
        empty = dict.fromkeys(self.head, "")
        for line, row in self.rows:
            yield line, empty | dict(zip(self.head, row, strict=False))


def blocks(lines: Iterable[str]) -> Iterator[Block]:
    """Yield the three blocks in their order; each is to be read before the next.

    Raises PabulibError for a file that is not made of them.
    """
    expected = iter(SECTIONS)
    for name, tagged in groupby(_tagged(lines), key=lambda each: each[0]):
        rows = ((line, row) for _, line, row in tagged)
        line, head = next(rows)
        due = next(expected, "the end")
        if name != due:
            raise PabulibError([Fault(line - 1, f"{name} stands where {due} should")])
        yield Block(name, _columns(name, line, head), rows)
    for name in expected:
        raise PabulibError([Fault(0, f"there is nothing in a block {name}")])


def _tagged(lines: Iterable[str]) -> Iterator[tuple[str, int, list[str]]]:
    """Yield each line that holds anything, with its block and its number."""
    reader = csv.reader(lines, delimiter=";")
    section = ""
    try:
        for row in reader:
            if not row or not (row[0] or any(row)):
                continue
            name = row[0]
            if name in SECTIONS and not any(row[1:]):
                section = name
            elif section:
                yield section, reader.line_num, row
            else:
                what = "this stands before the first block, META"
                raise PabulibError([Fault(reader.line_num, what)])
    except csv.Error as error:
        fault = Fault(reader.line_num, f"the line cannot be taken apart ({error})")
        raise PabulibError([fault]) from error


def _columns(section: str, line: int, head: Iterable[str]) -> list[str]:
    columns = [name.strip().lower() for name in head]
    faults = [
        Fault(line, f"the head of {section} has no column {name}")
        for name in COLUMNS[section]
        if name not in columns
    ]
    if faults:
        raise PabulibError(faults)
    return columns
