"""Where the parts of the pictures of a result stand. Templates draw them as SVG.

All places are in units of a picture of `WIDTH` across, from its left edge; for readers
from right to left everything is mirrored, and only that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.money import Money
from bot.public_result import chosen_looks
from tally import Outcome

WIDTH = 360
ROW = 26
THICK = 16
_NUMBER = 18
_BEGIN, _END = 42, 312
_GAP = 6
_ROUTE_ROW = 46
_BOX = 308
_THINNEST, _THICKEST = 2, 16


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a picture: a number, a bar from `x` on, and words at its end."""

    number: str
    x: float
    length: float
    y: int
    label: str
    label_x: float
    number_x: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Strand:
    """A way of voting, as a line from `x` to the box at `end`."""

    name: str
    figure: str
    x: float
    y: int
    end: float
    thick: float
    hidden: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's rows, its height, and on which side its rows begin."""

    rows: Sequence[Bar]
    height: int
    mirrored: bool

    @property
    def anchor(self) -> str:
        """Where the words at the end of a bar are held."""
        return "end" if self.mirrored else "start"


def votes_picture(
    votes: Mapping[str, float], outcome: Outcome, *, mirrored: bool
) -> Picture:
    """Return a bar for each plan, most votes first; those chosen are marked."""
    most = max(votes.values(), default=0) or 1
    ranked = sorted(votes, key=lambda plan: (-votes[plan], plan not in outcome.chosen))
    spans = [
        _Span(plan, 0, votes[plan] / most, f"{votes[plan]:g}", plan in outcome.chosen)
        for plan in ranked
    ]
    return _picture(spans, mirrored=mirrored)


def money_picture(outcome: Outcome, budget: Money, *, mirrored: bool) -> Picture:
    """Return what each chosen plan takes, one below the other; the last row is left."""
    whole = budget.cents or 1
    spent = 0
    spans = []
    for look in chosen_looks(outcome):
        part = look.cost / whole
        spans.append(_Span(look.plan, spent / whole, part, "", chosen=True))
        spent += look.cost
    rest = max(0, budget.cents - spent) / whole
    spans.append(_Span("", spent / whole, rest, "", chosen=False))
    return _picture(spans, mirrored=mirrored)


def routes_picture(
    figures: Mapping[str, tuple[str, int | None]], *, mirrored: bool
) -> tuple[Sequence[Strand], int]:
    """Return a line for each way of voting, by its name and figure; and the height.

    Hidden figures (None) are thin and dashed: their thickness tells nothing.
    """
    most = max((n or 0 for _, n in figures.values()), default=0) or 1
    strands = []
    for at, (name, n) in enumerate(figures.values()):
        share = (n or 0) / most
        strands.append(
            Strand(
                name=name,
                figure="–" if n is None else str(n),
                x=_side(0, mirrored=mirrored),
                y=at * _ROUTE_ROW + 34,
                end=_side(_BOX, mirrored=mirrored),
                thick=round(_THINNEST + share * (_THICKEST - _THINNEST), 1),
                hidden=n is None,
            )
        )
    return strands, len(strands) * _ROUTE_ROW + 10


@dataclass(frozen=True, slots=True)
class _Span:
    number: str
    begin: float
    part: float
    label: str
    chosen: bool


def _picture(spans: Sequence[_Span], *, mirrored: bool) -> Picture:
    rows = [_bar(span, at, mirrored=mirrored) for at, span in enumerate(spans)]
    return Picture(rows, len(rows) * ROW + 4, mirrored)


def _bar(span: _Span, at: int, *, mirrored: bool) -> Bar:
    room = _END - _BEGIN
    length = round(max(1.0, span.part * room), 1)
    left = round(_BEGIN + span.begin * room, 1)
    end = left + length + _GAP
    return Bar(
        number=span.number,
        x=round(WIDTH - left - length, 1) if mirrored else left,
        length=length,
        y=at * ROW + 4,
        label=span.label,
        label_x=round(_side(end, mirrored=mirrored), 1),
        number_x=int(_side(_NUMBER, mirrored=mirrored)),
        chosen=span.chosen,
    )


def _side(x: float, *, mirrored: bool) -> float:
    return WIDTH - x if mirrored else x
