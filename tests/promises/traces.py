"""What a city keeps: every value of every table, and every file."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from bot.store.base import Base
from tests.houses import Street
from tests.worlds import World


def kept(world: World, leave_out: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield each value outside the tables to leave out: its column, and its text."""
    for each in Base.metadata.sorted_tables:
        if each.name in leave_out:
            continue
        for row in world.rows(each.select()):
            for column, value in zip(each.c, row, strict=True):
                if value is not None:
                    yield f"{each.name}.{column.name}", as_text(value)


def as_text(value: Any) -> str:
    """Return a value of a table as one text that words can be looked for in."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return json.dumps(value, default=str, ensure_ascii=False)


def columns_with(
    world: World, words: Iterable[str], leave_out: Collection[str] = ()
) -> set[str]:
    """Return the columns in which any of these words stands, however it is spaced."""
    sought = [_bare(each) for each in words]
    assert all(sought), "nothing is found everywhere"
    return {
        column
        for column, text in kept(world, leave_out)
        if any(each in _bare(text) for each in sought)
    }


def files_with(street: Street, words: Iterable[str]) -> list[str]:
    """Return the files of the media store in which any of these words stands."""
    sought = [each.encode() for each in words]
    found = street.opened().items()
    return [name for name, data in found if any(each in data for each in sought)]


def _bare(text: str) -> str:
    return re.sub(r"[\s\u00a0\u2066-\u2069-]", "", text)
