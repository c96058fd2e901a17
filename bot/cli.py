"""Commands for people. `serve`, `worker` and `first-run` stand in `bot.__main__`."""

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from dotenv import load_dotenv

from bot import logs
from bot.config import (
    MEDIA_PLACES,
    Settings,
    SettingsError,
    is_media_url,
    read_settings,
)
from bot.domain.languages import LANGUAGES, Language
from bot.domain.messages import Inbound, Tap
from bot.services.faults import where

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram
    from bot.services.house import House
    from bot.store.media import MovableStore

Builder = Callable[[Settings], "House"]


class Commands(click.Group):
    """Says in one line what is wrong with a database or store that cannot be used."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a missing table or server becomes a message, exit code 1.

        A setting that shows itself to be wrong only in use ends it with code 2.
        """
        from sqlalchemy.exc import DBAPIError

        try:
            return super().invoke(ctx)
        except SettingsError as fault:
            click.echo(str(fault), err=True)
            raise SystemExit(2) from fault
        except DBAPIError as error:
            kind = type(error.orig).__name__
            raise click.ClickException(
                f"The database cannot be used ({kind}). Is DATABASE_URL right? "
                "Then run: buurtstem migrate"
            ) from error


@click.group(cls=Commands)
@click.version_option(package_name="buurtstem")
def main() -> None:
    """Buurtstem: neighbourhood budgets in the chat people already use."""
    load_dotenv(Path(".env"))
    logs.set_up(where, as_json=os.environ.get("LOG_FORMAT", "").strip() == "json")


def settings_or_exit() -> Settings:
    """Return the settings; say what is missing and leave with code 2 otherwise."""
    try:
        return read_settings()
    except SettingsError as faults:
        click.echo(str(faults), err=True)
        raise SystemExit(2) from faults


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.store.migrating import migrate as run

    settings = settings_or_exit()
    run(settings.database_url)
    click.echo("The database is at the newest schema.", err=True)


@main.command()
@click.option("--eligibility", type=click.Choice(["address"]), default="address")
@click.pass_obj
def demo(build: Builder, eligibility: str) -> None:
    """Load the demo neighbourhood: two rounds, forty plans on the ballot, officials.

    Running it again changes nothing.
    """
    from bot.services.demo import load_demo

    loaded = load_demo(build(settings_or_exit()), eligibility)
    click.echo(
        "The demo neighbourhood is loaded." if loaded else "The demo is there already.",
        err=True,
    )


@main.group()
def official() -> None:
    """Officials of the desk."""


@official.command("add")
@click.argument("email")
@click.option(
    "--role",
    required=True,
    type=click.Choice(["viewer", "reviewer", "communicator", "counter", "admin"]),
)
@click.option("--name", default="", help="What residents call her.")
@click.pass_obj
def official_add(build: Builder, email: str, role: str, name: str) -> None:
    """Create an official and print a login link that works once, for a day."""
    from bot.services.officials import add_official, login_link

    house = build(settings_or_exit())
    now = house.clock()
    number = house.db.run(lambda db: add_official(db, email, role, name, now))
    click.echo(house.db.run(lambda db: login_link(house, db, number, now)))


@main.group()
def plans() -> None:
    """Plans of residents."""


@plans.command("publish")
@click.argument("number", type=int)
@click.option(
    "--title", "titles", multiple=True, required=True, help="nl=… (also en, tr, ar)"
)
@click.option("--by", default="command line", help="Who ticks it.")
@click.pass_obj
def plans_publish(
    build: Builder, number: int, titles: tuple[str, ...], by: str
) -> None:
    """Tick plan NUMBER as public, with its public titles. The author hears it."""
    from bot.services.house import Scene
    from bot.services.plans import PlanRefused, UnknownPlan, publish

    house = build(settings_or_exit())
    named = dict(_named(each) for each in titles)
    now = house.clock()
    try:
        house.db.run(lambda db: publish(Scene(house, db, now), number, named, by))
    except (UnknownPlan, PlanRefused) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"Plan {number} is public.", err=True)


def _named(option: str) -> tuple[str, str]:
    language, equals, text = option.partition("=")
    if not equals or not text.strip():
        raise click.BadParameter(f'"{option}" must look like nl=Een bankje')
    return language.strip(), text.strip()


