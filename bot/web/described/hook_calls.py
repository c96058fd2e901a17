"""`POST /hooks`, from the very models that read its bodies."""

from collections.abc import Mapping
from typing import Any, get_args

from bot.web.described.parts import (
    NUMBER,
    TEXT,
    Json,
    answer,
    list_of,
    record,
    ref,
)
from bot.web.hook_bodies import Type, body_schema

_REF = "#/components/schemas/{model}"
_SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")
_TOLD = {
    "webhook-id": "your own name for the call, at most 120 characters",
    "webhook-timestamp": "seconds since 1970, at most five minutes off",
    "webhook-signature": "`v1,` and the base64 of HMAC-SHA256 over id.timestamp.body",
}


def name_of(kind: str) -> str:
    """Return the name of a type's schema: "plan.status" is `CallPlanStatus`."""
    return "Call" + "".join(part.title() for part in kind.split("."))


def schemas() -> Mapping[str, Json]:
    """Return the schema of each body, with the parts they share, and of the answers."""
    found: dict[str, Json] = {}
    for kind in get_args(Type):
        body: dict[str, Any] = dict(body_schema(kind, _REF))
        data = dict(body["properties"]["data"])
        found |= data.pop("$defs", {})
        found[name_of(kind)] = body | {
            "properties": {**body["properties"], "data": data}
        }
    return found | {"Accepted": _accepted(), "Refused": _refused()}


def _accepted() -> Json:
    warning = record({"path": TEXT, "warning": TEXT}, {"lacks": list_of(TEXT)})
    fields = {
        "accepted": {"const": True},
        "told": NUMBER,
        "held": NUMBER,
        "followers": NUMBER,
        "unreachable": list_of(NUMBER),
        "warnings": list_of(warning),
    }
    return record(fields) | {"additionalProperties": False}


def _refused() -> Json:
    fault = record({"path": TEXT, "fault": TEXT})
    fields = {"error": TEXT, "faults": list_of(fault)}
    return record(fields) | {"additionalProperties": False}


def security() -> Mapping[str, Json]:
    """Return the three headers that sign a call, as Standard Webhooks names them."""
    return {
        name: {"type": "apiKey", "in": "header", "name": name, "description": told}
        for name, told in _TOLD.items()
    }


def paths() -> Mapping[str, Json]:
    """Describe the call."""
    bodies = [ref(name_of(kind)) for kind in get_args(Type)]
    refusals = {
        "400": "the body has faults, each named by its path; nothing has changed",
        "401": "bad signature, or older than five minutes",
        "404": "the hook is off: HOOK_SECRET is not set",
        "405": "only POST",
        "409": "as things are it cannot be done now; nothing has changed",
        "413": "over 1 MiB",
    }
    call = {
        "operationId": "hook",
        "summary": "What the officials' own systems tell residents.",
        "security": [{name: [] for name in _SIGNED}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"oneOf": bodies}}},
        },
        "responses": {
            "200": answer("this webhook-id was here before", ref("Accepted")),
            "202": answer("accepted and carried out", ref("Accepted")),
            **{code: answer(told, ref("Refused")) for code, told in refusals.items()},
        },
    }
    return {"/hooks": {"post": call}}
