"""The first tables: talks, messages, rounds, plans, ballots, tasks, officials.

Imports nothing from bot, so that it means the same next year.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
# SQLite numbers rows by itself only in a column of type INTEGER.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "catalog",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog")),
    )
    op.create_table(
        "content_sids",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_content_sids")),
    )
    op.create_table(
        "erasures",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("kept_plans", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_erasures")),
    )
    op.create_table(
        "hook_calls",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_calls")),
    )
    op.create_table(
        "officials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("login_hash", sa.String(length=64), nullable=True),
        sa.Column("login_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officials")),
        sa.UniqueConstraint("email", name=op.f("uq_officials_email")),
    )
    op.create_table(
        "residents",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=True),
        sa.Column("pushed_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residents")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("slug", name=op.f("uq_rounds_slug")),
    )
    op.create_table(
        "ballots",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("voter", sa.String(length=64), nullable=False),
        sa.Column("picks", sa.JSON(), nullable=False),
        sa.Column("receipt", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_ballots_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballots")),
        sa.UniqueConstraint("receipt", name=op.f("uq_ballots_receipt")),
        sa.UniqueConstraint(
            "round_id", "voter", name=op.f("uq_ballots_round_id_voter")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "marks",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", ROW_ID, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_marks_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_marks_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "resident_id", name=op.f("pk_marks")),
    )
    op.create_index(
        op.f("ix_marks_resident_id"), "marks", ["resident_id"], unique=False
    )
    op.create_table(
        "talks",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", ROW_ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("picks", sa.LargeBinary(), nullable=True),
        sa.Column("asked_id", ROW_ID, nullable=True),
        sa.Column("about_id", ROW_ID, nullable=True),
        sa.Column("listening_until", MOMENT, nullable=True),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("forgotten_at", MOMENT, nullable=True),
        sa.Column("last_inbound_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_talks_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talks")),
        sa.UniqueConstraint(
            "channel", "address", name=op.f("uq_talks_channel_address")
        ),
    )
    op.create_index(
        op.f("ix_talks_resident_id"), "talks", ["resident_id"], unique=False
    )
    op.create_table(
        "media",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("talk_id", ROW_ID, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=True),
        sa.Column("mime", sa.String(length=80), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("problem", sa.String(length=40), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=True),
        sa.Column("heard", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("engine", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("fetched_at", MOMENT, nullable=True),
        sa.Column("delete_after", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talks.id"], name=op.f("fk_media_talk_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
    )
    op.create_index("ix_media_due", "media", ["delete_after"], unique=False)
    op.create_index(op.f("ix_media_talk_id"), "media", ["talk_id"], unique=False)
    op.create_table(
        "plans",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", ROW_ID, nullable=True),
        sa.Column("talk_id", ROW_ID, nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("spoken", sa.Boolean(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=True),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.Column("theme", sa.String(length=40), nullable=True),
        sa.Column("cost_cents", sa.Integer(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.Column("contact", sa.JSON(), nullable=True),
        sa.Column("public_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_plans_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_plans_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talks.id"], name=op.f("fk_plans_talk_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("number", name=op.f("uq_plans_number")),
    )
    op.create_index(
        op.f("ix_plans_resident_id"), "plans", ["resident_id"], unique=False
    )
    op.create_index(op.f("ix_plans_round_id"), "plans", ["round_id"], unique=False)
    op.create_table(
        "checkins",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("plan_id", ROW_ID, nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_checkins_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkins")),
    )
    op.create_index(op.f("ix_checkins_plan_id"), "checkins", ["plan_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("plan_id", ROW_ID, nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("next_step", sa.String(length=16), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_decisions_plan_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_decisions")),
    )
    op.create_table(
        "follows",
        sa.Column("plan_id", ROW_ID, nullable=False),
        sa.Column("resident_id", ROW_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_follows_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_follows_resident_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", "resident_id", name=op.f("pk_follows")),
    )
    op.create_index(
        op.f("ix_follows_resident_id"), "follows", ["resident_id"], unique=False
    )
    op.create_table(
        "inbound_messages",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("talk_id", ROW_ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("media_id", ROW_ID, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_inbound_messages_media_id")
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talks.id"], name=op.f("fk_inbound_messages_talk_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_messages")),
        sa.UniqueConstraint(
            "channel",
            "external_id",
            name=op.f("uq_inbound_messages_channel_external_id"),
        ),
    )
    op.create_index(
        "ix_inbound_messages_open",
        "inbound_messages",
        ["talk_id", "id"],
        unique=False,
        sqlite_where=sa.text("stage IN ('waiting', 'listening')"),
        postgresql_where=sa.text("stage IN ('waiting', 'listening')"),
    )
    op.create_index(
        "ix_inbound_messages_received_at",
        "inbound_messages",
        ["received_at"],
        unique=False,
    )
    op.create_index(
        "ix_inbound_messages_talk", "inbound_messages", ["talk_id", "id"], unique=False
    )
    op.create_table(
        "outbound_messages",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("talk_id", ROW_ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("dedupe_key", sa.String(length=80), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("sound", ROW_ID, nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=True),
        sa.Column("delivery", sa.String(length=16), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("leased_by", sa.String(length=40), nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["sound"], ["media.id"], name=op.f("fk_outbound_messages_sound")
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talks.id"], name=op.f("fk_outbound_messages_talk_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbound_messages_dedupe_key")),
    )
    op.create_index(
        "ix_outbound_messages_due",
        "outbound_messages",
        ["priority", "due_at"],
        unique=False,
        sqlite_where=sa.text("delivery = 'queued'"),
        postgresql_where=sa.text("delivery = 'queued'"),
    )
    op.create_index(
        "ix_outbound_messages_external",
        "outbound_messages",
        ["channel", "external_id"],
        unique=False,
    )
    op.create_index(
        "ix_outbound_messages_owed",
        "outbound_messages",
        ["talk_id", "id"],
        unique=False,
        sqlite_where=sa.text("delivery = 'queued'"),
        postgresql_where=sa.text("delivery = 'queued'"),
    )
    op.create_index(
        "ix_outbound_messages_talk",
        "outbound_messages",
        ["talk_id", "id"],
        unique=False,
    )
    op.create_table(
        "plan_media",
        sa.Column("plan_id", ROW_ID, nullable=False),
        sa.Column("media_id", ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_plan_media_media_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_media_plan_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", "media_id", name=op.f("pk_plan_media")),
    )
    op.create_table(
        "plan_stages",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("plan_id", ROW_ID, nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_stages_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_stages")),
    )
    op.create_index(
        op.f("ix_plan_stages_plan_id"), "plan_stages", ["plan_id"], unique=False
    )
    op.create_table(
        "supports",
        sa.Column("plan_id", ROW_ID, nullable=False),
        sa.Column("resident_id", ROW_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_supports_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_supports_resident_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", "resident_id", name=op.f("pk_supports")),
    )
    op.create_index(
        op.f("ix_supports_resident_id"), "supports", ["resident_id"], unique=False
    )
    op.create_table(
        "tasks",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("talk_id", ROW_ID, nullable=True),
        sa.Column("plan_id", ROW_ID, nullable=True),
        sa.Column("media_id", ROW_ID, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_tasks_media_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_tasks_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talks.id"], name=op.f("fk_tasks_talk_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_media_id"), "tasks", ["media_id"], unique=False)
    op.create_index("ix_tasks_open", "tasks", ["kind", "done_at"], unique=False)
    op.create_index(op.f("ix_tasks_plan_id"), "tasks", ["plan_id"], unique=False)
    op.create_index(op.f("ix_tasks_talk_id"), "tasks", ["talk_id"], unique=False)
    op.create_table(
        "checkin_answers",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("checkin_id", ROW_ID, nullable=False),
        sa.Column("resident_id", ROW_ID, nullable=True),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("media_id", ROW_ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkins.id"], name=op.f("fk_checkin_answers_checkin_id")
        ),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_checkin_answers_media_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["residents.id"],
            name=op.f("fk_checkin_answers_resident_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_answers")),
    )
    op.create_index(
        op.f("ix_checkin_answers_checkin_id"),
        "checkin_answers",
        ["checkin_id"],
        unique=False,
    )


def downgrade() -> None:
    """Drop all tables."""
    op.drop_index(op.f("ix_checkin_answers_checkin_id"), table_name="checkin_answers")
    op.drop_table("checkin_answers")
    op.drop_index(op.f("ix_tasks_talk_id"), table_name="tasks")
    op.drop_index(op.f("ix_tasks_plan_id"), table_name="tasks")
    op.drop_index("ix_tasks_open", table_name="tasks")
    op.drop_index(op.f("ix_tasks_media_id"), table_name="tasks")
    op.drop_table("tasks")
    op.drop_index(op.f("ix_supports_resident_id"), table_name="supports")
    op.drop_table("supports")
    op.drop_index(op.f("ix_plan_stages_plan_id"), table_name="plan_stages")
    op.drop_table("plan_stages")
    op.drop_table("plan_media")
    op.drop_index("ix_outbound_messages_talk", table_name="outbound_messages")
    op.drop_index(
        "ix_outbound_messages_owed",
        table_name="outbound_messages",
        sqlite_where=sa.text("delivery = 'queued'"),
        postgresql_where=sa.text("delivery = 'queued'"),
    )
    op.drop_index("ix_outbound_messages_external", table_name="outbound_messages")
    op.drop_index(
        "ix_outbound_messages_due",
        table_name="outbound_messages",
        sqlite_where=sa.text("delivery = 'queued'"),
        postgresql_where=sa.text("delivery = 'queued'"),
    )
    op.drop_table("outbound_messages")
    op.drop_index("ix_inbound_messages_talk", table_name="inbound_messages")
    op.drop_index("ix_inbound_messages_received_at", table_name="inbound_messages")
    op.drop_index(
        "ix_inbound_messages_open",
        table_name="inbound_messages",
        sqlite_where=sa.text("stage IN ('waiting', 'listening')"),
        postgresql_where=sa.text("stage IN ('waiting', 'listening')"),
    )
    op.drop_table("inbound_messages")
    op.drop_index(op.f("ix_follows_resident_id"), table_name="follows")
    op.drop_table("follows")
    op.drop_table("decisions")
    op.drop_index(op.f("ix_checkins_plan_id"), table_name="checkins")
    op.drop_table("checkins")
    op.drop_index(op.f("ix_plans_round_id"), table_name="plans")
    op.drop_index(op.f("ix_plans_resident_id"), table_name="plans")
    op.drop_table("plans")
    op.drop_index(op.f("ix_media_talk_id"), table_name="media")
    op.drop_index("ix_media_due", table_name="media")
    op.drop_table("media")
    op.drop_index(op.f("ix_talks_resident_id"), table_name="talks")
    op.drop_table("talks")
    op.drop_index(op.f("ix_marks_resident_id"), table_name="marks")
    op.drop_table("marks")
    op.drop_table("ballots")
    op.drop_table("rounds")
    op.drop_table("residents")
    op.drop_table("officials")
    op.drop_table("hook_calls")
    op.drop_table("erasures")
    op.drop_table("content_sids")
    op.drop_table("catalog")
