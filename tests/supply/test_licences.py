"""Nothing is in the product whose licence does not go with ours."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tools.licences import faults_of, found_licences, is_allowed, main
from tools.locks import Pin, overdue, read_judgements, read_lock

JUDGED: Mapping[str, Any] = read_judgements()["licences"]
FREE = set(JUDGED["allowed"])


def pin(name: str) -> Pin:
    return Pin(name, "1", ())


def test_what_is_locked_may_be_there() -> None:
    pins = read_lock()
    assert len(pins) > 80
    assert main() == 0


def test_the_metadata_is_read_and_not_only_what_is_stated_by_hand() -> None:
    found = found_licences(read_lock(), {"meant": {}, "stated": [], "exceptions": []})
    assert found["flask"] == "BSD-3-Clause"
    assert found["psycopg"] == "LGPL-3.0-only"
    assert found["espeakng-loader"] is None


@pytest.mark.parametrize(
    ("expression", "fits"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-2.0-only", True),
        ("MIT AND BSD-3-Clause", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("LGPL-3.0-only", False),
        ("SSPL-1.0", False),
        ("Proprietary", False),
        ("Do what you like!", False),
    ],
)
def test_an_expression_is_met_as_a_whole(expression: str, *, fits: bool) -> None:
    assert is_allowed(expression, FREE) is fits


def test_a_gpl_package_is_refused_by_its_name() -> None:
    faults = faults_of([pin("solver")], JUDGED, {"solver": "GPL-3.0-only"})
    assert "solver: GPL-3.0-only does not go with the EUPL-1.2" in faults


def test_a_package_of_which_nobody_knows_is_refused() -> None:
    faults = faults_of([pin("quiet")], JUDGED, {"quiet": None})
    assert "quiet: nobody says what it is under" in faults


def test_an_exception_is_for_one_package_under_one_licence() -> None:
    exception = {"package": "one", "licence": "LGPL-3.0-only"}
    judged = {"allowed": ["MIT"], "exceptions": [exception]}
    found = {"one": "LGPL-3.0-only", "two": "LGPL-3.0-only"}
    faults = faults_of([pin("one"), pin("two")], judged, found)
    assert faults == ["two: LGPL-3.0-only does not go with the EUPL-1.2"]
    faults = faults_of([pin("one")], judged, {"one": "GPL-3.0-only"})
    assert faults == ["one: GPL-3.0-only does not go with the EUPL-1.2"]


def test_an_exception_for_what_is_gone_is_named() -> None:
    judged = {"allowed": [], "exceptions": [{"package": "old", "licence": "MIT"}]}
    assert faults_of([], judged, {}) == ["old: an exception for what is not there"]


def test_a_judgement_holds_until_its_date() -> None:
    row = {
        "package": "one",
        "licence": "X",
        "reason": "it is",
        "until": date(2027, 1, 2),
    }
    assert overdue([row], date(2027, 1, 2)) == []
    late = "one (X): was judged until 2027-01-02; judge it again"
    assert overdue([row], date(2027, 1, 3)) == [late]


@pytest.mark.parametrize("missing", ["reason", "until"])
def test_a_judgement_needs_a_reason_and_a_date(missing: str) -> None:
    row = {"package": "one", "id": "X", "reason": "it is", "until": date(2027, 1, 2)}
    del row[missing]
    assert overdue([row], date(2026, 1, 1)) == ["one (X): needs a reason and a date"]
