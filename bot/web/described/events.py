"""The events that we send to the city's own systems."""

from collections.abc import Mapping
from typing import Any

from bot.domain.events import TEST, Kind
from bot.domain.plans import Status
from bot.web.described.parts import (
    ADDRESS,
    HASH,
    MOMENT,
    NUMBER,
    TEXT,
    TEXTS,
    Json,
    empty,
    or_null,
    record,
    ref,
)

_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
_PLAN: Mapping[str, Json] = {
    "plan": NUMBER,
    "round": TEXT,
    "status": {"enum": [each.value for each in Status]},
    "by": {"enum": ["author", "hook", "desk"]},
    "title": or_null(TEXTS),
}
_TASK: Mapping[str, Json] = {
    "task": NUMBER,
    "kind": TEXT,
    "plan": or_null(NUMBER),
}
DATA: Mapping[str, Mapping[str, Json]] = {
    Kind.PLAN_CREATED: _PLAN,
    Kind.PLAN_STATUS: _PLAN,
    Kind.BALLOT_CLOSED: {"round": TEXT, "ballots": NUMBER},
    Kind.RESULT_PUBLISHED: {
        "round": TEXT,
        "version": NUMBER,
        "hash": HASH,
        "results_url": ADDRESS,
    },
    Kind.TASK_OPENED: {**_TASK, "due_at": MOMENT},
    Kind.TASK_DONE: _TASK,
    TEST: {"endpoint": NUMBER},
}
"""The fields of each event's data; a title is there where a plan is named."""

_TITLED = {"title": or_null(TEXTS)}


def name_of(kind: str) -> str:
    """Return the name of an event's schema: "plan.created" is `EventPlanCreated`."""
    return "Event" + "".join(part.title() for part in kind.split("."))


def schemas() -> Mapping[str, Json]:
    """Return the schema of each event's body."""
    return {name_of(kind): _body(kind, data) for kind, data in DATA.items()}


def _body(kind: str, data: Mapping[str, Json]) -> dict[str, Any]:
    also = _TITLED if "plan" in data else {}
    told = record(data, also) | {"additionalProperties": False}
    body = record({"type": {"const": str(kind)}, "timestamp": MOMENT, "data": told})
    return body | {"additionalProperties": False}


def webhooks() -> Mapping[str, Json]:
    """Describe each event as OpenAPI describes what a service sends."""
    return {str(kind): {"post": _post(kind)} for kind in DATA}


def _post(kind: str) -> Json:
    headers = [
        {"name": name, "in": "header", "required": True, "schema": TEXT}
        for name in _HEADERS
    ]
    body = {"application/json": {"schema": ref(name_of(kind))}}
    return {
        "operationId": name_of(kind),
        "parameters": headers,
        "requestBody": {"required": True, "content": body},
        "responses": {
            "2XX": empty("taken; anything else is sent again, under the same id"),
            "410": empty("gone: nothing is sent to this address any more"),
        },
    }
