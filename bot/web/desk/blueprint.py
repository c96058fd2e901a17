"""The blueprint of `/desk`: what every answer of it carries, and how faults look.

Every page works without scripts; only the login link's secret, which stands behind "#",
needs one to get into its form.
"""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bot.services.desk.refusals import TurnedDownError
from bot.store.media import MediaUnavailableError
from bot.web.desk import access
from bot.web.desk.frame import BAD, GONE, NOT_NOW, plain

desk = Blueprint(
    "desk",
    __name__,
    url_prefix="/desk",
    static_folder="../static",
    template_folder="../templates",
)
access.guard(desk)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
        " media-src 'self'; connect-src 'self'; object-src 'none';"
        " frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(self), payment=(), usb=(),"
        " interest-cohort=()"
    ),
}


@desk.errorhandler(HTTPException)
def refuse(error: HTTPException) -> ResponseReturnValue:
    """Say in a word what is wrong with a request."""
    return Response(f"{error.name}\n", error.code or BAD, mimetype="text/plain")


@desk.errorhandler(MediaUnavailableError)
def refuse_for_now(_error: MediaUnavailableError) -> ResponseReturnValue:
    """Say that a recording is kept, but cannot be played now."""
    return plain("sound_later", NOT_NOW)


@desk.errorhandler(TurnedDownError)
def refuse_what_is_gone(refusal: TurnedDownError) -> ResponseReturnValue:
    """Say that what a page is about is not there (any more)."""
    return plain(refusal.word, GONE)


@desk.after_request
def keep_private(response: Response) -> Response:
    """Let no page be framed, cached, or run what is not ours."""
    response.headers.update(HEADERS)
    if request.endpoint != "desk.static":
        response.headers["Cache-Control"] = "no-store"
    return response
