"""How long the product takes to be ready, and what it holds when nobody writes."""

import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click

from bench.contestants import prepare_product, product
from bench.processes import Memory, memory
from bench.report import machine, table, verdict
from bench.servers import bot_api, free_port, heard, wait_until_ready

SECONDS_GOAL = 2.0
MEGABYTES_GOAL = 150.0
REST = 2.0  # seconds between ready and weighing


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from process start to `/readyz` 200, and the memory at rest."""

    seconds: float
    memory: Memory


def measured(prepared: Path) -> Start:
    """Start the product once, wait until it is ready and has come to rest, weigh it.

    Telegram is on, as in a city; there is no model.
    """
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, bot_api() as provider:
        api = f"http://127.0.0.1:{heard(provider)['port']}"
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
        begin = time.monotonic()
        with product(port, api, Path(folder)) as process:
            wait_until_ready(process, port)
            seconds = time.monotonic() - begin
            time.sleep(REST)
            return Start(seconds, memory(process.pid))


def measure(times: int) -> list[Start]:
    """Start the product so many times, one after the other."""
    with tempfile.TemporaryDirectory() as prepared:
        prepare_product(Path(prepared))
        return [measured(Path(prepared)) for _ in range(times)]


def start_report(starts: list[Start]) -> str:
    """Return the medians and their goals as Markdown."""
    seconds = statistics.median(start.seconds for start in starts)
    pss = statistics.median(start.memory.pss for start in starts)
    rss = statistics.median(start.memory.rss for start in starts)
    count = starts[0].memory.processes
    rows = [
        ["start to ready", f"median of {len(starts)}", f"{seconds:.2f} s"],
        ["memory at rest", f"PSS of {count} processes", f"{pss:.0f} MB"],
        ["memory at rest", f"RSS of {count} processes", f"{rss:.0f} MB"],
    ]
    fast = verdict(seconds, SECONDS_GOAL, higher_is_better=False)
    small = verdict(pss, MEGABYTES_GOAL, higher_is_better=False)
    rows[0] += [f"{SECONDS_GOAL:g} s", fast]
    rows[1] += [f"{MEGABYTES_GOAL:g} MB", small]
    rows[2] += ["–", "shared pages counted for each process"]
    return table(["what", "how", "seen", "goal", "outcome"], rows)


@click.command()
@click.option("--times", default=5, show_default=True)
def main(times: int) -> None:
    """Measure start and memory; Markdown on stdout."""
    where = machine()
    click.echo(f"{where}\n\n{start_report(measure(times))}")


if __name__ == "__main__":
    main()
