"""What fuzzing found once is found no more: each case is asked again, as it was."""

import json
from pathlib import Path

import pytest

from tests.fuzz.asking import load_asked
from tests.fuzz.court import replay
from tests.fuzz.place import copied, open_place, prepare
from tests.fuzz.shrinking import CASES

FOUND = sorted(CASES.glob("*.json"))


def test_there_are_cases() -> None:
    assert len(FOUND) >= 4


@pytest.mark.parametrize("case", FOUND, ids=lambda path: path.stem)
def test_a_case_is_found_no_more(case: Path, tmp_path: Path) -> None:
    told = json.loads(case.read_text())
    template = prepare("sqlite", tmp_path, told["eligibility"])
    (tmp_path / "copy").mkdir()
    url = copied(template, tmp_path / "copy")
    with open_place(url, tmp_path / "copy", told["eligibility"]) as place:
        requests = [load_asked(each) for each in told["requests"]]
        assert replay(place, told["what"], requests) == []
