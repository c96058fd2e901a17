"""One count by our own engine, in a process of its own: seconds and memory as JSON."""

import json
import time
from dataclasses import replace
from pathlib import Path

import click

from bench.processes import peak_megabytes
from tally import Rule, Settings, count
from tally.pabulib import read_file

WAYS = {
    "greedy": (Rule.SKIP, None),
    "one run": (Rule.EQUAL_SHARES, None),
    "with increase": (Rule.EQUAL_SHARES, 100),
}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("way", type=click.Choice(list(WAYS)))
def main(file: Path, way: str) -> None:
    """Read FILE and count it, ties and margins too."""
    begin = time.process_time()
    document = read_file(file)
    read = time.process_time()
    rule, increase = WAYS[way]
    settings = Settings(rule, document.settings.ties)
    outcome = count(document.election, replace(settings, increase=increase))
    seen = {
        "reading": read - begin,
        "seconds": time.process_time() - begin,
        "megabytes": peak_megabytes(),
        "chosen": sorted(outcome.chosen),
    }
    click.echo(json.dumps(seen))


if __name__ == "__main__":
    main()
