"""What a round lays down beside its dates: who votes, how, and how it is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from bot.domain.languages import Texts
from bot.domain.money import Money

MOST_PICKS = 200
"""How many plans a ballot may name where only the money sets a limit."""


class BallotKind(StrEnum):
    """How a voter chooses: so many plans, as many as fit into a sum, or one."""

    APPROVAL = "approval"
    KNAPSACK = "knapsack"
    ONE = "one"


class Rule(StrEnum):
    """How votes become money; `docs/rounds.md` says each in a sentence."""

    VOTES_SKIP = "votes-skip"
    VOTES_STOP = "votes-stop"
    AMSTERDAM = "amsterdam"
    POINTS = "points"
    BORDA = "borda"
    EQUAL_SHARES = "equal-shares"


class Tie(StrEnum):
    """Which of two plans with as many votes goes first."""

    CHEAPER = "cheaper"
    DEARER = "dearer"
    NUMBER = "number"
    LOT = "lot"


class VoterKind(StrEnum):
    """A class of voters, each with passes of its own."""

    RESIDENT = "resident"
    BUSINESS = "business"
    COMMITTEE = "committee"
    TEST = "test"


class Vote(StrEnum):
    """Which of a round's votes: who comes on the ballot, or who gets money."""

    PRESELECTION = "preselection"
    FINAL = "final"


class Act(StrEnum):
    """What a channel may let people do."""

    PLAN = "plan"
    SUPPORT = "support"
    VOTE = "vote"
    RESULTS = "results"


ROUTES = ("whatsapp", "telegram", "web", "desk", "paper")
"""The ways in which a plan, a support or a ballot reaches us."""

EVERY_ACT = frozenset(Act)


@dataclass(frozen=True, slots=True)
class BallotRules:
    """What one ballot may hold; `budget` only for a knapsack ballot.

    `per_theme` is how many plans it may name of a theme, by the theme's key; a theme
    that is not in it has no limit of its own.
    """

    kind: BallotKind
    max_picks: int
    min_picks: int = 1
    budget: Money | None = None
    per_theme: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VoterClass:
    """Voters of one class: how many `passes` are made, and for which votes.

    `who` says to residents who gets such a pass, {locale: text}.
    """

    kind: VoterKind
    passes: int
    votes_in: frozenset[Vote] = frozenset({Vote.FINAL})
    who: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many plans these classes choose together for the ballot, in their turn."""

    classes: tuple[VoterKind, ...]
    plans: int


@dataclass(frozen=True, slots=True)
class Preselection:
    """The vote before the vote: who comes on the ballot. Quotas choose in order."""

    ballot: BallotRules
    quotas: tuple[Quota, ...]
    opens_at: datetime
    closes_at: datetime

    @property
    def plans(self) -> int:
        """How many plans come on the ballot."""
        return sum(each.plans for each in self.quotas)


@dataclass(frozen=True, slots=True)
class Allocation:
    """The rule, and what goes first where plans have as many votes.

    `lot` says where the public number of the lot comes from, {locale: text}.
    `plans_per_author` caps how many plans of one author get money; None for no cap.
    """

    rule: Rule = Rule.AMSTERDAM
    ties: tuple[Tie, ...] = (Tie.CHEAPER, Tie.LOT)
    lot: Texts = field(default_factory=dict)
    plans_per_author: int | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What ballots of these classes and routes count; empty means every one.

    Either each of them counts `each`, or all of them together make up `share` of the
    outcome. Where no weight is laid down, one ballot counts one.
    """

    classes: tuple[VoterKind, ...] = ()
    routes: tuple[str, ...] = ()
    each: Fraction | None = None
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days something is kept, and from when they count.

    `marks_days`: that somebody has voted, after the results. `sounds_days`: a voice
    note, after its words are sure. `messages_days`: what was written, after it was;
    `tasks_days`: what staff wrote down about somebody, after it was done;
    `people_days`: an address, after its last message; `plans_days`: a plan in its
    author's words, and who supports it, after the round. A round
    that names none keeps to these numbers, so they never change.
    """

    marks_days: int = 30
    sounds_days: int = 30
    messages_days: int = 365
    tasks_days: int = 365
    people_days: int = 730
    plans_days: int = 730


Acts = Mapping[str, frozenset[Act]]
"""What is allowed on each route; a route that is not named allows everything."""
