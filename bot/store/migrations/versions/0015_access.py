"""How officials log in: passwords, second factors, sessions, tries at the door.

Only adds tables, and indexes to a table that is only added to. On PostgreSQL each step
is committed by itself and locks one table of theirs at most. Run again, it does
nothing. Imports nothing from bot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

TIED = ("official_logins", "recovery_codes", "desk_sessions")
TRAIL = (("by", "ix_audit_lines_by"), ("act", "ix_audit_lines_act"))


def upgrade() -> None:
    """Add the tables, what ties them to officials, and the indexes of the trail."""
    _make_logins()
    _make_sessions()
    _make_tries()
    _keep()
    if _on_postgres():
        for table in TIED:
            _tie(table)
            _keep()
    for column, name in TRAIL:
        op.create_index(name, "audit_lines", [column, "id"], if_not_exists=True)
    op.create_index("ix_audit_lines_at", "audit_lines", ["at"], if_not_exists=True)


def downgrade() -> None:
    """Take all back; officials log in by links again."""
    for name in ("ix_audit_lines_at", *(each for _, each in TRAIL)):
        op.drop_index(name, "audit_lines", if_exists=True)
    for table in ("door_tries", *reversed(TIED)):
        op.drop_table(table, if_exists=True)
        _keep()


def _make_logins() -> None:
    op.create_table(
        "official_logins",
        sa.Column("official_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        _moment("password_at"),
        sa.Column("factor", sa.LargeBinary(), nullable=True),
        _moment("factor_at"),
        sa.Column("factor_step", sa.BigInteger(), nullable=True),
        sa.Column("factor_new", sa.LargeBinary(), nullable=True),
        _moment("suspended_at"),
        _moment("last_login_at"),
        sa.PrimaryKeyConstraint("official_id", name=op.f("pk_official_logins")),
        *_ties_at_once("official_logins"),
        if_not_exists=True,
    )
    op.create_table(
        "recovery_codes",
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        _moment("used_at"),
        sa.PrimaryKeyConstraint(
            "official_id", "code_hash", name=op.f("pk_recovery_codes")
        ),
        *_ties_at_once("recovery_codes"),
        if_not_exists=True,
    )


def _make_sessions() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "desk_sessions",
        sa.Column("id", big, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("stage", sa.String(length=4), nullable=False),
        sa.Column("browser", sa.String(length=40), nullable=False),
        _moment("created_at", nullable=False),
        _moment("used_at", nullable=False),
        _moment("until", nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        _moment("posts_from", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_desk_sessions_token_hash")),
        *_ties_at_once("desk_sessions"),
        if_not_exists=True,
    )
    name = "ix_desk_sessions_official_id"
    op.create_index(name, "desk_sessions", ["official_id"], if_not_exists=True)


def _make_tries() -> None:
    op.create_table(
        "door_tries",
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _moment("last_at", nullable=False),
        _moment("until", nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_door_tries")),
        if_not_exists=True,
    )


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _ties_at_once(table: str) -> list[sa.ForeignKeyConstraint]:
    """Return what SQLite, which cannot tie later, ties a new table with."""
    if _on_postgres():
        return []
    ties = (["official_id"], ["officials.id"])
    return [sa.ForeignKeyConstraint(*ties, name=op.f(_named(table)))]


def _tie(table: str) -> None:
    """Tie a table to the officials; a second time, do nothing."""
    known = sa.text("SELECT oid FROM pg_constraint WHERE conname = :name")
    if op.get_bind().scalar(known, {"name": _named(table)}) is None:
        ties = (["official_id"], ["id"])
        op.create_foreign_key(op.f(_named(table)), table, "officials", *ties)


def _named(table: str) -> str:
    return f"fk_{table}_official_id"


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass
