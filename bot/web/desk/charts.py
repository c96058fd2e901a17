"""Charts of the desk: where the parts stand. Templates draw them as SVG.

Every figure of a chart stands in the table beside it; a hidden one is a thin dashed bar
whose length tells nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 360
ROW = 44
ROOM = 290
THINNEST = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: a name, a bar of a length at `y`, and its figure."""

    name: str
    figure: str
    length: float
    y: int
    hidden: bool

    @property
    def end(self) -> float:
        """Where the figure stands, behind the bar."""
        return self.length + 8


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars below each other, and the height of the picture."""

    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        """The height of the picture."""
        return len(self.bars) * ROW + 6


def chart_of(figures: Mapping[str, int | None]) -> Chart:
    """Return a bar for each name, in their order; None stands for a hidden group."""
    most = max((n or 0 for n in figures.values()), default=0) or 1
    return Chart(
        [
            Bar(
                name=name,
                figure="–" if n is None else f"{n}",
                length=round(max(THINNEST, (n or 0) / most * ROOM), 1),
                y=at * ROW,
                hidden=n is None,
            )
            for at, (name, n) in enumerate(figures.items())
        ]
    )
