"""A simulated city with crashes at every commit keeps its promises.

`BUURTSTEM_SIMULATE` is how many messages are simulated, spread over seeds that run side
by side; a violation is replayed with what the failure says.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context

import pytest

from tests.need import postgres_url
from tests.simulation.running import Report, simulate
from tests.worlds import empty_postgres

MESSAGES = int(os.environ.get("BUURTSTEM_SIMULATE", "150"))
PER_SEED = 5_000
"""So few that a person replays them in half a minute."""

ON_POSTGRES = min(1_000, MESSAGES)


def simulated(messages: int) -> Iterator[Report]:
    """Simulate so many messages, in as many seeds as it takes."""
    seeds = range(1, -(-messages // PER_SEED) + 1)
    if len(seeds) == 1:
        yield simulate(1, messages)
        return
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        yield from pool.map(simulate, seeds, repeat(PER_SEED))


def faults(report: Report, messages: int) -> list[str]:
    """Return what went wrong, and how to see it again."""
    again = f"python -m tests.simulation --seed {report.seed} --messages {messages}"
    return [f"{again}\n{each}" for each in report.violations[:5]]


@pytest.mark.timeout(3_000)
def test_no_promise_is_broken_whatever_crashes() -> None:
    reports, each = list(simulated(MESSAGES)), min(MESSAGES, PER_SEED)
    print(*reports, sep="\n")
    assert [fault for report in reports for fault in faults(report, each)] == []
    assert sum(report.messages for report in reports) >= MESSAGES


@pytest.mark.timeout(600)
def test_nor_is_one_on_postgres() -> None:
    with empty_postgres(postgres_url()) as url:
        report = simulate(1, ON_POSTGRES, url)
    assert faults(report, ON_POSTGRES) == []
    assert report.messages >= ON_POSTGRES


def test_a_seed_says_everything() -> None:
    """What goes wrong can be replayed: nothing depends on the machine or the moment."""
    first, second = simulate(5, 60), simulate(5, 60)
    assert first.trail == second.trail != []
    assert first.steps == second.steps
