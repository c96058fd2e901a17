"""The commands that check the chain of a vote, and that of the audit trail."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import Builder, settings_or_exit

if TYPE_CHECKING:
    from bot.services.trail_checks import CheckedTrail
    from bot.services.verifying import Checked


@click.group()
def audit() -> None:
    """The public chain of a vote, and the chain of the audit trail."""


@audit.command()
@click.option(
    "--round", "slug", metavar="ROUND", help="The chain kept here, and the box."
)
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A chain.json that was published. Needs no settings and no database.",
)
@click.option("--noted", multiple=True, help="A value that was written down before.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
@click.pass_obj
def verify(
    build: Builder,
    slug: str | None,
    file: Path | None,
    noted: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Check that nothing in a chain was changed afterwards; exit 1 if it was.

    With --round also that the ballot box holds exactly the ballots of the chain.
    """
    from bot.services.verifying import NoChainError

    if (slug is None) == (file is None):
        raise click.UsageError("Name either --round or --file.")
    try:
        found = _of_file(file, noted) if file else _of_round(build, slug or "", noted)
    except NoChainError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(json.dumps(asdict(found)) if as_json else _told(found))
    if found.faults:
        raise SystemExit(1)


@audit.command()
@click.option("--noted", multiple=True, help="A value that was held before.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
@click.pass_obj
def trail(build: Builder, noted: tuple[str, ...], *, as_json: bool) -> None:
    """Check that no line of the audit trail was changed; exit 1 if one was.

    The last value it prints is to be held outside: --noted asks for it again.
    """
    from bot.services.trail_checks import check_trail

    found = check_trail(build(settings_or_exit()), noted)
    click.echo(json.dumps(asdict(found)) if as_json else _told_trail(found))
    if found.faults:
        raise SystemExit(1)


def _told_trail(found: "CheckedTrail") -> str:
    rows = [
        f"{found.entries} lines, last value {found.value}",
        *(f"Wrong: {each}." for each in found.faults),
    ]
    if found.gone:
        rows.append(f"{found.gone} of them went with the records of their rounds.")
    if found.loose:
        rows.append(f"{found.loose} lines are not in the chain yet: within the hour.")
    if not found.faults:
        rows.append("Nothing was changed afterwards.")
    return "\n".join(rows)


def _of_round(build: Builder, slug: str, noted: tuple[str, ...]) -> "Checked":
    from bot.services.verifying import check_round

    return check_round(build(settings_or_exit()), slug, noted)


def _of_file(file: Path, noted: tuple[str, ...]) -> "Checked":
    from bot.services.verifying import NoChainError, chain_from_json, check_chain

    try:
        data = json.loads(file.read_text("utf-8"))
    except ValueError as fault:
        raise NoChainError(f"{file} is no JSON.") from fault
    return check_chain(*chain_from_json(data), noted)


def _told(found: "Checked") -> str:
    rows = [
        f"{found.entries} entries, {found.ballots} ballots, last value {found.value}",
        *(f"Wrong: {each}." for each in found.faults),
    ]
    if found.loose:
        rows.append(f"{found.loose} ballots in the box wait for their entry.")
    if not found.faults:
        rows.append("Nothing was changed afterwards.")
    return "\n".join(rows)
