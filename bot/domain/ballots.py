"""What a voter may pick: the plans of a ballot, and the limits it keeps to.

A ballot is a value with rules. It knows nothing of buttons, languages or channels.
Whoever takes a ballot in (the talk, the box, a desk that enters paper) asks the same
`BallotPaper`, so that no way in takes what another one refuses.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from bot.domain.money import Money
from bot.domain.plans import Plan
from bot.domain.round_terms import BallotRules

NO_THEME = "other"
"""Where plans are found that staff have not filed under a theme of the round."""


class Limit(StrEnum):
    """A rule that a ballot breaks.

    LIST: no such plan is on it. TWICE: named before. MOST: so many plans are on it
    already. MONEY: it costs more than is left. THEME: its theme is full. LEAST: too few
    plans. The first five are about one plan, the last about the whole ballot.
    """

    LIST = "list"
    TWICE = "twice"
    MOST = "most"
    MONEY = "money"
    THEME = "theme"
    LEAST = "least"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a plan has no place on a ballot, or why a ballot is not complete.

    `plan` is the number that has no place; None for LEAST, where `lacking` says how
    many plans more it takes.
    """

    limit: Limit
    plan: int | None = None
    lacking: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """A ballot after somebody named plans: the picks now, and what became of each.

    `faults` are the numbers that stayed off, in the order in which they were named.
    """

    picks: tuple[int, ...]
    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """The plans one may choose from, and the rules of the choice."""

    round: str
    plans: tuple[Plan, ...]
    rules: BallotRules
    _by_number: Mapping[int, Plan] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_number = {plan.number: plan for plan in self.plans}
        object.__setattr__(self, "_by_number", by_number)

    @property
    def max_picks(self) -> int:
        """How many plans a ballot may name at most."""
        return self.rules.max_picks

    def plan(self, number: int) -> Plan | None:
        """Return the plan with public number `number`, if it is on this ballot."""
        return self._by_number.get(number)

    def mark(self, picks: Iterable[int], numbers: Iterable[int]) -> Marked:
        """Toggle `numbers` on the picks: new ones on, chosen ones off.

        A number named twice in one breath counts once. What finds no place stays off
        and is told in `faults`, the rest goes on; removals come first, so that an
        exchange ("30 41" with 30 chosen and the ballot full) works in either order. A
        pick whose plan is no longer on the list goes, and is told too.
        """
        named = list(dict.fromkeys(numbers))
        before = tuple(dict.fromkeys(picks))
        removed = tuple(n for n in named if n in before and self.plan(n))
        kept, gone = self._placed((), (n for n in before if n not in removed))
        wanted = [n for n in named if n not in before]
        now, off = self._placed(kept, wanted)
        return Marked(now, now[len(kept) :], removed, (*gone, *off))

    def faults(self, picks: Iterable[int]) -> tuple[Fault, ...]:
        """Return what keeps this from being a ballot, () if nothing does.

        A plan that has no place is named once; where it is one too many, the later one
        is. Too few is told last, counted without those that have no place.
        """
        named = tuple(picks)
        placed, off = self._placed((), named)
        lacking = self.lacking(placed)
        fewer = (Fault(Limit.LEAST, lacking=lacking),) if lacking else ()
        return (*off, *fewer)

    def _placed(
        self, picks: tuple[int, ...], numbers: Iterable[int]
    ) -> tuple[tuple[int, ...], tuple[Fault, ...]]:
        """Put numbers on the picks as they come; return the picks, and what is off."""
        faults = []
        for number in numbers:
            limit = self._broken_by(picks, number)
            if limit is None:
                picks = (*picks, number)
            else:
                faults.append(Fault(limit, number))
        return picks, tuple(faults)

    def _broken_by(self, picks: Sequence[int], number: int) -> Limit | None:
        """Return the rule that one more plan would break; None if it has a place."""
        plan = self.plan(number)
        if plan is None:
            return Limit.LIST
        if number in picks:
            return Limit.TWICE
        if len(picks) >= self.rules.max_picks:
            return Limit.MOST
        most = self.rules.per_theme.get(plan.theme or NO_THEME)
        if most is not None and self.of_theme(picks, plan.theme) >= most:
            return Limit.THEME
        left = self.left(picks)
        if left is not None and cost_of(plan) > left:
            return Limit.MONEY
        return None

    def of_theme(self, picks: Iterable[int], theme: str | None) -> int:
        """Return how many of the picks are filed under `theme`."""
        chosen = (self.plan(number) for number in picks)
        return Counter(plan.theme for plan in chosen if plan)[theme]

    def cost(self, picks: Iterable[int]) -> Money:
        """Return what the picks cost together."""
        chosen = (self.plan(number) for number in picks)
        return sum((cost_of(plan) for plan in chosen if plan), Money(0))

    def left(self, picks: Iterable[int]) -> Money | None:
        """Return how much of a knapsack's money is left; None for other ballots."""
        budget = self.rules.budget
        return None if budget is None else budget - self.cost(picks)

    def lacking(self, picks: Sequence[int]) -> int:
        """Return how many plans more it takes until this can be sent."""
        return max(self.rules.min_picks - len(picks), 0)

    def is_full(self, picks: Sequence[int]) -> bool:
        """Tell whether no plan of the list has a place beside the picks."""
        return all(self._broken_by(picks, plan.number) for plan in self.plans)

    def room(self) -> int:
        """Return how many plans one ballot can name at most, by all limits together.

        The cheapest first: no other order finds room for more, whatever the themes.
        """
        cheapest = sorted(self.plans, key=cost_of)
        return len(self.mark((), (plan.number for plan in cheapest)).picks)

    def in_theme(self, theme: str, voter: str) -> tuple[Plan, ...]:
        """Return the theme's plans in this voter's own, unchanging random order.

        Plans without a theme are in "other".
        """
        chosen = [plan for plan in self.plans if (plan.theme or NO_THEME) == theme]
        return tuple(sorted(chosen, key=lambda plan: _place(voter, plan.number)))

    def themes(self, order: Iterable[str], voter: str) -> tuple[str, ...]:
        """Return the themes that have plans here, in this voter's own random order.

        `order` are the keys of the round's themes. Whoever stands first in a list is
        chosen more often, so no theme stands first for everybody; nor does "other".
        """
        filed = {plan.theme or NO_THEME for plan in self.plans}
        known = [key for key in (*order, NO_THEME) if key in filed]
        return tuple(sorted(known, key=lambda key: _place(voter, key)))

    def titles(self, picks: Sequence[int]) -> tuple[Plan, ...]:
        """Return the picked plans, in the order of their numbers."""
        return tuple(plan for n in sorted(picks) if (plan := self.plan(n)))


def cost_of(plan: Plan) -> Money:
    """Return what a plan weighs on a ballot: nothing, where no cost is known.

    Such a vote does not open (`round ready`: costs).
    """
    return plan.cost or Money(0)


def _place(voter: str, what: int | str) -> bytes:
    """Where a plan or a theme stands for a voter: a hash, so no order favours any."""
    return blake2b(f"{voter}:{what}".encode(), digest_size=8).digest()
