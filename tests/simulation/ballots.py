"""One ballot for each voter, with what she chose last before she said yes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, text

from bot.flows.saved import load_picks
from bot.keys import Keys

_TABLE = (
    "CREATE TABLE simulation_votes "
    "(step {serial}, voter TEXT, round_id INTEGER, picks TEXT, sealed {bytes})"
)
_CAST = (
    "ballots",
    "INSERT",
    "voter, round_id, picks",
    "NEW.voter, NEW.round_id, {picks}",
)
_CLOSED = "talks", "UPDATE", "sealed", "OLD.picks"
_WHEN = "OLD.picks IS NOT NULL AND NEW.picks IS NULL"


def install(engine: Engine) -> None:
    """Note each ballot, and each unfinished one as it was when it was put away."""
    sqlite = engine.dialect.name == "sqlite"
    statements = _sqlite() if sqlite else _postgres()
    with engine.begin() as db:
        for statement in statements:
            db.execute(text(statement))


def _sqlite() -> Iterator[str]:
    yield _TABLE.format(serial="INTEGER PRIMARY KEY", bytes="BLOB")
    for (table, verb, columns, values), when in (
        (_CAST, ""),
        (_CLOSED, f"WHEN {_WHEN}"),
    ):
        into = f"INSERT INTO simulation_votes ({columns})"
        yield (
            f"CREATE TRIGGER simulation_{table} AFTER {verb} ON {table} {when} "
            f"BEGIN {into} VALUES ({values.format(picks='NEW.picks')}); END"
        )


def _postgres() -> Iterator[str]:
    yield _TABLE.format(serial="SERIAL PRIMARY KEY", bytes="BYTEA")
    for (table, verb, columns, values), when in (
        (_CAST, ""),
        (_CLOSED, f"WHEN ({_WHEN})"),
    ):
        into = f"INSERT INTO simulation_votes ({columns})"
        given = values.format(picks="CAST(NEW.picks AS TEXT)")
        yield (
            f"CREATE FUNCTION simulation_{table}() RETURNS trigger AS $$ BEGIN {into} "
            f"VALUES ({given}); RETURN NULL; END $$ LANGUAGE plpgsql"
        )
        yield (
            f"CREATE TRIGGER simulation_{table} AFTER {verb} ON {table} FOR EACH ROW "
            f"{when} EXECUTE FUNCTION simulation_{table}()"
        )


@dataclass
class Ballots:
    """Knows of each voter what she has sent last."""

    keys: Keys
    cast: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    _last: int = 0
    _open: Any = None

    def check(self, db: Any) -> Iterator[str]:
        """Say which ballots are not what was confirmed, or are there no more."""
        news = text("SELECT * FROM simulation_votes WHERE step > :last ORDER BY step")
        for row in db.execute(news, {"last": self._last}).all():
            self._last = row.step
            yield from self._closed(row) if row.voter is None else self._opened(row)
        kept = db.execute(text("SELECT round_id, voter, picks FROM ballots")).all()
        found = {(row.round_id, row.voter): _numbers(row.picks) for row in kept}
        if found != self.cast:
            sent = len(self.cast)
            yield f"{len(found)} ballots are kept, {sent} sent, or they differ"
        voted = db.scalar(text("SELECT count(*) FROM marks"))
        if len(found) != voted:
            yield f"{len(found)} ballots are kept, of {voted} people who have voted"

    def _opened(self, row: Any) -> Iterator[str]:
        """A ballot is written before the talk that confirmed it."""
        self._open = row
        self.cast[row.round_id, row.voter] = _numbers(row.picks)
        yield from ()

    def _closed(self, row: Any) -> Iterator[str]:
        ballot, self._open = self._open, None
        if ballot is None or ballot.step != row.step - 1:
            return
        chosen = load_picks(self.keys.open(bytes(row.sealed)))
        if chosen is None or sorted(chosen.numbers) != _numbers(ballot.picks):
            yield "a ballot is not what was confirmed"


def _numbers(stored: Any) -> list[int]:
    found = json.loads(stored) if isinstance(stored, str) else stored
    return sorted(int(each) for each in found)
