"""Say which locked parts have been behind for longer than SECURITY.md gives them.

`python -m tools.ages` asks the package index that pip is set to here; `--list FILE` (or
`AGES`) reads a dated list instead, without a network: lines of name, newest version and
its day or month (2026-11), with tabs between. Parts for other systems and versions of
Python are looked at like those that are installed here.

A part that is the newest there is lacks no mended release. One that is behind is late
once a newer release has been there for `TIME`, unless `tools/supply.toml` says why it
may be. A list knows the newest release alone: it proves nothing of a part that only
fresh ones have overtaken.

Exit code 0: every part was looked at, and none is late. 1: one is. 3: none is, but not
every part could be looked at, so nothing is proved.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from bot.clock import utc_now
from tools.index import open_index
from tools.locks import RUNNING, Pin, overdue, read_judgements, read_lock

CLEAN, LATE, UNSEEN = 0, 1, 3
TIME = timedelta(days=90)
_MONTH_LENGTH = 7

Releases = Mapping[str, Mapping[Version, date]]
"""When which release of a package was published."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at every part of a lock, print what was seen, return the exit code."""
    parser = argparse.ArgumentParser(prog="tools.ages")
    parser.add_argument("--lock", default=RUNNING)
    parser.add_argument("--list", default=os.environ.get("AGES"))
    asked = parser.parse_args(arguments)
    pins = read_lock(asked.lock)
    today = utc_now().date()
    known = ask_list(Path(asked.list), pins, today) if asked.list else ask_index(pins)
    rows = read_judgements().get("ages", {}).get("accepted", [])
    code, told = judge(pins, known, rows, today)
    print(*told, sep="\n")
    return code


def judge(
    pins: Sequence[Pin],
    known: Releases,
    accepted: Sequence[Mapping[str, Any]],
    today: date,
) -> tuple[int, list[str]]:
    """Return the exit code and the lines to print."""
    behind = [(pin, since) for pin in pins if (since := _behind(pin, known))]
    may = {(row["package"], row["version"]) for row in accepted}
    late = [
        f"{pin.name} {pin.version}: behind since {since:%Y-%m-%d}"
        for pin, since in behind
        if today - since > TIME and (pin.name, pin.version) not in may
    ]
    late += overdue(accepted, today)
    seen = [pin for pin in pins if known.get(pin.name)]
    told = [f"ages: {each}" for each in late]
    told.append(
        f"ages: {len(seen)} of {len(pins)} parts could be looked at; "
        f"{len(seen) - len(behind)} of them are the newest there is"
    )
    if late:
        return LATE, told
    return (CLEAN if len(seen) == len(pins) else UNSEEN), told


def _behind(pin: Pin, known: Releases) -> date | None:
    """Return since when a newer release than the pinned one is there."""
    mine = Version(pin.version)
    newer = (
        day
        for version, day in known.get(pin.name, {}).items()
        if version > mine and not version.is_prerelease
    )
    return min(newer, default=None)


def ask_list(file: Path, pins: Iterable[Pin], today: date) -> Releases:
    """Return what a list proves: of a part behind it has to be late by its newest.

    Where that one is fresh, an older one may have been newer than ours for long.
    """
    known = dict(read_list(file))
    for pin in pins:
        since = _behind(pin, known)
        if since is not None and today - since <= TIME:
            del known[pin.name]
    return known


def read_list(file: Path) -> Releases:
    """Read a dated list. What has no version or day in it is not known."""
    found: dict[str, dict[Version, date]] = {}
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            name, version, day, *_ = [*line.rstrip("\n").split("\t"), "", ""]
            try:
                found[canonicalize_name(name)] = {Version(version): _day(day)}
            except (InvalidVersion, ValueError):
                continue
    return found


def _day(text: str) -> date:
    """Read a day, or the first one of a month. Raises ValueError."""
    return date.fromisoformat(f"{text}-01" if len(text) == _MONTH_LENGTH else text)


def ask_index(pins: Iterable[Pin]) -> Releases:
    """Ask pip's own index; one that cannot be asked knows nothing."""
    names = {pin.name for pin in pins}
    with open_index() as index:
        return {name: index.releases(name) for name in names}


if __name__ == "__main__":
    sys.exit(main())
