"""Commands for rounds: the file, the opening of the vote, and what is frozen then."""

import json
from dataclasses import asdict
from pathlib import Path

import click

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")


@click.group("round")
def rounds() -> None:
    """Rounds: their files, and the opening of a vote."""


@rounds.command("check")
@click.argument("file", type=_FILE)
@_JSON
def check(file: Path, *, as_json: bool) -> None:
    """Check a round FILE; name every fault with its place. Exit code 1: there is one.

    Needs no settings and no database.
    """
    from bot.services.round_files import FaultyRoundError, read_round_file

    try:
        read_round_file(file.read_bytes())
        faults = []
    except FaultyRoundError as error:
        faults = [asdict(each) for each in error.faults]
        if not as_json:
            click.echo(str(error))
    if as_json:
        told = {"file": str(file), "ok": not faults, "faults": faults}
        click.echo(json.dumps(told, ensure_ascii=False))
    elif not faults:
        click.echo(f"{file}: no faults.", err=True)
    if faults:
        raise SystemExit(1)
