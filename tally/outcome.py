"""What comes out: the plans that are chosen, and the way there, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from tally.election import Number
from tally.settings import Measure, Rule, TieBreak


class Verdict(StrEnum):
    """What became of a plan when it was looked at."""

    CHOSEN = "chosen"
    TOO_DEAR = "too_dear"
    STOPS = "stops"
    """It costs more than is left, and nothing after it is looked at."""

    NOT_REACHED = "not_reached"
    NO_VOTES = "no_votes"
    BELOW_THRESHOLD = "below_threshold"
    AUTHOR_FULL = "author_full"
    NO_PLACE = "no_place"
    NOT_PAID = "not_paid"
    """Those who voted for it have not enough left of their shares."""


class Source(StrEnum):
    """Where the money or the places come from."""

    ALL = "all"
    THEME = "theme"
    REST = "rest"
    """What the themes, or the shares, have left."""

    SHARES = "shares"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class Pot:
    """The step that opens a pot: so many cents (or places) for the plans that follow.

    `name` is the theme, or the classes whose votes count. With shares, `share` is the
    part of each voter in cents, and `increases` how often it was raised before.
    """

    source: Source
    amount: int
    name: str = ""
    share: Fraction = Fraction(0)
    increases: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """The step that looks at one plan. `left` is what the pot has after it.

    With shares, `price` is the most that any of its voters pays for it, in cents.
    """

    plan: str
    total: Number
    cost: int
    verdict: Verdict
    left: int
    price: Fraction = Fraction(0)


Step = Pot | Look


@dataclass(frozen=True, slots=True)
class Tie:
    """Plans with equally many votes of which an order decided, and what it was.

    Another order among `plans` would give another result. With shares, `total` is one
    over the part of its cost that each voter pays: equally many full votes.
    """

    plans: tuple[str, ...]
    chosen: tuple[str, ...]
    total: Number
    broken_by: TieBreak


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result. `chosen` is in the order of choosing, `left` in cents (or places).

    `margins` tells of each plan not chosen how many votes (or points) more it would
    have needed, None if no number would have done. Empty for equal shares: there,
    every further voter changes what all others have.
    """

    rule: Rule
    measure: Measure
    chosen: tuple[str, ...]
    totals: Mapping[str, Number]
    steps: tuple[Step, ...]
    left: int
    ties: tuple[Tie, ...]
    margins: Mapping[str, int | None]
