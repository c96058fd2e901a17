"""The measurement of letters sets what it says it sets."""

import pytest

from bench.letters import WAYS, Set, letters_report, measure
from tests.letters.pages import Printed


@pytest.mark.parametrize("way", WAYS)
def test_both_ways_make_sheets_of_two_tagged_pages(way: str) -> None:
    printed = Printed(WAYS[way](2))
    assert len(printed.texts) == 4
    assert printed.kinds()["/H1"] == 2
    assert printed.fonts <= {
        "NotoSans-Regular",
        "NotoSans-Bold",
        "NotoNaskhArabic-Regular",
        "NotoNaskhArabic-Bold",
    }


def test_each_batch_is_set_in_each_way_by_a_process_of_its_own() -> None:
    runs = measure(1, (1,))
    assert [(run.what, run.count) for run in runs] == [("letters", 1), ("bare", 1)]
    assert all(run.seconds > 0 and run.memory > 20 and run.size > 1000 for run in runs)


def test_the_table_shows_medians() -> None:
    runs = [Set("letters", 10, seconds, 100.0, 10 * 1024) for seconds in (1, 2, 5)]
    row = letters_report(runs).splitlines()[-1]
    assert row == "| letters of the demo | 10 | 5.0 | 2.0–10.0 | 100 | 1 |"
