"""What growing costs, as Markdown, held against the goal."""

import statistics
from collections.abc import Callable, Sequence
from operator import attrgetter

from bench.figures import Grown, Idle
from bench.report import table, verdict

GOAL = 1.25
"""A message in the large city may cost so many times what it costs in the small one."""


def growth_report(visits: Sequence[Grown], rests: Sequence[Idle]) -> str:
    """Return three tables: what was seen, the ratios, and the loops at rest."""
    parts = [visits_table(visits), ratio_table(visits), idle_table(rests)]
    return "\n\n".join(parts)


def visits_table(visits: Sequence[Grown]) -> str:
    """Return a row for each database: medians, and the range of what was seen."""
    heads = ["database", "residents", "answered/s", "CPU ms each", "lowest–highest"]
    heads += ["of it database", "p50 ms", "not answered"]
    return table(heads, (_visits_row(of(visits, *key)) for key in keys(visits)))


def keys(visits: Sequence[Grown]) -> list[tuple[str, int]]:
    """Return each engine and size that was visited, the small one first."""
    seen = dict.fromkeys((each.engine, each.residents) for each in visits)
    return sorted(seen, key=lambda key: (key[0] != "SQLite", key[1]))


def of(visits: Sequence[Grown], engine: str, residents: int) -> list[Grown]:
    """Return the visits to one database, in the order of the rounds."""
    return [v for v in visits if (v.engine, v.residents) == (engine, residents)]


def _median(visits: Sequence[Grown], pick: Callable[[Grown], float]) -> float:
    return statistics.median(map(pick, visits))


def _visits_row(visits: Sequence[Grown]) -> list[str]:
    costs = [each.cost for each in visits]
    failures = sum(sum(each.figures.failures.values()) for each in visits)
    part = _median(visits, attrgetter("database_part"))
    return [
        visits[0].engine,
        f"{visits[0].residents:,}",
        f"{_median(visits, lambda each: each.figures.per_second):.0f}",
        f"{statistics.median(costs):.2f}",
        f"{min(costs):.2f}–{max(costs):.2f}",
        f"{part:.2f}" if part else "–",
        f"{_median(visits, lambda each: each.figures.p50_ms):.1f}",
        f"{failures}",
    ]


def ratio_table(visits: Sequence[Grown]) -> str:
    """Return the cost in the large city over that in the small one."""
    heads = ["database", "large over small", "ratio", "goal", "outcome"]
    rows = []
    for engine in dict.fromkeys(each.engine for each in visits):
        sizes = [size for name, size in keys(visits) if name == engine]
        small, large = (of(visits, engine, size) for size in sizes)
        cost = _ratio(large, small, "cost")
        wall = _ratio(large, small, "wall")
        outcome = verdict(cost, GOAL, higher_is_better=False)
        rows += [
            [engine, "CPU for a message", f"{cost:.2f}", f"{GOAL:g}", outcome],
            [engine, "clock for a message", f"{wall:.2f}", "–", "–"],
        ]
    return table(heads, rows)


def _ratio(large: Sequence[Grown], small: Sequence[Grown], name: str) -> float:
    pick: Callable[[Grown], float] = attrgetter(name)
    return _median(large, pick) / _median(small, pick)


def idle_table(rests: Sequence[Idle]) -> str:
    """Return a row for each loop: what it costs with few rows and with many."""
    heads = ["database", "worker's loop", "every", "statements", "ms, few rows"]
    heads += ["ms, many rows", "of a core, many rows"]
    rows = []
    for engine, loop in dict.fromkeys((each.engine, each.loop) for each in rests):
        few, many = sorted(
            (each for each in rests if (each.engine, each.loop) == (engine, loop)),
            key=lambda each: each.residents,
        )
        rows.append(
            [
                engine,
                f"`{loop}`",
                f"{few.rest:g} s",
                f"{many.statements}",
                f"{few.milliseconds:.2f}",
                f"{many.milliseconds:.2f}",
                f"{many.share:.1%}",
            ]
        )
    return table(heads, rows)
