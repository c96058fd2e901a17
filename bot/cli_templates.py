"""Commands for the wordings that WhatsApp has to approve."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bot.cli import Builder, settings_or_exit
from bot.domain.languages import LANGUAGES

if TYPE_CHECKING:
    from bot.services.approvals import Report, State

_REASONS = {
    "channel_off": "WhatsApp is off: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and "
    "TWILIO_SENDER first.",
    "bad_token": "Twilio refused the token: look at TWILIO_AUTH_TOKEN.",
}
_WAITS = frozenset({"unsubmitted", "received", "pending"})


@click.group()
def templates() -> None:
    """Wordings that WhatsApp has to approve."""


@templates.command("sync")
@click.pass_obj
def sync(build: Builder) -> None:
    """Make, submit and follow the templates of every kind of message.

    Repeating does nothing twice. Exit code 1: one was rejected or refused, or the run
    had to end early.
    """
    from bot.services.approvals import sync_templates

    house = build(settings_or_exit())
    report = sync_templates(house)
    _print(report.states)
    for line in _advice(report):
        click.echo(line, err=True)
    if report.stopped or report.refused or _rejected(report.states):
        raise SystemExit(1)


@templates.command("show")
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
@click.pass_obj
def show(build: Builder, *, as_json: bool) -> None:
    """Show how far the approvals are, as they were when last asked for."""
    from bot.services.approvals import states

    house = build(settings_or_exit())
    found = house.db.read(states)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False))
        return
    _print(found)


def _print(states: "Sequence[State]") -> None:
    """Print a row per kind and a column per language, then why some are not approved.

    "(older)" stands where messages still go out with the wording before.
    """
    cells = {(each.kind, each.language): _cell(each) for each in states}
    kinds = list(dict.fromkeys(each.kind for each in states))
    click.echo(_row("kind", *LANGUAGES))
    for kind in kinds:
        click.echo(_row(kind, *(cells[kind, language] for language in LANGUAGES)))
    for each in states:
        if each.reason:
            name = f"{each.kind} ({each.language})"
            click.echo(f"{name}: {each.approval}: {each.reason}")


def _cell(state: "State") -> str:
    older = state.in_use and state.approval != "approved"
    return state.approval + (" (older)" if older else "")


def _row(kind: str, *cells: str) -> str:
    return f"{kind:<17}" + "".join(f"{cell:<21}" for cell in cells).rstrip()


def _rejected(states: "Sequence[State]") -> "list[State]":
    return [each for each in states if each.approval == "rejected"]


def _advice(report: "Report") -> Iterator[str]:
    """Say what to do next."""
    if report.released:
        yield f"{report.released} messages waited for an approval and go out now."
    for line in report.charged:
        yield f"Charged as another category than ours: {line}."
    for line in report.refused:
        yield f"Refused: {line}."
    if report.stopped:
        why = _REASONS.get(report.stopped, f"The run ended early: {report.stopped}.")
        yield f"{why} Then run it again."
    elif _rejected(report.states):
        yield "Rejected: change the words in locales/, then run it again."
    elif any(each.approval in _WAITS for each in report.states):
        yield "Meta decides within a day, as a rule. The worker asks every 15 minutes."
    elif all(each.approval == "approved" for each in report.states):
        yield "All are approved. There is nothing to do."
