"""The `buurtstem` command: everything of `bot.cli`, the processes and their care."""

import json
import logging
import os
import secrets
import signal
import threading
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import (
    cli,
    cli_archive,
    cli_audit,
    cli_ballots,
    cli_breach,
    cli_broadcast,
    cli_hooks,
    cli_keeping,
    cli_keys,
    cli_letters,
    cli_media,
    cli_passes,
    cli_plans,
    cli_report,
    cli_result,
    cli_rounds,
    cli_tally,
    cli_telegram,
    cli_templates,
    cli_transcripts,
    cli_voices,
)
from bot.cli import settings_or_exit

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Connection

    from bot.config import Settings
    from bot.services.house import House


cli.main.add_command(cli_templates.templates)
cli.main.add_command(cli_broadcast.broadcast)
cli.main.add_command(cli_hooks.hooks)
cli.main.add_command(cli_keys.keys)
cli.main.add_command(cli_media.media)
cli.main.add_command(cli_keeping.backup)
cli.main.add_command(cli_keeping.restore)
cli.main.add_command(cli_keeping.erasures)
cli.main.add_command(cli_letters.letters)
cli.plans.add_command(cli_plans.picture)
cli.main.add_command(cli_passes.passes)
cli.main.add_command(cli_ballots.ballots)
cli.main.add_command(cli_telegram.telegram)
cli.main.add_command(cli_voices.voices)
cli.main.add_command(cli_audit.audit)
cli.main.add_command(cli_transcripts.transcripts)
cli.main.add_command(cli_broadcast.account)
cli_rounds.rounds.add_command(cli_archive.archive)
cli_rounds.rounds.add_command(cli_archive.destroy)
cli.main.add_command(cli_rounds.rounds)
cli.main.add_command(cli_rounds.rehearse)
cli.main.add_command(cli_tally.tally)
cli.main.add_command(cli_tally.export)
cli.main.add_command(cli_result.result)
cli.main.add_command(cli_result.minutes)
cli.main.add_command(cli_report.report)


LISTENING = click.Choice(["listening"])


@cli.main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, help="Default: PORT, else 8080.")
@click.option("--processes", default=1, show_default=True, help="Web processes.")
@click.option(
    "--with-worker/--without-worker",
    default=None,
    help="Run the worker's loops inside. Default: yes on SQLite.",
)
def serve(
    host: str, port: int | None, processes: int, *, with_worker: bool | None
) -> None:
    """Serve webhooks, the web chat and the desk."""
    from bot.web.server import Server

    settings = settings_or_exit()
    inside = settings.on_sqlite if with_worker is None else with_worker
    options = {"bind": f"{host}:{port or settings.port}", "workers": processes}
    alone = settings.on_sqlite and inside and processes == 1

    def factory() -> "Flask":
        from bot.app import create_app, figures_folder

        figures = None if alone else figures_folder()
        return create_app(settings, with_worker=inside, figures=figures)

    Server(factory, options).run()


@cli.main.command()
@click.option("--metrics-port", type=int, help="Serve /metrics there. Default: not.")
@click.option("--metrics-host", default="127.0.0.1", show_default=True)
@click.option("--only", type=LISTENING, help="Do nothing but listen to voice notes.")
@click.option("--except", "leave", type=LISTENING, help="Leave voice notes to others.")
def worker(
    metrics_port: int | None, metrics_host: str, only: str | None, leave: str | None
) -> None:
    """Send what is owed, listen to voice notes, and tidy up, until stopped.

    Where web processes run on the same machine, their /metrics counts this one too.
    """
    from bot.app import build, close, figures_folder, say_started
    from bot.worker import Part, Worker

    if only and leave:
        raise click.UsageError("--only and --except exclude each other.")
    house = build(settings_or_exit(), figures=figures_folder())
    if only:
        _needs_ears(house)
    say_started("worker", house)
    if metrics_port is not None:
        _serve_metrics(house, metrics_host, metrics_port)
    part = Part.LISTENING if only else Part.REST if leave else Part.ALL
    loops = Worker(house, part)
    done = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: done.set())
    loops.start()
    done.wait()
    close(house, loops)


def _needs_ears(house: "House") -> None:
    """Leave if there is nothing to listen with: each note would go to a person."""
    from transcription import ModelError, Recogniser

    ears = house.transcriber
    if ears is None:
        raise click.ClickException("There is no speech model here: buurtstem doctor")
    try:
        if isinstance(ears, Recogniser):
            ears.warm()
    except ModelError as error:
        raise click.ClickException(str(error)) from error


