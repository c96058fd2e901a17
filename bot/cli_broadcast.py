"""Commands for sending to many, and for an account that was paused."""

import json
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.cli import Builder, settings_or_exit
from bot.domain.languages import is_language

if TYPE_CHECKING:
    from bot.services.campaigns import Progress
    from bot.services.house import House
    from bot.services.preview import Preview
    from bot.services.segments import Segment

COMMAND_LINE = "command line"
_LOOK_SECONDS = 1.0
_JSON = click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
_SEGMENT = click.option(
    "--segment", required=True, help='Who, like "all" or "voters locale=tr".'
)
_ROUND = click.option("--round", "area", help="Whose message budget pays: its slug.")
_AT = click.option("--at", help="When, like 2026-12-06T18:00:00+01:00. Default: now.")


@click.group()
def broadcast() -> None:
    """One text to many people."""


@click.group()
def account() -> None:
    """Our accounts at WhatsApp and Telegram."""


@broadcast.command("preview")
@_SEGMENT
@_ROUND
@_AT
@_JSON
@click.pass_obj
def show_preview(
    build: Builder, segment: str, area: str | None, at: str | None, *, as_json: bool
) -> None:
    """Count whom a segment reaches, how long it takes and what it costs."""
    from bot.cli_lines import plain, preview_lines

    house = build(settings_or_exit())
    told = _preview(house, _segment(segment), _moment(at), area)
    if as_json:
        click.echo(json.dumps(plain(told), ensure_ascii=False))
        return
    for line in preview_lines(told):
        click.echo(line)


@broadcast.command("send")
@_SEGMENT
@_ROUND
@click.option("--text", "texts", multiple=True, required=True, help="nl=… per language")
@_AT
@click.option("--by", default=COMMAND_LINE, help="Who sends it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def send(
    build: Builder, /, texts: tuple[str, ...], by: str, *, yes: bool, **wished: str
) -> None:
    """Send a text to a segment: show what it would be, ask, and begin.

    Prints the number of the broadcast. The worker does the rest.
    """
    from bot.cli_lines import preview_lines
    from bot.services.answers import CallError
    from bot.services.broadcasts import Broadcast, begin
    from bot.services.house import Scene

    words = dict(_named(each) for each in texts)
    segment, at = _segment(wished["segment"]), _moment(wished["at"])
    wanted = Broadcast(segment, words, at, wished["area"])
    house = build(settings_or_exit())
    told = _preview(house, segment, at, wanted.area)
    for line in preview_lines(told):
        click.echo(line, err=True)
    if not yes:
        click.confirm("Send it?", abort=True, err=True)
    key, now = f"cast:{secrets.token_hex(8)}", house.clock()
    try:
        begun, _ = house.db.run(
            lambda db: begin(Scene(house, db, now), wanted, key, by)
        )
    except CallError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(begun)


@broadcast.command("show")
@click.argument("number", type=int, required=False)
@click.option("--watch", is_flag=True, help="Follow it until it has ended.")
@_JSON
@click.pass_obj
def show(build: Builder, number: int | None, *, watch: bool, as_json: bool) -> None:
    """Show how far broadcast NUMBER is, or list the newest ones."""
    from bot.cli_lines import progress_json, progress_lines
    from bot.services.campaigns import all_progress

    house = build(settings_or_exit())
    if number is None:
        found = house.db.read(all_progress)
    elif watch and not as_json:
        found = [_watch(house, number)]
    else:
        found = [_progress(house, number)]
    if as_json:
        told = [progress_json(each) for each in found]
        click.echo(json.dumps(told if number is None else told[0], ensure_ascii=False))
        return
    for each in found:
        for line in progress_lines(each, briefly=number is None):
            click.echo(line)


@broadcast.command("pause")
@click.argument("number", type=int)
@click.pass_obj
def pause(build: Builder, number: int) -> None:
    """Let nothing more of broadcast NUMBER go out until it is resumed."""
    from bot.services import campaigns

    _change(build, number, campaigns.pause, "paused")


@broadcast.command("resume")
@click.argument("number", type=int)
@click.pass_obj
def resume(build: Builder, number: int) -> None:
    """Let a paused broadcast go on."""
    from bot.services import campaigns

    _change(build, number, campaigns.resume, "running")


@broadcast.command("cancel")
@click.argument("number", type=int)
@click.pass_obj
def cancel(build: Builder, number: int) -> None:
    """End broadcast NUMBER: what is not sent yet never will be."""
    from bot.services import campaigns

    _change(build, number, campaigns.cancel, "cancelled")


@account.command("resume")
@click.argument("channel", type=click.Choice(["whatsapp", "telegram", "web"]))
@click.pass_obj
def account_resume(build: Builder, channel: str) -> None:
    """End the pause of an account, once its cause is mended."""
    from bot.services.accounts import resume_by
    from bot.services.house import Scene

    house = build(settings_or_exit())
    now = house.clock()
    ended = house.db.run(
        lambda db: resume_by(Scene(house, db, now), channel, COMMAND_LINE)
    )
    told = "goes on" if ended else "was not paused"
    click.echo(f"The account at {channel} {told}.", err=True)


def _change(
    build: Builder,
    number: int,
    verb: "Callable[[House, int, str], bool]",
    state: str,
) -> None:
    house = build(settings_or_exit())
    if verb(house, number, COMMAND_LINE):
        click.echo(f"Broadcast {number} is {state}.", err=True)
        return
    now = _progress(house, number).state
    raise click.ClickException(f"Broadcast {number} is {now}.")


def _segment(text: str) -> "Segment":
    from bot.services.segments import parse_segment

    try:
        return parse_segment(text)
    except ValueError as fault:
        raise click.BadParameter(f"--segment {fault}") from fault


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise click.BadParameter("--at must look like 2026-12-06T18:00:00+01:00")
    return moment


def _named(option: str) -> tuple[str, str]:
    language, equals, text = option.partition("=")
    if not equals or not text.strip() or not is_language(language.strip()):
        raise click.BadParameter(f'"{option}" must look like nl=Kom vrijdag langs.')
    return language.strip(), text.strip()


def _preview(
    house: "House", segment: "Segment", at: datetime | None, area: str | None
) -> "Preview":
    from bot.services.answers import FaultyCallError
    from bot.services.house import Scene
    from bot.services.preview import preview

    now = house.clock()
    try:
        return house.db.read(
            lambda db: preview(Scene(house, db, now), segment, at, area)
        )
    except FaultyCallError as fault:
        raise click.ClickException(str(fault)) from fault


def _progress(house: "House", number: int) -> "Progress":
    from bot.services.campaigns import progress

    found = house.db.read(lambda db: progress(db, number))
    if found is None:
        raise click.ClickException(f"There is no broadcast {number}.")
    return found


def _watch(house: "House", number: int) -> "Progress":
    """Draw a bar from what is in the database, until the broadcast has ended."""
    told = _progress(house, number)
    with click.progressbar(
        length=max(1, told.total), label=f"Broadcast {number}"
    ) as bar:
        while True:
            bar.length = max(1, told.total)
            bar.update(told.ended - bar.pos)
            if told.state in {"done", "cancelled"}:
                return told
            time.sleep(_LOOK_SECONDS)
            told = _progress(house, number)
