"""How it is counted: the rule and all that can change a result. Fixed before voting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256

from tally.election import Election, ElectionError, Plan

NOUGHT = Fraction(0)


class Rule(StrEnum):
    """How money, or places, go to plans."""

    SKIP = "skip"
    """Most votes first; a plan that costs more than is left is passed over."""

    STOP = "stop"
    """Most votes first, until the first plan that costs more than is left."""

    TWO_STEP = "two-step"
    """Each theme with its own money until the first misfit; then all that is left
    together, with skip. The rule of Amsterdam's districts."""

    EQUAL_SHARES = "equal-shares"
    """Every voter has the same share of the money and pays for her own plans."""

    QUOTAS = "quotas"
    """Places instead of money: so many by the votes of one class, then of another."""


class Measure(StrEnum):
    """What a ballot gives to a plan."""

    VOTES = "votes"
    POINTS = "points"
    BORDA = "borda"


RULES: Mapping[str, tuple[Rule, Measure | None]] = {
    "votes-skip": (Rule.SKIP, Measure.VOTES),
    "votes-stop": (Rule.STOP, Measure.VOTES),
    "points": (Rule.SKIP, Measure.POINTS),
    "points-stop": (Rule.STOP, Measure.POINTS),
    "borda": (Rule.SKIP, Measure.BORDA),
    "borda-stop": (Rule.STOP, Measure.BORDA),
    "amsterdam": (Rule.TWO_STEP, None),
    "equal-shares": (Rule.EQUAL_SHARES, Measure.VOTES),
    "quotas": (Rule.QUOTAS, None),
}
"""The rules by the names that people use; without a measure, any will do."""


def rule_name(rule: Rule, measure: Measure) -> str:
    """Return what people call a rule."""
    return next(
        name
        for name, (known, by) in RULES.items()
        if known is rule and by in {None, measure}
    )


class TieBreak(StrEnum):
    """What decides between plans with equally many votes."""

    CHEAPER = "cheaper"
    DEARER = "dearer"
    LISTED = "listed"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class TieOrder:
    """All plans, the one that a tie favours first, and what made this order."""

    ids: tuple[str, ...]
    by: tuple[TieBreak, ...] = (TieBreak.LISTED,)


def tie_order(
    plans: Iterable[Plan], by: Iterable[TieBreak], seed: str = ""
) -> TieOrder:
    """Return plans ordered by what is named first, and so on; in the end as listed.

    The lot is SHA-256 of `seed` and the id of the plan: the smallest goes first.
    """
    by = tuple(by)

    def keys(listed: tuple[int, Plan]) -> tuple[int | str, ...]:
        at, plan = listed
        known: dict[TieBreak, int | str] = {
            TieBreak.CHEAPER: plan.cost,
            TieBreak.DEARER: -plan.cost,
            TieBreak.LISTED: at,
            TieBreak.LOT: lot(seed, plan.id),
        }
        return (*(known[each] for each in by), at)

    ranked = sorted(enumerate(plans), key=keys)
    return TieOrder(tuple(plan.id for _, plan in ranked), by)


def as_listed(plans: Iterable[Plan]) -> TieOrder:
    """Return the order in which plans are listed, as files are counted."""
    return tie_order(plans, [TieBreak.LISTED])


def cheaper_then_lot(plans: Iterable[Plan], seed: str) -> TieOrder:
    """Return the cheaper plan first, which leaves more for others; then by lot."""
    return tie_order(plans, [TieBreak.CHEAPER, TieBreak.LOT], seed)


def lot(seed: str, plan: str) -> str:
    """Return what the lot gave a plan: 64 hexadecimal digits; the smallest is first."""
    return sha256(f"{seed}{plan}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Quota:
    """So many places for the plans that voters of these classes like best."""

    classes: tuple[str, ...]
    places: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that decides besides the ballots.

    `threshold` is the least total that counts. `themes` is the money of each theme in
    cents (two-step). `per_author` is how many plans of one author are honoured at most.
    `weights` is what a ballot of a group counts, 1 where nothing is said. `first_place`
    is what Borda gives to the first of a ranking; each next one gets one less.
    `increase` is by how many cents each share is raised as long as money is left over
    (equal shares; None: never), and `fill` spends what is left then by votes.
    """

    rule: Rule
    ties: TieOrder
    measure: Measure = Measure.VOTES
    threshold: Fraction = NOUGHT
    themes: Mapping[str, int] = field(default_factory=dict)
    quotas: tuple[Quota, ...] = ()
    per_author: int | None = None
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    first_place: int = 0
    increase: int | None = None
    fill: bool = False

    def check(self, election: Election) -> None:
        """Raise ElectionError if these settings do not fit the election."""
        for fits, fault in self._conditions(election):
            if not fits:
                raise ElectionError(fault)

    def _conditions(self, election: Election) -> Iterable[tuple[bool, str]]:
        listed = sorted(plan.id for plan in election.plans)
        numbers = [*self.themes.values(), *(each.places for each in self.quotas)]
        yield (
            sorted(self.ties.ids) == listed,
            "the tie order does not name each plan once",
        )
        yield min(numbers, default=0) >= 0, "a theme or a quota is below nought"
        yield (
            min(self.weights.values(), default=NOUGHT) >= 0,
            "a weight is below nought",
        )
        yield self.per_author != 0, "no plan of any author would be honoured"
        yield self.increase is None or self.increase > 0, "the increase must be above 0"
        if self.rule is Rule.TWO_STEP:
            lost = [plan.id for plan in election.plans if plan.theme not in self.themes]
            yield not lost, f"a plan is in no theme with money: {', '.join(lost)}"
        if self.rule is Rule.QUOTAS:
            yield bool(self.quotas), "there are no quotas"
        if self.measure is Measure.BORDA:
            longest = max((len(each.picks) for each in election.ballots), default=0)
            yield (
                longest <= self.first_place,
                "a ranking is longer than Borda's first place",
            )
        if self.measure is Measure.POINTS:
            full = all(len(b.points) == len(b.picks) for b in election.ballots)
            yield full, "a ballot does not say how many points a plan gets"
        if self.rule is Rule.EQUAL_SHARES:
            yield (
                self.measure is Measure.VOTES,
                "equal shares are counted by votes only",
            )


def with_rule(settings: Settings, name: str, election: Election) -> Settings:
    """Return the settings with another rule, by one of the names in `RULES`.

    What the new rule needs and nobody gave: Borda's first place gets as many points as
    the longest ranking has plans, and equal shares are raised by `fair_increase`.
    """
    rule, measure = RULES[name]
    longest = max((len(ballot.picks) for ballot in election.ballots), default=0)
    increase = settings.increase or fair_increase(election)
    return replace(
        settings,
        rule=rule,
        measure=measure or settings.measure,
        first_place=settings.first_place or longest,
        increase=increase if rule is Rule.EQUAL_SHARES else settings.increase,
    )


def fair_increase(election: Election) -> int:
    """Return a step for equal shares in cents: a euro, or a thousandth of a share.

    In whole units of the currency; a share of 160,000 forints is not raised by one.
    """
    voters = max(1, election.ballots_cast)
    return max(1, election.budget // (voters * _UNIT * _STEPS)) * _UNIT


_UNIT = 100  # cents
_STEPS = 1_000
