"""The chain of each round is written: ballots in batches, every day, the closing.

A batch says in sorted order which ballots came in and which were replaced since the
one before. It waits for so many that nobody can match an entry of the chain with a
chat; the rest comes in after closing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, select, update

from bot.domain.chain import Entry, Fact, beginning, commitment, value_of
from bot.domain.rounds import Round
from bot.services.house import House
from bot.store.chain import ChainRow, ReplacedBallot
from bot.store.civic import BallotRow
from bot.store.dialect import insert_once

LEAST = 20
MOST = 500
"""Ballots in one entry: a transaction is short, and a page of the chain small."""


def chain_ballots(house: House) -> bool:
    """Write what the chains of rounds lack; True if there may be more at once.

    Any number of workers may do so: one of them appends, the others find it done.
    """
    now = house.clock()
    view = house.db.read(house.catalog.view)
    chains = [Chain(view.round_id(each.slug), each) for each in view.rounds]
    more = [_chain(house, each, now) for each in chains]
    return any(more)


def _chain(house: House, chain: "Chain", now: datetime) -> bool:
    closes = chain.a_round.closes_at
    is_over = closes is not None and closes <= now
    if not (is_over or chain.a_round.takes_votes(now)):
        return False
    if house.db.read(lambda db: is_whole(db, chain)):
        return False
    try:
        if house.db.run(lambda db: _add_batch(db, chain, now, rest=is_over)):
            return True
    except _ChangedError:
        return True
    if is_over:
        house.db.run(lambda db: _close(db, chain, now))
    else:
        house.db.run(lambda db: _add_day(db, chain, now))
    return False


class _ChangedError(Exception):
    """A ballot was changed while its batch was written: nothing of the batch holds."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Whose chain it is: the database's id of a round, and the round."""

    round_id: int
    a_round: Round


def is_whole(db: Connection, chain: Chain) -> bool:
    """Tell whether the chain says all there will be to say: it is closed."""
    closed = exists().where(
        ChainRow.round_id == chain.round_id, ChainRow.fact == Fact.CLOSED.value
    )
    return bool(db.scalar(select(closed)))


def append(
    db: Connection, chain: Chain, fact: Fact, now: datetime, body: Mapping[str, Any]
) -> int | None:
    """Add an entry and return its place; None if somebody else added one meanwhile.

    The first entry of a chain is always that it begins, with the round's name.
    """
    last = _last(db, chain.round_id)
    if last is None and fact is not Fact.BEGUN:
        begun = append(db, chain, Fact.BEGUN, now, {"round": chain.a_round.slug})
        return None if begun is None else append(db, chain, fact, now, body)
    place, before = (last.place, last.value) if last else (0, None)
    value = value_of(
        before or beginning(chain.a_round.slug), place + 1, fact.value, now, body
    )
    row = insert_once(db, ChainRow).values(
        round_id=chain.round_id,
        place=place + 1,
        fact=fact.value,
        at=now,
        body=dict(body),
        value=value,
    )
    return place + 1 if db.execute(row).rowcount else None


def _last(db: Connection, round_id: int) -> Row[int, str, str] | None:
    newest = (
        select(ChainRow.place, ChainRow.value, ChainRow.fact)
        .where(ChainRow.round_id == round_id)
        .order_by(ChainRow.place.desc())
        .limit(1)
    )
    return db.execute(newest).one_or_none()


def _add_batch(db: Connection, chain: Chain, now: datetime, *, rest: bool) -> bool:
    """Commit to ballots that are in no entry yet; False for too few or a rival.

    `rest`: even if they are few, for no more will come. Raises _ChangedError.
    """
    loose = _loose(db, chain.round_id)
    out = sorted(_replaced(db, chain.round_id))
    if len(loose) < LEAST and not (rest and (loose or out)):
        return False
    hashes = {row.id: commitment(row.nonce, row.picks) for row in loose}
    body = {"in": sorted(hashes.values()), "out": out}
    place = append(db, chain, Fact.BALLOTS, now, body)
    if place is None:
        return False
    placed = update(BallotRow).where(
        BallotRow.id == bindparam("ballot"), BallotRow.place.is_(None)
    )
    for row in loose:
        if not db.execute(placed.values(place=place), {"ballot": row.id}).rowcount:
            raise _ChangedError
    db.execute(delete(ReplacedBallot).where(ReplacedBallot.commitment.in_(out)))
    return True


def _loose(db: Connection, round_id: int) -> Sequence[Row[str, str, list[Any]]]:
    """Return ballots that are in no entry; each has its secret number from now on."""
    mine = (BallotRow.round_id == round_id, BallotRow.place.is_(None))
    bare = select(BallotRow.id).where(*mine, BallotRow.nonce.is_(None)).limit(MOST)
    for ballot in db.scalars(bare).all():
        named = update(BallotRow).where(BallotRow.id == ballot)
        db.execute(named.values(nonce=new_nonce()))
    columns = (BallotRow.id, BallotRow.nonce, BallotRow.picks)
    found = select(*columns).where(*mine, BallotRow.nonce.is_not(None)).limit(MOST)
    return db.execute(found).all()


def _replaced(db: Connection, round_id: int) -> Sequence[str]:
    found = select(ReplacedBallot.commitment)
    return db.scalars(found.where(ReplacedBallot.round_id == round_id)).all()


def _add_day(db: Connection, chain: Chain, now: datetime) -> None:
    """Once a day, say how many ballots there are, and the receipts of all of them."""
    zone = ZoneInfo(chain.a_round.zone)
    said = select(func.max(ChainRow.at)).where(
        ChainRow.round_id == chain.round_id,
        ChainRow.fact.in_((Fact.DAY.value, Fact.BEGUN.value)),
    )
    last = db.scalar(said)
    if last is None:
        append(db, chain, Fact.BEGUN, now, {"round": chain.a_round.slug})
    elif last.astimezone(zone).date() < now.astimezone(zone).date():
        append(db, chain, Fact.DAY, now, _receipts(db, chain.round_id))


def _close(db: Connection, chain: Chain, now: datetime) -> None:
    append(db, chain, Fact.CLOSED, now, _receipts(db, chain.round_id))


def _receipts(db: Connection, round_id: int) -> Mapping[str, Any]:
    found = select(BallotRow.receipt).where(
        BallotRow.round_id == round_id, BallotRow.place.is_not(None)
    )
    receipts = sorted(db.scalars(found))
    return {"ballots": len(receipts), "receipts": receipts}


def new_nonce() -> str:
    """Return a ballot's secret number: 122 random bits, as 32 hexadecimal digits."""
    return uuid4().hex


def entries_of(db: Connection, round_id: int) -> list[Entry]:
    """Return a round's chain from its first entry on."""
    columns = (
        ChainRow.place,
        ChainRow.fact,
        ChainRow.at,
        ChainRow.body,
        ChainRow.value,
    )
    rows = select(*columns).where(ChainRow.round_id == round_id)
    return [Entry(*row) for row in db.execute(rows.order_by(ChainRow.place))]
