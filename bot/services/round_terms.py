"""What a round lays down beside its dates, between JSON and the domain's values."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from bot.domain.money import Money
from bot.domain.round_terms import (
    Act,
    Allocation,
    BallotKind,
    BallotRules,
    Preselection,
    Quota,
    Retention,
    Rule,
    Tie,
    Vote,
    VoterClass,
    VoterKind,
    Weight,
)
from bot.domain.rounds import Round


def terms_to_json(a_round: Round) -> dict[str, Any]:
    """Return the terms as JSON values; `terms_from_json` gives them back."""
    return {
        "needs_opening": a_round.needs_opening,
        "opened_at": a_round.opened_at and _stamp(a_round.opened_at),
        "ballot": _ballot_to_json(a_round.ballot),
        "preselection": _preselection_to_json(a_round.preselection),
        "electorate": [
            {
                "class": each.kind.value,
                "passes": each.passes,
                "votes_in": sorted(each.votes_in),
                "who": dict(each.who),
            }
            for each in a_round.electorate
        ],
        "allocation": {
            "rule": a_round.allocation.rule.value,
            "ties": [each.value for each in a_round.allocation.ties],
            "lot": dict(a_round.allocation.lot),
            "plans_per_author": a_round.allocation.plans_per_author,
        },
        "weights": [
            {
                "classes": [kind.value for kind in each.classes],
                "routes": list(each.routes),
                "each": each.each and str(each.each),
                "share": each.share and str(each.share),
            }
            for each in a_round.weights
        ],
        "acts": {route: sorted(acts) for route, acts in a_round.acts.items()},
        "retention": _retention_to_json(a_round.retention),
        "minimum_age": dict(a_round.minimum_age),
        "selectors": dict(a_round.selectors),
        **_before_to_json(a_round),
    }


def terms_from_json(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms by the names of `Round`; what is not there has its default."""
    opened = data.get("opened_at")
    return {
        "needs_opening": data.get("needs_opening", False),
        "opened_at": opened and datetime.fromisoformat(opened),
        **_ballot_fields(data.get("ballot")),
        "preselection": _preselection(data.get("preselection")),
        "electorate": tuple(_voters(each) for each in data.get("electorate", ())),
        "allocation": _allocation(data.get("allocation")),
        "weights": tuple(_weight(each) for each in data.get("weights", ())),
        "acts": {
            route: frozenset(map(Act, acts))
            for route, acts in data.get("acts", {}).items()
        },
        "retention": Retention(**data.get("retention", {})),
        "minimum_age": data.get("minimum_age", {}),
        "selectors": data.get("selectors", {}),
        "before": data.get("before", ""),
        "quotas": _quotas(data.get("quotas", ())),
    }


def _retention_to_json(kept: Retention) -> dict[str, int]:
    """Return the days. What was frozen when there were marks only keeps its hash."""
    usual = Retention()
    return {
        name: days
        for name, days in asdict(kept).items()
        if name == "marks_days" or days != getattr(usual, name)
    }


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _ballot_to_json(ballot: BallotRules) -> dict[str, Any]:
    return {
        "kind": ballot.kind.value,
        "max_picks": ballot.max_picks,
        "min_picks": ballot.min_picks,
        "budget_cents": ballot.budget and ballot.budget.cents,
    }


def _ballot(data: Mapping[str, Any]) -> BallotRules:
    cents = data["budget_cents"]
    return BallotRules(
        BallotKind(data["kind"]),
        data["max_picks"],
        data["min_picks"],
        None if cents is None else Money(cents),
    )


def _ballot_fields(data: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a round's own fields; `max_picks` has always stood beside them."""
    if data is None:
        return {}
    ballot = _ballot(data)
    return {
        "ballot_kind": ballot.kind,
        "min_picks": ballot.min_picks,
        "ballot_budget": ballot.budget,
    }


def _before_to_json(a_round: Round) -> dict[str, Any]:
    """Return what only a vote before the vote has: other rounds stay as they were."""
    if not a_round.before:
        return {}
    return {"before": a_round.before, "quotas": _quotas_to_json(a_round.quotas)}


def _quotas_to_json(quotas: Iterable[Quota]) -> list[dict[str, Any]]:
    return [
        {"classes": [kind.value for kind in each.classes], "plans": each.plans}
        for each in quotas
    ]


def _quotas(data: Iterable[Mapping[str, Any]]) -> tuple[Quota, ...]:
    return tuple(
        Quota(tuple(map(VoterKind, each["classes"])), each["plans"]) for each in data
    )


def _preselection_to_json(part: Preselection | None) -> dict[str, Any] | None:
    if part is None:
        return None
    return {
        "ballot": _ballot_to_json(part.ballot),
        "quotas": _quotas_to_json(part.quotas),
        "opens_at": _stamp(part.opens_at),
        "closes_at": _stamp(part.closes_at),
    }


def _preselection(data: Mapping[str, Any] | None) -> Preselection | None:
    if data is None:
        return None
    return Preselection(
        ballot=_ballot(data["ballot"]),
        quotas=_quotas(data["quotas"]),
        opens_at=datetime.fromisoformat(data["opens_at"]),
        closes_at=datetime.fromisoformat(data["closes_at"]),
    )


def _voters(data: Mapping[str, Any]) -> VoterClass:
    votes = frozenset(map(Vote, data["votes_in"]))
    return VoterClass(VoterKind(data["class"]), data["passes"], votes, data["who"])


def _allocation(data: Mapping[str, Any] | None) -> Allocation:
    if data is None:
        return Allocation()
    return Allocation(
        Rule(data["rule"]),
        tuple(map(Tie, data["ties"])),
        data["lot"],
        data["plans_per_author"],
    )


def _weight(data: Mapping[str, Any]) -> Weight:
    each, share = data["each"], data["share"]
    return Weight(
        tuple(map(VoterKind, data["classes"])),
        tuple(data["routes"]),
        None if each is None else Fraction(each),
        None if share is None else Fraction(share),
    )
