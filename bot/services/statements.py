"""What a named official declares about a round, where no machine can know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from bot.domain.languages import LANGUAGES
from bot.services.freezing import lock_round
from bot.services.officials import Person
from bot.services.rounds import RoundError
from bot.store.civic import Official
from bot.store.frozen import RoundStatement

BUDGET, LEGAL = "budget-decision", "legal-basis"
PROCESSORS, PROOF = "processor-agreements", "letter-proof"
LISTENERS = tuple(f"listeners-{each}" for each in LANGUAGES)
ITEMS = (BUDGET, LEGAL, PROCESSORS, *LISTENERS, PROOF)
LOOKING = frozenset({"viewer", "volunteer", "helper"})
"""Who may not act on a round: a volunteer enters ballots, a helper plans, and nothing
else."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What was declared on one item, by whom (an e-mail) and when."""

    item: str
    note: str
    by: str
    at: datetime


def find_official(db: Connection, email: str) -> Person:
    """Return the official with this e-mail who may act.

    Raises RoundError if there is none, or if she may only look.
    """
    columns = (Official.id, Official.email, Official.name, Official.role)
    named = func.lower(Official.email) == email.strip().lower()
    row = db.execute(select(*columns).where(named)).first()
    if row is None:
        raise RoundError(f"{email} is no official here: buurtstem official add")
    if row.role in LOOKING:
        what = "look" if row.role == "viewer" else "enter ballots"
        raise RoundError(f"{email} may only {what}")
    return Person(*row)


def declare(
    db: Connection, slug: str, statement: Statement, *, holds: bool = True
) -> None:
    """Keep a statement; with `holds` False it takes the one before back.

    Raises RoundError for an unknown round, item or official, and for an empty note:
    whoever reads it later has to know what was looked at.
    """
    if statement.item not in ITEMS:
        raise RoundError(f"{statement.item} is none of: {', '.join(ITEMS)}")
    if not statement.note.strip():
        raise RoundError("say in --note what was decided or looked at, and where it is")
    who = find_official(db, statement.by)
    values = {
        "round_id": lock_round(db, slug).id,
        "item": statement.item,
        "holds": holds,
        "note": statement.note.strip(),
        "by": who.email,
        "at": statement.at,
    }
    db.execute(insert(RoundStatement).values(values))


def statements(db: Connection, round_id: int) -> Mapping[str, Statement]:
    """Return what holds now, by item."""
    rows = select(RoundStatement).where(RoundStatement.round_id == round_id)
    found: dict[str, Statement] = {}
    for row in db.execute(rows.order_by(RoundStatement.id)).all():
        found.pop(row.item, None)
        if row.holds:
            found[row.item] = Statement(row.item, row.note, row.by, row.at)
    return found