@main.command()
@click.option(
    "--lang",
    type=click.Choice(["nl", "en", "tr", "ar"]),
    default="en",
    show_default=True,
)
def chat(lang: str) -> None:
    """Talk to the bot here, with sample plans. No network, no database.

    Each line is one message; an empty line ends the talk. A digit taps the button with
    that number. What the bot would do is printed after "=>" and not done.
    """
    from bot.services.terminal import Terminal

    terminal = Terminal(cast("Language", lang))
    for line in terminal.greeting():
        click.echo(line)
    while text := click.prompt("you", default="", show_default=False):
        for line in terminal.answer(text):
            click.echo(line)


@main.group()
def models() -> None:
    """Speech recognition models."""


@models.command("fetch")
@click.argument("name", default="small")
def models_fetch(name: str) -> None:
    """Fetch the model NAME into var/models, from the place its makers offer it."""
    from transcription import ModelError, TranscriptionError, fetch_model

    try:
        click.echo(str(fetch_model(name, Path("var/models"))))
    except (ModelError, TranscriptionError, ValueError) as error:
        raise click.ClickException(str(error)) from error


@main.group()
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


@main.group()
def telegram() -> None:
    """Connect the Telegram bot."""


@telegram.command("webhook")
@click.pass_obj
def telegram_webhook(build: Builder) -> None:
    """Have Telegram post updates to PUBLIC_URL, and show the menu of commands."""
    from bot.channels.base import ChannelError

    house = build(settings_or_exit())
    channel = _telegram(house)
    address = f"{house.settings.public_url}/telegram"
    try:
        channel.set_webhook(address)
        channel.set_commands(_command_texts())
    except ChannelError as error:
        raise click.ClickException(f"Telegram said no: {error.code}") from error
    finally:
        channel.close()
    click.echo(f"Telegram posts updates to {address}.", err=True)


@telegram.command("poll")
@click.pass_obj
def telegram_poll(build: Builder) -> None:
    """Fetch updates from Telegram, for a laptop without a public address.

    Run `buurtstem worker` beside it: it listens to voice notes and sends news. This
    takes the token's webhook away: use a token of your own, never the city's.
    """
    from bot.channels.base import ChannelError
    from bot.services.inbound import take_in

    house = build(settings_or_exit())
    channel = _telegram(house)

    def handle(inbound: Inbound) -> None:
        take_in(house, inbound)
        if isinstance(inbound.content, Tap):
            channel.acknowledge(inbound.content)

    click.echo("Waiting for messages. Stop with Ctrl+C.", err=True)
    try:
        channel.poll(handle, threading.Event())
    except ChannelError as error:
        raise click.ClickException(f"Telegram said no: {error.code}") from error
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
    finally:
        channel.close()


def _telegram(house: "House") -> "Telegram":
    """Return the Telegram channel; say which settings are missing otherwise."""
    from bot.channels.telegram import Telegram

    channel = house.channels.get("telegram")
    if not isinstance(channel, Telegram):
        raise click.ClickException("Set TELEGRAM_TOKEN and TELEGRAM_SECRET first.")
    return channel


def _command_texts() -> Mapping[str, Mapping[str, str]]:
    """Return what Telegram's menu says about each command, in every language."""
    from bot.domain.say import N_, Say
    from bot.i18n import render

    texts = {
        "plan": N_("I have a plan"),
        "vote": N_("I want to vote"),
        "status": N_("How is it going?"),
        "help": N_("This is what you can do here."),
        "person": N_("Ask a person"),
        "privacy": N_("What we keep about you"),
        "language": N_("Another language"),
        "stop": N_("Get no more messages"),
    }
    return {
        each: {name: render(Say(text), each) for name, text in texts.items()}
        for each in LANGUAGES
    }


@main.command("rounds")
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
@click.pass_obj
def rounds_list(build: Builder, *, as_json: bool) -> None:
    """List the rounds and the phase each is in."""
    house = build(settings_or_exit())
    now = house.clock()
    view = house.db.run(house.catalog.view)
    rows = [(each.slug, str(each.phase_at(now) or "announced")) for each in view.rounds]
    if as_json:
        click.echo(json.dumps([{"slug": slug, "phase": phase} for slug, phase in rows]))
        return
    for slug, phase in rows:
        click.echo(f"{slug}\t{phase}")
