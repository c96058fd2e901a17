"""`/.well-known/security.txt`: whom to tell of a weakness (RFC 9116)."""

from datetime import datetime, timedelta

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from bot.web.context import house

bp = Blueprint("security", __name__)
HOLDS = timedelta(days=180)
"""RFC 9116 wants an end within a year; it moves on with each day that we answer."""

_LANGUAGES = "nl, en"


@bp.get("/.well-known/security.txt")
def security() -> Response:
    """Name the contact of the settings; 404 without one: then there is nobody."""
    settings = house().settings
    if settings.security_contact is None:
        raise NotFound
    text = security_text(
        settings.security_contact, settings.public_url, house().clock()
    )
    answer = Response(text, mimetype="text/plain")
    answer.cache_control.public = True
    answer.cache_control.max_age = 24 * 60 * 60
    return answer


def security_text(contact: str, public_url: str, now: datetime) -> str:
    """Return the file; its end is a midnight, so that it is the same all day."""
    end = (now + HOLDS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {contact}",
        f"Expires: {end:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {_LANGUAGES}",
        f"Canonical: {public_url}/.well-known/security.txt",
    )
    return "\n".join(lines) + "\n"
