"""A round seen at a glance: all its figures, from one reading of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.domain.money import Money
from bot.domain.rounds import Round
from bot.services.desk.answer_times import Answers, Reach, answers_of, reach_of
from bot.services.desk.funnel import StepCount, funnel
from bot.services.desk.parts import PlanParts, days_of, plan_parts, votes_of
from bot.services.desk.trust import TrustTable, trust_of
from bot.services.house import House
from bot.services.spending import Account, accounts_in
from bot.services.turnout import PublicTurnout

MOST_ACCOUNTS = 300


@dataclass(frozen=True, slots=True)
class Sums:
    """The money of a round: what there was, what was granted, and what is paid."""

    budget: Money
    granted: Money
    paid: Money

    @property
    def free(self) -> Money:
        """What no plan was granted."""
        return self.budget - self.granted


@dataclass(frozen=True, slots=True)
class Glance:
    """What is seen of a round. `votes` and `days` are None while the vote is open.

    Turnout is told once voting has closed: a number on the way moves people to vote,
    or to stay at home.
    """

    a_round: Round
    steps: Sequence[StepCount]
    plans: PlanParts
    votes: PublicTurnout | None
    days: Mapping[date, int | None] | None
    reach: Reach
    answers: Answers
    sums: Sums
    accounts: Sequence[Account]
    trust: TrustTable


def rounds_at_a_glance(house: House) -> Sequence[Round]:
    """Return all rounds, the newest first."""
    return house.db.read(house.catalog.view).rounds[::-1]


def glance(house: House, slug: str) -> Glance | None:
    """Return a round at a glance; None for one that is not there."""
    return house.db.read(lambda db: _glance(house, db, slug))


def _glance(house: House, db: Connection, slug: str) -> Glance | None:
    view, now = house.catalog.view(db), house.clock()
    a_round = next((each for each in view.rounds if each.slug == slug), None)
    if a_round is None:
        return None
    round_id = view.round_id(slug)
    closed = a_round.closes_at is not None and a_round.closes_at <= now
    accounts = accounts_in(db, round_id, most=MOST_ACCOUNTS)
    return Glance(
        a_round=a_round,
        steps=funnel(db, round_id, a_round.threshold),
        plans=plan_parts(db, round_id, a_round),
        votes=votes_of(db, round_id) if closed else None,
        days=days_of(db, round_id, a_round.zone) if closed else None,
        reach=reach_of(db, round_id),
        answers=answers_of(db, round_id, a_round.answer_days, now),
        sums=_sums(a_round, accounts),
        accounts=accounts,
        trust=trust_of(db, round_id),
    )


def _sums(a_round: Round, accounts: Sequence[Account]) -> Sums:
    granted = sum(each.granted.cents for each in accounts if each.granted)
    paid = sum(each.spent.cents for each in accounts)
    return Sums(a_round.budget, Money(granted), Money(paid))
