"""Commands for keys: which there are, a new one, and one that is destroyed."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from bot.cli import Builder, settings_or_exit
from bot.cli_acts import by_two, two_people
from bot.rings import AT_REST, PURPOSES

if TYPE_CHECKING:
    from bot.services.house import House
    from bot.services.rotating import KeyLine, Standing

_BY = "command"


class Asked(TypedDict):
    """What `keys rotate` is asked for."""

    purposes: Sequence[str]
    every: bool
    ends: bool
    wait: int
    by: str


@click.group()
def keys() -> None:
    """Keys: list, change and destroy them, begin to seal what is kept."""


@keys.command("list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def keys_list(build: Builder, *, as_json: bool) -> None:
    """List every key: for what, its id, where it comes from. Never the key itself."""
    from bot.services.rotating import list_keys

    found = list(list_keys(build(settings_or_exit())))
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in found], indent=2))
        return
    for each in found:
        since = f"since {each.begins:%Y-%m-%d %H:%M} UTC" if each.begins else ""
        can = f"not changed: {each.fixed}" if each.fixed else since
        click.echo(f"{each.purpose:<10} {each.id}  {each.source:<16} {can}".rstrip())


def _as_json(line: "KeyLine") -> dict[str, object]:
    begins = line.begins.isoformat() if line.begins else None
    return asdict(line) | {"begins": begins}


@keys.command("status")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def keys_status(build: Builder, *, as_json: bool) -> None:
    """Say of every key that can be changed how far its change is."""
    from bot.services.rotating import standings

    found = list(standings(build(settings_or_exit())))
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2))
        return
    for each in found:
        click.echo(f"{each.purpose:<10} {each.newest}  {_how_far(each)}")


def _how_far(one: "Standing") -> str:
    if not one.older:
        return "the only key"
    older, command = ", ".join(one.older), f"buurtstem keys rotate {one.purpose}"
    if one.needed:
        return f"{older} is still needed. Run: {command}"
    return f"nothing needs {older} any more. Run: {command} --finish"


@keys.command("seal")
@click.option(
    "--whole",
    is_flag=True,
    help="On PostgreSQL write the tables anew, so that old rows are gone from its "
    "files; nobody can use them meanwhile.",
)
@click.pass_obj
def keys_seal(build: Builder, *, whole: bool) -> None:
    """Seal what an earlier version kept in clear, while everything runs.

    First end all processes of the earlier version: they cannot read what is sealed.
    Broken off, it goes on when it is run again.
    """
    from bot.services.resealing import (
        begin_sealing,
        end_sealing,
        leave_no_traces,
        reseal,
    )

    house = build(settings_or_exit())
    if begin_sealing(house):
        for purpose in AT_REST:
            _count(f"{purpose} sealed", reseal(house, purpose))
        end_sealing(house)
    leave_no_traces(house, whole=whole)
    click.echo("Everything is sealed.", err=True)


@keys.command("rotate")
@click.argument("purposes", nargs=-1, type=click.Choice([*PURPOSES]))
@click.option("--all", "every", is_flag=True, help="All that can be changed.")
@click.option("--finish", "ends", is_flag=True, help="Take the old keys away.")
@click.option(
    "--wait",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Seconds until the new key is used: every process has read it by then. "
    "Longer where you carry the file to other machines.",
)
@click.option("--by", default=_BY, help="Who does it, for the trail.")
@click.pass_obj
def keys_rotate(build: Builder, **asked: Unpack[Asked]) -> None:
    """Change the key of PURPOSE while everything runs, and seal everything with it.

    Broken off, it goes on when it is run again. The old key stays for backups; with
    --finish it goes, if nothing here needs it any more.
    """
    from bot.services.rotating import rotate

    by, wait = asked["by"], timedelta(seconds=asked["wait"])
    wanted = PURPOSES if asked["every"] else asked["purposes"]
    if not wanted:
        raise click.UsageError("Name a purpose, or give --all.")
    house = build(settings_or_exit())
    with _refusals():
        for purpose in wanted:
            if asked["ends"]:
                _finish(house, purpose, by)
            else:
                _count(f"{purpose} sealed anew", rotate(house, purpose, by, wait))


def _finish(house: "House", purpose: str, by: str) -> None:
    from bot.services.rotating import finish

    gone = ", ".join(finish(house, purpose, by)) or "none"
    click.echo(f"{purpose}: keys taken away: {gone}", err=True)


@keys.command("destroy")
@click.argument("purpose")
@by_two
@click.pass_obj
def keys_destroy(build: Builder, purpose: str, people: Sequence[str]) -> None:
    """Destroy the key of the ballot box or of the register, after the count.

    Its file is overwritten and deleted, and who did it stands on the trail. Takes two
    people.
    """
    from bot.services.rotating import destroy

    by = two_people(people)
    with _refusals():
        key_id = destroy(build(settings_or_exit()), purpose, by)
    click.echo(
        f"Key {key_id} of {purpose} is destroyed here, and that is written down. Take "
        "it out of the settings, and destroy every other copy of it.",
        err=True,
    )


@contextmanager
def _refusals() -> Iterator[None]:
    """Say in one line why something is not done; exit code 1."""
    from bot.rings import RingFileError
    from bot.services.rotating import KeyRefusedError

    try:
        yield
    except (KeyRefusedError, RingFileError) as refused:
        raise click.ClickException(str(refused)) from refused


def _count(what: str, portions: Iterator[int]) -> None:
    total = sum(portions)
    click.echo(f"{what}: {total}", err=True)
