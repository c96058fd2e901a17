"""Commands for what is printed: letters with voting passes, and posters.

Codes come in from a file or a pipe and go out into files that only their owner reads;
they are in no log, no message and no file's name.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import click

from bot.cli import Builder, settings_or_exit

if TYPE_CHECKING:
    from bot.services.letters import Printing
    from bot.services.pass_files import Addresses, PassCode

T = TypeVar("T")
OWNER_ONLY = 0o600
BATCH = 100
"""Letters in a file: setting one takes about 4 MB of memory until the file is done."""

_DESTROY = (
    "Whoever has these files can vote. When the printer has confirmed its work, "
    "destroy them and the file with the codes, here and there: docs/letters.md says "
    "how."
)
_ROUND = click.option("--round", "slug", required=True, help="The round, by its slug.")
_CODES = click.option(
    "--codes",
    type=click.File("rb"),
    required=True,
    help="What `passes create` printed; - reads it from a pipe.",
)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def letters() -> None:
    """Letters with voting passes, and posters, to be printed."""


@letters.command("make")
@_ROUND
@_CODES
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Where the files go.",
)
@click.option("--addresses", type=click.File("rb"), help="A line for each code.")
@click.option(
    "--batch",
    type=click.IntRange(1, 1000),
    default=BATCH,
    show_default=True,
    help="Letters in a file.",
)
@click.pass_obj
def make(
    build: Builder,
    slug: str,
    codes: BinaryIO,
    folder: Path,
    addresses: BinaryIO | None,
    batch: int,
) -> None:
    """Make a letter for each code: sheets of A4, a PDF for each batch.

    A file that is there already is not written again: run it once more after a break.
    """
    passes, places = _given(codes, addresses)
    printing = _printing(build, slug)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    batches = [passes[at : at + batch] for at in range(0, len(passes), batch)]
    made = _print_batches(printing, slug, folder, batches, places)
    with click.progressbar(
        made, length=len(batches), label="Printing", file=sys.stderr
    ) as files:
        fresh = sum(files)
    there = len(batches) - fresh
    click.echo(
        f"{len(passes)} letters: {fresh} files made, {there} there already.", err=True
    )
    click.echo(_DESTROY, err=True)


def _given(
    codes: BinaryIO, addresses: BinaryIO | None
) -> "tuple[list[PassCode], Addresses | None]":
    """Read both files; say what is wrong with them, and leave."""
    from bot.services.pass_files import FileRefused, pair, read_addresses, read_codes

    try:
        passes = read_codes(codes.read())
        places = read_addresses(addresses.read()) if addresses else None
        if places is not None:
            pair(passes, places)
    except FileRefused as refused:
        raise click.ClickException(f"{refused}\nNothing was written.") from None
    return passes, places


def _print_batches(
    printing: "Printing",
    slug: str,
    folder: Path,
    batches: "Sequence[Sequence[PassCode]]",
    places: "Addresses | None",
) -> Iterator[bool]:
    """Write a file for each batch; yield whether it was not there before."""
    from bot.letter_words import edition, letter
    from letters import print_letters

    shared, before = edition(printing), 0
    for batch in batches:
        path = folder / f"letters-{slug}-{batch[0].serial}-{batch[-1].serial}.pdf"
        if fresh := not path.exists():
            sheets = [
                letter(printing, each, places.lines(at) if places else ())
                for at, each in enumerate(batch, before)
            ]
            write_private(path, _printed(lambda: print_letters(shared, sheets)))  # noqa: B023 - called at once
        before += len(batch)
        yield fresh


@letters.command("proof")
@_ROUND
@click.option("--out", "file", type=_NEW_FILE, required=True, help="The PDF to write.")
@click.pass_obj
def make_proof(build: Builder, slug: str, file: Path) -> None:
    """Make one letter with a code that cannot exist, marked as a proof."""
    from bot.letter_words import MARK, edition, proof
    from letters import print_letters

    printing = _printing(build, slug)
    shared, sheet = edition(printing, MARK), proof(printing)
    _write_new(file, _printed(lambda: print_letters(shared, [sheet])))


@letters.command("merge")
@click.option("--addresses", type=click.File("rb"), required=True, help="A CSV file.")
@_CODES
@click.option("--out", "file", type=_NEW_FILE, required=True, help="The CSV to write.")
@click.pass_obj
def merge(build: Builder, addresses: BinaryIO, codes: BinaryIO, file: Path) -> None:
    """Put codes, links and addresses into one table, for a printer's own letter.

    The first code goes to the first address, and so on.
    """
    from bot.services.letters import load_openers, pass_links
    from bot.services.pass_files import merged
    from letters import in_fours

    passes, places = _given(codes, addresses)
    assert places is not None  # noqa: S101 - the option is required
    house = build(settings_or_exit())
    openers = _loaded(lambda: load_openers(house))
    grouped = [in_fours(each.code) for each in passes]
    links = [pass_links(openers, each.token) for each in passes]
    _write_new(file, merged(passes, places, grouped, links))
    click.echo(_DESTROY, err=True)


@letters.command("poster")
@_ROUND
@click.option("--out", "file", type=_NEW_FILE, required=True, help="The PDF to write.")
@click.pass_obj
def make_poster(build: Builder, slug: str, file: Path) -> None:
    """Make a poster of A3 for each language: how to vote, or how to tell a plan."""
    from bot.letter_words import poster
    from bot.services.letters import load_poster
    from letters import print_poster

    house = build(settings_or_exit())
    printing = _loaded(lambda: load_poster(house, slug))
    sheets = poster(printing, house.clock())
    _write_new(file, _printed(lambda: print_poster(sheets)))


def _printing(build: Builder, slug: str) -> "Printing":
    from bot.services.letters import load_letters

    house = build(settings_or_exit())
    return _loaded(lambda: load_letters(house, slug))


def _loaded(load: Callable[[], T]) -> T:
    """Read what is printed; a refusal becomes one message."""
    from bot.channels.base import ChannelError
    from bot.services.letters import PrintingRefused

    try:
        return load()
    except PrintingRefused as refused:
        raise click.ClickException(f"{refused}\nNothing was written.") from None
    except ChannelError as error:
        raise click.ClickException(
            f"Telegram does not say what the bot is called ({error}). Nothing was "
            "written; try again."
        ) from None


def _printed(make_pdf: Callable[[], bytes]) -> bytes:
    from letters import LetterError

    try:
        return make_pdf()
    except LetterError as error:
        raise click.ClickException(
            f"This cannot be printed: {error}. Files made before are whole."
        ) from None


def _write_new(file: Path, content: bytes) -> None:
    if file.exists():
        raise click.ClickException(f"{file} is there already; nothing was written.")
    write_private(file, content)
    click.echo(f"{file} is written.", err=True)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read; it is there whole or not at all."""
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        half.replace(path)
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be written: {error.strerror}."
        ) from None
    finally:
        half.unlink(missing_ok=True)
