"""What the record of a count tells beside the result: what happened on the way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.hiding import LEAST
from bot.domain.languages import Texts
from bot.domain.rounds import Phase, Round
from bot.services.chaining import COUNTS
from bot.services.house import House
from bot.services.observing import GIVEN, observer_trail
from bot.services.open_rounds import OpenRound, open_round
from bot.services.outages import Gap
from bot.services.pass_register import list_acts
from bot.services.publishing import Published, PublishError
from bot.store.civic import BallotRow
from bot.store.frozen import ClosingMove, Outage
from bot.store.passes import Seal

SUSPECT_PERCENT = 2
"""Identical ballots above this share of all are told to observers; it is no fault."""


@dataclass(frozen=True, slots=True)
class Later:
    """Voting closed later: until when, and why ({locale: text})."""

    closes: datetime
    reason: Texts


@dataclass(frozen=True, slots=True)
class Record:
    """All that the record of a count tells.

    `acts` counts what was done to passes ("void", "replace", "recast"). `groups` are
    the sizes of groups of identical ballots above 2 %, `observers` how many were given
    the ballots.
    """

    found: OpenRound
    result: Published
    sealed_at: datetime | None
    outages: Sequence[Gap]
    moves: Sequence[Later]
    acts: Mapping[str, int]
    groups: Sequence[int]
    observers: int

    @property
    def a_round(self) -> Round:
        """The round that was counted."""
        return self.found.a_round


def load_record(house: House, slug: str) -> Record:
    """Return the record of a round's count. Raises as `load_result`."""
    found, result = load_result(house, slug)
    return house.db.read(lambda db: _record(house, db, found, result))


def load_result(house: House, slug: str) -> tuple[OpenRound, Published]:
    """Return a round and its published result.

    Raises PublishError for a round that is not there, and for one without a result.
    """
    found = open_round(house, slug)
    if found is None:
        raise PublishError(f"There is no round {slug}: buurtstem rounds lists them.")
    result = found.result
    if result is None:
        raise PublishError(
            f"The result of {slug} is not published. First: buurtstem result publish "
            f"--round {slug}"
        )
    return found, result


def _record(
    house: House, db: Connection, found: OpenRound, result: Published
) -> Record:
    round_id = house.catalog.view(db).round_id(found.a_round.slug)
    acts: Counter[str] = Counter()
    for act in list_acts(db, round_id):
        acts[act.act] += act.passes
    given = {
        each.observer for each in observer_trail(db, round_id) if each.act == GIVEN
    }
    return Record(
        found=found,
        result=result,
        sealed_at=db.scalar(select(Seal.at).where(Seal.round_id == round_id)),
        outages=_outages(db, found.a_round),
        moves=_moves(db, round_id),
        acts=acts,
        groups=_identical(db, round_id),
        observers=len(given),
    )


def _outages(db: Connection, a_round: Round) -> Sequence[Gap]:
    """Return the outages that fell into the days of the vote."""
    opens, closes = a_round.start_of(Phase.VOTING), a_round.closes_at
    if opens is None or closes is None:
        return ()
    columns = (Outage.channel, Outage.began_at, Outage.ended_at, Outage.missed)
    rows = select(*columns).where(Outage.ended_at > opens, Outage.began_at < closes)
    return [Gap(*row) for row in db.execute(rows.order_by(Outage.began_at))]


def _moves(db: Connection, round_id: int) -> Sequence[Later]:
    columns = (ClosingMove.closes_to, ClosingMove.reason)
    rows = select(*columns).where(
        ClosingMove.round_id == round_id, ClosingMove.version.is_not(None)
    )
    return [Later(*row) for row in db.execute(rows.order_by(ClosingMove.id))]


def _identical(db: Connection, round_id: int) -> Sequence[int]:
    """Return the sizes of groups of identical ballots above 2 %, the largest first.

    A group under ten is none: that many people choose the same by chance.
    """
    picks: Any = select(BallotRow.picks).where(BallotRow.round_id == round_id, COUNTS)
    groups = Counter(tuple(sorted(each)) for each in db.scalars(picks))
    least = max(LEAST, groups.total() * SUSPECT_PERCENT // 100 + 1)
    return sorted((n for n in groups.values() if n >= least), reverse=True)
