"""The package index that pip is set to here: its releases, and what is weak in them.

Its address stands in no file of ours; pip knows it. Releases and their days come as
JSON (PEP 691 and 700), known weaknesses as the public index gives them beside that
(`/pypi/NAME/VERSION/json`). A mirror may know those of the newest release alone.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import requests
from packaging.utils import parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

_SIMPLE = "application/vnd.pypi.simple.v1+json"
_PATIENCE_SECONDS = 20
_DEFAULT = re.compile(
    r"--index-url <url>.*?\(default\s+(https?://[^\s)]+)\)", re.DOTALL
)


class Index:
    """An index by its address. One that is no web address knows nothing."""

    def __init__(self, base: str, session: requests.Session) -> None:
        self._base = base
        self._session = session

    def releases(self, name: str) -> Mapping[Version, date]:
        """Return the days on which releases came; nothing where it cannot tell."""
        found: dict[Version, date] = {}
        told = self._get(f"{self._base}/{name}/")
        for file in told.get("files", ()) if told else ():
            version, moment = _version(file["filename"]), file.get("upload-time")
            if version is None or moment is None or file.get("yanked"):
                continue
            day = datetime.fromisoformat(moment).date()
            found[version] = min(day, found.get(version, day))
        return found

    def weaknesses(self, name: str, version: str) -> list[Mapping[str, Any]] | None:
        """Return what is known to be weak in a release; None where it cannot tell."""
        apart = f"{self._base.removesuffix('/simple')}/pypi/{name}"
        told = self._get(f"{apart}/{version}/json") or self._get(f"{apart}/json")
        try:
            if told is None or Version(told["info"]["version"]) != Version(version):
                return None
            return [it for it in told["vulnerabilities"] if not it.get("withdrawn")]
        except (KeyError, InvalidVersion):
            return None

    def _get(self, address: str) -> Mapping[str, Any] | None:
        if not self._base.startswith(("https://", "http://")):
            return None
        try:
            answer = self._session.get(address, timeout=_PATIENCE_SECONDS)
            answer.raise_for_status()
            told = answer.json()
        except (requests.RequestException, ValueError):
            return None
        return told if isinstance(told, dict) else None


@contextmanager
def open_index() -> Iterator[Index]:
    """Give pip's own index until the block ends."""
    with requests.Session() as session:
        session.headers["Accept"] = f"{_SIMPLE}, application/json;q=0.5"
        yield Index(address_of_pip(), session)


def address_of_pip() -> str:
    """Return the address that pip asks here: as it is set, or pip's own."""
    given = os.environ.get("PIP_INDEX_URL") or _pip("config", "get", "global.index-url")
    if not given.strip():
        stated = _DEFAULT.search(_pip("install", "--help"))
        given = stated[1] if stated else ""
    return given.strip().rstrip("/")


def _pip(*words: str) -> str:
    command = (sys.executable, "-m", "pip", *words)
    wide = os.environ | {"COLUMNS": "300"}  # so that no address is broken in two
    ended = subprocess.run(
        command, check=False, capture_output=True, text=True, env=wide
    )
    return ended.stdout


def _version(name: str) -> Version | None:
    """Return the version in a file's name; None where it has none."""
    try:
        if name.endswith(".whl"):
            return parse_wheel_filename(name)[1]
        return parse_sdist_filename(name)[1]
    except ValueError:
        return None
