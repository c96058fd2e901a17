"""Kills the product's processes at random, under load, and holds it to its promises.

Simulated residents talk over both messengers' real protocols to real processes whose
providers misbehave; afterwards the database and what both providers saw must agree.
"""

import tempfile
from pathlib import Path

import click

from bench.chaos.report import kill_report
from bench.chaos.run import DATABASES, LOCAL_POSTGRES, Chaos, Run
from bench.chaos.run import databases as reachable
from bench.chaos.run import run as run_once
from bench.report import machine


def measure(chaos: Chaos, folder: Path | None = None) -> Run:
    """Hold one run; what it wrote is kept if there is a `folder`.

    Raises FileExistsError if there is a run of this seed in it already.
    """
    if folder is not None:
        folder = folder / f"{chaos.database}-{chaos.seed}"
        folder.mkdir(parents=True)
        return run_once(chaos, folder)
    with tempfile.TemporaryDirectory() as passing:
        return run_once(chaos, Path(passing))


@click.command()
@click.option("--kills", default=200, show_default=True)
@click.option(
    "--database",
    "databases",
    type=click.Choice(DATABASES),
    multiple=True,
    help="Default: each that answers here.",
)
@click.option("--seed", default=1, show_default=True)
@click.option("--residents", default=60, show_default=True)
@click.option("--server", default=LOCAL_POSTGRES, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep logs and data.")
def main(
    kills: int,
    databases: tuple[str, ...],
    seed: int,
    residents: int,
    server: str,
    folder: Path | None,
) -> None:
    """Kill and check; Markdown on stdout. Exits 1 if a promise was broken.

    A seed makes the same decisions again; the instants are those of the machine.
    """
    runs = []
    for database in databases or reachable(server):
        chaos = Chaos(database, kills, seed, residents, server)
        runs.append(measure(chaos, folder))
    click.echo(f"{machine()}\n\n{kill_report(runs)}")
    if any(each.findings.lines for each in runs):
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
