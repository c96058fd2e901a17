"""Results nights, drafts of broadcasts, and calls about what did not arrive.

Adds tables, and a column that may be empty. On PostgreSQL each step is committed by
itself and locks one table at most. Run again, it does nothing. Imports nothing from
bot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

TABLES = (
    "night_corrections",
    "night_plans",
    "nights",
    "broadcast_drafts",
    "calls_made",
)
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables, then the sounds that people read for a broadcast."""
    _make_nights()
    _make_plans()
    _make_corrections()
    _make_drafts()
    _make_calls()
    _keep()
    known = {each["name"] for each in sa.inspect(op.get_bind()).get_columns(_CASTS)}
    if "sounds" not in known:
        op.add_column(_CASTS, sa.Column("sounds", sa.JSON(), nullable=True))


_CASTS = "broadcasts"


def downgrade() -> None:
    """Take all of it back; what was told stays told."""
    op.drop_column(_CASTS, "sounds")
    _keep()
    for table in TABLES:
        op.drop_table(table, if_exists=True)
        _keep()


def _make_nights() -> None:
    op.create_table(
        "nights",
        sa.Column("id", _BIG, sa.Identity(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=True),
        sa.Column("next_step", sa.JSON(), nullable=False),
        sa.Column("voters_text", sa.JSON(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=True),
        sa.Column("trouble", sa.JSON(), nullable=True),
        sa.Column("broadcast_id", _BIG, nullable=True),
        *_moments(
            "counted_at",
            *(f"{who}{what}" for who in ("authors", "voters", "public") for what in _D),
        ),
        *_trail(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nights")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_nights_round_id", "nights", ["round_id", "id"], if_not_exists=True
    )


_D = ("_at", "_done_at")


def _make_plans() -> None:
    op.create_table(
        "night_plans",
        sa.Column("night_id", _BIG, nullable=False),
        sa.Column("plan_id", _BIG, nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("before", sa.String(length=24), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("contact", sa.JSON(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("call_before", sa.String(length=10), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("lacks", sa.String(length=16), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_by", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("night_id", "plan_id", name=op.f("pk_night_plans")),
        _of_a_night("night_plans"),
        if_not_exists=True,
    )


def _make_corrections() -> None:
    op.create_table(
        "night_corrections",
        sa.Column("id", _BIG, sa.Identity(), nullable=False),
        sa.Column("night_id", _BIG, nullable=False),
        sa.Column("plan_id", _BIG, nullable=False),
        sa.Column("was", sa.String(length=24), nullable=False),
        sa.Column("now", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_moments("dropped_at"),
        sa.Column("confirmed_by", sa.String(length=120), nullable=True),
        *_moments("confirmed_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_corrections")),
        _of_a_night("night_corrections"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_night_corrections_night_id",
        "night_corrections",
        ["night_id"],
        if_not_exists=True,
    )


def _make_drafts() -> None:
    op.create_table(
        "broadcast_drafts",
        sa.Column("id", _BIG, sa.Identity(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("segment", sa.String(length=160), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("sounds", sa.JSON(), nullable=False),
        *_moments("at"),
        sa.Column("broadcast_id", _BIG, nullable=True),
        *_trail(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_drafts")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_broadcast_drafts_state",
        "broadcast_drafts",
        ["state", "id"],
        if_not_exists=True,
    )


def _make_calls() -> None:
    op.create_table(
        "calls_made",
        sa.Column("outbound_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("outbound_id", name=op.f("pk_calls_made")),
        if_not_exists=True,
    )


def _moments(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(timezone=True)) for name in names]


def _trail() -> list[sa.Column[object]]:
    """Return who made, changed, proposed and released something, and when."""
    made: list[sa.Column[object]] = []
    for act in ("made", "changed", "proposed", "released"):
        may_lack = act in {"proposed", "released"}
        made += [
            sa.Column(f"{act}_by", sa.String(length=120), nullable=may_lack),
            sa.Column(f"{act}_at", sa.DateTime(timezone=True), nullable=may_lack),
        ]
    return made


def _of_a_night(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_night_id")
    return sa.ForeignKeyConstraint(["night_id"], ["nights.id"], name=name)


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            pass
