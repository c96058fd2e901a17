"""Small parts of which descriptions are made."""

from collections.abc import Mapping
from typing import Any

from bot.domain.languages import LANGUAGES

Json = Mapping[str, Any]
TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer"}
MOMENT: Json = {"type": "string", "format": "date-time"}
HASH: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
ADDRESS: Json = {"type": "string", "format": "uri"}
TEXTS: Json = {
    "type": "object",
    "description": "Texts by language.",
    "propertyNames": {"enum": list(LANGUAGES)},
    "additionalProperties": TEXT,
}


def ref(name: str) -> Json:
    """Point at a schema of ours."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(item: Json) -> Json:
    """Describe a list."""
    return {"type": "array", "items": item}


def or_null(schema: Json) -> Json:
    """Describe what may be missing as null."""
    return {"anyOf": [schema, {"type": "null"}]}


def record(
    needed: Mapping[str, Json], also: Mapping[str, Json] | None = None
) -> dict[str, Any]:
    """Describe an object that has these fields, and may have others."""
    properties = {**needed, **(also or {})}
    return {"type": "object", "properties": properties, "required": list(needed)}


def answer(told: str, schema: Json, mime: str = "application/json") -> Json:
    """Describe an answer with a body."""
    return {"description": told, "content": {mime: {"schema": schema}}}


def empty(told: str) -> Json:
    """Describe an answer of which only the status counts."""
    return {"description": told}
