"""A box of paper ballots in a file: the right rows go in, the wrong ones are named."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.services.desk.sheets import safe_cell
from bot.services.entering import (
    PAPER,
    Draft,
    EntryError,
    draft,
    enter,
    is_entered,
    read_numbers,
    read_secret,
)
from bot.services.entering_words import say_why
from bot.services.house import House, Scene
from bot.services.reasons import ENGLISH

COLUMNS = ("code", "plans")
LEFT = (*COLUMNS, "line", "reason")


class BoxFileError(ValueError):
    """A file is no box of ballots; the message says why."""


class Row(NamedTuple):
    """A line of the file: where it stands, the pass, and the plans as written."""

    line: int
    code: str
    plans: str


class Left(NamedTuple):
    """A row that is not in, and why."""

    row: Row
    reason: str

    def __str__(self) -> str:
        return f"line {self.row.line}: {self.reason}"


@dataclass(slots=True)
class Report:
    """How many ballots went in, how many were in already, and what is left."""

    entered: int = 0
    already: int = 0
    left: list[Left] = field(default_factory=list)


def read_box(content: bytes) -> Sequence[Row]:
    """Return the rows of a CSV file with the columns code and plans.

    Comma or semicolon as separator; other columns are passed over. Raises BoxFileError.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BoxFileError(f"is no UTF-8 (its byte {error.start})") from error
    head = text.partition("\n")[0]
    separator = ";" if head.count(";") >= max(head.count(","), 1) else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    names = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    if lacking := [name for name in COLUMNS if name not in names]:
        raise BoxFileError(f"has no column {lacking[0]} in its first line")
    rows.fieldnames = names
    try:
        return [
            Row(rows.line_num, (each["code"] or ""), (each["plans"] or ""))
            for each in rows
        ]
    except csv.Error as error:
        told = f"cannot be taken apart in line {rows.line_num} ({error})"
        raise BoxFileError(told) from error


def enter_box(house: House, slug: str, rows: Iterable[Row], by: str) -> Report:
    """Enter paper ballots, each in a transaction of its own. Again changes nothing."""
    report = Report()
    for row in rows:
        try:
            of = _draft(house, slug, row)
            if of.has_ballot and _is_in(house, of):
                report.already += 1
                continue
            enter(house, of, by)
        except EntryError as refusal:
            report.left.append(Left(row, say_why(refusal, ENGLISH)))
        else:
            report.entered += 1
    return report


def _draft(house: House, slug: str, row: Row) -> Draft:
    secret, picks, now = read_secret(row.code), read_numbers(row.plans), house.clock()
    return house.db.read(
        lambda db: draft(Scene(house, db, now), secret, picks, PAPER, slug)
    )


def _is_in(house: House, of: Draft) -> bool:
    now = house.clock()
    return house.db.read(lambda db: is_entered(Scene(house, db, now), of))


def as_csv(left: Iterable[Left]) -> str:
    """Return what is left, in the form of the file and with line and reason.

    What stood in the file begins no formula.
    """
    told = io.StringIO()
    rows = csv.writer(told, lineterminator="\n")
    rows.writerow(LEFT)
    for each in left:
        code, plans = safe_cell(each.row.code), safe_cell(each.row.plans)
        rows.writerow((code, plans, each.row.line, each.reason))
    return told.getvalue()
