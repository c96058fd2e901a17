"""No hidden number of people can be worked out from those that are shown."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.hiding import LEAST, SUM, TOTAL, Cell, hide, with_sums

Shown = Mapping[Cell, int | None]
ROUTES = ("whatsapp", "telegram", "web", "desk", "paper")
LANGUAGES = ("nl", "en", "tr", "ar")


def fillings(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to spread so many people over so many cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in fillings(total - first, cells - 1):
            yield (first, *rest)


def possible(shown: Shown, total: int) -> dict[Cell, set[int]]:
    """Return all that the hidden cells can be: by trying every table there is."""
    rows = sorted({row for row, _ in shown} - {SUM})
    columns = sorted({column for _, column in shown} - {SUM})
    inside = [(row, column) for row in rows for column in columns]
    found: dict[Cell, set[int]] = {cell: set() for cell in shown}
    for filling in fillings(total, len(inside)):
        tried = with_sums(rows, columns, dict(zip(inside, filling, strict=True)))
        if all(shown[cell] in (None, n) for cell, n in tried.items()):
            for cell, n in tried.items():
                found[cell].add(n)
    return {cell: found[cell] for cell, n in shown.items() if n is None}


def derivable(shown: Shown) -> set[Cell]:
    """Return the hidden cells that follow from the shown ones: by elimination.

    Along each row and each column all cells but the sum add up to the sum.
    """
    unknown = sorted(cell for cell, n in shown.items() if n is None)
    rows = sorted({row for row, _ in shown})
    columns = sorted({column for _, column in shown})
    lines = [[(row, column) for column in columns] for row in rows]
    lines += [[(row, column) for row in rows] for column in columns]
    system = []
    for line in lines:
        across = line[0][0] == line[1][0]
        signs = {cell: -1 if cell[across] == SUM else 1 for cell in line}
        system.append([Fraction(signs.get(cell, 0)) for cell in unknown])
    alone = [
        [cell for cell, n in zip(unknown, row, strict=True) if n]
        for row in reduced(system)
    ]
    return {cells[0] for cells in alone if len(cells) == 1}


def reduced(system: list[list[Fraction]]) -> list[list[Fraction]]:
    """Return equations with one leading unknown each, which no other one holds."""
    rows, done = [row[:] for row in system], 0
    for at in range(len(rows[0]) if rows else 0):
        lead = next((n for n in range(done, len(rows)) if rows[n][at]), None)
        if lead is None:
            continue
        rows[done], rows[lead] = rows[lead], rows[done]
        rows[done] = [each / rows[done][at] for each in rows[done]]
        for n, row in enumerate(rows):
            if n != done and row[at]:
                by = row[at]
                rows[n] = [
                    mine - by * other
                    for mine, other in zip(row, rows[done], strict=True)
                ]
        done += 1
    return rows[:done]


def tables(rows: int, columns: int, most: int) -> st.SearchStrategy[dict[Cell, int]]:
    names = [("r" + str(r), "c" + str(c)) for r in range(rows) for c in range(columns)]
    return st.fixed_dictionaries({name: st.integers(0, most) for name in names})


SMALL = st.one_of(tables(1, 3, 7), tables(2, 2, 7), tables(2, 3, 4), tables(3, 2, 4))
NUMBERS = st.one_of(st.integers(0, 12), st.integers(0, 400), st.just(0))
LARGE = st.fixed_dictionaries(
    {(route, spoken): NUMBERS for route in ROUTES for spoken in LANGUAGES}
)


def summed(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    rows = sorted({row for row, _ in counts})
    return with_sums(rows, sorted({column for _, column in counts}), counts)


@settings(max_examples=150, deadline=None)
@given(SMALL, st.integers(2, 4))
def test_every_hidden_cell_of_a_small_table_can_be_many_numbers(
    counts: dict[Cell, int], least: int
) -> None:
    full = summed(counts)
    shown = hide(full, least=least)
    assert all(n in (None, full[cell]) for cell, n in shown.items())
    can_be = possible(shown, full[TOTAL])
    for cell, numbers in can_be.items():
        assert full[cell] in numbers
        assert len(numbers) >= 2
    open_cells = {cell for cell, n in shown.items() if n is not None} - {TOTAL}
    told = [n for n in can_be.values() if len(n) <= least]
    if told:
        assert all(_follows(full, cell) for cell in open_cells), "all else is hidden"


def _follows(full: Mapping[Cell, int], cell: Cell) -> bool:
    """Tell whether the total alone gives a cell away: there is only one column."""
    nothing: Shown = {**dict.fromkeys(full), TOTAL: full[TOTAL]}
    return len(possible(nothing, full[TOTAL])[cell]) == 1


@settings(max_examples=60, deadline=None)
@given(LARGE)
def test_no_hidden_cell_of_a_turnout_follows_from_sums(counts: dict[Cell, int]) -> None:
    full = summed(counts)
    shown = hide(full)
    small = {cell for cell, n in full.items() if n < LEAST and cell != TOTAL}
    if full[TOTAL]:
        assert all(shown[cell] is None for cell in small)
    assert derivable(shown) == set()


def test_hiding_the_small_cells_alone_would_not_do() -> None:
    """So the two judges above can find something."""
    counts = {("a", "x"): 3, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40}
    full = summed(counts)
    naive = {cell: None if n < LEAST else n for cell, n in full.items()}
    assert derivable(naive) == {("a", "x")}
    assert possible(naive, full[TOTAL])["a", "x"] == {3}
    assert derivable(hide(full)) == set()


def test_two_small_cells_in_a_row_are_not_enough_if_their_sum_is_small() -> None:
    counts = {("a", "x"): 2, ("a", "y"): 3, ("a", "z"): 50}
    shown = hide(summed(counts), known=())
    assert shown["a", "x"] is None
    assert shown["a", "y"] is None
    assert shown["a", "z"] is None, "else 55 - 50 would tell that there are five"


def test_what_is_large_enough_is_shown() -> None:
    counts = {(r, c): 10 + n for n, r in enumerate("ab") for c in "xy"}
    full = summed(counts)
    assert hide(full) == full


def test_what_everybody_knows_is_not_hidden_and_helps_nobody() -> None:
    full = with_sums(("resident",), ("used", "unused"), {("resident", "used"): 4})
    shown = hide(full, known=[(SUM, "used")])
    assert shown["resident", "used"] == 4, "it is the number of ballots"
    assert shown["resident", SUM] is None
    nobody = with_sums(("a", "b"), ("x", "y"), {})
    assert hide(nobody) == nobody


@pytest.mark.parametrize("total", range(1, 10))
def test_of_few_people_only_their_number_is_shown(total: int) -> None:
    shown = hide(
        summed({("a", "x"): total, ("a", "y"): 0, ("b", "x"): 0, ("b", "y"): 0})
    )
    assert [cell for cell, n in shown.items() if n is not None] == [TOTAL]
