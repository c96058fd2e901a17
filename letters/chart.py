"""A result as a picture for a chat: a bar for each plan, with its title."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from letters.printing import painted


@dataclass(frozen=True, slots=True)
class Row:
    """A plan with its votes; `part` is its bar, from 0 to 1 of the longest."""

    number: str
    title: str
    votes: str
    part: float
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture in one language. `full` and `dashed` say what the two bars mean."""

    language: str
    right_to_left: bool
    heading: str
    title: str
    full: str
    dashed: str
    rows: Sequence[Row]
    page: str


def paint_chart(chart: Chart) -> bytes:
    """Return the picture as PNG, about 1,060 pixels across.

    A sign that our fonts lack is spelt, as in a record.
    """
    words = {"language": chart.language, "right_to_left": chart.right_to_left}
    return painted("chart.typ", asdict(chart) | {"words": [words]})
