"""Commands for people. `serve`, `worker` and `first-run` stand in `bot.__main__`."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from dotenv import load_dotenv

from bot import logs
from bot.config import Settings, SettingsError, read_settings
from bot.domain.languages import Language
from bot.services.faults import where

if TYPE_CHECKING:
    from bot.services.house import House

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
@click.pass_context
def main(ctx: click.Context) -> None:
    """Buurtstem: neighbourhood budgets in the chat people already use."""
    load_dotenv(Path(".env"))
    logs.set_up(where, as_json=os.environ.get("LOG_FORMAT", "").strip() == "json")
    ctx.obj = _closing(ctx, ctx.obj)


def _closing(ctx: click.Context, build: Builder) -> Builder:
    """Return a builder whose houses are closed when the command ends, however."""

    def built(settings: Settings) -> "House":
        house = build(settings)
        ctx.call_on_close(house.close)
        return house

    return built


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
@click.option(
    "--eligibility", type=click.Choice(["address", "pass"]), default="address"
)
@click.pass_obj
def demo(build: Builder, eligibility: str) -> None:
    """Load the demo neighbourhood: two rounds, forty plans on the ballot, officials.

    With --eligibility pass one votes with a voting pass, and twenty are printed, each
    time. Running it again changes nothing. Exit code 2: the database holds a real
    round.
    """
    from bot.services.demo import RealRoundError, demo_passes, load_demo
    from bot.services.pass_register import as_csv

    house = build(settings_or_exit())
    try:
        loaded = load_demo(house, eligibility)
    except RealRoundError as refusal:
        click.echo(
            f"{refusal} The demo was not loaded and nothing is changed. Give it a "
            "database of its own: DATABASE_URL.",
            err=True,
        )
        raise SystemExit(2) from refusal
    click.echo(
        "The demo neighbourhood is loaded." if loaded else "The demo is there already.",
        err=True,
    )
    if letters := demo_passes(house):
        click.echo("Passes to try it with:", err=True)
        click.echo(as_csv(letters), nl=False)
    elif eligibility == "pass":
        raise click.ClickException(
            "The demo was loaded without passes before. Take another DATABASE_URL."
        )


@main.group()
def official() -> None:
    """Officials of the desk."""


@official.command("add")
@click.argument("email")
@click.option(
    "--role",
    required=True,
    type=click.Choice(
        [
            "viewer",
            "reviewer",
            "communicator",
            "counter",
            "volunteer",
            "helper",
            "admin",
        ]
    ),
)
@click.option("--name", default="", help="What residents call her.")
@click.pass_obj
def official_add(build: Builder, email: str, role: str, name: str) -> None:
    """Create an official and print a login link that works once, for a day.

    Again: another role, which ends the sessions, and a new link. A suspended official
    is let in again.
    """
    from bot.services.desk.people import add_by_hand
    from bot.services.house import Scene

    house = build(settings_or_exit())
    now = house.clock()
    link = house.db.run(
        lambda db: add_by_hand(Scene(house, db, now), email, role, name)
    )
    click.echo(link)


@official.command("reset")
@click.argument("email")
@click.pass_obj
def official_reset(build: Builder, email: str) -> None:
    """Take a lost second factor away from an official, who is logged out everywhere.

    Admins do so at the desk; this is for the last of them.
    """
    from bot.services.desk.people import OfficialError, reset_by_hand
    from bot.services.house import Scene

    house = build(settings_or_exit())
    now = house.clock()
    try:
        house.db.run(lambda db: reset_by_hand(Scene(house, db, now), email))
    except OfficialError as refusal:
        raise click.ClickException(f"No official has the address {email}.") from refusal
    click.echo(f"{email} logs in without a second factor, and sets one up.", err=True)


@main.group()
def plans() -> None:
    """Plans of residents."""


@plans.command("publish")
@click.argument("number", type=int)
@click.option(
    "--title", "titles", multiple=True, required=True, help="nl=… (also en, tr, ar)"
)
@click.option("--summary", "summaries", multiple=True, help="nl=…, what is read aloud.")
@click.option(
    "--already", multiple=True, help="nl=…, what the municipality pays here already."
)
@click.option("--by", default="command line", help="Who ticks it.")
@click.pass_obj
def plans_publish(
    build: Builder,
    number: int,
    titles: tuple[str, ...],
    summaries: tuple[str, ...],
    already: tuple[str, ...],
    by: str,
) -> None:
    """Tick plan NUMBER as public, with its public titles. The author hears it."""
    from bot.services.house import Scene
    from bot.services.plans import PlanRefused, UnknownPlan, publish

    house = build(settings_or_exit())
    title = dict(named(each) for each in titles)
    summary = dict(named(each) for each in summaries) or None
    paid = dict(named(each) for each in already) or None
    now = house.clock()
    try:
        house.db.run(
            lambda db: publish(Scene(house, db, now), number, title, by, summary, paid)
        )
    except (UnknownPlan, PlanRefused) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"Plan {number} is public.", err=True)


@plans.command("cost")
@click.argument("number", type=int)
@click.argument("euros", type=int)
@click.option("--theme", help="The key of its theme in the round.")
@click.pass_obj
def plans_cost(build: Builder, number: int, euros: int, theme: str | None) -> None:
    """Keep that plan NUMBER costs so many whole EUROS, and its theme."""
    from bot.domain.money import Money
    from bot.services.house import Scene
    from bot.services.plans import PlanRefused, UnknownPlan, set_cost

    house = build(settings_or_exit())
    cost, now = Money.euros(euros), house.clock()
    try:
        house.db.run(lambda db: set_cost(Scene(house, db, now), number, cost, theme))
    except (UnknownPlan, PlanRefused) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"Plan {number} costs {euros} euros.", err=True)


def named(option: str) -> tuple[str, str]:
    """Return language and text of an option. Raises click.BadParameter."""
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
@click.option(
    "--eligibility", type=click.Choice(["address", "pass"]), default="address"
)
def chat(lang: str, eligibility: str) -> None:
    """Talk to the bot here, with sample plans. No network, no database.

    Each line is one message; an empty line ends the talk. A digit taps the button with
    that number. What the bot would do is printed after "=>" and not done. With
    --eligibility pass one votes with the sample pass 4711 0815 4216.
    """
    from bot.services.terminal import Terminal

    terminal = Terminal(cast("Language", lang), by_pass=eligibility == "pass")
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
