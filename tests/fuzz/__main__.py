"""Fuzzes, or replays one request: `python -m tests.fuzz --seed 7 --number 123456`."""

import argparse
import sys
from collections.abc import Iterator

from tests.fuzz.court import BODIES
from tests.fuzz.judges import Finding
from tests.fuzz.processes import PRINCIPALS, Order, fuzz
from tests.fuzz.running import BATCH, Batch, Found, Report, run_batch, templates
from tests.fuzz.shrinking import Shrinker, keep


def main() -> int:
    """Run what was asked for; show each finding as small as it gets."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--what", default=BODIES, choices=(BODIES, *PRINCIPALS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, help="replay up to this request")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--server", default="sqlite", help="or PostgreSQL's, by its URL"
    )
    parser.add_argument("--keep", action="store_true", help="write cases for the tests")
    given = parser.parse_args()
    if given.number is not None:
        report = replayed(given.what, given.seed, given.number, given.server)
    else:
        order = Order(given.what, given.seed, given.requests, given.server)
        report = fuzz(order, given.processes)
    print(table(report))
    for line in shown(report, given.server, to_keep=given.keep):
        print(line)
    return 1 if report.found else 0


def replayed(what: str, seed: int, number: int, server: str) -> Report:
    """Run the batch of a request up to it."""
    batch = Batch(what, seed, number // BATCH)
    with templates(server) as made:
        return run_batch(made, batch, number % BATCH)


def table(report: Report) -> str:
    """Return how many were answered how, a line for each kind."""
    rows = [
        f"{count:>9,}  {kind} {seal} {status}"
        for (kind, seal, status), count in sorted(report.answers.items())
    ]
    most = ", ".join(f"{name} {count:,}" for name, count in report.made.most_common())
    rows.append(f"rows made: {most or 'none'}")
    pace = report.requests / report.seconds if report.seconds else 0
    rows.append(
        f"{report.requests:>9,}  requests, {pace:,.0f} for a second of processor,"
        f" {len(report.found)} findings"
    )
    return "\n".join(rows)


def shown(report: Report, server: str, *, to_keep: bool) -> Iterator[str]:
    """Yield each different finding with the requests that show it."""
    different: dict[Finding, Found] = {}
    for found in report.found:
        different.setdefault(found.finding, found)
    if not different:
        return
    with templates(server) as made:
        for found in different.values():
            yield f"\n{found}"
            smallest = Shrinker(made).shrink(found)
            yield from (f"  {asked}" for asked in smallest[-5:])
            if to_keep:
                yield f"  kept in {keep(found, smallest).name}"


if __name__ == "__main__":
    sys.exit(main())
