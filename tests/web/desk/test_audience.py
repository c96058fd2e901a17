"""Who a message is for: no official reads a machine's word."""

import pytest

from bot.web.desk.audience import audience


@pytest.mark.parametrize(
    ("segment", "dutch", "english"),
    [
        ("all", "Iedereen die wij kennen", "Everybody we know"),
        ("followers:21", "Wie een plan volgt: 21", "Who follows a plan: 21"),
        ("voters locale=tr", "Wie gestemd heeft, Türkçe", "Who has voted, Türkçe"),
        (
            "authors:chosen area=slotermeer-2026",
            "Makers van een gekozen plan, Slotermeer 2026",
            "Authors of a chosen plan, Slotermeer 2026",
        ),
        ("voters area=gone", "Wie gestemd heeft, gone", "Who has voted, gone"),
    ],
)
def test_a_segment_in_words(segment: str, dutch: str, english: str) -> None:
    titles = {"slotermeer-2026": "Slotermeer 2026"}
    said = [audience(segment, titles, each) for each in ("nl", "en")]
    assert said == [dutch, english]
