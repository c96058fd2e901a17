"""`buurtstem doctor breach`: what was touched, whom to tell, and by when."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli import settings_or_exit
from bot.clock import utc_now

if TYPE_CHECKING:
    from bot.services.breach import Asked, Breach

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"])
STARTED = ("web started", "worker started")


@click.command("breach")
@click.option("--since", type=MOMENT, required=True, help="Like 2026-11-18T09:00Z.")
@click.option("--until", type=MOMENT, help="Default: now.")
@click.option("--discovered", type=MOMENT, help="When you knew of it. Default: now.")
@click.option("--account", multiple=True, help="E-mail of one in wrong hands. Repeat.")
@click.option("--everything", is_flag=True, help="The database or machine was open.")
@click.option("--database", help="A copy to look into. Default: DATABASE_URL.")
@click.option(
    "--log",
    "logs",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A log in JSON: when which version was started. Repeat.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="A new folder to write to."
)
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl")
@click.option("--names", is_flag=True, help="Print e-mail addresses of officials too.")
def breach(
    database: str | None,
    logs: tuple[Path, ...],
    out: Path | None,
    lang: str,
    *,
    names: bool,
    **told: Any,  # noqa: ANN401 - what is looked into, as click hands it over
) -> None:
    """Say what was touched since a moment, whom to tell, and by when.

    Only reads, also from a copy that cannot be written to. With --out a dossier for the
    register of breaches is written, for its owner's eyes only.
    """
    from bot.breach_words import report
    from bot.services.breach import Asked

    now = utc_now()
    asked = Asked(
        since=_aware(told["since"]),
        until=_aware(told["until"] or now),
        discovered=_aware(told["discovered"] or now),
        accounts=told["account"],
        everything=told["everything"],
    )
    if asked.since >= asked.until:
        raise click.UsageError("--since must lie before --until.")
    url = database or settings_or_exit().database_url
    found = _look(url, asked, logs)
    for line in report(found, lang, now, names=names):
        click.echo(line)
    if out is not None:
        _write(out, found, now)
        click.echo(f"{out}: breach.json, texts", err=True)


def _look(url: str, asked: "Asked", logs: tuple[Path, ...]) -> "Breach":
    from bot.services.breach import UnknownAccountError, look_into
    from bot.store.reading import reading_engine

    try:
        engine = reading_engine(url)
    except FileNotFoundError as error:
        raise click.ClickException("There is no such database file.") from error
    starts = [each for path in logs for each in _starts(path, asked)]
    try:
        with engine.connect() as db:
            return look_into(db, asked, starts)
    except UnknownAccountError as error:
        raise click.ClickException("No official has that e-mail address.") from error
    finally:
        engine.dispose()


def _starts(path: Path, asked: "Asked") -> Iterator[dict[str, str]]:
    """Yield when a process began, of which version; other lines are left alone."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                row = json.loads(line)
                at = datetime.fromisoformat(row["time"])
            except (ValueError, KeyError, TypeError):
                continue  # no line of ours
            if row.get("event") in STARTED and asked.since <= at <= asked.until:
                yield {"time": row["time"], "version": str(row.get("version", ""))}


def _write(folder: Path, found: "Breach", now: datetime) -> None:
    """Write the dossier into a folder that is not there yet."""
    from bot.breach_words import (
        REPORT_LANGUAGES,
        authority_text,
        report,
        residents_text,
    )

    try:
        folder.mkdir(parents=True, mode=0o700)
    except FileExistsError as error:
        raise click.ClickException(f"{folder} is there already.") from error
    facts = asdict(found) | {"written_at": now}
    files = {
        "breach.json": json.dumps(facts, default=_plain, indent=2, ensure_ascii=False),
        "residents.txt": residents_text(),
    }
    for language in REPORT_LANGUAGES:
        lines = report(found, language, now, names=True)
        files[f"report.{language}.txt"] = "\n".join(lines) + "\n"
        files[f"authority.{language}.txt"] = authority_text(found, language)
    for name, text in files.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")


def _plain(value: Any) -> str:  # noqa: ANN401 - what JSON has no word for
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
