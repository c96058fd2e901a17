"""Commands that count: a round, or any election in a file. And the file of a round."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import click

from bot.cli import Builder, settings_or_exit

if TYPE_CHECKING:
    from bot.domain.say import Param
    from bot.services.count_words import Account
    from bot.services.tallying import Counted
    from tally import Outcome, Step, Tie
    from tally.election import Number
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
    if slug is not None and path is None:
        if asked["rule"] != AUTO:
            raise click.UsageError("--rule goes with --file: a round has its own rule.")
        told = _account_of_round(_count_round(build, slug, asked["seed"]))
    elif path is not None and slug is None:
        if asked["seed"] is not None:
            raise click.UsageError("--seed goes with --round: a file has its order.")
        told = _account_of_file(path, asked["rule"])
    else:
        raise click.UsageError("Name either a --file or a --round.")
    if asked["as_json"]:
        click.echo(json.dumps(_as_json(told.outcome)))
        return
    for line in _as_text(told, asked["lang"]):
        click.echo(line)


@click.command()
@click.option("--round", "slug", required=True, help="A round whose voting has closed.")
@click.option("--format", type=click.Choice(["pb"]), required=True, expose_value=False)
@click.option("--seed", help="The public number of the lot that was drawn.")
@click.pass_obj
def export(build: Builder, slug: str, seed: str | None) -> None:
    """Write a round's plans and ballots to stdout, in Pabulib's format (pb).

    `tally --file` gives the same result from it. Ballots are sorted and numbered anew:
    neither an order nor a voter is in the file. It is for observers.
    """
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


def _account_of_round(counted: "Counted") -> "Account":
    from bot.domain.say import Free, Local
    from bot.services.count_words import Account

    titles = {each.key: each.title for each in counted.a_round.themes}

    def name(theme: str) -> "Param":
        return Local(titles[theme]) if theme in titles else Free(theme)

    return Account(counted.outcome, name)


def _account_of_file(path: Path, rule: str) -> "Account":
    """Count a file; what is odd in it goes to stderr."""
    from bot.domain.say import Free
    from bot.services.count_words import Account
    from tally import ElectionError, count, with_rule

    document = _read(path)
    settings, election = document.settings, document.election
    for note in document.notes:
        click.echo(f"{path.name}: {note}", err=True)
    if rule != AUTO:
        settings = with_rule(settings, rule, election)
    try:
        outcome = count(election, settings)
    except ElectionError as error:
        raise click.ClickException(
            f"{path.name} cannot be counted: {error}."
        ) from error
    return Account(outcome, Free, _money(document.about.get("currency", EURO)))


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


def _as_json(outcome: "Outcome") -> dict[str, Any]:
    """Return the outcome as JSON knows it; money is in cents, totals are exact."""
    from tally import rule_name

    return {
        "rule": rule_name(outcome.rule, outcome.measure),
        "chosen": list(outcome.chosen),
        "ties": [_tie(each) for each in outcome.ties],
        "steps": [_step(each) for each in outcome.steps],
        "left": outcome.left,
        "totals": {plan: _number(each) for plan, each in outcome.totals.items()},
        "margins": dict(outcome.margins),
    }


def _tie(tie: "Tie") -> dict[str, Any]:
    return {
        "plans": list(tie.plans),
        "chosen": list(tie.chosen),
        "total": _number(tie.total),
        "broken_by": tie.broken_by.value,
    }


def _step(step: "Step") -> dict[str, Any]:
    from tally import Pot

    if isinstance(step, Pot):
        told = {"pot": step.source.value, "name": step.name, "amount": step.amount}
        share = {"share": _number(step.share), "increases": step.increases}
        return told | share if step.share else told
    looked = {
        "plan": step.plan,
        "total": _number(step.total),
        "cost_cents": step.cost,
        "verdict": step.verdict.value,
        "left": step.left,
    }
    return looked | {"price": _number(step.price)} if step.price else looked


def _number(number: "Number") -> int | str:
    """Return a whole number as such, any other as text: JSON's own are not exact."""
    from tally.pabulib.amounts import written

    return int(number) if number.denominator == 1 else written(number)
