"""Everything, to take away: tables as lines of JSON, files, what each column is for.

Left out is what lets somebody in, and what could join a ballot to a person.
"""

import base64
import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, select

from bot.services.desk.audit import note
from bot.services.house import House, Scene
from bot.store.inventory import PERSONAL
from bot.store.keeping import keep_of
from bot.store.media import MovableStore
from bot.store.tables import all_tables

AT_ONCE = 1_000
OWN_FOLDER = 0o700

_LOGIN, _JOINS = "lets somebody in", "could join a ballot or a pass to a person"
_OPEN = "an unfinished ballot, or words that may name a choice"
WITHHELD: Mapping[str, str] = MappingProxyType(
    {
        "officials.login_hash": _LOGIN,
        "official_logins.password_hash": _LOGIN,
        "official_logins.factor": _LOGIN,
        "official_logins.factor_new": _LOGIN,
        "official_logins.factor_step": _LOGIN,
        "recovery_codes.code_hash": _LOGIN,
        "desk_sessions.token_hash": _LOGIN,
        "door_tries.who": _LOGIN,
        "hook_endpoints.secret": _LOGIN,
        "hook_endpoints.old_secret": _LOGIN,
        "residents.word_hash": _LOGIN,
        "passes.code_hash": _JOINS,
        "passes.token_hash": _JOINS,
        "passes.chat_hash": _JOINS,
        "pass_tries.chat_hash": _JOINS,
        "ballots.id": _JOINS,
        "ballots.voter": _JOINS,
        "ballots.receipt": _JOINS,
        "receipts.holder": _JOINS,
        "trust_asked.mark": "could join answers to a person",
        "talks.picks": _OPEN,
        "talks.state": _OPEN,
        "speeches.words": _OPEN,
    }
)
"""What is not taken away, by "table.column", and why."""


class NotEmptyError(Exception):
    """The folder holds something already."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How much is in the folder."""

    rows: int
    files: int


def take_all(house: House, folder: Path, by: str) -> Taken:
    """Write everything into a new folder, as of one moment of the database.

    Raises NotEmptyError, MediaUnavailableError or OSError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise NotEmptyError
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    folder.chmod(OWN_FOLDER)
    now = house.clock()
    house.db.run(lambda db: note(Scene(house, db, now), by, "export.all", "database"))
    rows = _write_tables(house, folder)
    _write_columns(folder / "columns.csv")
    files = _write_files(house, folder / "media")
    sums = {
        path.relative_to(folder).as_posix(): _sum(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    about = {
        "product": f"buurtstem {version('buurtstem')}",
        "made_at": now.isoformat(),
        "rows": rows,
        "sha256": sums,
    }
    text = json.dumps(about, indent=1, sort_keys=True)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    return Taken(sum(rows.values()), files)


def _write_tables(house: House, folder: Path) -> dict[str, int]:
    """Write all tables in one snapshot; return the rows of each."""
    engine = house.db.engine
    options: dict[str, Any] = {"only_reads": True, "yield_per": AT_ONCE}
    if not house.db.is_sqlite:
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect().execution_options(**options) as db:
        return {
            each.name: _write_table(db, each, folder / "tables" / f"{each.name}.jsonl")
            for each in all_tables()
        }


_LINE_ENDS = {each: f"\\u{each:04x}" for each in (0x7F, 0x85, 0x2028, 0x2029)}
"""What JSON may hold as it is, and some programs take for the end of a line."""


def _write_table(db: Connection, table: Table, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in _rows(db, table):
            line = json.dumps(_values(table, row), ensure_ascii=False)
            file.write(line.translate(_LINE_ENDS) + "\n")
            count += 1
    return count


def _rows(db: Connection, table: Table) -> Iterator[Row[Any]]:
    """Yield the rows in the order of their keys: of ballots that is none."""
    columns = [each for each in table.c if f"{table.name}.{each.name}" not in WITHHELD]
    found: Any = select(*columns).order_by(*table.primary_key)
    yield from db.execute(found)


def _values(table: Table, row: Row[Any]) -> dict[str, Any]:
    values = {name: _plain(value) for name, value in row._mapping.items()}  # noqa: SLF001 - its public name
    if table.name == "outbound_messages" and values["secret"]:
        values |= {"text": "", "choices": []}  # it would name a choice
    return values


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _write_columns(path: Path) -> None:
    """Describe every column: what it is for, how long it stays, and if it is here."""
    head = "table column type about_people purpose legal_basis kept rule seen withheld"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(head.split())
        for table in all_tables():
            for each in table.c:
                name = f"{table.name}.{each.name}"
                why = WITHHELD.get(name, "")
                about = _about(name)
                out.writerow([table.name, each.name, str(each.type), *about, why])


def _about(name: str) -> list[str]:
    what = PERSONAL.get(name)
    if what is None:
        return ["no", "", "", "", "", ""]
    keep = keep_of(name)
    rule = f"{keep.days or ''} after {keep.after}".strip()
    return ["yes", what.purpose, what.basis, what.kept, rule, what.seen]


def _write_files(house: House, folder: Path) -> int:
    store = cast("MovableStore", house.media)
    count = 0
    for key in store.sizes():
        try:
            data = store.load(key)
        except FileNotFoundError:
            continue  # it was due, and went meanwhile
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        count += 1
    return count


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
