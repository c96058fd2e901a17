"""Figures as Markdown, held against the goals."""

import os
import platform
import statistics
from collections import Counter
from collections.abc import Callable, Iterable

from bench.figures import Figures, Run

# Answered messages per second of the product over those of another, by latency.
GOALS = {
    ("ptb", 0.0): 0.7,
    ("ptb", 0.05): 18.0,
    ("aiogram", 0.05): 0.8,
    ("floor", 0.0): 0.6,
    ("floor", 0.05): 0.6,
    ("floor-pg", 0.0): 0.6,
    ("floor-pg", 0.05): 0.6,
}
LABELS = {
    "product": "Buurtstem",
    "floor": "floor: one commit, one send",
    "ptb": "python-telegram-bot",
    "aiogram": "aiogram",
    "product-pg": "Buurtstem on PostgreSQL",
    "product-pg2": "Buurtstem on PostgreSQL, 2 processes",
    "floor-pg": "floor on PostgreSQL",
}
BESIDE = {
    "product": ("floor", "ptb", "aiogram"),
    "product-pg": ("floor-pg", "ptb", "aiogram", "product"),
    "product-pg2": ("product-pg",),
}
"""Whose figures each is divided by."""


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; all columns but the first two are figures."""
    heads = list(heads)
    lines = [heads, ["---", "---", *("---:" for _ in heads[2:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """Return one line about where the figures come from."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python "
        f"{platform.python_version()}, load {os.getloadavg()[1]:.1f} over five minutes."
    )


def inbound_report(runs: list[Run]) -> str:
    """Return both tables: what each did, and the ratios against the goals."""
    parts = [figures_table(runs)]
    if pairs(runs):
        parts.append(ratio_table(runs))
    return "\n\n".join(parts)


def figures_table(runs: list[Run]) -> str:
    """Return a row for each contestant and latency: medians, and the range seen."""
    heads = ["provider", "who", "answered/s", "lowest–highest", "p50 ms", "p99 ms"]
    heads += ["cores used", "not answered"]
    return table(heads, (_figures_row(runs, *key) for key in keys(runs)))


def keys(runs: list[Run]) -> list[tuple[str, float]]:
    """Return who was measured at which latency, each once, by latency."""
    seen = dict.fromkeys((run.who, run.latency) for run in runs)
    return sorted(seen, key=lambda key: key[1])


def of(runs: list[Run], who: str, latency: float) -> list[Figures]:
    """Return one contestant's figures in the order of the rounds."""
    return [r.figures for r in runs if (r.who, r.latency) == (who, latency)]


def _figures_row(runs: list[Run], who: str, latency: float) -> list[str]:
    found = of(runs, who, latency)

    def median(pick: Callable[[Figures], float]) -> float:
        return statistics.median(map(pick, found))

    rates = [figures.per_second for figures in found]
    failures = sum((Counter(figures.failures) for figures in found), Counter[str]())
    return [
        f"{latency * 1000:.0f} ms",
        LABELS[who],
        f"{statistics.median(rates):.0f}",
        f"{min(rates):.0f}–{max(rates):.0f}",
        f"{median(lambda figures: figures.p50_ms):.1f}",
        f"{median(lambda figures: figures.p99_ms):.1f}",
        f"{median(lambda figures: figures.bot_cores):.2f}",
        ", ".join(f"{n} {why}" for why, n in failures.items()) or "0",
    ]


def pairs(runs: list[Run]) -> list[tuple[str, str, float]]:
    """Return whom to hold against whom, at which latency."""
    seen = keys(runs)
    return [
        (who, other, latency)
        for who, latency in seen
        for other in BESIDE.get(who, ())
        if (other, latency) in seen
    ]


def ratio_table(runs: list[Run]) -> str:
    """Return a row for each pair and latency: ratio, goal, distance."""
    heads = ["provider", "who", "over", "ratio", "goal", "outcome"]
    return table(heads, (_ratio_row(runs, *pair) for pair in pairs(runs)))


def _ratio_row(runs: list[Run], who: str, other: str, latency: float) -> list[str]:
    rounds = zip(of(runs, who, latency), of(runs, other, latency), strict=True)
    ratio = statistics.median(
        ours.per_second / theirs.per_second for ours, theirs in rounds
    )
    goal = GOALS.get((other, latency))
    return [
        f"{latency * 1000:.0f} ms",
        LABELS[who],
        LABELS[other],
        f"{ratio:.2f}",
        f"{goal:g}" if goal else "–",
        verdict(ratio, goal, higher_is_better=True) if goal else "–",
    ]


def verdict(seen: float, goal: float, *, higher_is_better: bool) -> str:
    """Say whether a goal is met, and by how much of it."""
    ahead = (seen / goal - 1) * (1 if higher_is_better else -1)
    return f"{'met' if ahead >= 0 else 'missed'} by {abs(ahead):.0%}"
