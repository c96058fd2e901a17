"""Look for known weaknesses in what is locked, and say how much could be looked at.

`python -m tools.advisories` asks the source that pip-audit asks, and of what that did
not know, the package index that pip is set to here; `--osv-url` (or `ADVISORIES_URL`)
names a server that speaks as OSV does, such as a mirror. `--osv FOLDER` (or
`ADVISORIES`) reads a folder of files in the OSV format as well, such as an unpacked
export, without any network. Of what no source knows, a person can look at what newer
releases mended, and say so in `tools/supply.toml`.

Exit code 0: everything was looked at, and nothing is known that is not judged. 1: a
weakness, or a judgement whose date has passed. 3: nothing bad was seen, but not
everything could be looked at, so nothing is proved.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from bot.clock import utc_now
from tools.index import open_index
from tools.locks import ROOT, RUNNING, Pin, overdue, read_judgements, read_lock

CLEAN, FOUND, UNSEEN = 0, 1, 3
PATIENCE_SECONDS = 180

Release = tuple[str, str]
"""A package's canonical name, and a version of it."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """A known weakness of a locked release. `names` are its id and its aliases."""

    package: str
    version: str
    names: tuple[str, ...]
    mended: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in a line for people."""
        cure = f"; mended in {', '.join(self.mended)}" if self.mended else ""
        return f"{self.package} {self.version}: {', '.join(self.names)}{cure}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a source told: weaknesses, and the releases that it could look at."""

    weaknesses: tuple[Weakness, ...] = ()
    releases: frozenset[Release] = frozenset()
    lack: str | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask every source, print what was and was not seen, return the exit code."""
    parser = argparse.ArgumentParser(prog="tools.advisories")
    parser.add_argument("--lock", default=RUNNING)
    parser.add_argument("--osv", default=os.environ.get("ADVISORIES"))
    parser.add_argument("--osv-url", default=os.environ.get("ADVISORIES_URL"))
    parser.add_argument("--offline", action="store_true")
    asked = parser.parse_args(arguments)
    pins = read_lock(asked.lock)
    judgements = read_judgements().get("advisories", {})
    sources = [by_hand(judgements.get("judged", []))]
    if not asked.offline:
        sources.append(ask_pip_audit(asked.lock, asked.osv_url))
    if asked.osv:
        sources.append(read_osv(Path(asked.osv), pins))
    if not asked.offline:
        seen = _seen(sources[1:])
        sources.append(ask_index([it for it in pins if _release(it) not in seen]))
    rows = [*judgements.get("accepted", []), *judgements.get("judged", [])]
    code, told = judge(pins, sources, rows, utc_now().date())
    print(*told, sep="\n")
    return code


def judge(
    pins: Sequence[Pin],
    sources: Sequence[Seen],
    rows: Sequence[Mapping[str, Any]],
    today: date,
) -> tuple[int, list[str]]:
    """Return the exit code and the lines to print. `rows` are judgements of people."""
    known = dict.fromkeys(it for source in sources for it in source.weaknesses)
    open_ = [it for it in known if not any(_is_about(row, it) for row in rows)]
    late = overdue(rows, today)
    told = [f"advisories: {it}" for it in [*map(str, open_), *late]]
    releases = {_release(pin) for pin in pins}
    seen = releases & _seen(sources)
    if seen != releases:
        told += [f"advisories: {it.lack}" for it in sources if it.lack]
        unseen = sorted(f"{name} {version}" for name, version in releases - seen)
        told.append(f"advisories: nobody knows of {', '.join(unseen)}")
    told.append(f"advisories: {len(seen)} of {len(releases)} parts were looked at")
    if open_ or late:
        return FOUND, told
    return (CLEAN if seen == releases else UNSEEN), told


def _is_about(row: Mapping[str, Any], weakness: Weakness) -> bool:
    return row["package"] == weakness.package and row.get("id") in weakness.names


def _release(pin: Pin) -> Release:
    return pin.name, pin.version


def _seen(sources: Iterable[Seen]) -> frozenset[Release]:
    return frozenset().union(*(source.releases for source in sources))


def by_hand(rows: Iterable[Mapping[str, Any]]) -> Seen:
    """Return what people looked at, such as by what newer releases say they mended."""
    return Seen(releases=frozenset((row["package"], row["version"]) for row in rows))


def ask_index(pins: Iterable[Pin]) -> Seen:
    """Ask the index that pip is set to. What it does not tell was not looked at."""
    found: list[Weakness] = []
    seen: set[Release] = set()
    with open_index() as index:
        for pin in pins:
            holes = index.weaknesses(pin.name, pin.version)
            if holes is None:
                continue
            seen.add(_release(pin))
            found += [_told_by_index(pin, hole) for hole in holes]
    lack = None if seen else "the package index tells no weaknesses"
    return Seen(tuple(found), frozenset(seen), lack)


def _told_by_index(pin: Pin, hole: Mapping[str, Any]) -> Weakness:
    names = (hole["id"], *hole.get("aliases", ()))
    return Weakness(pin.name, pin.version, names, tuple(hole.get("fixed_in", ())))


def ask_pip_audit(lock: str, osv_url: str | None = None) -> Seen:
    """Ask over the network. A source that cannot be reached is told, never raised."""
    service = ("--vulnerability-service", "osv", "--osv-url", osv_url)
    command = [
        *(sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / lock)),
        *("--disable-pip", "--require-hashes", "--format", "json"),
        *("--progress-spinner", "off"),
        *(each for each in service if osv_url and each),
    ]
    try:
        ended = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Seen(lack=f"the source did not answer in {PATIENCE_SECONDS} seconds")
    return read_pip_audit(ended.stdout)


def read_pip_audit(text: str) -> Seen:
    """Read what pip-audit printed.

    It calls a lock clean of which it could look at nothing: what it left out stands
    beside each package, and is not taken for an answer here.
    """
    try:
        rows = json.loads(text)["dependencies"]
    except ValueError:
        return Seen(lack="the source cannot be reached from here")
    found = [
        Weakness(
            canonicalize_name(row["name"]),
            row["version"],
            (each["id"], *each.get("aliases", ())),
            tuple(each.get("fix_versions", ())),
        )
        for row in rows
        for each in row.get("vulns", ())
    ]
    seen = [
        (canonicalize_name(row["name"]), row["version"])
        for row in rows
        if "skip_reason" not in row
    ]
    lack = None if seen else "the source knows nothing of any package"
    return Seen(tuple(found), frozenset(seen), lack)


def read_osv(folder: Path, pins: Sequence[Pin]) -> Seen:
    """Look pins up in a folder of OSV files. An empty folder has looked at nothing."""
    files = sorted(folder.rglob("*.json"))
    if not files:
        return Seen(lack=f"there are no advisories in {folder}")
    told = [json.loads(path.read_text("utf-8")) for path in files]
    found = tuple(_matches([it for it in told if "withdrawn" not in it], pins))
    return Seen(found, frozenset(map(_release, pins)))


def _matches(
    advisories: Iterable[Mapping[str, Any]], pins: Sequence[Pin]
) -> Iterator[Weakness]:
    for advisory in advisories:
        for part in advisory.get("affected", ()):
            about = part.get("package", {})
            if about.get("ecosystem") != "PyPI":
                continue
            name = canonicalize_name(about["name"])
            for pin in pins:
                if pin.name == name and is_affected(part, pin.version):
                    names = (advisory["id"], *advisory.get("aliases", ()))
                    yield Weakness(name, pin.version, names, tuple(_cures(part)))


def is_affected(part: Mapping[str, Any], version: str) -> bool:
    """Tell whether a release is meant by the `affected` part of an OSV advisory."""
    if version in part.get("versions", ()):
        return True
    return any(
        _is_within(each["events"], Version(version))
        for each in part.get("ranges", ())
        if each["type"] == "ECOSYSTEM"
    )


def _is_within(events: Iterable[Mapping[str, str]], version: Version) -> bool:
    """Walk the events in the order of their versions; the last one reached decides."""
    inside = False
    for kind, moment in sorted(_moments(events), key=lambda it: it[1]):
        if version > moment or (version == moment and kind != "last_affected"):
            inside = kind == "introduced"
    return inside


def _moments(events: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, Version]]:
    for event in events:
        for kind, text in event.items():
            try:
                yield kind, Version(text)
            except InvalidVersion:
                continue  # a version that no index takes, so none of ours


def _cures(part: Mapping[str, Any]) -> Iterator[str]:
    for each in part.get("ranges", ()):
        if each["type"] == "ECOSYSTEM":
            yield from (it["fixed"] for it in each["events"] if "fixed" in it)


if __name__ == "__main__":
    sys.exit(main())
