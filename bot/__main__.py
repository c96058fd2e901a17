"""The `buurtstem` command: everything of `bot.cli`, and the processes."""

import logging
import os
import secrets
import signal
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import cli, cli_broadcast, cli_templates
from bot.cli import settings_or_exit

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Connection

    from bot.config import Settings
    from bot.services.house import House


cli.main.add_command(cli_templates.templates)
cli.main.add_command(cli_broadcast.broadcast)
cli.main.add_command(cli_broadcast.account)


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

    def factory() -> "Flask":
        from bot.app import create_app

        return create_app(settings, with_worker=inside)

    Server(factory, options).run()


@cli.main.command()
def worker() -> None:
    """Send what is owed, listen to voice notes, and tidy up, until stopped."""
    from bot.app import close
    from bot.worker import Worker

    house = build(settings_or_exit())
    loops = Worker(house)
    done = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: done.set())
    loops.start()
    done.wait()
    close(house, loops)


@cli.main.command("first-run", hidden=True)
@click.pass_context
def first_run(context: click.Context) -> None:
    """Set up the demo and serve it: what `make run` does."""
    _write_secret(Path(".env"))
    told = logging.getLogger("bot.app")
    told.setLevel(logging.ERROR)  # what is off is said once, when serving begins
    port = os.environ.get("PORT", "8080")
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
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
    from bot.services.officials import officials

    house = build(settings)
    click.echo(f"\nThe phone page:  {settings.public_url}/phone")
    click.echo(f"The desk:        {settings.public_url}/desk\n")
    for each in house.db.run(officials):
        link = house.db.run(partial(_link, house, each.id))
        click.echo(f"  {each.role:<13}{link}")
    click.echo("\nStop with Ctrl+C. Everything is kept in var/.\n")
    house.db.close()


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
