"""The chain of each round is written: settings, ballots in batches, days, the closing.

A batch says in sorted order which ballots came in and which were replaced since the
one before. It waits for so many that nobody can match an entry of the chain with a
chat; the rest comes in after closing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, delete, func, or_, select, update

from bot.domain.chain import Entry, Fact, beginning, commitment, value_of
from bot.domain.passes import PassClass
from bot.domain.rounds import Round
from bot.services.events import tell_closed
from bot.services.freezing import all_versions
from bot.services.house import House
from bot.store.chain import ChainRow, ReplacedBallot
from bot.store.civic import BallotRow
from bot.store.dialect import insert_once
from bot.store.passes import Receipt

LEAST = 20
TOGETHER = timedelta(days=1)
"""Before closing, all ballots of so long come into one batch: the rest is never few."""

LAST_COMMITS = timedelta(minutes=5)
"""After closing, until every vote that was taken in time is in the box for sure."""

COUNTS = or_(
    BallotRow.voter_class.is_(None), BallotRow.voter_class != PassClass.TEST.value
)
"""Ballots of test passes are in no chain, as they are in no count."""

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
    is_over = closes is not None and closes + LAST_COMMITS <= now
    if chain.a_round.waits_for_opening:
        return False
    if not (is_over or chain.a_round.takes_votes(now)):
        return False
    if house.db.read(lambda db: end_of(db, chain.round_id)) is not None:
        return False
    house.db.run(lambda db: _begin(db, chain, now))
    house.db.run(lambda db: _add_settings(db, chain, now))
    if is_over or closes is None or now < closes - TOGETHER:
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


def end_of(db: Connection, round_id: int) -> int | None:
    """Return the place of a chain's last entry; None while there is more to say."""
    closed = select(ChainRow.place).where(
        ChainRow.round_id == round_id, ChainRow.fact == Fact.CLOSED.value
    )
    return db.scalar(closed)


class _Tail(NamedTuple):
    """The newest entry of a chain: what is next to be said follows from it."""

    place: int
    value: str
    fact: str


def _tail(db: Connection, chain: Chain) -> _Tail:
    newest = (
        select(ChainRow.place, ChainRow.value, ChainRow.fact)
        .where(ChainRow.round_id == chain.round_id)
        .order_by(ChainRow.place.desc())
        .limit(1)
    )
    row = db.execute(newest).one_or_none()
    return _Tail(*row) if row else _Tail(0, beginning(chain.a_round.slug), "")


def _append(
    db: Connection,
    chain: Chain,
    tail: _Tail,
    fact: Fact,
    now: datetime,
    body: Mapping[str, Any],
) -> _Tail | None:
    """Add an entry behind `tail` and return it; None if another one stands there.

    Whoever read the tail before everything else it says, and adds behind it, says
    nothing that somebody else has said meanwhile.
    """
    place = tail.place + 1
    made = _Tail(place, value_of(tail.value, place, fact, now, body), fact.value)
    row = insert_once(db, ChainRow).values(
        round_id=chain.round_id, at=now, body=dict(body), **made._asdict()
    )
    return made if db.execute(row).rowcount else None


def _begin(db: Connection, chain: Chain, now: datetime) -> None:
    """Say first of all whose chain it is."""
    tail = _tail(db, chain)
    if not tail.place:
        _append(db, chain, tail, Fact.BEGUN, now, {"round": chain.a_round.slug})


def _add_settings(db: Connection, chain: Chain, now: datetime) -> None:
    """Say by which settings one votes: when the vote opened, and when closing moved."""
    tail: _Tail | None = _tail(db, chain)
    told = select(ChainRow.body).where(
        ChainRow.round_id == chain.round_id, ChainRow.fact == Fact.SETTINGS.value
    )
    known = {body["version"] for body in db.scalars(told)}
    for each in all_versions(db, chain.round_id):
        if each.version not in known and tail is not None:
            body = {"version": each.version, "hash": each.hash}
            tail = _append(db, chain, tail, Fact.SETTINGS, now, body)


def _add_batch(db: Connection, chain: Chain, now: datetime, *, rest: bool) -> bool:
    """Commit to ballots that are in no entry yet; False for too few or a rival.

    `rest`: even if they are few, for no more will come. Raises _ChangedError.
    """
    tail = _tail(db, chain)
    loose = _loose(db, chain.round_id)
    out = sorted(_replaced(db, chain.round_id))
    if len(loose) < LEAST and not (rest and (loose or out)):
        return False
    hashes = {row.id: commitment(row.nonce, row.picks) for row in loose}
    body = {"in": sorted(hashes.values()), "out": out}
    made = _append(db, chain, tail, Fact.BALLOTS, now, body)
    if made is None:
        return False
    placed = update(BallotRow).where(
        BallotRow.id == bindparam("ballot"), BallotRow.place.is_(None)
    )
    for row in loose:
        if not db.execute(placed.values(place=made.place), {"ballot": row.id}).rowcount:
            raise _ChangedError
    db.execute(delete(ReplacedBallot).where(ReplacedBallot.commitment.in_(out)))
    return True


def _loose(db: Connection, round_id: int) -> Sequence[Row[str, str, list[Any]]]:
    """Return ballots that are in no entry; each has its secret number from now on."""
    mine = (BallotRow.round_id == round_id, BallotRow.place.is_(None), COUNTS)
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
    tail, zone = _tail(db, chain), ZoneInfo(chain.a_round.zone)
    said = select(func.max(ChainRow.at)).where(
        ChainRow.round_id == chain.round_id,
        ChainRow.fact.in_((Fact.DAY.value, Fact.BEGUN.value)),
    )
    last = db.scalar(said)
    if last and last.astimezone(zone).date() < now.astimezone(zone).date():
        _append(db, chain, tail, Fact.DAY, now, _receipts(db, chain.round_id))


def _close(db: Connection, chain: Chain, now: datetime) -> None:
    """Say for the last time what is in the box; nothing comes behind it."""
    tail = _tail(db, chain)
    if tail.fact != Fact.CLOSED and not _loose(db, chain.round_id):
        body = _receipts(db, chain.round_id)
        if _append(db, chain, tail, Fact.CLOSED, now, body):
            tell_closed(db, chain.round_id, body["ballots"], now)


def _receipts(db: Connection, round_id: int) -> Mapping[str, Any]:
    placed = select(func.count()).where(
        BallotRow.round_id == round_id, BallotRow.place.is_not(None)
    )
    receipts = select(Receipt.receipt).where(Receipt.round_id == round_id)
    return {
        "ballots": db.scalar(placed) or 0,
        "receipts": sorted(db.scalars(receipts)),
    }


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
