"""Batches side by side, each process with databases of its own."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from bot.services.officials import ROLES
from tests.fuzz.court import STRANGER
from tests.fuzz.running import Batch, Report, batches, run_batch, templates
from tests.guarded_network import close_network

PRINCIPALS = (STRANGER, *ROLES)


@dataclass(frozen=True, slots=True)
class Order:
    """So many requests of a kind, from a seed, to a kind of database."""

    what: str
    seed: int
    requests: int
    server: str = "sqlite"

    def batches(self) -> list[Batch]:
        return list(batches(self.what, self.seed, self.requests))


def fuzz(order: Order, processes: int = 1) -> Report:
    """Run all batches of an order, in so many processes; return what came of them."""
    shares = [order.batches()[at::processes] for at in range(processes)]
    jobs = [(order.server, share) for share in shares if share]
    total = Report()
    for report in _at_once(jobs) if len(jobs) > 1 else map(_run, jobs):
        total.add(report)
    return total


def _at_once(jobs: list[tuple[str, list[Batch]]]) -> Iterator[Report]:
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(jobs), mp_context=fresh) as pool:
        yield from pool.map(_run, jobs)


def _run(job: tuple[str, list[Batch]]) -> Report:
    """Run some batches one after the other; nothing leaves this machine."""
    server, share = job
    close_network()
    total = Report()
    with templates(server) as made:
        for batch in share:
            total.add(run_batch(made, batch))
    return total
