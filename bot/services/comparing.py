"""Two rules on the same past ballots, for whoever chooses the rule of a new round.

Shown before a vote and never after it has opened: then it would only be a surprise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tally import (
    Election,
    ElectionError,
    Outcome,
    Settings,
    count,
    rule_name,
    with_rule,
)


@dataclass(frozen=True, slots=True)
class Side:
    """What one rule gives: its name, the plans it chooses, and for how many voters.

    `reached` are the ballots with at least one chosen plan.
    """

    rule: str
    chosen: tuple[str, ...]
    reached: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rules side by side, over so many ballots."""

    first: Side
    beside: Side
    ballots: int

    @property
    def only_first(self) -> tuple[str, ...]:
        """The plans that only the first rule chooses."""
        return _without(self.first.chosen, self.beside.chosen)

    @property
    def only_beside(self) -> tuple[str, ...]:
        """The plans that only the rule beside it chooses."""
        return _without(self.beside.chosen, self.first.chosen)


def compare(election: Election, settings: Settings, rule: str) -> Comparison:
    """Count an election by its settings, and by another rule of `tally.RULES`.

    Raises ElectionError where either cannot be counted, or if both are the same rule.
    """
    first = _side(election, count(election, settings))
    if first.rule == rule:
        raise ElectionError(f"{rule} is its rule already")
    other = count(election, with_rule(settings, rule, election))
    return Comparison(first, _side(election, other), election.ballots_cast)


def comparison_to_json(told: Comparison) -> Mapping[str, Any]:
    """Return a comparison as JSON knows it."""
    sides = [
        {"rule": each.rule, "chosen": list(each.chosen), "reached": each.reached}
        for each in (told.first, told.beside)
    ]
    return {
        "sides": sides,
        "ballots": told.ballots,
        "only": [list(told.only_first), list(told.only_beside)],
    }


def _side(election: Election, outcome: Outcome) -> Side:
    chosen = set(outcome.chosen)
    reached = sum(
        many for ballot, many in election.ballots.items() if chosen & {*ballot.picks}
    )
    name = rule_name(outcome.rule, outcome.measure)
    return Side(name, outcome.chosen, reached)


def _without(plans: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plan for plan in plans if plan not in others)
