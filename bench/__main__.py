"""All measurements, as the Markdown that stands in `docs/performance.md`."""

import click

from bench.inbound import Contest
from bench.inbound import measure as measure_inbound
from bench.report import inbound_report, machine
from bench.start import measure as measure_start
from bench.start import start_report


@click.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=8.0, show_default=True)
def main(rounds: int, seconds: float) -> None:
    """Measure everything; takes about six minutes with the defaults."""
    contest = Contest(rounds=rounds, seconds=seconds)
    where = machine()
    starts = measure_start(5)
    runs = measure_inbound(contest)
    parts = [
        where,
        "## Start",
        start_report(starts),
        f"## {contest.residents} residents, {seconds:g} s, median of {rounds} rounds",
        inbound_report(runs),
    ]
    click.echo("\n\n".join(parts))
    if any(run.figures.failures for run in runs):
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
