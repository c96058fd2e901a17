"""Answered messages per second, over the Telegram webhook, beside peers and a floor.

Every contestant is measured in a fresh process against a fresh Bot API, in turns, so
that a slow minute of the machine hits all; the ratios are taken within each round.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from bench.contestants import (
    NAMES,
    PRODUCTS,
    SECRET,
    Prepared,
    on_postgres,
    prepared,
    started,
)
from bench.figures import Figures, Run, Visit
from bench.postgres import lack
from bench.report import inbound_report, machine
from bench.sampled import samples_report
from bench.servers import bot_api, free_port, heard, told


@dataclass(frozen=True, slots=True)
class Contest:
    """What to measure: `latencies` and `seconds` are in seconds."""

    residents: int = 32
    seconds: float = 8.0
    latencies: tuple[float, ...] = (0.0, 0.05)
    who: tuple[str, ...] = NAMES
    rounds: int = 3
    show: bool = False
    profile: bool = False


def measured(
    who: str, latency: float, contest: Contest, beginning: Prepared
) -> Figures:
    """Start a contestant and its Bot API, let the crowd talk, end both."""
    port = free_port()
    with bot_api() as provider:
        api = f"http://127.0.0.1:{heard(provider)['port']}"
        module = "bench.sampled" if contest.profile else "bot"
        with started(who, port, api, beginning, module) as (pid, folder):
            visit = Visit(
                port=port,
                secret=SECRET,
                pid=pid,
                residents=contest.residents,
                seconds=contest.seconds,
                latency=latency,
                show=contest.show,
            )
            told(provider, asdict(visit))
            figures = Figures(**heard(provider))
            if contest.profile and who in PRODUCTS:
                click.echo(samples_report(folder))
        return figures


def runs(contest: Contest) -> Iterator[Run]:
    """Measure everybody, in turns, round after round."""
    names = _measurable(contest.who)
    with prepared(names) as beginning:
        for number in range(contest.rounds):
            for latency in contest.latencies:
                for who in names:
                    figures = measured(who, latency, contest, beginning)
                    yield Run(who, latency, number, figures)


def _measurable(names: Iterable[str]) -> list[str]:
    """Leave out, and say so, whoever needs a PostgreSQL that does not answer."""
    names = list(names)
    reason = lack() if any(map(on_postgres, names)) else None
    if reason is None:
        return names
    click.echo(reason, err=True)
    return [name for name in names if not on_postgres(name)]


def measure(contest: Contest) -> list[Run]:
    """Measure everybody and tell on stderr how it goes."""
    done = []
    for run in runs(contest):
        figures = run.figures
        click.echo(
            f"round {run.round + 1}  {run.latency * 1000:3.0f} ms  {run.who:11}"
            f"{figures.per_second:8.1f}/s  p50 {figures.p50_ms:7.1f}  p99 "
            f"{figures.p99_ms:7.1f} ms  cores {figures.bot_cores:.2f} "
            f"+ {figures.crowd_cores:.2f}  {figures.failures or ''}",
            err=True,
        )
        done.append(run)
    return done


def _seconds(_: click.Context, __: click.Parameter, value: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in value.split(","))
    except ValueError as error:
        raise click.BadParameter("seconds, parted by commas") from error


def _names(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(value.split(","))
    if not set(names) <= set(NAMES):
        raise click.BadParameter(f"some of {', '.join(NAMES)}, parted by commas")
    return names


@click.command()
@click.option("--residents", default=32, show_default=True)
@click.option("--seconds", default=8.0, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--latency", "latencies", default="0,0.05", callback=_seconds)
@click.option("--who", default=",".join(NAMES), callback=_names, show_default=True)
@click.option("--show", is_flag=True, help="Print the talk each contestant has.")
@click.option("--profile", is_flag=True, help="Print where the product's time goes.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="All runs.")
def main(out: Path | None, **options: object) -> None:
    """Measure answered messages per second; Markdown on stdout, progress on stderr.

    Exits 1 if a message was not answered.
    """
    contest = Contest(**options)  # type: ignore[arg-type]
    where = machine()
    done = measure(contest)
    if out:
        out.write_text(json.dumps([asdict(run) for run in done], indent=1))
    click.echo(f"{where}\n\n{inbound_report(done)}")
    if any(run.figures.failures for run in done):
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
