"""Fuzzing at full size: bodies, then the desk by every role and by a stranger.

The requests and the judges are those of `tests/fuzz`; here are the numbers, and a third
way to make bodies: coverage-guided, by atheris, which keeps what reaches new code.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

import click

from tests.fuzz.__main__ import shown, table
from tests.fuzz.court import BODIES
from tests.fuzz.processes import PRINCIPALS, Order, fuzz
from tests.fuzz.running import Report

HERE = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


@dataclass(frozen=True, slots=True)
class Size:
    """How much is sent: bodies in all, by atheris, and requests of each principal."""

    bodies: int = 1_000_000
    guided: int = 50_000
    per_role: int = 100_000

    def quick(self) -> "Size":
        return Size(2_000, 500, 200)


def measure(size: Size, seed: int, server: str = "sqlite") -> dict[str, Report]:
    """Send everything; return what came of it, by who it came from."""
    found = {BODIES: fuzz(Order(BODIES, seed, size.bodies, server), HERE)}
    for role in PRINCIPALS:
        found[role] = fuzz(Order(role, seed, size.per_role, server), HERE)
    return found


def guide(runs: int, seed: int) -> str:
    """Let atheris send bodies in a process of its own; return how that went."""
    if find_spec("atheris") is None:
        return "atheris is not here: no coverage-guided bodies (`make setup-bench`)"
    command = [sys.executable, "-m", "bench.guided", f"-runs={runs}", f"-seed={seed}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    last = [line for line in done.stderr.splitlines() if line.strip()][-1:]
    verdict = "0 findings" if done.returncode == 0 else f"FOUND: {done.stdout[-800:]}"
    return f"{runs:,} bodies guided by coverage: {verdict} ({''.join(last)[:120]})"


def fuzz_report(reports: dict[str, Report]) -> str:
    """Return a Markdown table: a row for the bodies and one for each principal."""
    rows = [
        "| What | Requests | a second of processor | 5xx | Findings |",
        "|---|---|---|---|---|",
    ]
    for what, report in reports.items():
        bad = sum(n for (_, _, code), n in report.answers.items() if code >= 500)
        pace = report.requests / report.seconds if report.seconds else 0
        rows.append(
            f"| {what} | {report.requests:,} | {pace:,.0f} | {bad} "
            f"| {len(report.found)} |"
        )
    return "\n".join(rows)


def faults(reports: dict[str, Report], server: str = "sqlite") -> Iterator[str]:
    """Yield every finding, as small as it gets."""
    for report in reports.values():
        yield from shown(report, server, to_keep=True)


@click.command("fuzz")
@click.option("--bodies", default=Size().bodies, show_default=True)
@click.option("--guided", default=Size().guided, show_default=True)
@click.option("--per-role", default=Size().per_role, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--server", default="sqlite", show_default=True)
def main(bodies: int, guided: int, per_role: int, seed: int, server: str) -> None:
    """Fuzz; exits 1 where anything is found, which is then kept as a case."""
    reports = measure(Size(bodies, guided, per_role), seed, server)
    for what, report in reports.items():
        click.echo(f"\n{what}\n{table(report)}")
    click.echo(f"\n{fuzz_report(reports)}")
    click.echo(f"\n{guide(guided, seed)}" if guided else "")
    found = list(faults(reports, server))
    click.echo("\n".join(found))
    if found:
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
