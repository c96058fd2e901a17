"""Files with codes and addresses: read whole, refused with every fault and its line.

What is wrong is told without repeating a code, a token or an address.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from bot.domain.passes import is_code

CODE_COLUMNS = ("serial", "class", "code", "token")
MERGED_COLUMNS = ("serial", "code", "whatsapp", "telegram")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SERIAL = re.compile(r"[0-9]{6}")
_CODE = re.compile(r"[0-9]{12}|[0-9]{16}")
_TOKEN = re.compile(r"[2-9a-hjkmnp-z]{20}")
_SEPARATORS = ";,"
_SHOWN = 20


class FileRefused(ValueError):  # noqa: N818 - reads as what it is
    """A file cannot be used; a line for each fault, with the number of its line."""


@dataclass(frozen=True, slots=True)
class PassCode:
    """A voting pass as it is printed once. `code` and `token` are secret."""

    serial: str
    kind: str
    code: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where letters go: the columns as they were given, and a row for each letter."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self, place: int) -> tuple[str, ...]:
        """Return a row as the lines of an address, without its empty cells."""
        return tuple(cell for cell in self.rows[place] if cell)


@dataclass(frozen=True, slots=True)
class _Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Each with the number of its line."""


def read_codes(content: bytes) -> list[PassCode]:
    """Return the passes of a file. Raises FileRefused."""
    table = _read("codes", content)
    if table.columns != CODE_COLUMNS:
        wanted = ",".join(CODE_COLUMNS)
        raise FileRefused(f"codes: the first line must be {wanted}")
    passes = [(line, PassCode(*row)) for line, row in table.rows]
    faults = [f for line, each in passes for f in _code_faults(line, each)]
    for name in ("serial", "code", "token"):
        faults += _doubles("codes", name, ((n, getattr(p, name)) for n, p in passes))
    _refuse(faults)
    return [each for _, each in passes]


def _code_faults(line: int, each: PassCode) -> Iterator[str]:
    if not _SERIAL.fullmatch(each.serial):
        yield f"codes, line {line}: the serial is not six digits"
    if not _CODE.fullmatch(each.code):
        yield f"codes, line {line}: the code is not 12 or 16 digits"
    elif not is_code(each.code):
        yield (
            f"codes, line {line}: the check digits of the code are wrong; a program "
            "for tables spoils long numbers when it saves them"
        )
    if not _TOKEN.fullmatch(each.token):
        yield f"codes, line {line}: the token is not one"


def read_addresses(content: bytes) -> Addresses:
    """Return the addresses of a file, its cells without spaces around. Raises."""
    table = _read("addresses", content)
    faults = [
        f'addresses, line 1: a column is called "{name}", as one of the codes is'
        for name in table.columns
        if name.casefold() in MERGED_COLUMNS
    ]
    if "" in table.columns or len(set(table.columns)) < len(table.columns):
        faults.append("addresses, line 1: each column needs a name of its own")
    for name in table.columns:
        faults += [f'addresses, line 1: the name "{name}" {_LIKE}'] * _acts(name)
    for line, row in table.rows:
        if not any(row):
            faults.append(f"addresses, line {line}: there is no address")
        for name, cell in zip(table.columns, row, strict=True):
            faults += [f'addresses, line {line}: "{name}" {_LIKE}'] * _acts(cell)
    whole = ((line, tuple(map(str.casefold, row))) for line, row in table.rows)
    faults += _doubles("addresses", "address", whole)
    _refuse(faults)
    return Addresses(table.columns, tuple(row for _, row in table.rows))


_LIKE = "begins like a formula (= + - @): change its first sign"


def _acts(cell: str) -> bool:
    """Tell whether a program for tables would take a cell for a formula."""
    return cell.startswith(_FORMULA)


def pair(codes: Sequence[PassCode], addresses: Addresses) -> None:
    """Refuse codes that cannot be given to addresses one by one, in their order.

    Raises FileRefused.
    """
    faults = []
    if len(codes) != len(addresses.rows):
        faults.append(
            f"there are {len(codes)} codes and {len(addresses.rows)} addresses: "
            "nobody can tell which belong together"
        )
    if len(kinds := sorted({each.kind for each in codes})) > 1:
        faults.append(f"the codes are of several classes ({', '.join(kinds)})")
    _refuse(faults)


def merged(
    codes: Sequence[PassCode],
    addresses: Addresses,
    grouped: Iterable[str],
    links: Iterable[Mapping[str, str]],
) -> bytes:
    """Return a table for a printer: serial, address, code in groups, both links.

    `grouped` and `links` follow the order of `codes`. It is UTF-8 with its mark, cells
    are parted by ";", as programs in Dutch expect; no cell can act as a formula. Raises
    FileRefused as `pair`.
    """
    pair(codes, addresses)
    made = StringIO(newline="")
    table = csv.writer(made, delimiter=";")
    table.writerow(("serial", *addresses.columns, "code", "whatsapp", "telegram"))
    together = zip(codes, addresses.rows, grouped, links, strict=True)
    for each, row, code, link in together:
        apps = (link.get("whatsapp", ""), link.get("telegram", ""))
        table.writerow((each.serial, *row, code, *apps))
    return made.getvalue().encode("utf-8-sig")


def _read(what: str, content: bytes) -> _Table:
    """Return a table whose cells are parted by ";" or ",". Raises FileRefused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(f"{what}: save the file as CSV UTF-8") from None
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = [
            (reader.line_num, tuple(cell.strip() for cell in row))
            for row in reader
            if row
        ]
    except csv.Error:
        line = reader.line_num
        raise FileRefused(f"{what}, line {line}: a quotation mark is open") from None
    if len(rows) < 2:  # noqa: PLR2004 - the names of the columns, and one row
        raise FileRefused(f"{what}: there is nothing in it")
    columns = rows[0][1]
    _refuse(
        f"{what}, line {line}: {len(row)} cells instead of {len(columns)}"
        for line, row in rows[1:]
        if len(row) != len(columns)
    )
    return _Table(columns, tuple(rows[1:]))


def _doubles(
    what: str, name: str, cells: Iterable[tuple[int, object]]
) -> Iterator[str]:
    seen: dict[object, int] = {}
    for line, cell in cells:
        if cell in seen:
            yield f"{what}, line {line}: the same {name} as in line {seen[cell]}"
        seen.setdefault(cell, line)


def _refuse(faults: Iterable[str]) -> None:
    """Raise FileRefused if there is a fault; of very many the first are told."""
    found = list(faults)
    if len(found) > _SHOWN:
        found[_SHOWN:] = [f"and {len(found) - _SHOWN} more"]
    if found:
        raise FileRefused("\n".join(found))