def _serve_metrics(house: "House", host: str, port: int) -> None:
    """Serve what was counted, until the process ends; leave if the port is taken."""
    from prometheus_client import start_http_server

    try:
        start_http_server(port, host, registry=house.meters.shown)
    except OSError as error:
        raise click.ClickException(f"{host}:{port} cannot be listened on.") from error


@cli.main.command("recover")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"]),
    help="From when, like 2026-11-18T09:00Z. Default: the last comparison.",
)
def recover_by_hand(since: datetime | None) -> None:
    """Take in what residents wrote while no webhook could reach us.

    A worker does so by itself, for the last day. Repeating it is harmless.
    """
    from bot.services.recovery import recover

    house = build(settings_or_exit())
    begin = since and (since if since.tzinfo else since.replace(tzinfo=UTC))
    try:
        done = recover(house, house.clock(), begin)
    finally:
        house.close()
    click.echo(f"found {done.found}, taken in {done.taken}")
    if done.failed:
        failed = ", ".join(f"{name} ({why})" for name, why in done.failed.items())
        raise click.ClickException(f"No answer from {failed}. Try again.")


@cli.main.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Look whether this installation is well, and say what to do. Exit 1: it is not.

    Needs no running server. Posts a harmless request to PUBLIC_URL as each provider
    would, and the same one forged.
    """
    from bot.doctor import examination

    if context.invoked_subcommand is not None:
        return
    findings = []
    for each in examination.examine(build):
        findings.append(each)
        if not as_json:
            click.echo(examination.as_line(each))
    report = examination.as_json(findings)
    if as_json:
        click.echo(json.dumps(report))
    raise SystemExit(1 if report["bad"] else 0)


doctor.add_command(cli_breach.breach)


@cli.main.command("first-run", hidden=True)
@click.pass_context
def first_run(context: click.Context) -> None:
    """Set up the demo and serve it: what `make run` does."""
    _write_secret(Path(".env"))
    told = logging.getLogger("bot.app")
    told.setLevel(logging.ERROR)  # what is off is said once, when serving begins
    port = os.environ.get("PORT", "8080")
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("DESK_SECOND_FACTOR", "offered")
    context.invoke(cli.migrate)
    context.invoke(cli.demo, eligibility="address")
    _say_where(settings_or_exit())
    told.setLevel(logging.NOTSET)
    context.invoke(serve, host="127.0.0.1", port=None, processes=1, with_worker=True)


def _write_secret(path: Path) -> None:
    """Give a new installation a secret of its own, readable by its owner only."""
    from dotenv import dotenv_values, load_dotenv

    if not (os.environ.get("SECRET_KEY") or dotenv_values(path).get("SECRET_KEY")):
        fresh = not path.exists()
        with path.open("a", encoding="utf-8") as env:
            env.write(f"SECRET_KEY={secrets.token_urlsafe(48)}\n")
            env.write(f"HOOK_SECRET=whsec_{_webhook_secret()}\n")
        if fresh:
            path.chmod(0o600)
    load_dotenv(path)


def _webhook_secret() -> str:
    import base64

    return base64.b64encode(secrets.token_bytes(24)).decode()


def _say_where(settings: "Settings") -> None:
    """Print the addresses, and a login link for each demo role."""
    from bot.config import OFFERED
    from bot.services.officials import officials

    house = build(settings)
    click.echo(f"\nThe phone page:  {settings.public_url}/phone")
    click.echo(f"For everybody:   {settings.public_url}/open")
    click.echo(f"The desk:        {settings.public_url}/desk\n")
    for each in house.db.run(officials):
        link = house.db.run(partial(_link, house, each.id))
        click.echo(f"  {each.role:<13}{link}")
    if settings.desk_second_factor == OFFERED:
        click.echo("\nDemo: no second factor is asked for. `buurtstem serve` asks.")
    click.echo("\nStop with Ctrl+C. Everything is kept in var/.\n")
    house.close()


def _link(house: "House", official_id: int, db: "Connection") -> str:
    from bot.services.officials import login_link

    return login_link(house, db, official_id, house.clock())


def build(settings: "Settings") -> "House":
    """Build the house; the heavy imports come with it."""
    from bot.app import build as build_house

    return build_house(settings)


def main() -> None:
    """Run the command line."""
    cli.main(obj=build)


if __name__ == "__main__":
    main()
