"""Columns that are encrypted at rest, and the state of a database in that.

A value goes in and comes out in clear; what stands in the table is sealed by the ring
of the column's purpose (`bot.rings`). Which rings, the engine's dialect knows
(`seal_with`). What was written before a database began to seal is read as it stands.
"""

import json
import time
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Connection,
    Dialect,
    Engine,
    String,
    bindparam,
    event,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean, Text, TypeDecorator

from bot.rings import MARK, Ring
from bot.store.base import Base

PEOPLE, MESSAGES = "people", "messages"
_SAFE = "_buurtstem_safe"
LOOK_SECONDS = 5.0
"""How soon every process knows that a database has begun to seal."""


class Sealing(Base):
    """One row: since when this database seals what it is given, and all it holds."""

    __tablename__ = "sealing"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    begun_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Stage(StrEnum):
    """How far a database is: nothing is sealed, what is new is, everything is."""

    CLEAR = "clear"
    BEGUN = "begun"
    DONE = "done"


class Safe:
    """The rings of one engine, and the stage its database is at.

    Before the first look at the database it is taken to be in the middle.
    """

    def __init__(self, rings: Mapping[str, Ring]) -> None:
        self.rings = rings
        self.stage = Stage.BEGUN
        self._looked: float | None = None

    @property
    def writes(self) -> bool:
        """Whether what is written is sealed."""
        return self.stage is not Stage.CLEAR

    def look(self, db: Connection) -> None:
        """See how far the database is, every few seconds until it is done."""
        if self.stage is Stage.DONE:
            return
        now = time.monotonic()
        if self._looked is None or now - self._looked > LOOK_SECONDS:
            self.stage, self._looked = stage_of(db), now


def stage_of(db: Connection) -> Stage:
    """Return how far a database is; one of an earlier schema is in clear.

    By the driver: this runs before a transaction's own first statement.
    """
    driver = db.connection.cursor()
    try:
        driver.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'sealing'"
            if db.dialect.name == "sqlite"
            else "SELECT to_regclass('sealing')"
        )
        there = driver.fetchone()
        if there is None or there[0] is None:
            return Stage.CLEAR
        driver.execute("SELECT done_at FROM sealing")
        row = driver.fetchone()
    finally:
        driver.close()
    if row is None:
        return Stage.CLEAR
    return Stage.BEGUN if row[0] is None else Stage.DONE


def seal_with(engine: Engine, safe: Safe) -> None:
    """Have everything that goes through this engine sealed and opened by `safe`."""
    setattr(engine.dialect, _SAFE, safe)
    event.listen(engine, "begin", safe.look)


def safe_of(dialect: Dialect) -> Safe | None:
    """Return what seals on engines of this dialect, None if nothing does."""
    return getattr(dialect, _SAFE, None)


class SealedColumn(TypeDecorator[Any]):
    """What both kinds of sealed columns share. `place` is "table.column"."""

    cache_ok = True

    def __init__(self, purpose: str, place: str, *, alike: bool = False) -> None:
        super().__init__()
        self.purpose, self.place, self.alike = purpose, place, alike

    def _seal(self, text: str, dialect: Dialect) -> str:
        """Seal a text; an empty one tells nothing and is asked for by statements."""
        safe = safe_of(dialect)
        if not text or safe is None or not (safe.writes or text.startswith(MARK)):
            return text
        ring = safe.rings[self.purpose]
        return ring.seal(text.encode(), self.place, alike=self.alike)

    def _open(self, text: str, dialect: Dialect) -> str:
        safe = safe_of(dialect)
        if not text.startswith(MARK) or safe is None:
            return text
        ring = safe.rings[self.purpose]
        return ring.open(text, self.place, alike=self.alike).decode()


class SealedText(SealedColumn):
    """A text. `alike`: equal ones look equal, so that it can be compared with `==`."""

    impl = Text
    cache_ok = True

    def __init__(
        self, purpose: str, place: str, *, alike: bool = False, length: int = 0
    ) -> None:
        super().__init__(purpose, place, alike=alike)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> Any:  # noqa: ANN401
        """Name the length it had before on SQLite, which takes longer texts too."""
        named = dialect.name == "sqlite" and self.length
        return String(self.length) if named else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal what is written."""
        return None if value is None else self._seal(value, dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open what is read."""
        return None if value is None else self._open(value, dialect)

    def ways(self) -> "_Ways":
        """Return the type of a value to look for in this column."""
        return _Ways(self.purpose, self.place)

    class comparator_factory(TypeDecorator.Comparator[Any]):  # noqa: N801 - its name
        """Looks a value up under every key there is, and in clear."""

        def __eq__(self, other: object) -> Any:  # noqa: ANN401 - an expression
            """Compare with a value; with another column as ever."""
            kind = self.expr.type
            if isinstance(other, str):
                other = bindparam(None, other, unique=True)
            if not (isinstance(kind, SealedText) and isinstance(other, BindParameter)):
                return super().__eq__(other)
            if not kind.alike:
                return super().__eq__(other)
            ways = kind.ways()
            given = bindparam(other.key, other.value, ways, unique=other.unique)
            if other.required:
                given = bindparam(other.key, type_=ways)
            return _is_one_of(self.expr, given)

        __hash__ = None  # type: ignore[assignment]


class SealedJson(SealedColumn):
    """JSON: it stands in the table as one JSON string, an empty one as it is."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401
        """Seal what is written."""
        if not value:
            return value
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        sealed = self._seal(written, dialect)
        return value if sealed == written else sealed

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401
        """Open what is read."""
        if not isinstance(value, str) or not value.startswith(MARK):
            return value
        opened = self._open(value, dialect)
        return value if opened == value else json.loads(opened)


class _Ways(TypeDecorator[Any]):
    """Everything that a looked up value may stand as, bound as one list."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str, place: str) -> None:
        super().__init__()
        self.purpose, self.place = purpose, place

    def load_dialect_impl(self, dialect: Dialect) -> Any:  # noqa: ANN401
        """Bind a list on PostgreSQL, its JSON on SQLite."""
        return Text() if dialect.name == "sqlite" else ARRAY(Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Return the value sealed under each key, and in clear, as rows once were."""
        ways = [] if value is None else self._ways(value, dialect)
        return json.dumps(ways) if dialect.name == "sqlite" else ways

    def _ways(self, value: str, dialect: Dialect) -> list[str]:
        safe = safe_of(dialect)
        if safe is None:
            return [value]
        sealed = safe.rings[self.purpose].seal_all(value.encode(), self.place)
        return [*sealed, value]


class _is_one_of(FunctionElement[bool]):  # noqa: N801 - like a function of SQL
    """That a column is one of the values of a list."""

    type = Boolean()
    inherit_cache = True


@compiles(_is_one_of)
def _on_postgres(element: Any, compiler: Any, **kw: Any) -> str:  # noqa: ANN401
    column, ways = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} = ANY ({ways})"


@compiles(_is_one_of, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:  # noqa: ANN401
    column, ways = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ways}))"  # noqa: S608 - names


def sealed_address(place: str, length: int) -> SealedText:
    """Return the type of an address or number, which is looked up."""
    return SealedText(PEOPLE, place, alike=True, length=length)


def sealed_words(place: str) -> SealedText:
    """Return the type of a text that people wrote or said, or that we wrote them."""
    return SealedText(MESSAGES, place)


def sealed_data(place: str) -> SealedJson:
    """Return the type of JSON with such words."""
    return SealedJson(MESSAGES, place)
