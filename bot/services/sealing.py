"""After closing: the ballots of a round are cut loose from everything else, for good.

Until then whoever holds the key of the ballot box, and a code, finds its ballot. Then
every ballot gets a fresh id and a place of its own, the hashes that join it to a pass
or a receipt go, and the key may be destroyed: there is nothing left for it to open.
"""

import secrets
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, func, insert, select, text, update

from bot.domain.rounds import Phase
from bot.services.chaining import LAST_COMMITS, chain_ballots, end_of
from bot.services.house import House, Scene
from bot.services.pass_register import PassRefusedError, find_round
from bot.services.turnout import turnout_of
from bot.store.civic import BallotRow
from bot.store.database import Database
from bot.store.passes import PassRow, PassTry, Receipt, Seal, Turnout

AT_ONCE = 500
_LONGEST_RECEIPT = 9
"""Of version 0.1, which kept the receipt beside the ballot; now nothing is so short."""

_WAITING = select(func.pg_advisory_xact_lock(0x5365616C))


class Sealed(NamedTuple):
    """How many ballots a seal is about, and whether it was made just now."""

    ballots: int
    anew: bool


def seal(house: House, slug: str, by: str) -> Sealed:
    """Seal the ballots of a round. Commits; a second time changes nothing.

    Raises PassRefusedError for an unknown round, and before its chain is closed, some
    minutes after voting is.
    """
    now = house.clock()
    while chain_ballots(house):
        pass
    sealed = house.db.run(lambda db: _seal(Scene(house, db, now), slug, by))
    if sealed.anew:
        _leave_no_traces(house.db)
    return sealed


def _seal(scene: Scene, slug: str, by: str) -> Sealed:
    db, now = scene.db, scene.now
    a_round, round_id = find_round(scene, slug)
    if a_round.phase_at(now) not in {Phase.COUNTING, Phase.DOING, Phase.CLOSED}:
        raise PassRefusedError(f"Voting in round {slug} is not over: not sealed.")
    if (place := end_of(db, round_id)) is None:
        raise PassRefusedError(
            f"The chain of round {slug} is not closed yet: not sealed. Try again in "
            f"{LAST_COMMITS.seconds // 60} minutes."
        )
    if db.dialect.name != "sqlite":
        db.execute(_WAITING)
    known = db.scalar(select(Seal.ballots).where(Seal.round_id == round_id))
    if known is not None:
        return Sealed(known, anew=False)
    ballots = _shuffle(db, round_id, place)
    _add_up(db, round_id)
    _forget_ties(db, round_id)
    made = insert(Seal).values(round_id=round_id, ballots=ballots, by=by, at=now)
    db.execute(made)
    return Sealed(ballots, anew=True)


def _shuffle(db: Connection, round_id: int, place: int) -> int:
    """Write all ballots anew, in random order and under random ids.

    Their secret numbers stay, so that the chain can still be checked; all have the same
    place in it.
    """
    columns = (
        BallotRow.picks,
        BallotRow.voter_class,
        BallotRow.route,
        BallotRow.receipt,
        BallotRow.nonce,
        BallotRow.place,
    )
    found = select(*columns).where(BallotRow.round_id == round_id)
    rows = list(db.execute(found))
    old = [row.receipt for row in rows if len(row.receipt) <= _LONGEST_RECEIPT]
    secrets.SystemRandom().shuffle(rows)
    db.execute(delete(BallotRow).where(BallotRow.round_id == round_id))
    fresh = [_fresh(row, round_id, place) for row in rows]
    for at in range(0, len(fresh), AT_ONCE):
        db.execute(insert(BallotRow), fresh[at : at + AT_ONCE])
    if old:
        told = [{"receipt": each, "round_id": round_id} for each in sorted(old)]
        db.execute(insert(Receipt), told)
    return len(fresh)


def _fresh(row: Row[Any], round_id: int, place: int) -> dict[str, Any]:
    random = uuid4().hex
    return {
        "id": random,
        "round_id": round_id,
        "voter": random,
        "receipt": random[:24],
        "picks": row.picks,
        "voter_class": row.voter_class,
        "route": row.route,
        "nonce": row.nonce,
        "place": None if row.place is None else place,
    }


def _add_up(db: Connection, round_id: int) -> None:
    """Keep how many ballots came by each route and language, beside no receipt."""
    rows = [
        {
            "round_id": round_id,
            "route": cell.route,
            "language": cell.language,
            "ballots": cell.ballots,
        }
        for cell in turnout_of(db, round_id)
    ]
    if rows:
        db.execute(insert(Turnout), rows)


def _forget_ties(db: Connection, round_id: int) -> None:
    """Empty what tied receipts to voters, passes to chats, and chats to wrong codes."""
    receipts = update(Receipt).where(Receipt.round_id == round_id)
    db.execute(receipts.values(holder=None, route=None, language=None))
    passes = update(PassRow).where(PassRow.round_id == round_id)
    db.execute(passes.values(chat_hash=None))
    db.execute(delete(PassTry))


def _leave_no_traces(database: Database) -> None:
    """Take away what the database itself remembers of the rows that were there.

    PostgreSQL keeps old rows, with the transaction that wrote them, until it is made to
    let go; SQLite keeps them in its log.
    """
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    if not database.is_sqlite:
        with engine.connect() as db:
            for table in ("ballots", "receipts", "passes", "pass_tries"):
                db.execute(text(f"VACUUM FULL {table}"))
        return
    raw = database.engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()
