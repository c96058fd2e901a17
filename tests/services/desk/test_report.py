"""The council report: figures as they are, real headings, and what people write."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner
from docx import Document
from pypdf import PdfReader

from bot import cli
from bot.cli_report import report
from bot.domain.plans import Status
from bot.report_words import council_report
from bot.services.desk.glance import glance
from letters import Report, print_report, write_docx
from tests.letters.pages import Printed
from tests.services.desk.paying import chosen_plan, paid
from tests.services.desk.test_glance import decide, tell
from tests.worlds import COLLECTING, VOTING, World

HEADS = [
    "Van idee tot gekozen plan",
    "Geld",
    "Bereik",
    "Hoe snel wij antwoordden",
    "Wie wij hoorden",
    "Wie stemde",
    "Vertrouwen",
    "Lessen",
]
TRICK = '#eval("1") *x* <script> $ \\ "]'


@pytest.fixture
def told(world: World) -> Report:
    """A round with plans, money, and a plan whose title is a trick."""
    tell(world, 40, language="nl")
    tell(world, 20, language="tr", spoken=True)
    for number in tell(world, 3, status=Status.INFEASIBLE.value):
        decide(world, number, Status.INFEASIBLE)
    plan = chosen_plan(world, world.person(), a_round=COLLECTING, title={"nl": TRICK})
    paid(world, plan)
    found = glance(world.house, COLLECTING)
    assert found is not None
    return council_report(found, world.clock())


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return "\n".join(each.extract_text() for each in pages)


def test_the_paper_is_accessible_and_says_the_figures(
    told: Report, tmp_path: Path
) -> None:
    pdf = print_report(told)
    reader = PdfReader(BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert Printed(pdf).faults() == []
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    text = text_of(pdf)
    positions = [text.index(head) for head in HEADS]
    assert positions == sorted(positions)
    assert "12,50 euro" in text
    assert "Nog te schrijven:" in text
    assert "script" in text, "a trick in a title is only text"
    paper = pypdfium2.PdfDocument(pdf)
    for at, page in enumerate(paper):
        page.render(scale=1).to_pil().save(tmp_path / f"page-{at}.png")
    assert len(paper) >= 3


def test_the_word_file_has_real_headings_tables_and_words_for_pictures(
    told: Report,
) -> None:
    paper = Document(BytesIO(write_docx(told)))
    heads = [
        p.text for p in paper.paragraphs if p.style and p.style.name == "Heading 1"
    ]
    assert heads == HEADS
    pictures = paper.inline_shapes
    assert len(pictures) >= 4
    words = [each._inline.docPr.get("descr") for each in pictures]
    assert all(each and ":" in each for each in words)
    assert "Verteld: 72" in words[0]
    header: Any = paper.tables[0].rows[0]._tr.trPr
    assert "tblHeader" in header.xml
    asked = [p.text for p in paper.paragraphs if p.text.startswith("Nog te schrijven")]
    assert len(asked) == 5


def test_the_same_round_gives_the_same_files(told: Report) -> None:
    assert print_report(told) == print_report(told)


def test_the_command_writes_both_and_nothing_over(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "an invented city keeps no secrets here")
    runner = CliRunner()

    def run(*words: str) -> Any:
        return runner.invoke(report, words, obj=lambda _: world.house)

    name = str(tmp_path / "verslag")
    done = run("--round", VOTING, "--out", name)
    assert done.exit_code == 0, done.output
    files = sorted(each.name for each in tmp_path.iterdir() if "verslag" in each.name)
    assert files == ["verslag.docx", "verslag.pdf"]
    before = (tmp_path / "verslag.docx").read_bytes()
    again = run("--round", VOTING, "--out", name)
    assert again.exit_code == 1
    assert "Give another name" in again.output
    assert (tmp_path / "verslag.docx").read_bytes() == before
    lost = run("--round", "nowhere")
    assert lost.exit_code == 1
    assert "There is no round nowhere" in lost.output
    assert cli.main is not None
