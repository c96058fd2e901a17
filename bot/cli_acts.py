"""What commands about votes share: two people, a file of one's own, one transaction."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.services.house import House, Scene

T = TypeVar("T")
PEOPLE = 2


def by_two(command: Callable[..., None]) -> Callable[..., None]:
    """Ask for `people`: who does it, twice."""
    told = "Who does it: give it twice, for two people."
    return click.option("--by", "people", multiple=True, required=True, help=told)(
        command
    )


@contextmanager
def sink(path: Path | None) -> Iterator[Callable[[str], object]]:
    """Open where codes go before they are made: they could not be printed again.

    A file that stays empty is taken away again.
    """
    if path is None:
        yield sys.stdout.write
        return
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
        os.close(os.open(path, flags, 0o600))
    except FileExistsError as error:
        raise click.ClickException(
            f"{path} is there already. Nothing was made. Give another name."
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be written ({type(error).__name__}). Nothing was made."
        ) from error
    try:
        yield partial(path.write_text, encoding="utf-8")
    finally:
        if not path.stat().st_size:
            path.unlink()


def two_people(people: Sequence[str]) -> str:
    """Return two people as one line of the trail. One alone may not do it."""
    named = [each.strip() for each in people if each.strip()]
    if len({each.casefold() for each in named}) < PEOPLE:
        raise click.UsageError("Two people have to do this: --by ANNA --by BRAM")
    return " and ".join(named)


def act(house: "House", job: Callable[["Scene"], T]) -> T:
    """Run one act in a transaction; a refusal becomes a message, exit code 1."""
    from bot.services.pass_register import PassRefusedError

    def run(db: "Connection") -> T:
        from bot.services.house import Scene

        return job(Scene(house, db, house.clock()))

    try:
        return house.db.run(run)
    except PassRefusedError as refusal:
        raise click.ClickException(str(refusal)) from refusal
