"""How long each column about people is kept: by which rule, and who carries it out.

The inventory says what a column is for; here stands when it goes. A column without a
rule, or a rule that nobody carries out, fails the build
(`tests/guards/test_keeping.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class By(StrEnum):
    """Who lets go of it when its time has come."""

    SWEEP = "the sweep, every half minute (`bot.services.sweep`)"
    RETIRING = "the job that retires what is old, once a day (`bot.services.retiring`)"
    SEALING = "sealing a round, after the count (`bot.services.sealing`)"
    ENDING = "two officials: `buurtstem round destroy` (`bot.services.destroying`)"
    PERSON = "a person: it is a record of the municipality, or an official's own"


@dataclass(frozen=True, slots=True)
class Keep:
    """A rule: so many `days` after something, carried out `by` somebody.

    `days` is a number, the name of one in a round's `[retention]`, or None where no
    number says it. With `nameless` the row stays and has lost the person: nobody can
    tell any more whose it was. `why` is the reason for what is not simply deleted.
    """

    after: str
    by: By
    days: int | str | None = None
    nameless: bool = False
    why: str = ""


MARKS = Keep("the results", By.SWEEP, "marks_days")
SOUNDS = Keep("its words are sure", By.SWEEP, "sounds_days")
MESSAGES = Keep(
    "it was written; while a task about her is open, after that",
    By.RETIRING,
    "messages_days",
)
TASKS = Keep("the task was done", By.RETIRING, "tasks_days")
PEOPLE = Keep(
    "her last message; while a chosen plan of hers is looked after, or a task about "
    "her is open, after that",
    By.RETIRING,
    "people_days",
)
NAMELESS = Keep(
    "her last message",
    By.RETIRING,
    "people_days",
    nameless=True,
    why="counts and proofs without anybody: her address goes, and with it the name",
)
PLANS = Keep(
    "the round; of a chosen plan they stay with the record",
    By.RETIRING,
    "plans_days",
)
ASKED = Keep("the round", By.RETIRING, "plans_days")
SHORTLY = Keep("use: an hour to a month, as the inventory says", By.SWEEP)
READ = Keep("it was to be read aloud, and sooner once it was", By.RETIRING, 1)
SEALED = Keep("the count", By.SEALING)
RECORD = Keep(
    "the selection list of the municipality says",
    By.ENDING,
    why="a record of a decision: when it may be destroyed, the archivist decides",
)
ACCOUNTS = Keep(
    "the years for which accounts are kept",
    By.ENDING,
    why="payments and what they rest on, which the law asks for, without a name",
)
STAFF = Keep(
    "the official stops working here",
    By.PERSON,
    why="an official's own login; an admin takes it away",
)
OWN = Keep(
    "another one takes its place",
    By.PERSON,
    why="of no round: what the desk does goes on in the next one",
)
PROOF = Keep(
    "nothing: it stays",
    By.PERSON,
    why="it proves that records were destroyed, on whose word, and where they are",
)
LEDGER = Keep(
    "the last backup from before",
    By.PERSON,
    why="without it a restored backup would bring her back; a keyed hash",
)

_TABLES: Mapping[str, Keep] = {
    "talks": NAMELESS,
    "residents": NAMELESS,
    "media": NAMELESS,
    "inbound_messages": NAMELESS,
    "outbound_messages": NAMELESS,
    "speeches": READ,
    "desk_messages": NAMELESS,
    "corrections": SOUNDS,
    "tasks": NAMELESS,
    "marks": MARKS,
    "supports": PLANS,
    "follows": PLANS,
    "plan_media": PLANS,
    "checkin_answers": NAMELESS,
    "plans": RECORD,
    "plan_care": NAMELESS,
    "meetings": PLANS,
    "trust_asked": ASKED,
    "trust_answers": Keep(
        "the record", By.ENDING, why="answers of nobody, without a time"
    ),
    "pass_tries": SHORTLY,
    "hook_calls": SHORTLY,
    "hook_events": SHORTLY,
    "hook_tries": SHORTLY,
    "desk_sessions": SHORTLY,
    "door_tries": SHORTLY,
    "spendings": ACCOUNTS,
    "activities": ACCOUNTS,
    "officials": STAFF,
    "official_logins": STAFF,
    "recovery_codes": STAFF,
    "hook_endpoints": STAFF,
    "contacts": STAFF,
    "erasures": LEDGER,
    "destroyed_rounds": PROOF,
    "recordings": OWN,
} | dict.fromkeys(
    (
        "audit_lines",
        "ballots",
        "broadcast_drafts",
        "broadcasts",
        "calls",
        "calls_made",
        "closing_moves",
        "decisions",
        "freed_awards",
        "frozen_rounds",
        "handovers",
        "night_corrections",
        "night_plans",
        "nights",
        "observer_acts",
        "pass_acts",
        "passes",
        "plan_changes",
        "plan_lines",
        "plan_stages",
        "receipts",
        "renewals",
        "results",
        "reviews",
        "round_statements",
        "seals",
    ),
    RECORD,
)


def _of(table: str, keep: Keep, names: str) -> Mapping[str, Keep]:
    return {f"{table}.{name}": keep for name in names.split()}


_COLUMNS: Mapping[str, Keep] = MappingProxyType(
    {
        **_of("talks", PEOPLE, "address phone state picks about_id"),
        **_of("residents", PEOPLE, "may_write may_record word_hash"),
        **_of("media", SOUNDS, "source key transcript"),
        **_of("inbound_messages", MESSAGES, "body media_id"),
        **_of(
            "outbound_messages",
            MESSAGES,
            "text choices sound picture about slots external_id",
        ),
        **_of("desk_messages", MESSAGES, "dutch"),
        **_of("tasks", TASKS, "talk_id media_id note outcome_note"),
        **_of("checkin_answers", PEOPLE, "resident_id text media_id"),
        **_of(
            "plans",
            PLANS,
            "resident_id talk_id text place search entry_key latitude longitude",
        ),
        **_of("spendings", PEOPLE, "talk_id"),
        **_of("ballots", SEALED, "voter receipt"),
        **_of("receipts", SEALED, "route language holder"),
        **_of("passes", SEALED, "chat_hash"),
    }
)


def keep_of(column: str) -> Keep:
    """Return the rule of a column ("table.column"). Raises KeyError if it has none."""
    return _COLUMNS.get(column) or _TABLES[column.partition(".")[0]]


def named() -> frozenset[str]:
    """Return what has a rule: tables, and columns that differ from their table."""
    return frozenset(_TABLES) | frozenset(_COLUMNS)
