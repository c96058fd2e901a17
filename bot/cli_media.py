"""Commands for recordings and photos."""

import sys
from typing import TYPE_CHECKING

import click

from bot.cli import settings_or_exit
from bot.config import MEDIA_PLACES, is_media_url

if TYPE_CHECKING:
    from bot.store.media import MovableStore


@click.group()
def media() -> None:
    """Recordings and photos."""


@media.command("copy")
@click.argument("place")
@click.option("--prune", is_flag=True, help="Delete in PLACE what is not here.")
def media_copy(place: str, *, prune: bool) -> None:
    """Copy all recordings and photos from MEDIA_URL to PLACE, like s3://bucket/prefix.

    What is there already is skipped, so a copy that broke off goes on when it is run
    again. Stop the other processes before the last run, and let that one --prune what
    was deleted here since an earlier run. Then set MEDIA_URL to PLACE.
    """
    from bot.store.media import MediaUnavailableError

    if not is_media_url(place):
        raise click.BadParameter(f"must be {MEDIA_PLACES}.", param_hint="PLACE")
    source, target = _stores(settings_or_exit().media_url, place)
    try:
        _copy_media(source, target, prune=prune)
    except MediaUnavailableError as error:
        raise click.ClickException(
            f"A store does not answer ({error}). What was copied stays; run it again."
        ) from error
    finally:
        source.close()
        target.close()


def _stores(here: str, there: str) -> "tuple[MovableStore, MovableStore]":
    """Open both ends of a copy; say what is wrong with the environment otherwise."""
    from bot.store.media import open_media

    if here.rstrip("/") == there.rstrip("/"):
        raise click.BadParameter("is MEDIA_URL already.", param_hint="PLACE")
    try:
        return open_media(here), open_media(there)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _copy_media(source: "MovableStore", target: "MovableStore", *, prune: bool) -> None:
    from bot.services.moving import copy_files, find_cargo

    cargo = find_cargo(source, target)
    copying = copy_files(source, target, cargo.keys)
    with click.progressbar(
        copying, length=len(cargo.keys), label="Copying", file=sys.stderr
    ) as files:
        copied = sum(files)
    click.echo(f"{copied} copied, {cargo.there} there already.", err=True)
    if gone := len(cargo.keys) - copied:
        click.echo(f"{gone} were deleted here meanwhile.", err=True)
    if prune:
        for key in cargo.only_there:
            target.delete(key)
    if count := len(cargo.only_there):
        fate = "deleted there" if prune else "only there"
        click.echo(f"{count} not here: {fate}.", err=True)
