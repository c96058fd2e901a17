"""Commands for the city's own systems, which are told of events."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli import Builder, settings_or_exit
from bot.domain.events import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from bot.services.desk.endpoints import Endpoint
    from bot.services.house import Scene

T = TypeVar("T")
_BY = "command"
_WHY = {
    "no_address": "This is no address. It must look like https://zaken.city.example/in",
    "not_https": "The address must begin with https://",
    "with_password": "Leave name and password out of the address. "
    "What we send is signed.",
    "too_long": "The address is too long.",
    "private": "This address is in a private network. Name its host in "
    "HOOKS_PRIVATE_HOSTS if the city's system is there.",
    "there_already": "This address is connected already.",
    "too_many": "There are too many systems already.",
    "gone": "There is no system with this number. See: buurtstem hooks list",
    "changed": "Somebody else has just changed its secret.",
}


@click.group()
def hooks() -> None:
    """Systems of the city that are told what happens."""


@hooks.command("add")
@click.argument("url")
@click.option(
    "--events",
    default=",".join(Kind),
    show_default=True,
    help="Kinds of events, with commas.",
)
@click.pass_obj
def hooks_add(build: Builder, url: str, events: str) -> None:
    """Tell the system at URL what happens; print the secret that signs it, once."""
    from bot.services.desk.endpoints import add_endpoint

    kinds = [each.strip() for each in events.split(",") if each.strip()]
    unknown = sorted(set(kinds) - set(Kind))
    if unknown or not kinds:
        named = ", ".join(unknown) or "nothing"
        raise click.UsageError(
            f"{named}: no event of ours. There are {', '.join(Kind)}"
        )
    secret = _act(build, lambda scene: add_endpoint(scene, url, kinds, _BY))
    click.echo(secret)
    click.echo(
        "Keep this secret where that system can read it: it is not shown again.",
        err=True,
    )


@hooks.command("list")
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
@click.pass_obj
def hooks_list(build: Builder, *, as_json: bool) -> None:
    """List the systems that are told, and what they are still owed."""
    from bot.services.desk.endpoints import endpoints

    rows = _act(build, lambda scene: endpoints(scene.db))
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in rows]))
        return
    for each in rows:
        state = each.off_for or ("failing" if each.failing_since else "on")
        told = ",".join(each.kinds)
        click.echo(f"{each.id}\t{state}\t{each.waiting} owed\t{each.url}\t{told}")


def _as_json(each: "Endpoint") -> dict[str, object]:
    since = each.failing_since
    return {
        "id": each.id,
        "url": each.url,
        "events": list(each.kinds),
        "owed": each.waiting,
        "off_for": each.off_for,
        "failing_since": since and since.isoformat(),
    }


@hooks.command("remove")
@click.argument("number", type=int)
@click.pass_obj
def hooks_remove(build: Builder, number: int) -> None:
    """Take system NUMBER away, with everything that it is still owed."""
    from bot.services.desk.endpoints import remove

    if not _act(build, lambda scene: remove(scene, number, _BY)):
        raise click.ClickException(_WHY["gone"])
    click.echo(f"System {number} is told nothing any more.", err=True)


@hooks.command("rotate")
@click.argument("number", type=int)
@click.pass_obj
def hooks_rotate(build: Builder, number: int) -> None:
    """Print a new secret for system NUMBER; the old one signs for 24 hours more."""
    from bot.services.desk.endpoints import EndpointError, endpoints, rotate

    def anew(scene: "Scene") -> str:
        known = {each.id: each for each in endpoints(scene.db)}
        if number not in known:
            raise EndpointError("gone")
        return rotate(scene, number, known[number].secret_at, _BY)

    click.echo(_act(build, anew))


@hooks.command("test")
@click.argument("number", type=int)
@click.pass_obj
def hooks_test(build: Builder, number: int) -> None:
    """Send system NUMBER an event that says nothing; see at the desk how it ended."""
    from bot.services.desk.endpoints import send_test

    _act(build, lambda scene: send_test(scene, number, _BY))
    click.echo("The worker sends it within seconds.", err=True)


@hooks.command("send-again")
@click.argument("number", type=int)
@click.option(
    "--since",
    required=True,
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"]),
    help="A moment with its zone, like 2026-12-01T10:00+01:00.",
)
@click.pass_obj
def hooks_send_again(build: Builder, number: int, since: datetime) -> None:
    """Send system NUMBER all that has happened since then, under the same ids."""
    from bot.services.desk.endpoints import send_since

    count = _act(build, lambda scene: send_since(scene, number, since, _BY))
    click.echo(f"{count} events are sent again.", err=True)


def _act(build: Builder, job: "Callable[[Scene], T]") -> T:
    """Run one act in a transaction; a refusal becomes a message, exit code 1."""
    from bot.services.house import Scene

    house = build(settings_or_exit())

    def run(db: "Connection") -> T:
        return job(Scene(house, db, house.clock()))

    with _refusals():
        return house.db.run(run)
    raise AssertionError  # not reached: a refusal ends the command


@contextmanager
def _refusals() -> "Iterator[None]":
    from bot.domain.events import UrlError
    from bot.services.desk.endpoints import EndpointError

    try:
        yield
    except (UrlError, EndpointError) as refusal:
        raise click.ClickException(_WHY[str(refusal)]) from refusal
