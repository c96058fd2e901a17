"""Hostile words in letters, minutes and reports: text, or refused with what to do."""

import unicodedata
from collections.abc import Callable
from io import BytesIO

import pytest
from docx import Document

from letters import (
    LetterError,
    Minutes,
    Report,
    ReportBar,
    ReportChart,
    ReportSection,
    Section,
    Table,
    print_letters,
    print_minutes,
    print_report,
    write_docx,
)
from tests.attacks.hostile import WORDS, squeezed
from tests.letters.pages import Printed
from tests.letters.samples import sheet, with_plans

NOT_IN_OUR_FONTS = {"formula, wide"}


def report(word: str) -> Report:
    """Return a report that has a word in each of its places."""
    chart = ReportChart(word, word, (ReportBar(word, word, 0.5),))
    table = Table((word, word), ((word, word),))
    section = ReportSection(word, (word,), (chart,), (table,), (word,))
    return Report("nl", word, word, word, "1 mei", "Nog te schrijven:", (section,))


def minutes(word: str) -> Minutes:
    table = Table((word, word), ((word, word),))
    section = Section(word, (word,), ((word, word),), (table,), (word,))
    return Minutes("nl", False, word, word, word, (section,), word, (word,))


def on_paper(pdf: bytes) -> str:
    return squeezed(" ".join(Printed(pdf).texts))


PAPERS: dict[str, Callable[[str], bytes]] = {
    "report": lambda word: print_report(report(word)),
    "minutes": lambda word: print_minutes(minutes(word)),
    "letter": lambda word: print_letters(with_plans(3, word), [sheet(word)]),
}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", WORDS)
def test_they_stand_on_paper_as_they_are(paper: str, name: str) -> None:
    if name in NOT_IN_OUR_FONTS and paper == "letter":
        with pytest.raises(LetterError, match="our fonts have no sign"):
            PAPERS[paper](WORDS[name])
        return
    try:
        found = on_paper(PAPERS[paper](WORDS[name]))
    except LetterError as refusal:
        assert paper == "letter"
        assert "does not fit at 11 points: make it shorter" in str(refusal)  # noqa: PT017
        return
    word = unicodedata.normalize("NFKC", WORDS[name])
    assert squeezed(word if name in NOT_IN_OUR_FONTS else WORDS[name]) in found


@pytest.mark.parametrize("name", WORDS)
def test_they_stand_in_a_word_file_as_they_are(name: str) -> None:
    paper = Document(BytesIO(write_docx(report(WORDS[name]))))
    rows = [each.text for each in paper.paragraphs]
    cells = [each.text for row in paper.tables[0].rows for each in row.cells]
    word = squeezed(WORDS[name])
    assert sum(word in squeezed(each) for each in rows) >= 5
    assert [squeezed(each) for each in cells] == [word] * 4
    assert word in squeezed(paper.core_properties.title)
    fields = {"instrText", "fldSimple", "hyperlink", "object"}
    assert [
        e.tag for e in paper.element.iter() if e.tag.rpartition("}")[2] in fields
    ] == []


def test_a_title_of_any_length_names_a_word_file() -> None:
    paper = Document(BytesIO(write_docx(report("lang " * 100))))
    assert len(paper.core_properties.title) == 255


def test_half_a_character_does_not_stop_a_paper() -> None:
    assert "eentwee" in on_paper(print_report(report("een \ud83d twee")))
    assert write_docx(report("een \ud83d \x00 twee"))
