"""How a database goes about a statement: whether it looks at a whole table."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, text

from bench.statements import Statement

SCANS = re.compile(r"SCAN (\w+?)(?:_\d+)?(?: USING (?:COVERING )?INDEX (\w+))?$")
SEARCHES = re.compile(
    r"SEARCH (\w+?)(?:_\d+)? USING "
    r"(?:AUTOMATIC |INTEGER PRIMARY KEY \(rowid[<>]\?\))"
)
PLAIN_INSERT = re.compile(r"INSERT INTO media \((?!.*\bSELECT\b)", re.DOTALL)
FROM_A_ROW = re.compile(r"\(id [<>]=? [^()]*\)")


def whole_looks(
    db: Connection, statement: Statement, tables: Iterable[str]
) -> list[str]:
    """Return what of these tables a statement reads whole, and how.

    An index of some rows may be read whole, once: it holds what is asked for. So may
    the end of any other that a limit is put on, if no row of it is passed over. To go
    on from a row's number is to look at the whole rest, unless it ends at another one.
    """
    looks = _on_sqlite if db.dialect.name == "sqlite" else _on_postgres
    return [how for table, how in looks(db, statement) if table in set(tables)]


def _on_sqlite(db: Connection, statement: Statement) -> Iterator[tuple[str, str]]:
    if PLAIN_INSERT.match(statement.words):
        # Its plan shows the tables that name a row of it. They are only looked at while
        # a foreign key is broken until the commit, and ours never are.
        return
    explain, values = f"EXPLAIN QUERY PLAN {statement.words}", statement.values
    rows = db.exec_driver_sql(explain, tuple(values)).all()
    partial = text(
        "SELECT 1 FROM sqlite_master WHERE name = :name AND sql LIKE '% WHERE %'"
    )
    ordered = "LIMIT" in statement.words
    for row in rows:
        if found := SCANS.match(row.detail):
            index = found[2]
            if not index or not (ordered or db.scalar(partial, {"name": index})):
                yield found[1], row.detail
        elif found := SEARCHES.match(row.detail):
            yield found[1], row.detail


def _on_postgres(db: Connection, statement: Statement) -> Iterator[tuple[str, str]]:
    found = db.exec_driver_sql(
        f"EXPLAIN (FORMAT JSON) {statement.words}", statement.values
    ).scalar_one()
    partial = set(
        db.scalars(
            text(
                "SELECT indexrelid::regclass::text FROM pg_index "
                "WHERE indpred IS NOT NULL"
            )
        )
    )
    yield from _nodes(found[0]["Plan"], partial)


def _nodes(
    node: Any, partial: set[str], *, again: bool = False, limited: bool = False
) -> Iterator[tuple[str, str]]:
    """Walk a plan; `again` tells that a node is run for each row of another one."""
    kind = node["Node Type"]
    if kind == "Seq Scan":
        yield node["Relation Name"], f"Seq Scan on {node['Relation Name']}"
    if "Index Name" in node and FROM_A_ROW.fullmatch(
        node.get("Index Cond", "(id > 0)")
    ):
        name = node["Index Name"]
        first = limited and "Filter" not in node
        if again or not (first or name in partial):
            table = node.get("Relation Name", name.split("_", 1)[1])
            yield table, f"{kind} of all {name}" + " again and again" * again
    for each in node.get("Plans", ()):
        relation = each.get("Parent Relationship")
        repeated = relation == "SubPlan" or (
            kind == "Nested Loop" and relation == "Inner"
        )
        yield from _nodes(
            each,
            partial,
            again=again or repeated,
            limited=kind == "Limit" or (limited and kind == "LockRows"),
        )
