"""The end of a round: what is kept for years, and that the rest is destroyed."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from bot.cli import Builder, settings_or_exit

if TYPE_CHECKING:
    from bot.services.destroyed import Destroyed


@click.command("archive")
@click.argument("slug", metavar="ROUND")
@click.argument(
    "folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path)
)
@click.option("--by", required=True, help="An official, by e-mail address.")
@click.pass_obj
def archive(build: Builder, slug: str, folder: Path, by: str) -> None:
    """Write the record of ROUND into the new folder DIR, in open formats.

    Settings, result, chain, ballots without voters, public plans, money, minutes and
    report, with a page that explains them and a manifest of hashes. Nothing about
    residents is in it that was not public.
    """
    from bot.minutes_words import minutes
    from bot.report_words import council_report
    from bot.services.archiving import records, write_archive
    from bot.services.desk.glance import glance
    from bot.services.minutes import load_record
    from bot.services.publishing import PublishError
    from letters import LetterError, print_minutes, print_report, write_docx

    house = build(settings_or_exit())
    try:
        files = records(house, slug)
        files["minutes.pdf"] = print_minutes(minutes(load_record(house, slug), "nl"))
        seen = glance(house, slug)
        if seen is not None:
            told = council_report(seen, house.clock())
            files["report.pdf"], files["report.docx"] = (
                print_report(told),
                write_docx(told),
            )
        hashed = write_archive(house, slug, folder, files, by)
    except (PublishError, LetterError) as refusal:
        raise click.ClickException(f"Nothing was written. {refusal}") from refusal
    except FileExistsError as refusal:
        said = f"{folder} is not empty. Take a new one."
        raise click.ClickException(said) from refusal
    click.echo(hashed)
    click.echo(f"{len(files)} files are in {folder}. Above: its SHA-256.", err=True)


class Asked(TypedDict):
    """What the command was asked: whose record goes, on whose word."""

    slug: str
    folder: Path
    by: str
    second: str
    selection: str
    paper: Path | None
    yes: bool


@click.command("destroy")
@click.argument("slug", metavar="ROUND")
@click.option(
    "--archive",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that round archive wrote.",
)
@click.option("--by", required=True, help="An official, by e-mail address.")
@click.option("--second", required=True, help="Another official, by e-mail address.")
@click.option("--selection", default="", help="The category of your selection list.")
@click.option(
    "--certificate",
    "paper",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the certificate, as PDF.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def destroy(build: Builder, **asked: Unpack[Asked]) -> None:
    """Destroy the records of ROUND for good, once an archive holds them.

    Two officials answer for it. Refuses, with every reason, while anything of the round
    is open, is kept for longer, or is not in the archive. Interrupted, it goes on when
    it is run again; run after it, it only writes the certificate.
    """
    from bot.services.destroyed import destroyed_round
    from bot.services.destroying import Ending, UnfinishedError, check
    from bot.services.destroying import destroy as run
    from bot.services.rounds import RoundError

    slug, paper = asked["slug"], asked["paper"]
    if paper is not None and paper.exists():
        raise click.ClickException(f"{paper} is there already. Take another name.")
    house = build(settings_or_exit())
    ending = Ending(
        slug, asked["folder"], asked["by"], asked["second"], asked["selection"]
    )
    try:
        if destroyed_round(house, slug) is None:
            check(house, ending)
            _ask(slug, yes=asked["yes"])
        left = run(house, ending)
    except UnfinishedError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except RoundError as refusal:
        told = f"Nothing was destroyed.\n{refusal}"
        raise click.ClickException(told) from refusal
    if paper is not None:
        _write_certificate(paper, left)
    click.echo(left.archive_hash)
    click.echo(
        f"Round {slug} is destroyed: {sum(left.counts.values())} rows and files. "
        "Above: the SHA-256 of its archive.",
        err=True,
    )


def _ask(slug: str, *, yes: bool) -> None:
    """Have the name of the round typed; it cannot be taken back."""
    if yes:
        return
    told = f"This cannot be undone. Type {slug} to destroy its records"
    if click.prompt(told, default="", show_default=False, err=True) != slug:
        raise click.ClickException("Nothing was destroyed.")


def _write_certificate(paper: Path, left: "Destroyed") -> None:
    from bot.certificate_words import certificate
    from letters import print_minutes

    paper.write_bytes(print_minutes(certificate(left)))
    click.echo(f"The certificate is in {paper}.", err=True)
