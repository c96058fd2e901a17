"""Broadcast bookkeeping: messages per second that workers claim, hand on, write down.

The channel takes everything at once and nothing waits for a network, so what is left is
our own work: the claim, the lease, the outcome. Databases and numbers of workers take
turns within a round, so that a slow minute of the machine hits all.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import click

from bench import postgres
from bench.bookkeeper import CHANNEL
from bench.outbox import empty, fill
from bench.processes import machine_seconds
from bench.report import machine, table
from bench.servers import ROOT, heard

WHATSAPP = 80
"""Messages a second that WhatsApp takes from one sender."""

TIMES = 10
FASTER = 1.6
FULL = 0.95
FLAT = 1.25


@dataclass(frozen=True, slots=True)
class Emptying:
    """An outbox emptied: by how many workers, how fast, at which cost.

    `cores` are those of the workers, `busy` those of the whole machine, with the
    database server's; `megabytes` is the most that one worker held.
    """

    database: str
    workers: int
    count: int
    per_second: float
    cores: float
    busy: float
    megabytes: float


def emptied(database: str, workers: int, count: int) -> Emptying:
    """Fill an outbox and let so many workers empty it. Raises if one is left over."""
    with empty(database) as url, ExitStack() as stack:
        fill(url, CHANNEL, count)
        started = [stack.enter_context(_worker(url)) for _ in range(workers)]
        for each in started:
            heard(each)
        before = machine_seconds()
        for each in started:
            assert each.stdin is not None
            each.stdin.write("go\n")
        told = [heard(each) for each in started]
        used = machine_seconds() - before
    sent = sum(each["sent"] for each in told)
    if sent != count:
        raise click.ClickException(f"{count} were owed, {sent} were sent")
    seconds = max(each["seconds"] for each in told)
    return Emptying(
        database=database,
        workers=workers,
        count=count,
        per_second=count / seconds,
        cores=sum(each["cpu"] for each in told) / seconds,
        busy=used / seconds,
        megabytes=max(each["megabytes"] for each in told),
    )


@contextmanager
def _worker(url: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.bookkeeper", url],
        cwd=ROOT,
        text=True,
        bufsize=1,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        yield process
        process.kill()


def measure(rounds: int, small: int, large: int) -> list[Emptying]:
    """Measure every database and number of workers, in turns."""
    who = [("SQLite", 1)]
    if lack := postgres.lack():
        click.echo(lack, err=True)
    else:
        who += [("PostgreSQL", 1), ("PostgreSQL", 4)]
    done = []
    for _ in range(rounds):
        for count in (small, large):
            for database, workers in who:
                found = emptied(database, workers, count)
                click.echo(
                    f"{database:10} {workers} workers {count:7} messages "
                    f"{found.per_second:9.0f}/s {found.cores:5.2f} cores "
                    f"{found.busy:5.2f} in all "
                    f"{found.megabytes:6.1f} MB",
                    err=True,
                )
                done.append(found)
    return done


def broadcast_report(done: list[Emptying]) -> str:
    """Return the figures as Markdown: rows, then the goals."""
    groups: dict[tuple[str, int, int], list[Emptying]] = {}
    for each in done:
        groups.setdefault((each.database, each.workers, each.count), []).append(each)
    rows = [
        [
            database,
            str(workers),
            f"{count:,}",
            f"{_median(group, 'per_second'):,.0f}",
            f"{_median(group, 'cores'):.2f}",
            f"{_median(group, 'busy'):.2f}",
            f"{_median(group, 'megabytes'):.0f}",
        ]
        for (database, workers, count), group in groups.items()
    ]
    titles = ["database", "workers", "messages", "per second", "cores"]
    titles += ["of the machine", "MB at most"]
    return "\n\n".join([table(titles, rows), _goals(groups)])


def _median(group: list[Emptying], name: str) -> float:
    return float(statistics.median(getattr(each, name) for each in group))


@dataclass(frozen=True, slots=True)
class _Goal:
    """A ratio that was seen beside the one that is wanted."""

    what: str
    seen: float
    wanted: float
    at_least: bool = True

    @property
    def row(self) -> list[str]:
        met = self.seen >= self.wanted if self.at_least else self.seen <= self.wanted
        goal = f"at {'least' if self.at_least else 'most'} {self.wanted:g}"
        return [self.what, f"{self.seen:.2f}", goal, "met" if met else "missed"]


def _goals(groups: dict[tuple[str, int, int], list[Emptying]]) -> str:
    counts = [count for *_, count in groups]
    small, large = min(counts), max(counts)
    goals = []
    for database in dict.fromkeys(name for name, *_ in groups):
        many, few = groups[database, 1, large], groups[database, 1, small]
        times = _median(many, "per_second") / WHATSAPP
        goals.append(_Goal(f"{database}, over WhatsApp's {WHATSAPP}/s", times, TIMES))
        held = _median(many, "megabytes") / _median(few, "megabytes")
        what = f"{database}, memory for {large:,} over {small:,}"
        goals.append(_Goal(what, held, FLAT, at_least=False))
    if four := groups.get(("PostgreSQL", 4, large)):
        one = _median(groups["PostgreSQL", 1, large], "per_second")
        ratio = _median(four, "per_second") / one
        goals.append(_Goal("PostgreSQL, four workers over one, or …", ratio, FASTER))
        full = _median(four, "busy") / (os.cpu_count() or 1)
        goals.append(_Goal("… all cores of the machine busy", full, FULL))
    heads = ["what", "ratio", "goal", "outcome"]
    return table(heads, [goal.row for goal in goals])


@click.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--small", default=1_000, show_default=True)
@click.option("--large", default=100_000, show_default=True)
def main(rounds: int, small: int, large: int) -> None:
    """Measure broadcast bookkeeping; Markdown on stdout, progress on stderr."""
    where = machine()
    click.echo(f"{where}\n\n{broadcast_report(measure(rounds, small, large))}")


if __name__ == "__main__":
    main()
