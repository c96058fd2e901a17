"""The command that writes down what of a round is kept for years."""

from pathlib import Path

import click

from bot.cli import Builder, settings_or_exit


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
    finally:
        house.db.close()
    click.echo(hashed)
    click.echo(f"{len(files)} files are in {folder}. Above: its SHA-256.", err=True)
