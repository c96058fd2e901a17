"""What is sealed is sealed anew, row by row, while everything runs.

Used when a database that was in clear begins to seal, and when a key is changed. Killed
in the middle, it goes on where it is run again: what is done already is not found.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Table,
    Text,
    and_,
    cast,
    insert,
    or_,
    select,
    text,
    tuple_,
    update,
)

from bot.rings import AT_REST, BOXES, MARK, Ring
from bot.services.house import House
from bot.services.reboxing import boxes_need, reseal_boxes
from bot.store.database import Database
from bot.store.sealed import (
    LOOK_SECONDS,
    Safe,
    SealedColumn,
    SealedJson,
    Sealing,
    Stage,
    safe_of,
    stage_of,
)
from bot.store.sealed_media import FILES, SealedMedia
from bot.store.tables import all_tables
from bot.store.talks import Media

AT_ONCE = 100
PAUSE_SECONDS = 0.05
"""Between portions, so that messages come first."""

_EMPTY = ("{}", "[]", "null")
NOBODY = "forgotten:"
"""What stands in the place of an address that is gone, in clear."""


class NothingSealedError(Exception):
    """This house seals nothing: it was built without rings."""


class _Place(NamedTuple):
    """A table with columns of one purpose."""

    table: Table
    columns: Sequence[Column[Any]]


def rings_of(house: House) -> Safe:
    """Return what seals in this house. Raises NothingSealedError."""
    safe = safe_of(house.db.engine.dialect)
    if safe is None:
        raise NothingSealedError
    return safe


def begin_sealing(house: House) -> bool:
    """Have what is written from now on sealed; tell whether anything is left to seal.

    Commits. Returns once every process knows.
    """
    made = insert(Sealing).values(id=1, begun_at=house.clock())
    stage = house.db.read(stage_of)
    if stage is Stage.CLEAR:
        house.db.run(lambda db: db.execute(made).rowcount)
        time.sleep(2 * LOOK_SECONDS)
    rings_of(house).stage = max(stage, Stage.BEGUN, key=list(Stage).index)
    return stage is not Stage.DONE


def end_sealing(house: House) -> None:
    """Write down that nothing is in clear any more. Commits."""
    done, now = update(Sealing).where(Sealing.done_at.is_(None)), house.clock()
    house.db.run(lambda db: db.execute(done.values({"done_at": now})).rowcount)


def reseal(
    house: House, purpose: str, pause: Callable[[float], object] = time.sleep
) -> Iterator[int]:
    """Seal everything of a purpose with its newest key; yield how much each time.

    Ends when nothing is left that is sealed with another key, or not at all. Rows that
    somebody has locked just now are taken in a later pass.
    """
    safe = rings_of(house)
    if purpose == FILES:
        yield from _files(house, safe)
        return
    if purpose in BOXES:
        yield from reseal_boxes(house, purpose, pause)
        return
    ring = safe.rings[purpose]
    for place in _places(purpose):
        while house.db.read(partial(_is_stale, place, ring)):
            yield from _pass(house.db, place, ring, pause)


def is_needed(house: House, purpose: str) -> bool:
    """Tell whether anything is not sealed with the newest key of its ring."""
    safe = rings_of(house)
    ring = safe.rings[purpose]
    if purpose == FILES:
        return any(True for _ in _stale_files(house, ring))
    if purpose in BOXES:
        return boxes_need(house, purpose)
    return any(
        house.db.read(partial(_is_stale, place, ring)) for place in _places(purpose)
    )


def _places(purpose: str) -> Iterator[_Place]:
    for table in all_tables():
        columns = [
            each
            for each in table.columns
            if isinstance(each.type, SealedColumn) and each.type.purpose == purpose
        ]
        if columns:
            yield _Place(table, columns)


def _stale(place: _Place, key_id: str) -> Any:  # noqa: ANN401 - a condition
    """Return the condition of rows in which something is sealed otherwise, or not."""
    conditions = []
    for column in place.columns:
        written = cast(column, Text)
        quote = '"' if isinstance(column.type, SealedJson) else ""
        sealed = written.like(f"{quote}{MARK}{key_id}:%")
        nothing = or_(written.in_(("", *_EMPTY)), written.like(f"{NOBODY}%"))
        conditions.append(and_(column.is_not(None), ~sealed, ~nothing))
    return or_(*conditions)


def _is_stale(place: _Place, ring: Ring, db: Connection) -> bool:
    (first, *_) = place.table.primary_key
    found = select(first).where(_stale(place, ring.newest().id)).limit(1)
    return db.scalar(found) is not None


def _pass(
    database: Database, place: _Place, ring: Ring, pause: Callable[[float], object]
) -> Iterator[int]:
    after: Sequence[Any] | None = None
    while True:
        done, last = database.run(partial(_portion, place, ring, after))
        pause(PAUSE_SECONDS)
        if last is None:
            return
        after = last
        yield done


def _portion(
    place: _Place, ring: Ring, after: Sequence[Any] | None, db: Connection
) -> tuple[int, Sequence[Any] | None]:
    """Seal some rows anew; return how many, and the key of the last, None at the end.

    They are read and written through their types: open with any key, sealed with the
    newest.
    """
    keys = list(place.table.primary_key)
    found = select(*keys, *place.columns).where(_stale(place, ring.newest().id))
    if after is not None:
        found = found.where(tuple_(*keys) > tuple_(*after))
    ordered = found.order_by(*keys).limit(AT_ONCE).with_for_update(skip_locked=True)
    rows = db.execute(ordered).all()
    for row in rows:
        hers = [key == value for key, value in zip(keys, row, strict=False)]
        names = [each.name for each in place.columns]
        given = dict(zip(names, row[len(keys) :], strict=True))
        db.execute(update(place.table).where(*hers).values(given))
    return len(rows), tuple(rows[-1][: len(keys)]) if rows else None


def _files(house: House, safe: Safe) -> Iterator[int]:
    media = _sealed_media(house)
    for key in _stale_files(house, safe.rings[FILES]):
        named = _is_named(house, key)
        try:
            media.put(key, media.load(key))
        except FileNotFoundError:
            continue
        if named and not _is_named(house, key):
            media.delete(key)  # it was deleted while we held it
        yield 1


def _stale_files(house: House, ring: Ring) -> Iterator[str]:
    media = _sealed_media(house)
    newest = ring.newest().id
    for key in media.sizes():
        try:
            if media.key_of(key) != newest:
                yield key
        except FileNotFoundError:
            continue


def _sealed_media(house: House) -> SealedMedia:
    if not isinstance(house.media, SealedMedia):
        raise NothingSealedError
    return house.media


def _is_named(house: House, key: str) -> bool:
    """Tell whether a row names this file, and its time has not come."""
    now = house.clock()
    named = select(Media.id).where(
        Media.key == key, or_(Media.delete_after.is_(None), Media.delete_after > now)
    )
    return house.db.read(lambda db: db.scalar(named)) is not None


def leave_no_traces(house: House, *, whole: bool) -> None:
    """Take away what the database itself remembers of the rows that were there.

    `whole`: on PostgreSQL the tables are written anew, which nobody can use meanwhile;
    otherwise old rows lie in its files until their place is needed.
    """
    engine = house.db.engine.execution_options(isolation_level="AUTOCOMMIT")
    if house.db.is_sqlite:
        raw = house.db.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()
        return
    how = "VACUUM FULL" if whole else "VACUUM"
    places = [each for purpose in AT_REST for each in _places(purpose)]
    names = sorted({each.table.name for each in places})
    with engine.connect() as db:
        for name in names:
            db.execute(text(f"{how} {name}"))
