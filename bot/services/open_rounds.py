"""A round as everybody may see it, for a page: before, during and after its vote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.money import Money
from bot.domain.rounds import Phase, Round
from bot.services.freezing import frozen
from bot.services.house import House
from bot.services.open_data import public_plans, visible
from bot.services.open_ledger import PublicAccount, free_in, ledger_in
from bot.services.publishing import Published, all_published
from bot.store.chain import ChainRow


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """How long the chain of a round is, and the value that stands for all of it."""

    entries: int
    value: str


@dataclass(frozen=True, slots=True)
class OpenRound:
    """What a page tells of a round. `plans` are as in open data.

    `results` are the published versions, oldest first; none while nobody may see how
    the vote stands. `ledger` is what was paid for the plans that were chosen, `free`
    what none of them takes, None for a round without money.
    """

    a_round: Round
    phase: Phase
    plans: Sequence[Mapping[str, Any]]
    settings_hash: str | None = None
    chain: ChainEnd | None = None
    results: Sequence[Published] = field(default_factory=tuple)
    ledger: Sequence[PublicAccount] = field(default_factory=tuple)
    free: Money | None = None

    @property
    def result(self) -> Published | None:
        """The result that holds."""
        return self.results[-1] if self.results else None


def open_round(house: House, slug: str) -> OpenRound | None:
    """Return a round as everybody may see it; None if it is not there or not begun."""
    plans = public_plans(house, slug)
    if plans is None:
        return None
    now = house.clock()

    def read(db: Connection) -> OpenRound | None:
        view = house.catalog.view(db)
        a_round = next(each for each in view.rounds if each.slug == slug)
        phase = a_round.phase_at(now)
        round_id = view.round_id(slug)
        kept = frozen(db, round_id)
        if phase is None:
            return None
        return OpenRound(
            a_round=a_round,
            phase=phase,
            plans=plans,
            settings_hash=kept.hash if kept else None,
            chain=_end(db, round_id),
            results=tuple(visible(view, round_id, all_published(db, round_id))),
            ledger=ledger_in(db, round_id, now),
            free=None if a_round.before else free_in(db, round_id, a_round),
        )

    return house.db.read(read)


def open_rounds(house: House) -> Sequence[tuple[Round, Phase]]:
    """Return all rounds that have begun with their phases, the newest first."""
    now = house.clock()
    rounds = house.db.read(house.catalog.view).rounds
    return [(each, phase) for each in rounds[::-1] if (phase := each.phase_at(now))]


def _end(db: Connection, round_id: int) -> ChainEnd | None:
    last = (
        select(ChainRow.place, ChainRow.value)
        .where(ChainRow.round_id == round_id)
        .order_by(ChainRow.place.desc())
        .limit(1)
    )
    row = db.execute(last).one_or_none()
    return None if row is None else ChainEnd(*row)
