"""Who is heard: plans and votes by language, by voice, by channel and by street.

Groups under ten are hidden, with as many others as it takes (`bot.domain.hiding`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, case, func, select

from bot.domain.chain import Fact
from bot.domain.hiding import LEAST, SUM, hide, with_sums
from bot.domain.languages import LANGUAGES
from bot.domain.plans import Status
from bot.domain.round_terms import ROUTES
from bot.domain.rounds import Round
from bot.services.turnout import UNKNOWN, PublicTurnout, published_turnout
from bot.store.chain import ChainRow
from bot.store.civic import BallotRow, PlanRow
from bot.store.talks import Talk

SPOKEN, WRITTEN = _WAYS = "spoken", "written"
MOST_STREETS = 40
Figures = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class PlanParts:
    """Plans told in a round, by several ways to part them.

    None is a hidden part: a small group, or one that would give a small one away.
    `few` names the languages and streets in which fewer than ten plans were told.
    """

    plans: int
    by_language: Figures
    by_way: Figures
    by_channel: Figures
    by_street: Figures
    few: Sequence[str]


def plan_parts(db: Connection, round_id: int, a_round: Round) -> PlanParts:
    """Return how the plans of a round are parted, small groups hidden."""
    language = func.coalesce(PlanRow.language, UNKNOWN)
    told_by = case((PlanRow.spoken, SPOKEN), else_=WRITTEN)
    channel = func.coalesce(Talk.channel, "desk")
    rows = db.execute(
        select(language, told_by, channel, func.count())
        .select_from(PlanRow)
        .outerjoin(Talk, Talk.id == PlanRow.talk_id)
        .where(PlanRow.round_id == round_id, _TOLD)
        .group_by(language, told_by, channel)
    ).all()
    both: dict[tuple[str, str], int] = {}
    channels: dict[str, int] = {}
    for spoken_in, told, through, many in rows:
        both[spoken_in, told] = both.get((spoken_in, told), 0) + many
        channels[through] = channels.get(through, 0) + many
    languages = _known(LANGUAGES, {key for key, _ in both})
    streets = _streets(db, round_id, a_round)
    spoken = {
        each: sum(both.get((each, way), 0) for way in _WAYS) for each in languages
    }
    shown = hide(with_sums(languages, _WAYS, both))
    return PlanParts(
        plans=sum(channels.values()),
        by_language={each: shown[each, SUM] for each in languages},
        by_way={each: shown[SUM, each] for each in _WAYS},
        by_channel=hidden(_known(ROUTES[:4], set(channels)), channels),
        by_street={each: n if n >= LEAST else None for each, n in streets.items()},
        few=[
            name
            for name, n in (spoken | streets).items()
            if n < LEAST and name != UNKNOWN
        ],
    )


_TOLD = PlanRow.status != Status.WITHDRAWN.value


def hidden(names: Sequence[str], counts: Mapping[str, int]) -> Figures:
    """Return counts by name with small ones hidden, and others that give them away."""
    row = {("all", name): counts.get(name, 0) for name in names}
    shown = hide(with_sums(("all",), names, row), known=[("all", SUM), (SUM, SUM)])
    return {name: shown["all", name] for name in names}


def _known(order: Sequence[str], seen: set[str]) -> list[str]:
    return [*order, *sorted(seen - {*order})]


def _streets(db: Connection, round_id: int, a_round: Round) -> dict[str, int]:
    """Count the plans whose place names a street of the round file.

    A plan may name two of them; so the rest is not what is left of all.
    """
    streets = a_round.streets[:MOST_STREETS]
    if not streets:
        return {}
    told = (
        select(PlanRow.place, func.count())
        .where(PlanRow.round_id == round_id, _TOLD, PlanRow.place != "")
        .group_by(PlanRow.place)
    )
    places = [(place.casefold(), many) for place, many in db.execute(told)]
    return {
        street: sum(many for place, many in places if street.casefold() in place)
        for street in streets
    }


def votes_of(db: Connection, round_id: int) -> PublicTurnout:
    """Return how the ballots of a closed vote came, small groups hidden."""
    ballots = select(func.count()).where(BallotRow.round_id == round_id)
    return published_turnout(db, round_id, db.scalar(ballots) or 0)


def days_of(db: Connection, round_id: int, zone: str) -> Mapping[date, int | None]:
    """Return how many ballots came in by day, as the public chain tells it.

    The chain says once a day how many ballots are in the box; marks of people are not
    looked at. A day of fewer than ten is hidden, with another one.
    """
    said = (Fact.DAY.value, Fact.CLOSED.value)
    in_box = ChainRow.body["ballots"].as_integer()
    rows = db.execute(
        select(ChainRow.at, ChainRow.fact, in_box)
        .where(ChainRow.round_id == round_id, ChainRow.fact.in_(said))
        .order_by(ChainRow.place)
    )
    before = 0
    days: dict[date, int] = {}
    for at, fact, ballots in rows:
        day = _day_of(at, fact, zone)
        days[day] = days.get(day, 0) + max(0, (ballots or 0) - before)
        before = ballots or before
    shown = hidden([str(day) for day in days], {str(d): n for d, n in days.items()})
    return {day: shown[str(day)] for day in days}


def _day_of(at: datetime, fact: str, zone: str) -> date:
    """Return the day an entry counts: the first one of a day counts the day before."""
    day = (at - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
    return day if fact == Fact.CLOSED else day - timedelta(days=1)
