"""How a column about people is described: what for, why, how long, who sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """Why the law lets us keep it."""

    PUBLIC_TASK = "public task, GDPR article 6(1)(e)"
    CONSENT = "consent, GDPR article 6(1)(a): this column is the record of it"
    ACCOUNTS = "duty to keep accounts, GDPR article 6(1)(c)"


class Seen(StrEnum):
    """Who can see it, besides whoever runs the database."""

    NOBODY = "nobody: only the program reads it"
    STAFF = "staff who are logged in at the desk"
    PUBLIC = "everybody, after a reviewer has ticked it"
    HER_CITY = "the officials' own system, through the web hook"


@dataclass(frozen=True, slots=True)
class Personal:
    """A column about people. `forget` tells that *forget me* empties it in her rows.

    Where `forget` is False, `kept` says why it may stay: no name is left beside it.
    """

    purpose: str
    basis: Basis
    kept: str
    seen: Seen
    forget: bool = True


UNTIL_FORGOTTEN = "until she asks to be forgotten, at most as its rule says"
"""The rule of a column stands in `bot.store.keeping`."""

TASK, NOBODY, STAFF = Basis.PUBLIC_TASK, Seen.NOBODY, Seen.STAFF


def tie(purpose: str, kept: str = UNTIL_FORGOTTEN, seen: Seen = NOBODY) -> Personal:
    """Describe a number that ties a row to a person."""
    return Personal(purpose, TASK, kept, seen)


def ours(purpose: str, kept: str = UNTIL_FORGOTTEN, seen: Seen = NOBODY) -> Personal:
    """Describe what stays in a row that no longer belongs to anybody."""
    return Personal(purpose, TASK, kept, seen, forget=False)


def of(table: str, columns: Mapping[str, Personal]) -> dict[str, Personal]:
    """Name the columns of one table as the inventory does: "table.column"."""
    return {f"{table}.{name}": what for name, what in columns.items()}
