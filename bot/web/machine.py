"""`/openapi.json`: all that programs use, described for programs (OpenAPI 3.1)."""

from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, jsonify

from bot.web.context import house
from bot.web.described import events, hook_calls, open_data, probes

bp = Blueprint("machine", __name__)


@bp.get("/openapi.json")
def openapi() -> Response:
    """Describe every route for programs, and the events we send."""
    answer = jsonify(description(house().settings.public_url))
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def description(public_url: str) -> dict[str, Any]:
    """Return the whole description, for an installation at this address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Buurtstem",
            "version": version("buurtstem"),
            "summary": "Neighbourhood budgets in the chat people already use.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": public_url}],
        "paths": {
            **hook_calls.paths(),
            **open_data.paths(),
            **probes.paths(),
            "/openapi.json": {"get": probes.own()},
        },
        "webhooks": events.webhooks(),
        "components": {
            "schemas": {
                **hook_calls.schemas(),
                **open_data.schemas(),
                **events.schemas(),
            },
            "securitySchemes": {**hook_calls.security(), **probes.security()},
        },
    }
