"""Rounds between their JSON in the database and the domain's value."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bot.domain.money import MessageBudget, Money
from bot.domain.rounds import HOME_ZONE, Phase, Round, Theme
from bot.services.round_terms import terms_from_json, terms_to_json


class RoundError(ValueError):
    """A round cannot be accepted; the message says why, for an official."""


def round_to_json(a_round: Round) -> dict[str, Any]:
    """Return the round as JSON values; `round_from_json` gives it back."""
    kept = {
        "slug": a_round.slug,
        "title": dict(a_round.title),
        "municipality": a_round.municipality,
        "area": dict(a_round.area),
        "zone": a_round.zone,
        "budget_cents": a_round.budget.cents,
        "threshold": a_round.threshold,
        "plans_per_person": a_round.plans_per_person,
        "max_picks": a_round.max_picks,
        "legal_basis": a_round.legal_basis,
        "decision": a_round.decision,
        "starts": {
            phase.value: at.astimezone(UTC).isoformat()
            for phase, at in a_round.starts.items()
        },
        "themes": [
            {
                "key": each.key,
                "icon": each.icon,
                "title": dict(each.title),
                "budget_cents": each.budget and each.budget.cents,
                "max_picks": each.max_picks,
            }
            for each in a_round.themes
        ],
        "streets": list(a_round.streets),
        "rules": {language: list(rows) for language, rows in a_round.rules.items()},
        "decides": dict(a_round.decides),
        "eligibility": a_round.eligibility,
        "answer_days": a_round.answer_days,
        **terms_to_json(a_round),
    }
    if a_round.messages:
        kept["messages"] = {
            "budget_cents": a_round.messages.budget.cents,
            "template_cents": str(a_round.messages.template),
            "text_cents": str(a_round.messages.text),
        }
    return kept


def round_from_json(data: Mapping[str, Any]) -> Round:
    """Return the round that `data` describes.

    A round that was stored before some of this was known has what held then. Raises
    RoundError if it has no legal basis or no decision (both are duties of the
    municipality, not of the residents), if its phases are out of order, or if a price
    of its messages is no amount.
    """
    starts = {
        Phase(name): datetime.fromisoformat(at) for name, at in data["starts"].items()
    }
    _check(data, starts)
    return Round(
        slug=data["slug"],
        title=data["title"],
        municipality=data["municipality"],
        area=data["area"],
        zone=data.get("zone", HOME_ZONE),
        budget=Money(data["budget_cents"]),
        threshold=data["threshold"],
        plans_per_person=data["plans_per_person"],
        max_picks=data["max_picks"],
        legal_basis=data["legal_basis"],
        decision=data["decision"],
        starts=starts,
        themes=tuple(_theme(each) for each in data.get("themes", ())),
        streets=tuple(data.get("streets", ())),
        rules={k: tuple(rows) for k, rows in data.get("rules", {}).items()},
        decides=data.get("decides", {}),
        eligibility=data.get("eligibility", "address"),
        answer_days=data.get("answer_days", 7),
        messages=_messages(data),
        **terms_from_json(data),
    )


def _theme(data: Mapping[str, Any]) -> Theme:
    cents = data.get("budget_cents")
    return Theme(
        key=data["key"],
        icon=data["icon"],
        title=data["title"],
        budget=None if cents is None else Money(cents),
        max_picks=data.get("max_picks"),
    )


def _messages(data: Mapping[str, Any]) -> MessageBudget | None:
    """Return the message budget; its prices may be parts of a cent ("4.5")."""
    given = data.get("messages")
    if given is None:
        return None
    try:
        cents = int(given["budget_cents"])
        template, text = (
            Decimal(str(given[name])) for name in ("template_cents", "text_cents")
        )
        fits = 0 <= template <= cents and 0 <= text <= cents
    except (ArithmeticError, LookupError, TypeError, ValueError) as fault:
        raise RoundError(f"round {data['slug']}: messages is no budget") from fault
    if not fits:
        raise RoundError(f"round {data['slug']}: a message costs more than there is")
    return MessageBudget(Money(cents), template, text)


def _check(data: Mapping[str, Any], starts: Mapping[Phase, datetime]) -> None:
    for field in ("legal_basis", "decision"):
        if not str(data.get(field, "")).strip():
            raise RoundError(f"round {data.get('slug')}: {field} is missing")
    dates = [starts[phase] for phase in Phase if phase in starts]
    if dates != sorted(dates):
        raise RoundError(f"round {data.get('slug')}: the phases are out of order")
