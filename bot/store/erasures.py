"""The ledger of people who asked to be forgotten, as a file outside the database.

A restored database has lost whoever asked after its backup was made. So each erasure
is a line of a file as well, on the disk before anybody is told that it is done.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.store.durable import OWN, flush_folder


@dataclass(frozen=True, slots=True)
class Erased:
    """An address (as a keyed hash) that was forgotten, and whether its plans stayed.

    Whatever the address did after `at` (aware UTC) is somebody new to us.
    """

    address_hash: str
    kept_plans: bool
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        at = self.at.isoformat()
        return {"address": self.address_hash, "kept_plans": self.kept_plans, "at": at}


def add_lines(path: Path, lines: Iterable[Erased]) -> None:
    """Add lines to the ledger, down to the disk. Raises OSError.

    Several processes may add at once. What a crash left of a line stays alone on its
    own.
    """
    data = "".join("\n" + json.dumps(each.as_json()) for each in lines) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWN)
    try:
        os.write(number, data.encode())
        os.fsync(number)
    finally:
        os.close(number)
    if fresh:
        flush_folder(path.parent)


def read_lines(path: Path) -> list[Erased]:
    """Return the lines of a ledger; what is no whole line is passed over.

    Raises OSError if there is no such file.
    """
    lines = path.read_text("utf-8", errors="replace").splitlines()
    return [found for each in lines if (found := _line(each))]


def newest(lines: Iterable[Erased]) -> Mapping[str, Erased]:
    """Return the last line of each address."""
    ordered = sorted(lines, key=lambda each: each.at)
    return {each.address_hash: each for each in ordered}


def _line(text: str) -> Erased | None:
    try:
        data = json.loads(text)
        at = datetime.fromisoformat(data["at"])
        return Erased(str(data["address"]), bool(data["kept_plans"]), at)
    except (KeyError, TypeError, ValueError):
        return None
