"""A known weakness stops the build; what was not looked at is not called clean."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from tests.serving import serving
from tests.supply.indexes import index
from tools.advisories import (
    CLEAN,
    FOUND,
    UNSEEN,
    Seen,
    Weakness,
    ask_index,
    ask_pip_audit,
    by_hand,
    is_affected,
    judge,
    main,
    read_osv,
    read_pip_audit,
)
from tools.locks import Pin, overdue, read_judgements, read_lock

TODAY = date(2026, 11, 20)
PINS = [Pin("one", "1.4", ()), Pin("two", "2.0", ())]
BOTH = frozenset({("one", "1.4"), ("two", "2.0")})
HOLE = Weakness("one", "1.4", ("PYSEC-1", "CVE-2026-1"), ("1.5",))
ADVISORY: Mapping[str, Any] = {
    "id": "PYSEC-1",
    "modified": "2026-11-01T00:00:00Z",
    "aliases": ["CVE-2026-1"],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "One"},
            "ranges": [
                {
                    "type": "ECOSYSTEM",
                    "events": [{"introduced": "1.2"}, {"fixed": "1.5"}],
                }
            ],
        }
    ],
}


def accepting(name: str, **changes: Any) -> dict[str, Any]:
    row = {"id": name, "package": "one", "reason": "It is off.", "until": TODAY}
    return row | changes


def test_two_versions_for_two_pythons_are_two_parts() -> None:
    pins = [*PINS, Pin("one", "1.5", ())]
    code, told = judge(pins, [Seen((), BOTH)], [], TODAY)
    assert code == UNSEEN
    assert told[-2:] == [
        "advisories: nobody knows of one 1.5",
        "advisories: 2 of 3 parts were looked at",
    ]


def test_a_weakness_is_told_with_its_cure() -> None:
    code, told = judge(PINS, [Seen((HOLE,), BOTH)], [], TODAY)
    assert code == FOUND
    assert told[0] == "advisories: one 1.4: PYSEC-1, CVE-2026-1; mended in 1.5"


def test_nothing_known_of_everything_is_clean() -> None:
    code, told = judge(PINS, [Seen((), BOTH)], [], TODAY)
    assert (code, told) == (CLEAN, ["advisories: 2 of 2 parts were looked at"])


@pytest.mark.parametrize("seen", [(), (("one", "1.4"),)], ids=["none", "half"])
def test_what_nobody_looked_at_is_not_clean(seen: Sequence[tuple[str, str]]) -> None:
    code, told = judge(PINS, [Seen((), frozenset(seen))], [], TODAY)
    assert code == UNSEEN
    assert f"{len(seen)} of 2" in told[-1]


@pytest.mark.parametrize("name", HOLE.names)
def test_what_was_judged_waits_until_its_date(name: str) -> None:
    source = [Seen((HOLE,), BOTH)]
    assert judge(PINS, source, [accepting(name)], TODAY)[0] == CLEAN
    late = date(2026, 11, 21)
    code, told = judge(PINS, source, [accepting(name)], late)
    assert code == FOUND
    assert f"one ({name}): was judged until 2026-11-20" in told[0]


@pytest.mark.parametrize("row", [{"package": "two"}, {"id": "PYSEC-2"}, {"reason": ""}])
def test_a_judgement_is_for_one_weakness_of_one_package_with_a_reason(
    row: dict[str, str],
) -> None:
    rows = [accepting("PYSEC-1", **row)]
    assert judge(PINS, [Seen((HOLE,), BOTH)], rows, TODAY)[0] == FOUND


def test_a_lock_that_pip_audit_left_out_whole_is_not_clean() -> None:
    row = {"name": "one", "skip_reason": "Dependency not found and not audited: one"}
    seen = read_pip_audit(json.dumps({"dependencies": [row], "fixes": []}))
    assert (seen.releases, seen.lack is None) == (frozenset(), False)


def test_an_answer_of_pip_audit_is_read() -> None:
    hole = {"id": "PYSEC-1", "aliases": ["CVE-2026-1"], "fix_versions": ["1.5"]}
    row = {"name": "One", "version": "1.4", "vulns": [hole]}
    seen = read_pip_audit(json.dumps({"dependencies": [row], "fixes": []}))
    assert seen == Seen((HOLE,), frozenset({("one", "1.4")}))


def test_no_answer_is_a_lack() -> None:
    assert read_pip_audit("").lack == "the source cannot be reached from here"


@pytest.mark.parametrize(
    ("version", "meant"),
    [("1.1", False), ("1.2", True), ("1.10", False), ("1.5", False), ("1.5rc1", True)],
)
def test_a_range_is_read_by_versions_not_by_letters(
    version: str, *, meant: bool
) -> None:
    assert is_affected(ADVISORY["affected"][0], version) is meant


@pytest.mark.parametrize(
    ("events", "meant"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"last_affected": "1.4"}], True),
        ([{"introduced": "0"}, {"last_affected": "1.3"}], False),
        ([{"introduced": "0"}, {"fixed": "1"}, {"introduced": "1.4"}], True),
        ([{"introduced": "0"}, {"fixed": "1"}, {"introduced": "1.5"}], False),
    ],
)
def test_the_last_event_reached_decides(
    events: list[dict[str, str]], *, meant: bool
) -> None:
    part = {"ranges": [{"type": "ECOSYSTEM", "events": events}]}
    assert is_affected(part, "1.4") is meant


def test_a_listed_version_is_meant() -> None:
    assert is_affected({"versions": ["1.4"]}, "1.4")
    assert not is_affected({"versions": ["1.3"]}, "1.4")


def test_a_folder_of_advisories_is_looked_through(tmp_path: Path) -> None:
    (tmp_path / "PYSEC-1.json").write_text(json.dumps(ADVISORY))
    gone = {**ADVISORY, "id": "PYSEC-2", "withdrawn": "2026-11-02T00:00:00Z"}
    (tmp_path / "PYSEC-2.json").write_text(json.dumps(gone))
    assert read_osv(tmp_path, PINS) == Seen((HOLE,), BOTH)


def test_an_empty_folder_has_looked_at_nothing(tmp_path: Path) -> None:
    seen = read_osv(tmp_path, PINS)
    assert seen.releases == frozenset()
    assert seen.lack


def test_the_whole_command_finds_a_hole_in_the_real_lock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pin = next(each for each in read_lock() if each.name == "flask")
    (tmp_path / "one.json").write_text(json.dumps(about_flask(pin.version)))
    assert main(["--offline", "--osv", str(tmp_path)]) == FOUND
    assert f"flask {pin.version}: PYSEC-1" in capsys.readouterr().out
    (tmp_path / "one.json").write_text(json.dumps(about_flask("0.1")))
    assert main(["--offline", "--osv", str(tmp_path)]) == CLEAN


def about_flask(version: str) -> dict[str, Any]:
    part = {"package": {"ecosystem": "PyPI", "name": "flask"}, "versions": [version]}
    return {**ADVISORY, "affected": [part]}


def test_pip_audit_itself_asks_a_server_of_ones_own() -> None:
    with osv_server("flask") as url:
        seen = ask_pip_audit("requirements.lock", url)
    assert [(it.package, it.names[0]) for it in seen.weaknesses] == [
        ("flask", "PYSEC-1")
    ]
    installed = {(name, metadata.version(name)) for name in ("flask", "numpy", "av")}
    assert installed <= seen.releases
    assert seen.releases <= {(pin.name, pin.version) for pin in read_lock()}


@contextmanager
def osv_server(weak: str) -> Iterator[str]:
    """A server that knows one weakness, in one package of whatever version."""

    def answer(environ: Any, start: Any) -> Any:
        asked = json.loads(Request(environ).get_data())
        vulns = []
        if asked["package"]["name"] == weak:
            vulns.append(about_flask(asked["version"]))
        told = Response(json.dumps({"vulns": vulns}), mimetype="application/json")
        return told(environ, start)

    with serving(answer) as url:
        yield f"{url}/v1/query"


def test_the_judgements_kept_here_are_dated() -> None:
    kept = read_judgements()["advisories"]
    assert overdue([*kept.get("accepted", []), *kept["judged"]], date.min) == []


def test_what_a_person_looked_at_is_looked_at_until_its_date() -> None:
    row = {"package": "one", "version": "1.4", "reason": "Read.", "until": TODAY}
    sources = [by_hand([row]), Seen((), frozenset({("two", "2.0")}))]
    assert judge(PINS, sources, [row], TODAY)[0] == CLEAN
    assert judge(PINS, sources, [row], date(2026, 11, 21))[0] == FOUND
    other = by_hand([row | {"version": "1.3"}])
    assert judge(PINS, [other, sources[1]], [row], TODAY)[0] == UNSEEN


def test_the_index_tells_of_what_pip_audit_did_not_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hole = {"id": "PYSEC-1", "aliases": ["CVE-2026-1"], "fixed_in": ["1.5"]}
    told = {"info": {"version": "1.4"}, "vulnerabilities": [hole]}
    with index({"/pypi/one/json": told}) as address:
        monkeypatch.setenv("PIP_INDEX_URL", address)
        seen = ask_index(PINS)
        assert ask_index(PINS[1:]).lack == "the package index tells no weaknesses"
    assert seen == Seen((HOLE,), frozenset({("one", "1.4")}))
