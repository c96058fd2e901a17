"""A count as JSON, there and back: money in whole cents, totals exact.

A total that is not whole is text ("37/3"): JSON's own numbers are not exact.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tally import (
    RULES,
    Look,
    Measure,
    Outcome,
    Pot,
    Rule,
    Source,
    Step,
    Tie,
    TieBreak,
    Verdict,
    rule_name,
)
from tally.election import Number
from tally.pabulib.amounts import number, written


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON knows it."""
    return {
        "rule": rule_name(outcome.rule, outcome.measure),
        "chosen": list(outcome.chosen),
        "ties": [_tie(each) for each in outcome.ties],
        "steps": [step_to_json(each) for each in outcome.steps],
        "left": outcome.left,
        "totals": {plan: _number(each) for plan, each in outcome.totals.items()},
        "margins": dict(outcome.margins),
    }


def _tie(tie: Tie) -> dict[str, Any]:
    return {
        "plans": list(tie.plans),
        "chosen": list(tie.chosen),
        "total": _number(tie.total),
        "broken_by": tie.broken_by.value,
    }


def step_to_json(step: Step) -> dict[str, Any]:
    """Return a step of a count as JSON knows it."""
    if isinstance(step, Pot):
        told = {"pot": step.source.value, "name": step.name, "amount": step.amount}
        share = {"share": _number(step.share), "increases": step.increases}
        return told | share if step.share else told
    looked = {
        "plan": step.plan,
        "total": _number(step.total),
        "cost_cents": step.cost,
        "verdict": step.verdict.value,
        "left": step.left,
    }
    return looked | {"price": _number(step.price)} if step.price else looked


def _number(total: Number) -> int | str:
    return int(total) if total.denominator == 1 else written(total)


def outcome_from_json(
    data: Mapping[str, Any], measure: Measure | None = None
) -> Outcome:
    """Return the outcome that `outcome_to_json` made this of.

    `measure` is needed for a rule whose name does not say it.
    """
    rule, own = RULES[data["rule"]]
    return Outcome(
        rule=Rule(rule),
        measure=own or measure or Measure.VOTES,
        chosen=tuple(data["chosen"]),
        totals={plan: _exact(each) for plan, each in data["totals"].items()},
        steps=tuple(_read_step(each) for each in data["steps"]),
        left=data["left"],
        ties=tuple(_read_tie(each) for each in data["ties"]),
        margins=dict(data["margins"]),
    )


def _read_tie(data: Mapping[str, Any]) -> Tie:
    plans, chosen = tuple(data["plans"]), tuple(data["chosen"])
    return Tie(plans, chosen, _exact(data["total"]), TieBreak(data["broken_by"]))


def _read_step(data: Mapping[str, Any]) -> Step:
    if "pot" in data:
        share = Fraction(_exact(data.get("share", 0)))
        raised = data.get("increases", 0)
        return Pot(Source(data["pot"]), data["amount"], data["name"], share, raised)
    return Look(
        plan=data["plan"],
        total=_exact(data["total"]),
        cost=data["cost_cents"],
        verdict=Verdict(data["verdict"]),
        left=data["left"],
        price=Fraction(_exact(data.get("price", 0))),
    )


def _exact(told: int | str) -> Number:
    return told if isinstance(told, int) else number(told)
