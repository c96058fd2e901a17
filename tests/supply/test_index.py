"""What an index tells is read as it was said, and silence is no answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from packaging.version import Version

from tests.supply.indexes import index
from tools.index import Index, address_of_pip, open_index

HOLE = {"id": "PYSEC-1", "aliases": ["CVE-2026-1"], "fixed_in": ["1.6"]}
GONE = HOLE | {"id": "PYSEC-2", "withdrawn": "2026-11-02T00:00:00Z"}


def about(version: str, *holes: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"info": {"version": version}, "vulnerabilities": list(holes)}


def weaknesses(
    monkeypatch: pytest.MonkeyPatch, known: Mapping[str, Any]
) -> list[Mapping[str, Any]] | None:
    """Ask of release 1.5 of package one an index that knows this."""
    with index(known) as address:
        monkeypatch.setenv("PIP_INDEX_URL", address)
        with open_index() as opened:
            return opened.weaknesses("one", "1.5")


def test_a_release_is_asked_for_by_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"/pypi/one/1.5/json": about("1.5", HOLE), "/pypi/one/json": about("1.6")}
    assert weaknesses(monkeypatch, known) == [HOLE]


def test_a_mirror_may_know_the_newest_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert weaknesses(monkeypatch, {"/pypi/one/json": about("1.5", HOLE)}) == [HOLE]
    assert weaknesses(monkeypatch, {"/pypi/one/json": about("1.5")}) == []
    assert weaknesses(monkeypatch, {"/pypi/one/json": about("1.6")}) is None


def test_what_was_withdrawn_is_no_weakness(monkeypatch: pytest.MonkeyPatch) -> None:
    assert weaknesses(monkeypatch, {"/pypi/one/json": about("1.5", GONE)}) == []


@pytest.mark.parametrize(
    "told",
    [{}, [], "no", {"info": {"version": "1.5"}}, {"info": {"version": "?"}}, None],
)
def test_an_odd_answer_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, told: object
) -> None:
    assert weaknesses(monkeypatch, {"/pypi/one/json": told}) is None


def test_yanked_and_nameless_files_are_no_releases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = {"upload-time": "2026-08-27T00:00:00Z"}, {"upload-time": "2026-09-01"}
    files = [
        {"filename": "one-1.5-py3-none-any.whl"} | old,
        {"filename": "one-1.5.tar.gz"} | new,
        {"filename": "one-1.6.tar.gz", "yanked": "broken"} | new,
        {"filename": "one-1.7.tar.gz"},
        {"filename": "one.exe"} | new,
    ]
    with index({"/simple/one/": {"files": files}}) as address:
        monkeypatch.setenv("PIP_INDEX_URL", address)
        with open_index() as opened:
            assert opened.releases("one") == {Version("1.5"): date(2026, 8, 27)}
            assert opened.releases("two") == {}


def test_without_a_setting_pip_itself_says_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    assert address_of_pip().startswith("https://")


def test_a_folder_is_no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "file:///nowhere/simple")
    with open_index() as opened:
        assert isinstance(opened, Index)
        assert opened.releases("one") == {}
        assert opened.weaknesses("one", "1.5") is None
