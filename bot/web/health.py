"""Alive, ready, and what can be counted."""

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.services.health import is_ready
from bot.web.context import house

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """Say that this process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def ready() -> Response:
    """Say whether database and migrations are fine; never how long the queue is."""
    fine = is_ready(house())
    return Response("ready\n" if fine else "not ready\n", 200 if fine else 503)


@bp.get("/metrics")
def metrics() -> Response:
    """Give Prometheus what was counted, and how long the queue is."""
    shown = generate_latest(house().meters.shown)
    return Response(shown, content_type=CONTENT_TYPE_LATEST)
