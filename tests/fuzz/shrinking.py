"""What was found, made as small as it stays found, and kept as a case of the tests."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from tests.fuzz.asking import Asked
from tests.fuzz.court import replay
from tests.fuzz.judges import Finding
from tests.fuzz.running import Found, Templates

CASES = Path(__file__).parent / "cases"
MOST_TRIES = 120
"""Cities that are opened to make one finding smaller; each takes half a second."""

T = TypeVar("T")


class Shrinker:
    """Makes findings smaller, on fresh cities."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._tries = 0

    def shrink(self, found: Found) -> tuple[Asked, ...]:
        """Return the fewest and smallest requests found that still show it."""
        self._tries = 0
        *before, last = found.requests

        def fails(requests: Sequence[Asked]) -> bool:
            return self._fails(found, requests)

        if fails([last]):
            before = []
        else:
            theirs = [each for each in before if each.seal == last.seal]
            before = theirs if fails([*theirs, last]) else before
            before = fewer(before, lambda some: fails([*some, last]))

        def with_body(signs: Sequence[bytes]) -> Asked:
            return replace(last, body=b"".join(signs))

        signs = [last.body[at : at + 1] for at in range(len(last.body))]
        smallest = fewer(signs, lambda some: fails([*before, with_body(some)]))
        return (*before, with_body(smallest))

    def _fails(self, found: Found, requests: Sequence[Asked]) -> bool:
        if self._tries >= MOST_TRIES:
            return False
        self._tries += 1
        with self._templates.place(found.batch) as place:
            shown = replay(place, found.batch.what, requests)
            return any(_is_same(each, found.finding) for each in shown)


def _is_same(one: Finding, other: Finding) -> bool:
    """Tell whether two findings are of one fault: digits in them may differ."""
    return one.judge == other.judge and _letters(one.what) == _letters(other.what)


def _letters(what: str) -> str:
    return "".join(sign for sign in what if not sign.isdigit())


def fewer(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return the items without those that a failure does not need (delta debugging).

    `fails` is true of all of them. What it says of nothing at all is asked first.
    """
    kept = list(items)
    if not kept or fails([]):
        return []
    step = max(1, len(kept) // 2)
    while step:
        at = 0
        while at < len(kept):
            without = kept[:at] + kept[at + step :]
            if len(without) < len(kept) and fails(without):
                kept = without
            else:
                at += step
        step //= 2
    return kept


def keep(found: Found, requests: Sequence[Asked]) -> Path:
    """Write a case for `tests/fuzz/test_cases.py`; return where it is."""
    name = f"{found.batch.what}_{found.batch.seed}_{found.number}_{found.finding.judge}"
    told = {
        "found": str(found.finding),
        "what": found.batch.what,
        "eligibility": found.batch.eligibility,
        "requests": [asked.dumped() for asked in requests],
    }
    path = CASES / f"{name}.json"
    path.write_text(json.dumps(told, indent=1, ensure_ascii=True) + "\n")
    return path
