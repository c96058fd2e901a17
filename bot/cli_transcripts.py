"""Commands about what recognisers hear: an evaluation set, and how well they do."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import Builder, settings_or_exit

if TYPE_CHECKING:
    from bot.services.transcripts import EvaluationSet
    from bot.services.word_errors import Score, Trial

NOTHING = (
    "There is nothing to judge yet. It takes a note that somebody at the desk wrote "
    "down, whose words the resident confirmed, and which she lets us keep for tests."
)
HARDER = (
    "These are notes that a person had to write down, so they are harder than most."
)


@click.group()
def transcripts() -> None:
    """What recognisers hear, and what people corrected."""


@transcripts.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def transcripts_export(build: Builder, folder: Path) -> None:
    """Write notes that may be kept for tests to the empty FOLDER: sound and texts.

    Each line of manifest.jsonl is one note. Names and numbers of people are not in it,
    but what was said is: keep it safe, and delete it when a year is over.
    """
    from bot.services.transcripts import SetError, export
    from bot.store.media import MediaUnavailableError

    house = build(settings_or_exit())
    try:
        written, gone = export(house, folder)
    except SetError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except MediaUnavailableError as error:
        raise click.ClickException(
            f"The media store does not answer ({error}). {folder} is not complete: "
            "empty it, and try again later."
        ) from error
    click.echo(f"{written} notes written to {folder}.", err=True)
    if gone:
        click.echo(f"{gone} were deleted meanwhile.", err=True)


@transcripts.command("evaluate")
@click.option(
    "--set",
    "folder",
    type=click.Path(path_type=Path),
    help="A folder that `transcripts export` wrote. Without it: what is kept here.",
)
@click.option(
    "--engine",
    type=click.Choice(["faster-whisper", "openai-whisper"]),
    help="Transcribe the notes anew with this. Without it: what was heard then.",
)
@click.option("--model", help="The model of --engine: a folder, or a name.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
@click.pass_obj
def transcripts_evaluate(
    build: Builder,
    folder: Path | None,
    engine: str | None,
    model: str | None,
    *,
    as_json: bool,
) -> None:
    """Say how many words a recogniser got wrong, by language.

    Compared are small letters without punctuation; in Arabic also without vowel marks
    and with one form of hamza, ya and ta marbuta. Notes that were written down in
    another language than they are spoken in are left out.
    """
    from bot.services.word_errors import scores

    if (engine is None) != (model is None):
        raise click.UsageError("--engine and --model go together.")
    found = _found(build, folder)
    left_out = sum(not each.is_verbatim for each in found.samples)
    judged = scores(_trials(found, engine, model))
    if not judged:
        raise click.ClickException(NOTHING)
    for line in _as_json(judged, left_out) if as_json else _as_text(judged, left_out):
        click.echo(line)


def _found(build: Builder, folder: Path | None) -> "EvaluationSet":
    from bot.services.transcripts import SetError, consented, read_set

    if folder is None:
        return consented(build(settings_or_exit()))
    try:
        return read_set(folder)
    except SetError as fault:
        raise click.ClickException(str(fault)) from fault


def _trials(
    found: "EvaluationSet", engine: str | None, model: str | None
) -> "Iterable[Trial]":
    """Return what was heard then, or what is heard now. A fault becomes a message."""
    from bot.services.transcripts import new_trials, stored_trials
    from bot.store.media import MediaUnavailableError
    from transcription import ModelError, load

    if engine is None or model is None:
        return stored_trials(found.samples)
    try:
        transcriber = load(engine, model, Path("var/models"))
        assert transcriber is not None  # noqa: S101 - "none" is no choice
        return list(new_trials(found, transcriber, engine, Path(model).name))
    except ModelError as error:
        raise click.ClickException(str(error)) from error
    except (MediaUnavailableError, FileNotFoundError) as error:
        raise click.ClickException(
            "The sound of a note cannot be had now. Nothing was judged; try again."
        ) from error


def _as_json(judged: "Sequence[Score]", left_out: int) -> list[str]:
    from bot.services.word_errors import as_json

    told = {"scores": [as_json(each) for each in judged], "left_out": left_out}
    return [json.dumps(told)]


def _as_text(judged: "Sequence[Score]", left_out: int) -> list[str]:
    heads = "language\tengine\tmodel\tnotes\twords\tword errors\t95 %\tcharacter errors"
    lines = [heads, *map(_row, judged), HARDER]
    if left_out:
        lines.append(f"Left out, written down in another language: {left_out}.")
    return lines


def _row(score: "Score") -> str:
    sure = "too few notes"
    if score.low is not None and score.high is not None:
        sure = f"{score.low:.1%} to {score.high:.1%}"
    named = (score.language, score.engine, score.model, score.notes, score.words)
    rates = (f"{score.word_errors:.1%}", sure, f"{score.character_errors:.1%}")
    return "\t".join(map(str, (*named, *rates)))
