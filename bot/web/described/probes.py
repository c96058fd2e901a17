"""Health and figures, and the two providers' webhooks in short."""

from collections.abc import Mapping

from bot.web.described.parts import TEXT, Json, answer, empty

_TELEGRAM = "x-telegram-bot-api-secret-token"
_TWILIO = "x-twilio-signature"
_ANY: Json = {"type": "object"}


def security() -> Mapping[str, Json]:
    """Return what proves that a provider calls."""
    return {
        name: {"type": "apiKey", "in": "header", "name": name}
        for name in (_TELEGRAM, _TWILIO)
    }


def own() -> Json:
    """Describe the description."""
    return {
        "operationId": "openapi",
        "summary": "This description.",
        "responses": {"200": answer("OpenAPI 3.1", _ANY)},
    }


def paths() -> Mapping[str, Json]:
    """Describe what only says how we are, and what providers call."""
    return {
        "/healthz": {"get": _plain("alive", "This process answers.")},
        "/readyz": {"get": _ready()},
        "/metrics": {"get": _plain("metrics", "Figures for Prometheus.")},
        "/telegram": {"post": _webhook("telegram", _TELEGRAM, "application/json")},
        "/whatsapp": {"post": _webhook("whatsapp", _TWILIO, _FORM)},
        "/whatsapp/status": {"post": _webhook("whatsappStatus", _TWILIO, _FORM)},
    }


_FORM = "application/x-www-form-urlencoded"


def _plain(name: str, told: str) -> Json:
    fine = answer(told, TEXT, "text/plain")
    return {"operationId": name, "summary": told, "responses": {"200": fine}}


def _ready() -> Json:
    return {
        "operationId": "ready",
        "summary": "Database and migrations are fine.",
        "responses": {
            "200": answer("ready", TEXT, "text/html"),
            "503": answer("not ready", TEXT, "text/html"),
        },
    }


def _webhook(name: str, proof: str, mime: str) -> Json:
    return {
        "operationId": name,
        "summary": "For the provider alone; its own documentation says what it posts.",
        "security": [{proof: []}],
        "requestBody": {"content": {mime: {"schema": _ANY}}},
        "responses": {
            "200": empty("stored, seen before, or not for us"),
            "403": empty("not signed by the provider"),
            "404": empty("this channel is off"),
        },
    }
