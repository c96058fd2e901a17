"""All measurements, as the Markdown that stands in `docs/performance.md`."""

import click

from bench.growth import Growth
from bench.growth import measure as measure_growth
from bench.growth_report import growth_report
from bench.inbound import Contest
from bench.inbound import measure as measure_inbound
from bench.report import inbound_report, machine
from bench.start import measure as measure_start
from bench.start import start_report


@click.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=8.0, show_default=True)
@click.option("--quick", is_flag=True, help="Small sizes: only try the machinery.")
def main(rounds: int, seconds: float, *, quick: bool) -> None:
    """Measure everything; takes about twenty minutes with the defaults.

    The first time some more: two databases are filled with a million people.
    """
    contest = Contest(rounds=rounds, seconds=seconds)
    growth = Growth(seconds=seconds)
    if quick:
        contest, growth = Contest(rounds=1, seconds=1.0), growth.quick()
    where = machine()
    starts = measure_start(5)
    runs = measure_inbound(contest)
    visits, rests = measure_growth(growth)
    parts = [
        where,
        "## Start",
        start_report(starts),
        f"## {contest.residents} residents, {seconds:g} s, median of {rounds} rounds",
        inbound_report(runs),
        f"## {growth.large:,} residents beside {growth.small:,}",
        growth_report(visits, rests),
    ]
    click.echo("\n\n".join(parts))
    if any(each.figures.failures for each in (*runs, *visits)):
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
