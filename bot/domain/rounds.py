"""Rounds as data: their phases, limits and texts, and what is open when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.languages import Texts
from bot.domain.money import MessageBudget, Money
from bot.domain.round_terms import (
    EVERY_ACT,
    ROUTES,
    Act,
    Acts,
    Allocation,
    BallotKind,
    BallotRules,
    Preselection,
    Quota,
    Retention,
    Vote,
    VoterClass,
    VoterKind,
    Weight,
)

_NEVER = datetime.max.replace(tzinfo=UTC)
HOME_ZONE = "Europe/Amsterdam"
"""Where it is the same time as on the town hall's clock, if no round says otherwise."""


class Phase(StrEnum):
    """A dated part of a round, in the order of the year."""

    COLLECTING = "collecting"
    SUPPORTING = "supporting"
    REVIEWING = "reviewing"
    VOTING = "voting"
    COUNTING = "counting"
    DOING = "doing"
    CLOSED = "closed"


_AFTER_OPENING = frozenset({Phase.VOTING, Phase.COUNTING, Phase.DOING})
"""What does not begin by its date alone where somebody has to open the vote."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject plans are filed under by staff, with the icon of letter and poster.

    `budget` is its own money, `max_picks` how many of its plans one ballot may name;
    None where the round lays down nothing.
    """

    key: str
    icon: str
    title: Texts
    budget: Money | None = None
    max_picks: int | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One run of choosing with one pot of money, from call to result.

    `starts` holds the first instant (aware UTC) of each phase it has. A round without
    `legal_basis` and `decision` is refused when it is made (see `bot.services.rounds`).
    `messages` is what may be spent on messages, None where nobody has said. With
    `needs_opening` the vote begins on its date and not before somebody has opened it,
    at `opened_at`; without, by its date alone. `minimum_age` is for the letter: no age
    is ever asked or kept. `selectors` says who made the voting list. The vote before
    the vote is a round of its own: `before` is the slug of the round whose ballot it
    makes, and `quotas` how.
    """

    slug: str
    title: Texts
    municipality: str
    area: Texts
    zone: str
    budget: Money
    threshold: int
    plans_per_person: int
    max_picks: int
    legal_basis: str
    decision: str
    starts: Mapping[Phase, datetime]
    themes: tuple[Theme, ...] = ()
    streets: tuple[str, ...] = ()
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decides: Texts = field(default_factory=dict)
    eligibility: str = "address"
    answer_days: int = 7
    messages: MessageBudget | None = None
    needs_opening: bool = False
    opened_at: datetime | None = None
    ballot_kind: BallotKind = BallotKind.APPROVAL
    min_picks: int = 1
    ballot_budget: Money | None = None
    preselection: Preselection | None = None
    electorate: tuple[VoterClass, ...] = ()
    allocation: Allocation = field(default_factory=Allocation)
    weights: tuple[Weight, ...] = ()
    acts: Acts = field(default_factory=dict)
    retention: Retention = field(default_factory=Retention)
    minimum_age: Texts = field(default_factory=dict)
    selectors: Texts = field(default_factory=dict)
    before: str = ""
    quotas: tuple[Quota, ...] = ()

    def phase_at(self, now: datetime) -> Phase | None:
        """Return the phase that `now` falls in; None before the first one.

        A vote that has to be opened and is not leaves the round in the phase before.
        """
        begun = [
            each
            for each in Phase
            if self.starts.get(each, _NEVER) <= now
            and not (self.waits_for_opening and each in _AFTER_OPENING)
        ]
        return begun[-1] if begun else None

    @property
    def waits_for_opening(self) -> bool:
        """Whether somebody has to open the vote and nobody has."""
        return self.needs_opening and self.opened_at is None

    @property
    def ballot(self) -> BallotRules:
        """What one ballot of the final vote may hold."""
        return BallotRules(
            self.ballot_kind,
            self.max_picks,
            self.min_picks,
            self.ballot_budget,
            self.theme_limits,
        )

    @property
    def theme_limits(self) -> Mapping[str, int]:
        """How many plans of a theme one ballot may name, where that is limited."""
        limits = ((each.key, each.max_picks) for each in self.themes)
        return {key: most for key, most in limits if most is not None}

    def allows(self, act: Act, route: str) -> bool:
        """Tell whether `act` is laid open on `route`: where nothing is said, all is."""
        return act in self.acts.get(route, EVERY_ACT)

    def routes_for(self, act: Act) -> tuple[str, ...]:
        """Return the ways on which `act` is laid open, in the order of `ROUTES`."""
        return tuple(each for each in ROUTES if self.allows(act, each))

    def takes_plans(self, now: datetime) -> bool:
        """Tell whether plans are taken in at `now`."""
        return self.phase_at(now) is Phase.COLLECTING

    def takes_supports(self, now: datetime) -> bool:
        """Tell whether plans can be supported at `now`; never without a threshold."""
        open_now = self.phase_at(now) in {Phase.COLLECTING, Phase.SUPPORTING}
        return open_now and self.threshold > 0

    def takes_votes(self, now: datetime) -> bool:
        """Tell whether ballots are taken in at `now`."""
        return self.phase_at(now) is Phase.VOTING

    def takes(self, act: Act, now: datetime) -> bool:
        """Tell whether it is the time for `act` at `now`; a result can be asked for."""
        by_act = {
            Act.PLAN: self.takes_plans,
            Act.SUPPORT: self.takes_supports,
            Act.VOTE: self.takes_votes,
        }
        return by_act[act](now) if act in by_act else True

    def start_of(self, phase: Phase) -> datetime | None:
        """Return when `phase` begins (aware UTC), if the round has it."""
        return self.starts.get(phase)

    def day_of(self, phase: Phase) -> date | None:
        """Return the local day on which `phase` begins, if the round has it."""
        start = self.starts.get(phase)
        return start and start.astimezone(ZoneInfo(self.zone)).date()

    @property
    def asks_pass(self) -> bool:
        """Whether one needs a voting pass to vote."""
        return self.eligibility == "pass"

    @property
    def register(self) -> str:
        """The slug of the round to which its plans and passes belong."""
        return self.before or self.slug

    def admits(self, kind: str | None) -> bool:
        """Tell whether passes of this class vote here; test passes always may."""
        voting = {each.kind for each in self.electorate if Vote.FINAL in each.votes_in}
        return not voting or kind in {*voting, VoterKind.TEST}

    @property
    def weighs_routes(self) -> bool:
        """Whether what a ballot counts depends on how it came."""
        return any(each.routes for each in self.weights)

    @property
    def closes_at(self) -> datetime | None:
        """The instant at which voting ends (aware UTC)."""
        return self.starts.get(Phase.COUNTING)

    @property
    def supports_until(self) -> date | None:
        """The local day on which supporting ends."""
        return self.day_of(Phase.REVIEWING)

    @property
    def result_day(self) -> date | None:
        """The local day of the result."""
        return self.day_of(Phase.DOING)

    def theme(self, key: str | None) -> Theme | None:
        """Return the theme called `key`."""
        return next((theme for theme in self.themes if theme.key == key), None)


def vote_of(rounds: Iterable[Round], own: Round, kind: str, now: datetime) -> Round:
    """Return the vote in which a pass of round `own` can be used now.

    That is the round itself, or the vote before it; the round where it is neither.
    """
    votes = [own, *(each for each in rounds if each.before == own.slug)]
    open_now = (each for each in votes if each.takes_votes(now) and each.admits(kind))
    return next(open_now, own)
