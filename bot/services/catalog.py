"""Rounds and ballots, kept in memory until staff change something.

The version is read with every turn, inside its transaction, so that a change counts
from the commit that made it, in every process.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from bot.domain.ballots import BallotPaper
from bot.domain.money import Money
from bot.domain.plans import Plan, Status
from bot.domain.rounds import Round
from bot.services.candidates import ballot_of
from bot.services.canonical import ballot_numbers
from bot.services.embargo import Held, held_results
from bot.services.rounds import round_from_json
from bot.store.civic import Catalog, PlanRow, RoundRow
from bot.store.frozen import FrozenRound
from bot.store.passes import PassRow
from bot.store.voices import Recording

_ROUNDS = select(RoundRow.id, RoundRow.slug, RoundRow.data).order_by(RoundRow.id)
_BALLOT: Select[tuple[Any, ...]] = (
    select(
        PlanRow.number,
        PlanRow.title,
        PlanRow.summary,
        PlanRow.already,
        PlanRow.theme,
        PlanRow.cost_cents,
        PlanRow.place,
        PlanRow.picture_id,
    )
    .where(PlanRow.title.is_not(None))
    .order_by(PlanRow.number)
)


@dataclass(frozen=True, slots=True)
class CatalogView:
    """All rounds and their ballots as of `version`, and the prompts people recorded.

    `recorded` is media and hash of the words, by language and slot; `pass_digits` how
    long the codes of a round's passes are, by its slug; `held` the results that wait
    for their moment, by the round's row.
    """

    version: int
    rounds: tuple[Round, ...] = ()
    ids: Mapping[str, int] | None = None
    papers: Mapping[str, BallotPaper] | None = None
    recorded: Mapping[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    pass_digits: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[int, Held] = field(default_factory=dict)

    def round_id(self, slug: str) -> int:
        """Return the database id of a round. Raises KeyError for an unknown one."""
        return (self.ids or {})[slug]

    def slug(self, round_id: int) -> str:
        """Return the slug of a round id. Raises LookupError for an unknown one."""
        for slug, known in (self.ids or {}).items():
            if known == round_id:
                return slug
        raise LookupError(round_id)


class CatalogCache:
    """Holds the newest view this process has read."""

    def __init__(self) -> None:
        self._view: CatalogView | None = None
        self._lock = threading.Lock()

    def view(self, db: Connection, version: int | None = None) -> CatalogView:
        """Return the view of `version` (read from the database if it is not given)."""
        if version is None:
            version = db.scalar(select(Catalog.version)) or 0
        view = self._view
        if view is None or view.version != version:
            with self._lock:
                view = self._view = _read(db, version)
        return view


def touch(db: Connection) -> None:
    """Tell every process that rounds or public plans have changed."""
    risen = update(Catalog).values(version=Catalog.version + 1)
    if db.execute(risen).rowcount == 0:
        db.execute(insert(Catalog).values(id=1, version=1))


def _read(db: Connection, version: int) -> CatalogView:
    rows = db.execute(_ROUNDS).all()
    rounds = {row.id: round_from_json(row.data) for row in rows}
    ids = {each.slug: round_id for round_id, each in rounds.items()}
    known = [(each.slug, each) for each in rounds.values()]
    plans: dict[int, list[Plan]] = {round_id: [] for round_id in rounds}
    frozen = _frozen_numbers(db)
    for each in rows:
        for row in db.execute(_ballot(each, frozen)):
            plans[each.id].append(_plan(row, rounds[each.id].slug))
    papers = {
        rounds[round_id].slug: BallotPaper(
            rounds[round_id].slug, tuple(found), rounds[round_id].ballot
        )
        for round_id, found in plans.items()
        if found
    }
    made = {rounds[row.round_id].slug: row.digits for row in db.execute(_PASS_DIGITS)}
    digits = {
        slug: made[each.register] for slug, each in known if each.register in made
    }
    return CatalogView(
        version,
        tuple(rounds.values()),
        ids,
        papers,
        _recorded(db),
        digits,
        held_results(db),
    )


_PASS_DIGITS = select(PassRow.round_id, PassRow.digits).distinct()


def _frozen_numbers(db: Connection) -> Mapping[int, frozenset[int]]:
    """Return the plans on the ballot of every round whose vote was opened."""
    rows = select(FrozenRound.round_id, FrozenRound.settings)
    newest = db.execute(rows.order_by(FrozenRound.version))
    return {row.round_id: ballot_numbers(row.settings) for row in newest}


def _ballot(
    a_round: Row[Any], frozen: Mapping[int, frozenset[int]]
) -> Select[tuple[Any, ...]]:
    """Return the plans that can be chosen: from opening on they no longer change."""
    if a_round.id not in frozen:
        return _BALLOT.where(*ballot_of(a_round))
    on_it = PlanRow.number.in_(sorted(frozen[a_round.id]))
    return _BALLOT.where(on_it, PlanRow.status != Status.WITHDRAWN.value)


def _recorded(db: Connection) -> Mapping[tuple[str, str], tuple[int, str]]:
    columns = (Recording.language, Recording.slot, Recording.media_id, Recording.words)
    return {
        (row.language, row.slot): (row.media_id, row.words)
        for row in db.execute(select(*columns))
    }


def _plan(row: Row[Any], slug: str) -> Plan:
    cost = None if row.cost_cents is None else Money(row.cost_cents)
    return Plan(
        number=row.number,
        round=slug,
        status=Status.ON_BALLOT,
        title=row.title,
        summary=row.summary or {},
        already=row.already or {},
        cost=cost,
        theme=row.theme,
        public=True,
        place=row.place,
        picture=row.picture_id,
    )
