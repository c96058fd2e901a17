"""Recordings and pictures for providers to fetch: unguessable, expiring addresses."""

from flask import Blueprint, Response, abort

from bot.services.links import JPEG, open_media
from bot.store.media import MediaUnavailableError, mime_of
from bot.web.context import house

bp = Blueprint("sounds", __name__)


@bp.get("/media/<token>.ogg")
def sound(token: str) -> Response:
    """Give the recording a signed link stands for; 404 for anything else.

    503 while the media store does not answer.
    """
    return _file(token, "audio/ogg")


@bp.get("/media/<token>.jpg")
def picture(token: str) -> Response:
    """Give the picture a signed link stands for, as `sound` does."""
    return _file(token, JPEG)


def _file(token: str, mime: str) -> Response:
    key = open_media(house().keys, token)
    if key is None or (mime_of(key) == JPEG) != (mime == JPEG):
        abort(404)
    try:
        data = house().media.load(key)
    except FileNotFoundError:
        abort(404)
    answer = Response(data, mimetype=mime)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.errorhandler(MediaUnavailableError)
def refuse(_error: MediaUnavailableError) -> Response:
    """Ask the provider to fetch again."""
    return Response("not now, try again\n", 503, mimetype="text/plain")
