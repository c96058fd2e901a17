"""A report for the council: plain sections with charts, as PDF/UA and as Word file."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from letters.cleaning import cleaned
from letters.minutes import Table
from letters.printing import painted, recorded

_MOST_IN_A_PROPERTY = 255


@dataclass(frozen=True, slots=True)
class ReportBar:
    """A bar of a chart: its name, its figure in words, and its part, from 0 to 1."""

    name: str
    figure: str
    part: float


@dataclass(frozen=True, slots=True)
class ReportChart:
    """Bars below each other. `told` says in words what they show."""

    title: str
    told: str
    bars: Sequence[ReportBar]


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A part of the report; `to_write` are questions that a person has to answer."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    charts: tuple[ReportChart, ...] = ()
    tables: tuple[Table, ...] = ()
    to_write: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report in one language (an IETF tag). `mark` stands before what is to write."""

    language: str
    municipality: str
    heading: str
    title: str
    day: str
    mark: str
    sections: tuple[ReportSection, ...]


def print_report(report: Report) -> bytes:
    """Return the report as PDF/UA. A sign our fonts lack is spelt."""
    return recorded("report.typ", _values(report))


def _values(report: Report) -> dict[str, Any]:
    words = {"language": report.language, "right_to_left": False}
    return asdict(report) | {"words": [words], "chart": None}


def write_docx(report: Report) -> bytes:
    """Return the report as a Word file, to be completed by people.

    Headings, tables with a head row and pictures with words are real ones, so that a
    screen reader finds its way.
    """
    from docx import Document

    paper, report = Document(), cleaned(report)
    _settle(paper, report)
    paper.add_paragraph(report.municipality)
    paper.add_heading(report.heading, level=0)
    paper.add_paragraph(f"{report.title}. {report.day}")
    for section in report.sections:
        _write_section(paper, section, report)
    kept = BytesIO()
    paper.save(kept)
    return kept.getvalue()


def _settle(paper: Any, report: Report) -> None:  # noqa: ANN401 - a Word file
    """Name the paper and its language; no clock and no person stands in it."""
    from docx.oxml.ns import qn

    core = paper.core_properties
    core.title = f"{report.heading}: {report.title}"[:_MOST_IN_A_PROPERTY]
    core.author = report.municipality[:_MOST_IN_A_PROPERTY]
    core.language = report.language
    core.comments = ""
    core.created = core.modified = datetime(2020, 1, 1, tzinfo=UTC)
    style = paper.styles["Normal"]
    style.font.name = "Noto Sans"
    run = style.element.get_or_add_rPr()
    spoken = run.makeelement(qn("w:lang"), {qn("w:val"): report.language})
    run.append(spoken)


def _write_section(paper: Any, section: ReportSection, report: Report) -> None:  # noqa: ANN401 - a Word file
    paper.add_heading(section.heading, level=1)
    for row in section.paragraphs:
        paper.add_paragraph(row)
    for chart in section.charts:
        _add_chart(paper, chart, report)
    for table in section.tables:
        _add_table(paper, table)
    for question in section.to_write:
        asked = paper.add_paragraph(style="Intense Quote")
        asked.add_run(f"{report.mark} {question}").bold = True


def _add_chart(paper: Any, chart: ReportChart, report: Report) -> None:  # noqa: ANN401 - a Word file
    from docx.shared import Cm

    paper.add_heading(chart.title, level=2)
    values = _values(report) | {"chart": asdict(chart)}
    shown = paper.add_picture(BytesIO(painted("report.typ", values)), width=Cm(16))
    told = "; ".join(f"{bar.name}: {bar.figure}" for bar in chart.bars)
    shown._inline.docPr.set("descr", f"{chart.told} {told}")  # noqa: SLF001 - no other way
    paper.add_paragraph(chart.told)


def _add_table(paper: Any, table: Table) -> None:  # noqa: ANN401 - a Word file
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    drawn = paper.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    for cell, head in zip(drawn.rows[0].cells, table.heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    drawn.rows[0]._tr.get_or_add_trPr().append(header)  # noqa: SLF001 - no other way
    for row in table.rows:
        for cell, text in zip(drawn.add_row().cells, row, strict=True):
            cell.text = text
    paper.add_paragraph()
