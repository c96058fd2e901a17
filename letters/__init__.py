"""Voting passes, posters and the record of a count as PDF: values in, bytes out.

This package knows nothing of the bot. `print_letters` makes sheets of A4 in as many
languages as it is given words for, `print_poster` what hangs in the street.
"""

from letters.chart import Chart, Row, paint_chart
from letters.minutes import Minutes, Section, Table, print_minutes
from letters.printing import print_letters, print_poster
from letters.report import (
    Report,
    ReportBar,
    ReportChart,
    ReportSection,
    print_report,
    write_docx,
)
from letters.values import (
    Edition,
    Letter,
    LetterError,
    Link,
    Plan,
    Poster,
    PosterPage,
    Theme,
    Words,
    in_fours,
)

__all__ = [
    "Chart",
    "Edition",
    "Letter",
    "LetterError",
    "Link",
    "Minutes",
    "Plan",
    "Poster",
    "PosterPage",
    "Report",
    "ReportBar",
    "ReportChart",
    "ReportSection",
    "Row",
    "Section",
    "Table",
    "Theme",
    "Words",
    "in_fours",
    "paint_chart",
    "print_letters",
    "print_minutes",
    "print_poster",
    "print_report",
    "write_docx",
]
