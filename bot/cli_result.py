"""Commands about a result: publish it, let observers check it, write its record."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli import Builder, named, settings_or_exit
from bot.cli_acts import by_two, two_people

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.services.house import House, Scene

T = TypeVar("T")
_OUT = click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="A new file; never over another one.",
)
_LANG = click.option(
    "--lang",
    type=click.Choice(["nl", "en", "tr", "ar"]),
    default="nl",
    show_default=True,
)


@click.group()
def result() -> None:
    """The result of a round: publish it, and let observers check it."""


@result.command("publish")
@click.option("--round", "slug", required=True, help="A round whose voting has closed.")
@click.option("--seed", help="The public number of the lot that was drawn.")
@click.option(
    "--reason",
    "reasons",
    multiple=True,
    help="Why a published count is corrected, per language: nl=…",
)
@by_two
@click.pass_obj
def publish(
    build: Builder,
    slug: str,
    seed: str | None,
    reasons: tuple[str, ...],
    people: tuple[str, ...],
) -> None:
    """Count a round and publish the result for everybody; prints its hash.

    After closing and, where passes are asked, after `passes seal`. Tells no author
    anything: that is the web hook's. Takes two people; again changes nothing.
    """
    from bot.services.publishing import PublishError, Publishing, publish_result
    from bot.services.tallying import TallyError

    reason = dict(named(each) for each in reasons)
    order = Publishing(slug, two_people(people), seed, reason)
    house = build(settings_or_exit())
    try:
        made, anew = publish_result(house, order)
    except (TallyError, PublishError) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(made.hash)
    done = "is published" if anew else "was published before"
    place = f"{house.settings.public_url}/open/rounds/{slug}"
    click.echo(f"Version {made.version} of the result {done}: {place}", err=True)


@result.command("observer-link")
@click.option("--round", "slug", required=True)
@click.option("--name", required=True, help="Who is going to see the ballots.")
@click.option("--by", default="command line", show_default=True, help="Who gives it.")
@click.pass_obj
def observer_link(build: Builder, slug: str, name: str, by: str) -> None:
    """Print a link to the ballots of a round, for one observer and a week.

    The file names no voter. Whoever has the link can fetch it, after closing; each time
    is written down.
    """
    from bot.services.observing import observer_link as give

    house = build(settings_or_exit())
    click.echo(_act(house, lambda scene: give(scene, slug, name, by)))
    click.echo(f"For {name} only: who fetches it is written down as her.", err=True)


@result.command("trail")
@click.option("--round", "slug", required=True)
@click.pass_obj
def trail(build: Builder, slug: str) -> None:
    """List who was given the ballots of a round, and who fetched them, when."""
    from bot.services.freezing import lock_round
    from bot.services.observing import observer_trail

    house = build(settings_or_exit())
    for each in _act(
        house, lambda scene: observer_trail(scene.db, lock_round(scene.db, slug).id)
    ):
        words = (each.at.isoformat(), each.act, each.observer, each.by)
        click.echo("\t".join(words))


@result.command("picture")
@click.option("--round", "slug", required=True, help="A round with a published result.")
@_OUT
@_LANG
@click.pass_obj
def picture(build: Builder, slug: str, out: Path, lang: str) -> None:
    """Write the votes for each plan as a picture (PNG), to be sent into chats."""
    from bot.minutes_words import chart
    from bot.services.minutes import load_result
    from letters import paint_chart

    house = build(settings_or_exit())
    page = f"{house.settings.public_url}/open/rounds/{slug}"
    _write(
        out,
        lambda: paint_chart(chart(*load_result(house, slug), lang, page)),
        "picture",
    )


def _act(house: "House", job: "Callable[[Scene], T]") -> T:
    """Run one act in a transaction; a refusal becomes a message, exit code 1."""
    from bot.services.house import Scene
    from bot.services.publishing import PublishError
    from bot.services.rounds import RoundError

    def run(db: "Connection") -> T:
        return job(Scene(house, db, house.clock()))

    try:
        return house.db.run(run)
    except (PublishError, RoundError) as refusal:
        raise click.ClickException(
            f"{str(refusal).rstrip('.')}. Nothing was done."
        ) from refusal


@click.command()
@click.option("--round", "slug", required=True, help="A round with a published result.")
@_OUT
@_LANG
@click.pass_obj
def minutes(build: Builder, slug: str, out: Path, lang: str) -> None:
    """Write the record of a round's count as a PDF, to be signed.

    Settings, turnout, steps, ties, lot, margins, what did not go as planned, the end of
    the chain. Accessible (PDF/UA), and the same again for the same result.
    """
    from bot.minutes_words import minutes as worded
    from bot.services.minutes import load_record
    from letters import print_minutes

    house = build(settings_or_exit())
    _write(out, lambda: print_minutes(worded(load_record(house, slug), lang)), "record")


def _write(out: Path, make: Callable[[], bytes], what: str) -> None:
    """Write what is made into a new file; a refusal becomes a message, exit code 1."""
    from bot.services.publishing import PublishError
    from letters import LetterError

    try:
        made = make()
        with out.open("xb") as file:
            file.write(made)
    except (PublishError, LetterError) as refusal:
        raise click.ClickException(f"Nothing was written. {refusal}") from refusal
    except OSError as error:
        raise click.ClickException(
            f"{out} was not written ({error.strerror}). Give another name."
        ) from error
    click.echo(f"The {what} is in {out}.", err=True)
