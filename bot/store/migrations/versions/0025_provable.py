"""A trail that nobody changes unseen, names at the city's sign-on, what was scanned.

Lines of the trail that are there come into its chain; triggers refuse whoever changes a
line, or deletes one without opening the trail in the same transaction. The rest only
adds columns. On PostgreSQL each step is committed by itself and locks one table in use.
Run again, it does nothing. Imports nothing from bot.
"""

import json
from collections.abc import Iterator
from datetime import UTC
from hashlib import sha256
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
LINES, CHAIN, OPENINGS = "audit_lines", "audit_chain", "audit_openings"
COLUMNS: tuple[tuple[str, sa.Column[Any]], ...] = (
    ("official_logins", sa.Column("city_issuer", sa.String(length=240))),
    ("official_logins", sa.Column("city_subject", sa.String(length=255))),
    ("official_logins", sa.Column("city_at", MOMENT)),
    ("official_logins", sa.Column("city_refused_at", MOMENT)),
    ("desk_sessions", sa.Column("proved_at", MOMENT)),
    ("media", sa.Column("scanned_at", MOMENT)),
)
KNOWN = "uq_official_logins_city_issuer_city_subject"
_AT_ONCE = 500
_LINE = sa.table(
    LINES,
    sa.column("id", BIG),
    sa.column("at", MOMENT),
    sa.column("by", sa.String()),
    sa.column("act", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("data", sa.JSON()),
)
_ENTRY = sa.table(
    CHAIN,
    *(
        sa.column(name)
        for name in ("place", "line_id", "nonce", "digest", "value", "gone")
    ),
)


def upgrade() -> None:
    """Add tables, columns and triggers, and chain the lines that are there."""
    _make_tables()
    _keep()
    _chain_lines()
    for statement in POSTGRES if not _on_sqlite() else SQLITE:
        op.execute(sa.text(statement))
        _keep()
    for table, column in COLUMNS:
        _add(table, column)
        _keep()
    op.create_index(
        KNOWN,
        "official_logins",
        ["city_issuer", "city_subject"],
        unique=True,
        if_not_exists=True,
    )


def downgrade() -> None:
    """Take it away; the lines of the trail stay."""
    op.drop_index(KNOWN, "official_logins", if_exists=True)
    for table, column in COLUMNS:
        if column.name in _columns(table):
            op.drop_column(table, column.name)
            _keep()
    for statement in UNDONE_POSTGRES if not _on_sqlite() else UNDONE_SQLITE:
        op.execute(sa.text(statement))
        _keep()
    op.drop_table(CHAIN, if_exists=True)
    op.drop_table(OPENINGS, if_exists=True)


def _make_tables() -> None:
    op.create_table(
        CHAIN,
        sa.Column("place", BIG, nullable=False, autoincrement=False),
        sa.Column("line_id", sa.BigInteger(), nullable=True),
        sa.Column("nonce", sa.String(length=32), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("gone", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_audit_chain")),
        sa.UniqueConstraint("line_id", name=op.f("uq_audit_chain_line_id")),
        if_not_exists=True,
    )
    op.create_table(
        OPENINGS,
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_audit_openings")),
        if_not_exists=True,
    )


def _chain_lines() -> None:
    """Chain what is there, in the order of ids. What is in the chain already stays."""
    db = op.get_bind()
    if db.scalar(sa.select(_ENTRY.c.place).limit(1)) is not None:
        return
    place, value = 0, _hash("buurtstem:trail")
    rows: list[dict[str, object]] = []
    for line in _lines(db):
        nonce = uuid4().hex
        instant = line.at if line.at.tzinfo else line.at.replace(tzinfo=UTC)
        told = instant.astimezone(UTC).isoformat(timespec="microseconds")
        said = json.dumps(
            [told, line.by, line.act, line.subject, line.data],
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        digest = _hash(f"{nonce}:{said}")
        place, value = place + 1, _hash(f"{value}:{place + 1}:{digest}")
        rows.append(
            {
                "place": place,
                "line_id": line.id,
                "nonce": nonce,
                "digest": digest,
                "value": value,
            }
        )
    for start in range(0, len(rows), _AT_ONCE):
        db.execute(sa.insert(_ENTRY), rows[start : start + _AT_ONCE])
    _keep()


def _lines(db: sa.Connection) -> Iterator[Any]:
    last = -1
    page = sa.select(_LINE).order_by(_LINE.c.id).limit(_AT_ONCE)
    while lines := db.execute(page.where(_LINE.c.id > last)).all():
        yield from lines
        last = lines[-1].id


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _add(table: str, column: sa.Column[Any]) -> None:
    if column.name not in _columns(table):
        op.add_column(table, column)


def _columns(table: str) -> set[str]:
    return {each["name"] for each in sa.inspect(op.get_bind()).get_columns(table)}


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if not _on_sqlite():
        with op.get_context().autocommit_block():
            pass


_NEVER = "RAISE(ABORT, 'a line of the audit trail is never changed')"
_SHUT = "RAISE(ABORT, 'the audit trail is not open')"
_NOT_OPEN = f"NOT EXISTS (SELECT 1 FROM {OPENINGS})"  # noqa: S608 - our own names
_SAME = "NEW.place = OLD.place AND NEW.digest = OLD.digest AND NEW.value = OLD.value"
_EMPTIED = (
    f"{_SAME} AND OLD.gone IS NULL AND NEW.gone IS NOT NULL "
    "AND NEW.line_id IS NULL AND NEW.nonce IS NULL"
)
SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {what} BEGIN SELECT {why}; END"
    for name, what, why in (
        ("audit_lines_stay", f"UPDATE ON {LINES}", _NEVER),
        ("audit_lines_kept", f"DELETE ON {LINES} WHEN {_NOT_OPEN}", _SHUT),
        (
            "audit_chain_stays",
            f"UPDATE ON {CHAIN} WHEN {_NOT_OPEN} OR NOT coalesce({_EMPTIED}, 0)",
            _NEVER,
        ),
        ("audit_chain_kept", f"DELETE ON {CHAIN}", _NEVER),
    )
)
UNDONE_SQLITE = tuple(
    f"DROP TRIGGER IF EXISTS {name}"
    for name in (
        "audit_lines_stay",
        "audit_lines_kept",
        "audit_chain_stays",
        "audit_chain_kept",
    )
)
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_open boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.{OPENINGS})', TG_TABLE_SCHEMA)
        INTO is_open;
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = '{LINES}' AND is_open THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = '{CHAIN}' AND is_open THEN
        IF {_EMPTIED} THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a line of the audit trail is never changed';
END $$
"""  # noqa: S608 - our own names
POSTGRES = (
    _FUNCTION,
    *(
        f"CREATE OR REPLACE TRIGGER {table}_stay BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION audit_stays()"
        for table in (LINES, CHAIN)
    ),
    *(
        f"CREATE OR REPLACE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()"
        for table in (LINES, CHAIN)
    ),
)
UNDONE_POSTGRES = (
    *(
        f"DROP TRIGGER IF EXISTS {table}_{which} ON {table}"
        for table in (LINES, CHAIN)
        for which in ("stay", "kept")
    ),
    "DROP FUNCTION IF EXISTS audit_stays()",
)
