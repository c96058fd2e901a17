"""The command that writes the report for the council."""

from pathlib import Path

import click

from bot.cli import Builder, settings_or_exit


@click.command()
@click.option("--round", "slug", required=True, help="The slug of a round.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Name without ending. Default: verslag-ROUND.",
)
@click.pass_obj
def report(build: Builder, slug: str, out: Path | None) -> None:
    """Write the report for the council in Dutch, as a Word file and as PDF.

    Funnel, money, reach, answer times, whom we heard, turnout, trust. What a person has
    to write is marked. The PDF is accessible (PDF/UA). No file is written over.
    """
    from bot.report_words import council_report
    from bot.services.desk.glance import glance
    from letters import LetterError, print_report, write_docx

    house = build(settings_or_exit())
    seen = glance(house, slug)
    if seen is None:
        raise click.ClickException(
            f"There is no round {slug}: buurtstem rounds lists them."
        )
    told, name = council_report(seen, house.clock()), out or Path(f"verslag-{slug}")
    try:
        files = {".docx": write_docx(told), ".pdf": print_report(told)}
    except LetterError as refusal:
        raise click.ClickException(f"Nothing was written. {refusal}") from refusal
    for ending, made in files.items():
        _write(name.with_name(name.name + ending), made)


def _write(path: Path, made: bytes) -> None:
    """Write a new file; one that is there stays as it is, and that is said."""
    try:
        with path.open("xb") as file:
            file.write(made)
    except OSError as error:
        raise click.ClickException(
            f"{path} was not written ({error.strerror}). Give another name."
        ) from error
    click.echo(f"The report is in {path}.", err=True)
