"""`/open`: rounds, plans, results, settings and chains as open data."""

from collections.abc import Mapping
from typing import Any

from bot.domain.chain import Fact
from bot.domain.changes import Kind
from bot.domain.plans import Status
from bot.domain.rounds import Phase
from bot.web.described.parts import (
    ADDRESS,
    HASH,
    MOMENT,
    NUMBER,
    TEXT,
    TEXTS,
    Json,
    answer,
    list_of,
    or_null,
    record,
    ref,
)

_ROUND = "/open/rounds/{slug}"
_SLUG: Json = {
    "name": "slug",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "examples": ["slotermeer-2026"]},
}
_VERSION: Json = {
    "name": "version",
    "in": "query",
    "description": "an earlier version, from 1; without it the newest",
    "schema": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
}
_KEY: Json = {
    "name": "key",
    "in": "query",
    "required": True,
    "description": "from the link that the municipality gave to an observer",
    "schema": TEXT,
}
_PLAN: Json = {
    "name": "number",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
}
_NONE = answer("there is none", ref("Missing"))


def schemas() -> Mapping[str, Json]:
    """Return what each page of data holds."""
    return {
        "Missing": record({"error": TEXT}),
        "Round": _round(),
        "Plan": _plan(),
        "Result": _result(),
        "Chain": record({"round": TEXT, "entries": list_of(_entry())}),
        "Account": _account(),
    }


def _round() -> Json:
    kept = record({"hash": HASH, "at": MOMENT, "reason": TEXTS}, {"version": NUMBER})
    also = {
        "preselects_for": TEXT,
        "settings_hash": HASH,
        "settings_url": ADDRESS,
        "settings_history": list_of(kept),
        "results_hash": HASH,
        "results_url": ADDRESS,
        "results_history": list_of(kept),
    }
    needed = {
        "slug": TEXT,
        "title": TEXTS,
        "phase": {"enum": [each.value for each in Phase]},
        "budget_cents": NUMBER,
        "plans_url": ADDRESS,
    }
    return record(needed, also)


def _plan() -> Json:
    needed = {
        "number": NUMBER,
        "title": TEXTS,
        "cost_cents": or_null(NUMBER),
        "theme": or_null(TEXT),
        "status": {"enum": [each.value for each in Status]},
    }
    votes = {**NUMBER, "description": "after closing only"}
    return record(needed, {"votes": votes, "already": TEXTS, "picture": ADDRESS})


def _result() -> Json:
    plan = record(
        {"number": NUMBER, "cost_cents": NUMBER, "chosen": {"type": "boolean"}}
    )
    needed = {
        "format": NUMBER,
        "round": TEXT,
        "rule": TEXT,
        "measure": TEXT,
        "budget_cents": NUMBER,
        "chosen": list_of(TEXT),
        "ties": {"type": "array"},
        "steps": {"type": "array"},
        "plans": list_of(plan),
        "turnout": {"type": "object"},
        "chain": record({"entries": NUMBER, "value": HASH}),
    }
    onward = record(
        {
            "kept": {"type": "object"},
            "stopped": list_of(TEXT),
            "out": list_of(TEXT),
            "besides": NUMBER,
            "free": NUMBER,
            "chosen": list_of(TEXT),
            "steps": {"type": "array"},
            "left": NUMBER,
        }
    )
    more = {"settings_hash": or_null(HASH), "lot": or_null(TEXT)}
    return record(needed, {**more, "onward": list_of(onward)})


def _account() -> Json:
    needed = {
        "line": NUMBER,
        "day": TEXT,
        "kind": TEXT,
        "amount_cents": NUMBER,
        "what": TEXTS,
        "paid_to": TEXT,
        "activity": or_null(TEXT),
    }
    changed = {
        "at": MOMENT,
        "kind": {"enum": [each.value for each in Kind]},
        "amount_cents": or_null(NUMBER),
        "words": TEXT,
        "reason": TEXTS,
    }
    return record(
        {
            "plan": NUMBER,
            "title": TEXTS,
            "granted_cents": or_null(NUMBER),
            "spent_cents": NUMBER,
            "left_cents": or_null(NUMBER),
            "advance_cents": NUMBER,
            "lines": list_of(record(needed, {"takes_back": NUMBER})),
            "changes": list_of(record(changed)),
        }
    )


def _entry() -> Json:
    fact = {"enum": [each.value for each in Fact]}
    return record(
        {"fact": fact, "at": MOMENT, "body": {"type": "object"}, "value": HASH}
    )


def paths() -> Mapping[str, Json]:
    """Describe every address of open data."""
    return {
        "/open/rounds.json": _get("rounds", "All rounds.", list_of(ref("Round"))),
        f"{_ROUND}/plans.json": _of_round("plans", list_of(ref("Plan"))),
        f"{_ROUND}/ledger.json": _of_round("ledger", list_of(ref("Account"))),
        f"{_ROUND}/results.json": _results(),
        f"{_ROUND}/settings.json": _of_round("settings", {"type": "object"}),
        f"{_ROUND}/chain.json": _of_round("chain", ref("Chain")),
        f"{_ROUND}/export.pb": _export(),
        f"{_ROUND}/plans/{{number}}.jpg": _picture(),
    }


def _get(name: str, told: str, schema: Json) -> dict[str, Any]:
    return {
        "get": {
            "operationId": name,
            "summary": told,
            "responses": {"200": answer(told, schema)},
        }
    }


def _of_round(name: str, schema: Json) -> Json:
    made = _get(name, f"The {name} of a round.", schema)
    made["get"]["responses"]["404"] = _NONE
    return made | {"parameters": [_SLUG]}


def _results() -> Json:
    made = dict(_of_round("results", ref("Result")))
    made["get"]["parameters"] = [_VERSION]
    made["get"]["responses"]["400"] = answer("version is no number", ref("Missing"))
    return made


def _export() -> Json:
    text = {"text/plain": {"schema": TEXT}}
    refusals = {
        "403": answer("no link of ours that still holds", ref("Missing")),
        "404": _NONE,
        "409": answer("nothing can be counted yet", ref("Missing")),
    }
    ballots = {"description": "the ballots in Pabulib's format", "content": text}
    return {
        "parameters": [_SLUG, _KEY],
        "get": {
            "operationId": "export",
            "summary": "The ballots of a round, for observers.",
            "responses": {"200": ballots, **refusals},
        },
    }


def _picture() -> Json:
    image = {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}
    away = answer("the media store does not answer; try again", ref("Missing"))
    return {
        "parameters": [_SLUG, _PLAN],
        "get": {
            "operationId": "picture",
            "summary": "The public picture of a plan.",
            "responses": {
                "200": {"description": "the picture", "content": image},
                "404": _NONE,
                "503": away,
            },
        },
    }
