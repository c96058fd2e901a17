"""What the lock files name, and the judgements about it (`tools/supply.toml`)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
RUNNING = "requirements.lock"
_PIN = re.compile(r"(?m)^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)(?:.*\\\n)*.*")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


@dataclass(frozen=True, slots=True)
class Pin:
    """One release in a lock, by its canonical name, with SHA-256 of its files."""

    name: str
    version: str
    hashes: Sequence[str]


def read_lock(name: str = RUNNING) -> list[Pin]:
    """Return the pins of a lock file in their order."""
    text = (ROOT / name).read_text("utf-8")
    return [
        Pin(canonicalize_name(it[1]), it[2], _HASH.findall(it[0]))
        for it in _PIN.finditer(text)
    ]


def read_judgements() -> Mapping[str, Any]:
    """Return `tools/supply.toml`."""
    path = ROOT / "tools/supply.toml"
    return tomllib.loads(path.read_text("utf-8"))


def overdue(rows: Sequence[Mapping[str, Any]], today: date) -> list[str]:
    """Name the judgements whose date has passed, or that have no reason or date."""
    faults = []
    for row in rows:
        who = f"{row.get('package')} ({row.get('id') or row.get('licence')})"
        until = row.get("until")
        if not isinstance(until, date) or not row.get("reason"):
            faults.append(f"{who}: needs a reason and a date")
        elif until < today:
            faults.append(f"{who}: was judged until {until:%Y-%m-%d}; judge it again")
    return faults
