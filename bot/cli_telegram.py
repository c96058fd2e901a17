"""Commands that connect the Telegram bot."""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from bot.cli import Builder, settings_or_exit
from bot.domain.languages import LANGUAGES
from bot.domain.messages import Inbound, Tap

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram
    from bot.services.house import House


@click.group()
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
