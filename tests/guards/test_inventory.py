"""No column without a purpose: the inventory and the tables say the same."""

import re

from sqlalchemy import Column, Integer, MetaData, Table

from bot.store import (
    after,
    audit,
    care,
    chain,
    changes,
    civic,
    desk_messages,
    drafts,
    frozen,
    logins,
    nights,
    outhooks,
    outreach,
    passes,
    results,
    reviews,
    spending,
    talks,
    trust,
    voices,
)
from bot.store.base import Base
from bot.store.inventory import NOT_PERSONAL, PERSONAL, faults

KNOWN = (
    after.CallRow,
    audit.AuditLine,
    care.CareRow,
    chain.ChainRow,
    changes.PlanChange,
    civic.PlanRow,
    desk_messages.DeskMessage,
    frozen.FrozenRound,
    logins.DeskSession,
    drafts.BroadcastDraft,
    frozen.FrozenRound,
    nights.Night,
    outhooks.HookEndpoint,
    outreach.Broadcast,
    passes.PassRow,
    results.ResultRow,
    reviews.Review,
    spending.Spending,
    talks.Talk,
    trust.TrustAnswer,
    voices.Speech,
)
FEWEST_COLUMNS = 150
VOICEPRINTS = re.compile(r"embedding|voice_?print|speaker|biometric|birth|age_")


def columns_of(metadata: MetaData) -> frozenset[str]:
    tables = metadata.tables.values()
    return frozenset(
        f"{table.name}.{each.name}" for table in tables for each in table.c
    )


def test_every_column_is_in_the_inventory() -> None:
    columns = columns_of(Base.metadata)
    assert len(columns) >= FEWEST_COLUMNS
    assert faults(columns) == []


def test_a_column_that_is_not_listed_is_found() -> None:
    grown = MetaData()
    Table("talks", grown, Column("shoe_size", Integer))
    columns = columns_of(Base.metadata) | columns_of(grown)
    assert faults(columns) == ["talks.shoe_size is not in the inventory"]


def test_a_listed_column_that_is_gone_is_found() -> None:
    columns = columns_of(Base.metadata) - {"talks.phone"}
    assert faults(columns) == ["talks.phone is listed but not there"]


def test_no_column_stands_on_both_lists() -> None:
    assert not NOT_PERSONAL & PERSONAL.keys()


def test_what_is_personal_says_why_how_long_and_for_whom() -> None:
    said = {name: (w.purpose, w.basis, w.kept, w.seen) for name, w in PERSONAL.items()}
    assert not [name for name, words in said.items() if not all(words)]


def test_nothing_keeps_a_voice_print_or_a_birth_date() -> None:
    columns = columns_of(Base.metadata)
    assert VOICEPRINTS.search("media.speaker_embedding")
    assert not [name for name in columns if VOICEPRINTS.search(name)]
