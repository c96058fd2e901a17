"""Which cells of a table of people are hidden, so that nobody is found in it.

A cell under ten is hidden, and so are as many others as it takes that no sum gives it
away. A table with its sums is a network: every cell stands in one row and one column.
So how far a hidden cell may lie from its true value is found by pushing that much
through the other hidden cells, and nothing has to be guessed.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence

Cell = tuple[str, str]
SUM = "*"
"""The row, or the column, that holds the sums."""

TOTAL: Cell = (SUM, SUM)
LEAST = 10
"""Fewer people than this are not shown, and what hides them leaves so much open."""


def with_sums(
    rows: Sequence[str], columns: Sequence[str], counts: Mapping[Cell, int]
) -> dict[Cell, int]:
    """Return all cells of a table (0 where `counts` has none), and all its sums."""
    full = {(row, col): counts.get((row, col), 0) for row in rows for col in columns}
    full |= {(row, SUM): sum(full[row, col] for col in columns) for row in rows}
    full |= {(SUM, col): sum(full[row, col] for row in rows) for col in columns}
    return full | {TOTAL: sum(full[row, SUM] for row in rows)}


def hide(
    full: Mapping[Cell, int], known: Collection[Cell] = (TOTAL,), least: int = LEAST
) -> dict[Cell, int | None]:
    """Return a table (`with_sums`) with None for every cell that is hidden.

    `known` are cells that everybody knows anyway: they, and what follows from them
    alone, are shown. Every hidden cell could be at least `least` different numbers more
    than one; where the known cells leave less room, all others are hidden.
    """
    open_to_all = {cell for cell in full if cell not in known}
    public = {
        *known,
        *(each for each in open_to_all if not _room(full, open_to_all, each, least)),
    }
    hidden = {cell for cell, n in full.items() if n < least and cell not in public}
    while weak := next(_weak(full, hidden, least), None):
        shown = full.keys() - hidden - public
        if not shown:
            break
        hidden.add(_best(full, hidden, weak, shown, least))
    _show_again(full, hidden, least)
    return {cell: None if cell in hidden else n for cell, n in full.items()}


def _weak(full: Mapping[Cell, int], hidden: set[Cell], least: int) -> Iterator[Cell]:
    """Yield the hidden cells that the shown ones tell too much about."""
    for cell in sorted(hidden):
        if _room(full, hidden, cell, least) < least:
            yield cell


def _best(
    full: Mapping[Cell, int],
    hidden: set[Cell],
    weak: Cell,
    shown: Collection[Cell],
    least: int,
) -> Cell:
    """Return what to hide so that `weak` is hidden best: rather few, and no sum."""

    def gain(cell: Cell) -> tuple[int, bool, bool, int, Cell]:
        beside = cell[0] == weak[0] or cell[1] == weak[1]
        room = _room(full, hidden | {cell}, weak, least)
        return -room, not beside, SUM in cell, full[cell], cell

    return min(shown, key=gain)


def _show_again(full: Mapping[Cell, int], hidden: set[Cell], least: int) -> None:
    """Show what was hidden for others and need not be in the end, sums before cells."""
    if any(_weak(full, hidden, least)):
        return
    order = sorted(hidden, key=lambda each: (SUM not in each, -full[each], each))
    for cell in order:
        rest = hidden - {cell}
        if full[cell] >= least and not any(_weak(full, rest, least)):
            hidden.remove(cell)


def _room(full: Mapping[Cell, int], hidden: set[Cell], cell: Cell, most: int) -> int:
    """Return how many other numbers a hidden cell could be, counted up to `most`."""
    tail, head = _ends(cell)
    others = hidden - {cell}
    more = _flow(full, others, (head, tail), most)
    fewer = min(full[cell], _flow(full, others, (tail, head), most))
    return min(most, more + fewer)


_Node = tuple[str, str]


def _ends(cell: Cell) -> tuple[_Node, _Node]:
    """Return between which two sums a cell carries: the one it adds to comes last."""
    row, col = ("row", cell[0]), ("column", cell[1])
    return (col, row) if (cell[0] == SUM) is not (cell[1] == SUM) else (row, col)


def _flow(
    full: Mapping[Cell, int], hidden: set[Cell], way: tuple[_Node, _Node], most: int
) -> int:
    """Return how much can be moved from one sum to another, up to `most`.

    Along a hidden cell by making it larger, against it by making it smaller.
    """
    begin, end = way
    left = {}
    for cell in hidden:
        tail, head = _ends(cell)
        left[tail, head] = most
        left[head, tail] = full[cell]
    moved = 0
    while moved < most and (path := _path(left, begin, end)):
        step = min(most - moved, *(left[edge] for edge in path))
        for tail, head in path:
            left[tail, head] -= step
            left[head, tail] += step
        moved += step
    return moved


def _path(
    left: Mapping[tuple[_Node, _Node], int], begin: _Node, end: _Node
) -> list[tuple[_Node, _Node]]:
    """Return the shortest way on which something can still be moved; [] for none."""
    came: dict[_Node, _Node] = {begin: begin}
    queue = deque([begin])
    while queue:
        here = queue.popleft()
        for (tail, head), room in left.items():
            if tail == here and room > 0 and head not in came:
                came[head] = here
                queue.append(head)
    if end not in came or begin == end:
        return []
    steps = []
    while end != begin:
        steps.append((came[end], end))
        end = came[end]
    return steps[::-1]
