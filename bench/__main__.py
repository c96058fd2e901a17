"""All measurements, as the Markdown that stands in `docs/performance.md`."""

import click

from bench.chaos.report import kill_report
from bench.chaos.run import LOCAL_POSTGRES, Chaos, databases
from bench.inbound import Contest
from bench.inbound import measure as measure_inbound
from bench.kill import measure as measure_kills
from bench.report import inbound_report, machine
from bench.start import measure as measure_start
from bench.start import start_report


@click.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=8.0, show_default=True)
@click.option("--kills", default=200, show_default=True, help="On each database.")
@click.option("--server", default=LOCAL_POSTGRES, show_default=True)
def main(rounds: int, seconds: float, kills: int, server: str) -> None:
    """Measure everything; takes about forty minutes with the defaults.

    Six of them are for speed, the rest is for the kills. Exits 1 if a message was not
    answered or a promise was broken.
    """
    contest = Contest(rounds=rounds, seconds=seconds)
    where = machine()
    starts = measure_start(5)
    runs = measure_inbound(contest)
    killed = [
        measure_kills(Chaos(each, kills, server=server)) for each in databases(server)
    ]
    parts = [
        where,
        "## Start",
        start_report(starts),
        f"## {contest.residents} residents, {seconds:g} s, median of {rounds} rounds",
        inbound_report(runs),
        "## Kills",
        kill_report(killed),
    ]
    click.echo("\n\n".join(parts))
    broken = any(run.findings.lines for run in killed)
    if broken or any(run.figures.failures for run in runs):
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
