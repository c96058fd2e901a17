"""Commands that enter ballots on paper, one by one or a box in a file."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from bot.cli import Builder, settings_or_exit
from bot.cli_acts import act, by_two, sink, two_people

if TYPE_CHECKING:
    from bot.services.entering import Draft, Entered
    from bot.services.house import House

ROUTES = ("paper", "desk")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)


class Asked(TypedDict):
    """What the command was asked: how the ballots came, and where they are."""

    slug: str
    people: tuple[str, ...]
    route: str
    code: str | None
    plans: str | None
    replace: bool
    file: Path | None
    left: Path | None


@click.group()
def ballots() -> None:
    """Ballots that officials enter: from the paper box, or with their voter."""


@ballots.command("enter")
@click.option("--round", "slug", required=True)
@by_two
@click.option(
    "--route",
    type=click.Choice(ROUTES),
    default=ROUTES[0],
    show_default=True,
    help="paper: from the paper box; desk: the voter is here.",
)
@click.option("--pass", "code", help="Code, token or link. Default: ask, again.")
@click.option("--plans", help='Numbers of plans, like "21 30".')
@click.option("--replace", is_flag=True, help="With --route desk: hers gives way.")
@click.option("--file", type=_FILE, help="A box of paper: CSV with code and plans.")
@click.option("--left", type=_OUT, help="Rows that did not go in. Default: FILE-left.")
@click.pass_obj
def ballots_enter(build: Builder, **asked: Unpack[Asked]) -> None:
    """Enter ballots with their passes, while voting is open. Takes two people.

    Without --pass it asks for one after the other, reads the titles back, and enters
    nothing before a yes. A ballot from the paper box never replaces another one. Exit
    code 1: a ballot did not go in.
    """
    by = two_people(asked["people"])
    if asked["replace"] and asked["route"] != "desk":
        raise click.UsageError("--replace goes with --route desk: the voter is there.")
    if (asked["code"] is None) != (asked["plans"] is None):
        raise click.UsageError("--pass and --plans go together.")
    if asked["file"] is not None and (asked["code"] or asked["route"] == "desk"):
        raise click.UsageError("--file is a box of paper: without --pass and --route.")
    house = build(settings_or_exit())
    if asked["file"] is not None:
        _enter_file(house, asked["file"], asked["left"], asked["slug"], by)
    elif asked["code"] is not None:
        _enter_one(house, asked, by, asked["code"], asked["plans"] or "")
    else:
        _enter_many(house, asked, by)


def _enter_many(house: "House", asked: Asked, by: str) -> None:
    """Ask for passes until nothing is said; what is wrong is told, and asked anew."""
    from bot.services.entering import EntryError
    from bot.services.entering_words import say_why

    while code := click.prompt("Pass (empty: done)", default="", show_default=False):
        plans = click.prompt("Plans", default="", show_default=False)
        try:
            of = _draft(house, asked, code, plans)
            for line in _read_back(house, of):
                click.echo(line)
            if not click.confirm("Is this right?"):
                click.echo("Nothing was entered.")
                continue
            _tell(_enter(house, asked, of, by), asked["route"])
        except EntryError as refusal:
            click.echo(f"Not entered. {say_why(refusal, 'en')}")


def _enter_one(house: "House", asked: Asked, by: str, code: str, plans: str) -> None:
    from bot.services.entering import EntryError
    from bot.services.entering_words import say_why

    try:
        of = _draft(house, asked, code, plans)
        entered = _enter(house, asked, of, by)
    except EntryError as refusal:
        told = f"Not entered. {say_why(refusal, 'en')}"
        raise click.ClickException(told) from refusal
    for line in _read_back(house, of):
        click.echo(line)
    _tell(entered, asked["route"])


def _draft(house: "House", asked: Asked, code: str, plans: str) -> "Draft":
    from bot.services.entering import draft, read_numbers, read_secret

    secret, picks = read_secret(code), read_numbers(plans)
    return act(
        house, lambda scene: draft(scene, secret, picks, asked["route"], asked["slug"])
    )


def _read_back(house: "House", of: "Draft") -> list[str]:
    from bot.domain.languages import pick_text
    from bot.services.entering import titles_of

    plans = act(house, lambda scene: titles_of(scene, of))
    told = [f"{each.number} {pick_text(each.title, 'nl')}" for each in plans]
    told += [f"Pass {of.serial} has a ballot already."] if of.has_ballot else []
    return told + (["This is a test pass: it is not counted."] if of.is_test else [])


def _enter(house: "House", asked: Asked, of: "Draft", by: str) -> "Entered":
    from bot.services.entering import enter

    return enter(house, of, by, replaces=asked["replace"])


def _tell(entered: "Entered", route: str) -> None:
    """Say that it is in; the receipt only where somebody is there to take it."""
    done = "replaced the one before" if entered.replaced else "is in"
    click.echo(f"The ballot of pass {entered.serial} {done}.")
    if route == "desk":
        click.echo(f"Receipt: {entered.receipt}")


def _enter_file(
    house: "House", path: Path, left: Path | None, slug: str, by: str
) -> None:
    from bot.services.entering_files import BoxFileError, as_csv, enter_box, read_box
    from bot.services.pass_register import find_round

    act(house, lambda scene: find_round(scene, slug))
    try:
        rows = read_box(path.read_bytes())
    except BoxFileError as fault:
        told = f"{path} {fault}. Nothing was entered."
        raise click.ClickException(told) from fault
    rest = left or path.with_name(f"{path.stem}-left.csv")
    with sink(rest) as write:
        report = enter_box(house, slug, rows, by)
        if report.left:
            write(as_csv(report.left))
    for each in report.left:
        click.echo(str(each), err=True)
    click.echo(f"{report.entered} ballots are in, {report.already} were in before.")
    if report.left:
        told = f"{len(report.left)} rows did not go in. They stand in {rest}."
        raise click.ClickException(told)
