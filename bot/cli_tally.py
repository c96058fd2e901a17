"""Commands that count: a round, or any election in a file. And the file of a round."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from bot.cli import Builder, settings_or_exit

if TYPE_CHECKING:
    from bot.domain.say import Param
    from bot.services.count_words import Account
    from bot.services.tallying import Counted
    from tally import Settings
    from tally.pabulib import Document

MOST_FAULTS = 20
AUTO = "auto"
RULES = (
    "votes-skip votes-stop points points-stop borda borda-stop amsterdam equal-shares"
).split()
EURO = "EUR"


class Asked(TypedDict):
    """What the command was asked: a file or a round, and how to count and tell it."""

    path: Path | None
    slug: str | None
    rule: str
    beside: str | None
    seed: str | None
    lang: str
    as_json: bool


@click.command()
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An election in Pabulib's format. Needs no settings and no database.",
)
@click.option("--round", "slug", help="A round whose voting has closed.")
@click.option(
    "--rule",
    type=click.Choice([AUTO, *RULES]),
    default=AUTO,
    show_default=True,
    help="Count a file by another rule than the one it names.",
)
@click.option(
    "--beside",
    type=click.Choice(RULES),
    help="Show what another rule would give on a file of a past round, and no steps.",
)
@click.option("--seed", help="The public number of the lot that was drawn for a round.")
@click.option(
    "--lang",
    type=click.Choice(["nl", "en", "tr", "ar"]),
    default="en",
    show_default=True,
    help="The language of the account.",
)
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
@click.pass_obj
def tally(build: Builder, **asked: Unpack[Asked]) -> None:
    """Count an election and tell how, step by step. Changes nothing.

    Of a file, ties go by the order of its PROJECTS; of a round, the cheaper plan goes
    first, then the lot. Every tie that mattered is told.
    """
    path, slug = asked["path"], asked["slug"]
    if asked["beside"] is not None:
        _compare(path, asked["rule"], asked["beside"], as_json=asked["as_json"])
        return
    if slug is not None and path is None:
        if asked["rule"] != AUTO:
            raise click.UsageError("--rule goes with --file: a round has its own rule.")
        from bot.services.count_words import account_of

        counted = _count_round(build, slug, asked["seed"])
        told = account_of(counted.a_round, counted.outcome)
    elif path is not None and slug is None:
        if asked["seed"] is not None:
            raise click.UsageError("--seed goes with --round: a file has its order.")
        told = _account_of_file(path, asked["rule"])
    else:
        raise click.UsageError("Name either a --file or a --round.")
    if asked["as_json"]:
        from bot.services.count_json import outcome_to_json

        click.echo(json.dumps(outcome_to_json(told.outcome)))
        return
    for line in _as_text(told, asked["lang"]):
        click.echo(line)


def _compare(path: Path | None, rule: str, beside: str, *, as_json: bool) -> None:
    """Print what two rules give on a past round. Never of a round in the database."""
    from bot.services.comparing import compare, comparison_to_json
    from tally import ElectionError

    if path is None:
        raise click.UsageError(
            "--beside goes with --file, a past round: rules are compared before a vote "
            "opens, and never as a surprise after it."
        )
    document, settings = _read_by(path, rule)
    try:
        told = compare(document.election, settings, beside)
    except ElectionError as error:
        raise click.ClickException(
            f"{path.name} cannot be compared: {error}."
        ) from error
    if as_json:
        click.echo(json.dumps(comparison_to_json(told)))
        return
    for side in (told.first, told.beside):
        share = side.reached * 100 // told.ballots if told.ballots else 0
        plans = ", ".join(side.chosen) or "none"
        click.echo(f"{side.rule}: {plans}")
        click.echo(f"  {side.reached} of {told.ballots} voters get a plan ({share} %)")
    only = ((told.first, told.only_first), (told.beside, told.only_beside))
    for side, plans_only in only:
        click.echo(f"Only by {side.rule}: {', '.join(plans_only) or 'none'}")


@click.command()
@click.option("--round", "slug", help="A round whose voting has closed.")
@click.option("--format", "form", type=click.Choice(["pb"]))
@click.option("--seed", help="The public number of the lot that was drawn.")
@click.option(
    "--all",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Leave the product: write everything into this new folder.",
)
@click.option("--by", default="command line", help="Who takes everything (with --all).")
@click.pass_obj
def export(
    build: Builder,
    slug: str | None,
    form: str | None,
    seed: str | None,
    folder: Path | None,
    by: str,
) -> None:
    """Write a round's plans and ballots to stdout, in Pabulib's format (pb).

    `tally --file` gives the same result from it. Ballots are sorted and numbered anew:
    neither an order nor a voter is in the file. It is for observers.

    With --all, every table, every file and a description of every column go into a
    folder instead: what it takes to leave the product.
    """
    if folder is not None:
        if slug or form or seed:
            raise click.UsageError("--all stands alone.")
        _export_all(build, folder, by)
        return
    if slug is None or form is None:
        raise click.UsageError("Give --round and --format, or --all.")
    _export_round(build, slug, seed)


def _export_all(build: Builder, folder: Path, by: str) -> None:
    from bot.services.leaving import NotEmptyError, take_all
    from bot.store.media import MediaUnavailableError

    house = build(settings_or_exit())
    try:
        taken = take_all(house, folder, by)
    except NotEmptyError as refusal:
        told = f"{folder} is not empty. Take a new one."
        raise click.ClickException(told) from refusal
    except MediaUnavailableError as error:
        raise click.ClickException(
            f"The media store does not answer ({error}). Delete {folder}, try again."
        ) from error
    click.echo(f"{taken.rows} rows and {taken.files} files are in {folder}.", err=True)
    click.echo("It is not encrypted, and holds what people wrote.", err=True)


def _export_round(build: Builder, slug: str, seed: str | None) -> None:
    from tally.pabulib import PabulibError, write

    counted = _count_round(build, slug, seed)
    try:
        lines = list(write(counted.document))
    except PabulibError as error:
        raise click.ClickException(f"Nothing was written. {error}") from error
    click.echo("".join(lines).encode(), nl=False)


def _count_round(build: Builder, slug: str, seed: str | None) -> "Counted":
    """Count a round; which shares of the outcome have no ballot goes to stderr."""
    from bot.services.tallying import TallyError, count_round

    house = build(settings_or_exit())
    try:
        counted = count_round(house, slug, seed)
    except TallyError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    for note in counted.document.notes:
        click.echo(f"{slug}: {note}", err=True)
    return counted


def _account_of_file(path: Path, rule: str) -> "Account":
    """Count a file."""
    from bot.domain.say import Free
    from bot.services.count_words import Account
    from tally import ElectionError, count

    document, settings = _read_by(path, rule)
    try:
        outcome = count(document.election, settings)
    except ElectionError as error:
        raise click.ClickException(
            f"{path.name} cannot be counted: {error}."
        ) from error
    return Account(outcome, Free, _money(document.about.get("currency", EURO)))


def _read_by(path: Path, rule: str) -> "tuple[Document, Settings]":
    """Read a file, and how it is counted by `rule`; what is odd goes to stderr."""
    from tally import with_rule

    document = _read(path)
    for note in document.notes:
        click.echo(f"{path.name}: {note}", err=True)
    settings = document.settings
    if rule != AUTO:
        settings = with_rule(settings, rule, document.election)
    return document, settings


def _read(path: Path) -> "Document":
    from tally.pabulib import PabulibError, read_file

    try:
        return read_file(path)
    except PabulibError as error:
        named = [f"  {fault}" for fault in error.faults[:MOST_FAULTS]]
        more = len(error.faults) - len(named)
        named += [f"  and {more} more"] if more else []
        listed = "\n".join(named)
        raise click.ClickException(f"{path} was not counted:\n{listed}") from error
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be read: {error.strerror}"
        ) from error


def _money(currency: str) -> "Callable[[int], Param]":
    """Return how cents are shown: in words where they are euro cents."""
    from bot.domain.money import Money
    from bot.domain.say import Free
    from tally.pabulib.amounts import amount

    if currency == EURO:
        return Money
    return lambda cents: Free(f"{amount(cents)} {currency}")


def _as_text(told: "Account", language: str) -> Iterator[str]:
    from bot.i18n import render

    for rows in told.rows():
        yield " ".join(render(row, language) for row in rows)
