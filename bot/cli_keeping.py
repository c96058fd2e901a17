"""Commands for keeping data and letting go of it: backups, and who was forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import Builder, settings_or_exit

if TYPE_CHECKING:
    from bot.services.backups import Restored

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@contextmanager
def _plainly() -> Iterator[None]:
    """Say in one line why something was not done."""
    from bot.services.archives import ArchiveError
    from bot.store.media import MediaUnavailableError
    from bot.store.postgres_client import ClientError
    from bot.store.restoring import InUseError

    try:
        yield
    except InUseError as error:
        raise click.ClickException(
            "Somebody works with the database. Stop serve and worker, then try again. "
            "Nothing is changed."
        ) from error
    except MediaUnavailableError as error:
        raise click.ClickException(
            f"The media store does not answer ({error}). The database is what it was."
        ) from error
    except (ArchiveError, ClientError) as error:
        raise click.ClickException(f"{error} Nothing is changed.") from error
    except OSError as error:
        raise click.ClickException(
            f"{error.filename or 'A file'}: {error.strerror}. Nothing is changed."
        ) from error


@click.command()
@click.argument("target", type=_FOLDER)
@click.option("--recipient", help="Encrypt for age's public key (age1…), or several.")
@click.option(
    "--media/--no-media",
    "with_files",
    default=None,
    help="Copy recordings and photos too. Default: yes where MEDIA_URL is a folder.",
)
@click.pass_obj
def backup(
    build: Builder, target: Path, recipient: str | None, *, with_files: bool | None
) -> None:
    """Write a backup into the folder TARGET, beside whoever works; prints its file."""
    from bot.services.backups import back_up, let_go

    settings = settings_or_exit()
    on_disk = "://" not in settings.media_url
    copied = on_disk if with_files is None else with_files
    house = build(settings)
    try:
        with _plainly():
            file = back_up(house, target, for_whom=recipient, with_files=copied)
    finally:
        let_go(house)
    click.echo(str(file))
    if recipient is None:
        click.echo(
            "It is not encrypted: whoever has the file has everything.", err=True
        )
    if not copied:
        click.echo("Recordings and photos are listed in it, not copied.", err=True)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="What is in the database now goes.")
@click.option("--identity", type=_FILE, help="age's secret key, of an encrypted one.")
@click.option(
    "--erasures",
    type=_FILE,
    multiple=True,
    help="A copy of ERASURES_FILE from elsewhere.",
)
@click.option(
    "--only-old-erasures",
    is_flag=True,
    help="There is no ledger newer than the backup.",
)
@click.pass_obj
def restore(
    build: Builder,
    file: Path,
    identity: Path | None,
    erasures: tuple[Path, ...],
    *,
    replace: bool,
    only_old_erasures: bool,
) -> None:
    """Put the backup FILE in the place of the database, all at once.

    Whoever asked to be forgotten is forgotten again before anybody sees it. Nothing
    that we begin is sent until: buurtstem account resume. Stop serve and worker first.
    """
    from bot.services import backups

    wishes = backups.Wishes(
        replace=replace,
        identity=identity,
        ledgers=erasures,
        only_old_ledger=only_old_erasures,
    )
    with _plainly():
        done = backups.restore(build, settings_or_exit(), file, wishes)
    for line in _told(done):
        click.echo(line, err=True)


def _told(done: "Restored") -> Iterator[str]:
    when = f"{done.made_at:%Y-%m-%d %H:%M} UTC"
    yield f"Restored what was there at {when}: {done.rows} rows."
    yield f"Forgotten again: {done.forgotten}."
    yield f"Files brought back: {done.files}."
    yield f"Files deleted, as nothing leads to them any more: {done.files_gone}."
    if not done.has_files:
        yield "The backup only lists recordings and photos: see docs/keeping.md."
    yield f"Replies that may have gone out already: {done.unsure}. They are not sent."
    yield (
        f"News that waits: {done.held}. Look at Delivery on the desk, cancel what went "
        "out already, then: buurtstem account resume telegram (whatsapp, web)"
    )
    yield "What came in since then is lost, votes too: read docs/keeping.md now."


@click.group()
def erasures() -> None:
    """The ledger of people who asked to be forgotten."""


@erasures.command("replay")
@click.argument("ledgers", nargs=-1, type=_FILE)
@click.pass_obj
def erasures_replay(build: Builder, ledgers: tuple[Path, ...]) -> None:
    """Forget again whoever is in the ledger, or in copies of it (LEDGERS), and is here.

    `restore` does so by itself. Again changes nothing.
    """
    from bot.services.backups import let_go
    from bot.services.erasures import replay
    from bot.store.erasures import read_lines

    house = build(settings_or_exit())
    try:
        with _plainly():
            again = replay(
                house, [line for each in ledgers for line in read_lines(each)]
            )
    finally:
        let_go(house)
    click.echo(f"Forgotten again: {again}.", err=True)
