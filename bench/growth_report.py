"""What growing costs, as Markdown, held against the goal."""

import statistics
from collections.abc import Callable, Sequence
from math import isnan, nan
from operator import attrgetter

from bench.figures import Claimed, Growing, Grown, Idle
from bench.report import table, verdict

GOAL = 1.25
"""A message in the large city may cost so many times what it costs in the small one."""


def growth_report(seen: Growing) -> str:
    """Return four tables: visits, their ratios, the loops at rest, and claims."""
    parts = [visits_table(seen.visits), ratio_table(seen.visits)]
    parts += [idle_table(seen.rests), claims_table(seen.claims)]
    return "\n\n".join(parts)


def visits_table(visits: Sequence[Grown]) -> str:
    """Return a row for each database: medians, and the range of what was seen."""
    heads = ["database", "residents", "answered/s", "CPU ms each", "lowest–highest"]
    heads += ["of it database", "p50 ms", "not answered", "broken off"]
    return table(heads, (_visits_row(of(visits, *key)) for key in keys(visits)))


def keys(visits: Sequence[Grown]) -> list[tuple[str, int]]:
    """Return each engine and size that was visited, the small one first."""
    seen = dict.fromkeys((each.engine, each.residents) for each in visits)
    return sorted(seen, key=lambda key: (key[0] != "SQLite", key[1]))


def of(visits: Sequence[Grown], engine: str, residents: int) -> list[Grown]:
    """Return all visits to one database, in the order of the rounds."""
    return [v for v in visits if (v.engine, v.residents) == (engine, residents)]


def _whole(visits: Sequence[Grown]) -> list[Grown]:
    return [each for each in visits if not each.figures.broken]


def _median(visits: Sequence[Grown], pick: Callable[[Grown], float]) -> float:
    """Return the median of the visits that came to their end; no number if none did."""
    return statistics.median(map(pick, _whole(visits)) if _whole(visits) else [nan])


def _visits_row(visits: Sequence[Grown]) -> list[str]:
    costs = [each.cost for each in _whole(visits)] or [nan]
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
        f"{len(visits) - len(_whole(visits))} of {len(visits)}",
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
        rows += [
            [engine, "CPU for a message", f"{cost:.2f}", f"{GOAL:g}", _outcome(cost)],
            [engine, "clock for a message", f"{wall:.2f}", "–", "–"],
        ]
    return table(heads, rows)


def _outcome(ratio: float) -> str:
    if isnan(ratio):
        return "not seen"
    return verdict(ratio, GOAL, higher_is_better=False)


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


def claims_table(claims: Sequence[Claimed]) -> str:
    """Return a row for each database: a claimed row with few and with many people.

    More people are a longer queue here, so there is no goal for the ratio.
    """
    heads = ["database", "due, few people and many", "claimed", "ms each, few people"]
    heads += ["ms each, many people", "ratio"]
    rows = []
    for engine in dict.fromkeys(each.engine for each in claims):
        few, many = sorted(
            (each for each in claims if each.engine == engine),
            key=lambda each: each.residents,
        )
        ratio = many.milliseconds / few.milliseconds
        rows.append(
            [
                engine,
                f"{few.due:,} and {many.due:,}",
                f"{few.rows:,} and {many.rows:,}",
                f"{few.milliseconds:.3f}",
                f"{many.milliseconds:.3f}",
                f"{ratio:.2f}",
            ]
        )
    return table(heads, rows)
