"""Statements that every turn runs: compiled once, then handed straight to the driver.

SQLAlchemy's own execution looks each statement up, builds a context and wraps rows;
that was most of a turn's time. A `Prepared` statement keeps its types (times stay aware
UTC, JSON stays JSON) and its errors, and runs in the caller's transaction like others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from sqlalchemy import BindParameter, Connection, Dialect, Float, Select, literal_column
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.visitors import replacement_traverse

from bot.store.errors import without_values

_FLOAT8 = 701
_CURSOR = "prepared_cursor"
_COMPILED = "_buurtstem_prepared"
"""Kept by an engine's dialect: how values go in can depend on the engine's keys."""

Process = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as one dialect writes it, and how values go in and come out."""

    sql: str
    names: Sequence[str]
    positional: bool
    inward: Mapping[str, Process]
    fixed: Mapping[str, Any]
    outward: Sequence[Process]

    def given(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the driver's
        """Return the values as the driver takes them: a list, or by name."""
        bound = {}
        for name in self.names:
            value = values[name] if name in values else self.fixed[name]
            process = self.inward[name]
            bound[name] = value if process is None else process(value)
        return [bound[name] for name in self.names] if self.positional else bound


class Prepared:
    """A Core statement for many executions. `IN` over a list is not supported."""

    def __init__(self, statement: Any) -> None:  # noqa: ANN401 - any Core statement
        self._statement = statement

    def rows(self, db: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it and return all rows as plain tuples, in the order of its columns."""
        compiled = self._for(db.dialect)
        found = self._execute(db, compiled, values).fetchall()
        if not any(compiled.outward):
            return list(found)
        return [_converted(row, compiled.outward) for row in found]

    def one(self, db: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Run it and return the first row, None if there is none."""
        return next(iter(self.rows(db, values)), None)

    def value(self, db: Connection, values: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Run it and return the first value of the first row, None if there is none."""
        row = self.one(db, values)
        return None if row is None else row[0]

    def run(self, db: Connection, values: Mapping[str, Any]) -> int:
        """Run it and return how many rows it touched."""
        return int(self._execute(db, self._for(db.dialect), values).rowcount)

    def many(self, db: Connection, each: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each of these values, in one go where the driver can."""
        if len(each) == 1:
            self.run(db, each[0])
        elif each:
            compiled = self._for(db.dialect)
            all_given = [compiled.given(values) for values in each]
            _guarded(db, compiled, lambda at: at.executemany(compiled.sql, all_given))

    def _for(self, dialect: Dialect) -> _Compiled:
        kept = vars(dialect).setdefault(_COMPILED, {})
        found: _Compiled | None = kept.get(self)
        if found is None:
            found = kept[self] = _compile(self._statement, dialect)
        return found

    def _execute(
        self, db: Connection, compiled: _Compiled, values: Mapping[str, Any]
    ) -> Any:  # noqa: ANN401 - the driver's cursor
        given = compiled.given(values)
        return _guarded(db, compiled, lambda at: at.execute(compiled.sql, given))


def _guarded(db: Connection, compiled: _Compiled, work: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - the driver's cursor
    """Let the driver work; its errors become ours, without any values."""
    try:
        cursor = _cursor(db)
        work(cursor)
    except db.dialect.loaded_dbapi.Error as error:
        wrapped = DBAPIError.instance(
            compiled.sql,
            None,
            error,
            db.dialect.loaded_dbapi.Error,
            hide_parameters=True,
            dialect=db.dialect,
        )
        raise without_values(wrapped) from None
    return cursor


def _cursor(db: Connection) -> Any:  # noqa: ANN401 - the driver's
    """Return what runs our statements on this connection: one cursor for all of them.

    A result is read whole before the next statement, and making a cursor costs as much
    as a small statement does.
    """
    kept = db.connection.info
    if _CURSOR not in kept:
        kept[_CURSOR] = db.connection.cursor()
    return kept[_CURSOR]


def _converted(row: Sequence[Any], outward: Sequence[Process]) -> tuple[Any, ...]:
    return tuple(
        value if process is None or value is None else process(value)
        for value, process in zip(row, outward, strict=True)
    )


def _compile(statement: Any, dialect: Dialect) -> _Compiled:  # noqa: ANN401
    spelled = replacement_traverse(statement, {}, partial(_spelled_out, dialect))
    compiled = spelled.compile(dialect=dialect)
    names = compiled.positiontup if compiled.positional else list(compiled.params)
    binds = {name: compiled.binds[name] for name in names}
    return _Compiled(
        sql=str(compiled),
        names=names,
        positional=compiled.positional,
        inward={name: _inward(bind.type, dialect) for name, bind in binds.items()},
        fixed={
            **{name: bind.value for name, bind in binds.items()},
            **_defaults(compiled),
        },
        outward=[_outward(column.type, dialect) for column in _columns(statement)],
    )


def _spelled_out(dialect: Dialect, part: Any, **_: object) -> Any:  # noqa: ANN401
    """Return the text of a constant of the statement, None for everything else.

    Only where a constant is written out a database sees that a partial index is meant,
    and plans once: SQLite plans anew for each bound value that could matter to one.
    """
    if not (isinstance(part, BindParameter) and part.unique):
        return None
    if part.callable is not None or not isinstance(part.value, str | int):
        return None
    written = part.type.dialect_impl(dialect).literal_processor(dialect)
    return written and literal_column(written(part.value), part.type)


def _defaults(compiled: Any) -> Mapping[str, Any]:  # noqa: ANN401
    """Return the models' plain defaults, which a compiled insert leaves open."""
    columns = getattr(compiled, "prefetch", ())
    return {each.key: each.default.arg for each in columns if each.default.is_scalar}


def _columns(statement: Any) -> Sequence[Any]:  # noqa: ANN401
    if isinstance(statement, Select):
        return list(statement.selected_columns)
    if isinstance(statement, UpdateBase):
        return list(statement.exported_columns)
    return []


def _inward(kind: Any, dialect: Dialect) -> Process:  # noqa: ANN401 - any column type
    return cast("Process", kind.dialect_impl(dialect).bind_processor(dialect))


def _outward(kind: Any, dialect: Dialect) -> Process:  # noqa: ANN401 - any column type
    # PostgreSQL's driver tells the kind of number by its id; ours are all floats.
    oid = _FLOAT8 if isinstance(kind, Float) else None
    return cast("Process", kind.dialect_impl(dialect).result_processor(dialect, oid))
