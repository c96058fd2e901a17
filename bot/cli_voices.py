"""Commands for what is read aloud: prompts rendered ahead, and read by people."""

import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import Builder, settings_or_exit
from bot.domain.languages import LANGUAGES

if TYPE_CHECKING:
    from bot.services.house import House

_SILENT = (
    "Nothing is read aloud here: VOICE_ENGINE is none, or its voice cannot be had. "
    "`buurtstem doctor` says which."
)
_EXISTING = click.Path(exists=True, file_okay=False, path_type=Path)
_LANGUAGE = click.Choice(LANGUAGES)


@click.group()
def voices() -> None:
    """What is read aloud to residents."""


@voices.command("render")
@click.option("--language", type=_LANGUAGE, multiple=True, help="Default: all four.")
@click.pass_obj
def render(build: Builder, language: tuple[str, ...]) -> None:
    """Make the sound of every prompt that never changes, ahead of its first hearing.

    What is there stays; run again after a change of voice or words. Exit code 1: some
    could not be made.
    """
    from bot.services.prompts import prompts, render_all

    house = _speaking(build)
    pieces = prompts(language or LANGUAGES)
    with click.progressbar(
        render_all(house, pieces), length=len(pieces), label="Reading", file=sys.stderr
    ) as rendering:
        counts = Counter(each.outcome for each in rendering)
    click.echo(f"{counts['made']} made, {counts['there']} there already.", err=True)
    if counts["failed"]:
        raise click.ClickException(
            f"{counts['failed']} could not be made. The log says why; run it again."
        )


@voices.command("script")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--language", type=_LANGUAGE, multiple=True, help="Default: all four.")
def write_out(folder: Path, language: tuple[str, ...]) -> None:
    """Write what people are to read aloud into FOLDER, a table for each language.

    Each line names the file that its recording is to be.
    """
    from bot.services.prompts import write_script

    folder.mkdir(parents=True, exist_ok=True)
    for each in language or LANGUAGES:
        path = folder / f"{each}.csv"
        click.echo(f"{path}: {write_script(path, each)} lines")


@voices.command("import")
@click.argument("folder", type=_EXISTING)
@click.option("--language", type=_LANGUAGE, required=True, help="What is read there.")
@click.option("--by", required=True, help="Who reads, for the record.")
@click.pass_obj
def take(build: Builder, folder: Path, language: str, by: str) -> None:
    """Take recordings by people from FOLDER; each replaces the computer's voice.

    A file is named as its line in the script says, like 3f9c0a1b7d2e.m4a. One that is
    silent, cut or too loud is left out with its reason. Exit code 1: some were.
    """
    from bot.services.prompts import import_recordings

    house = build(settings_or_exit())
    heard = list(import_recordings(house, folder, language, by))
    for each in heard:
        if not each.taken:
            click.echo(f"{each.file}: not taken, {each.why}", err=True)
    taken = sum(each.taken for each in heard)
    click.echo(f"{taken} taken, {len(heard) - taken} not.")
    raise SystemExit(0 if taken == len(heard) else 1)


@voices.command("show")
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
@click.pass_obj
def show(build: Builder, *, as_json: bool) -> None:
    """Show how many prompts people have read, and how many are rendered."""
    from bot.services.prompts import state_of

    house = build(settings_or_exit())
    states = [state_of(house, each) for each in LANGUAGES]
    if as_json:
        click.echo(json.dumps([asdict(each) for each in states]))
        return
    for each in states:
        click.echo(
            f"{each.language}: {each.prompts} prompts, {each.recorded} read by people, "
            f"{each.rendered} rendered"
        )


def _speaking(build: Builder) -> "House":
    """Build a house that can read aloud, or say why it cannot."""
    house = build(settings_or_exit())
    if house.voice is None:
        raise click.ClickException(_SILENT)
    return house
