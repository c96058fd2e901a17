"""Fail if a locked package is under a licence that our own does not go with.

`python -m tools.licences` reads the metadata of what is installed here.
"""

import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from license_expression import ExpressionError, get_spdx_licensing

from bot.clock import utc_now
from tools.locks import Pin, overdue, read_judgements, read_lock

_SPDX = get_spdx_licensing()
_VAGUE = {"", "UNKNOWN", "Dual License"}


def main() -> int:
    """Print every fault, and return 1 if there is any."""
    judged, today = read_judgements()["licences"], utc_now().date()
    pins = read_lock()
    faults = faults_of(pins, judged, found_licences(pins, judged))
    faults += overdue(judged["exceptions"], today)
    for fault in faults:
        print(f"licences: {fault}", file=sys.stderr)
    print(f"licences: {len(pins)} pins looked at")
    return 1 if faults else 0


def found_licences(
    pins: Sequence[Pin], judged: Mapping[str, Any]
) -> dict[str, str | None]:
    """Return what each package is under, as SPDX; None where nobody says it.

    A judgement by hand counts only where the metadata of the package is silent.
    """
    stated = {row["package"]: row["licence"] for row in judged["stated"]}
    stated |= {row["package"]: row["licence"] for row in judged["exceptions"]}
    found: dict[str, str | None] = {}
    for pin in pins:
        try:
            told = _told(metadata(pin.name).json, judged["meant"])
        except PackageNotFoundError:
            told = None
        found[pin.name] = told or stated.get(pin.name)
    return found


def faults_of(
    pins: Sequence[Pin], judged: Mapping[str, Any], found: Mapping[str, str | None]
) -> list[str]:
    """Name the packages that may not be there, and judgements about nothing."""
    excepted = {row["package"]: row["licence"] for row in judged["exceptions"]}
    faults = []
    for name in dict.fromkeys(pin.name for pin in pins):
        licence = found[name]
        if licence is None:
            faults.append(f"{name}: nobody says what it is under")
        elif not is_allowed(licence, {*judged["allowed"], excepted.get(name)}):
            faults.append(f"{name}: {licence} does not go with the EUPL-1.2")
    gone = excepted.keys() - found.keys()
    return faults + [f"{name}: an exception for what is not there" for name in gone]


def is_allowed(expression: str, allowed: set[str | None]) -> bool:
    """Tell whether an SPDX expression can be met: one side of OR, all sides of AND."""
    try:
        return _holds(_SPDX.parse(expression, validate=True), allowed)
    except ExpressionError:
        return False


def _holds(part: Any, allowed: set[str | None]) -> bool:
    if isinstance(part, _SPDX.OR):
        return any(_holds(each, allowed) for each in part.args)
    if isinstance(part, _SPDX.AND):
        return all(_holds(each, allowed) for each in part.args)
    return str(part) in allowed


def _told(about: Mapping[str, Any], meant: Mapping[str, str]) -> str | None:
    """Return what the metadata says: an expression, a word, or all classifiers."""
    if expression := about.get("license_expression"):
        return str(expression)
    word = str(about.get("license", "")).strip()
    if word not in _VAGUE and "\n" not in word:
        return meant.get(word, word)
    classes = [it for it in about.get("classifier", []) if it.startswith("License ::")]
    named = [meant.get(each, each) for each in classes]
    return " AND ".join(named) or None


if __name__ == "__main__":
    sys.exit(main())
