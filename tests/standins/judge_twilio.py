"""Twilio's OpenAPI descriptions, closed against fields that nobody knows."""

import json
import re
from collections.abc import Iterator
from typing import cast
from urllib.parse import parse_qsl

from openapi_schema_validator import OAS30Validator

from bot.channels import limits
from tests.standins.oracles import Json, load_oracle, too_long, too_many
from tests.standins.recorder import Call

TEMPLATE = "buurtstem_"
"""What the names of those begin with that are handed in for approval."""

_SPECS = {
    "/2010-04-01/": "twilio_api_v2010.json",
    "/v1/": "twilio_content_v1.json",
    "/v2/": "twilio_messaging_v2.json",
}


def twilio_faults(call: Call) -> Iterator[str]:
    """Yield where a request strays from Twilio's description."""
    if call.path.startswith("/cdn/") or _is_download(call):
        return
    spec = next((f for prefix, f in _SPECS.items() if call.path.startswith(prefix)), "")
    found = _operation(spec, call) if spec else None
    if found is None:
        yield "no such resource"
        return
    operation, arguments = found
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            schema = parameter["schema"]
            yield from _schema_faults(schema, arguments[parameter["name"]], spec)
    yield from _query_faults(operation.get("parameters", []), call, spec)
    if "requestBody" in operation:
        yield from _body_faults(operation["requestBody"]["content"], call, spec)


def _is_download(call: Call) -> bool:
    """Tell whether a file is asked for, which no description has."""
    return call.method == "GET" and "/Media/" in call.path


def _query_faults(parameters: list[Json], call: Call, spec: str) -> Iterator[str]:
    """Yield what is wrong with the fields behind the question mark."""
    known = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
    for name, text in parse_qsl(call.query, keep_blank_values=True):
        if name not in known:
            yield f"unknown query field {name}"
        elif known[name].get("type") == "integer":
            whole = int(text) if text.isdecimal() else text
            yield from _schema_faults(known[name], whole, spec)
        else:
            yield from _schema_faults(known[name], text, spec)


def _operation(spec: str, call: Call) -> tuple[Json, dict[str, str]] | None:
    """Return what the description says of this path, and the path's arguments."""
    for path, item in load_oracle(spec)["paths"].items():
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape(path))
        match = re.fullmatch(pattern, call.path)
        if match and call.method.lower() in item:
            return item[call.method.lower()], match.groupdict()
    return None


def _body_faults(content: Json, call: Call, spec: str) -> Iterator[str]:
    mime = call.headers.get("content-type", "").partition(";")[0]
    if mime not in content:
        yield f"sent as {mime or 'nothing'}, wanted {', '.join(content)}"
        return
    schema = content[mime]["schema"]
    if mime == "application/json":
        yield from _schema_faults(schema, call.json, spec)
        return
    value, twice = _grouped(schema["properties"], call)
    yield from (f"{name} comes twice" for name in twice)
    yield from _schema_faults(schema, value, spec)


def _grouped(properties: Json, call: Call) -> tuple[Json, list[str]]:
    """Return the form by the description's types, and the fields given twice."""
    value: Json = {}
    twice = []
    for name, text in call.fields:
        if properties.get(name, {}).get("type") == "array":
            value.setdefault(name, []).append(text)
        elif name in value:
            twice.append(name)
        else:
            value[name] = text
    return value, twice


def _schema_faults(schema: Json, value: object, spec: str) -> Iterator[str]:
    closed = _closed(schema, load_oracle(spec))
    for error in OAS30Validator(closed).iter_errors(value):
        place = "/".join(map(str, error.absolute_path))
        yield f"{place}: {error.message[:120]}" if place else error.message[:120]


def _closed(schema: Json, spec: Json) -> Json:
    """Return the schema with its references filled in and no room for more fields."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _closed(spec["components"]["schemas"][name], spec)
    result = dict(schema)
    if "properties" in schema:
        properties = schema["properties"].items()
        result["properties"] = {name: _closed(one, spec) for name, one in properties}
        result.setdefault("additionalProperties", False)
    if "items" in schema:
        result["items"] = _closed(schema["items"], spec)
    return result


def twilio_limits(call: Call) -> Iterator[str]:
    """Yield which limits of WhatsApp a request breaks."""
    form = call.form
    yield from too_long(limits.WHATSAPP_BODY, form.get("Body", ""))
    if call.path.endswith("/Messages.json") and call.method == "POST":
        if not {"Body", "MediaUrl", "ContentSid"} & form.keys():
            yield "an empty message"
        if "ContentSid" in form and {"Body", "MediaUrl"} & form.keys():
            yield "ContentSid together with Body or MediaUrl (63016)"
        yield from _variable_limits(json.loads(form.get("ContentVariables", "{}")))
    if call.path == "/v1/Content" and call.method == "POST":
        is_template = str(call.json.get("friendly_name")).startswith(TEMPLATE)
        replies = _replies_of(is_template=is_template)
        yield from _content_limits(cast("Json", call.json["types"]), replies)


def _variable_limits(values: dict[str, str]) -> Iterator[str]:
    yield from too_many(limits.WHATSAPP_VARIABLES, len(values))
    for value in values.values():
        yield from too_long(limits.WHATSAPP_VARIABLE, value)
        if not value.strip() or re.search(r"[\n\t]| {5}", value):
            yield "a variable that error 21656 refuses"


def _replies_of(*, is_template: bool) -> limits.CountLimit:
    """Return how many buttons a resource may have: an approved one, or any other."""
    return limits.WHATSAPP_TEMPLATE_REPLIES if is_template else limits.WHATSAPP_REPLIES


def _content_limits(types: Json, replies: limits.CountLimit) -> Iterator[str]:
    for shape in filter(None, types.values()):
        yield from too_long(limits.WHATSAPP_RICH_BODY, shape["body"])
        actions, items = shape.get("actions") or [], shape.get("items") or []
        yield from too_many(replies, len(actions))
        yield from too_many(limits.WHATSAPP_LIST, len(items))
        yield from too_long(limits.WHATSAPP_LIST_BUTTON, shape.get("button") or "")
        for action in actions:
            yield from too_long(limits.WHATSAPP_REPLY_TITLE, action["title"])
            yield from too_long(limits.WHATSAPP_REPLY_ID, action["id"])
        for item in items:
            yield from too_long(limits.WHATSAPP_LIST_TITLE, item["item"])
            yield from too_long(limits.WHATSAPP_LIST_ID, item["id"])
            yield from too_long(
                limits.WHATSAPP_LIST_DETAIL, item.get("description") or ""
            )
        labels = [one.get("title") or one["item"] for one in actions + items]
        if len(set(labels)) < len(labels) or not all(labels):
            yield "two buttons with one label, or one without"
