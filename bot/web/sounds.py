"""Files for providers, or for whom they are of: unguessable, expiring addresses."""

from flask import Blueprint, Response, abort

from bot.domain.messages import DATA_NAME
from bot.services.links import JPEG, open_media
from bot.store.media import ZIP, MediaUnavailableError, mime_of
from bot.web.context import house

bp = Blueprint("sounds", __name__)
OTHERS = (JPEG, ZIP)


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


@bp.get("/media/<token>.zip")
def data(token: str) -> Response:
    """Give somebody all that is kept of her, to save and not to look at here."""
    answer = _file(token, ZIP)
    answer.headers["Content-Disposition"] = f'attachment; filename="{DATA_NAME}"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _file(token: str, mime: str) -> Response:
    key = open_media(house().keys, token)
    if key is None or not _is_of(key, mime):
        abort(404)
    try:
        data = house().media.load(key)
    except FileNotFoundError:
        abort(404)
    answer = Response(data, mimetype=mime)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _is_of(key: str, mime: str) -> bool:
    """Tell whether a file is what the address says: what is no other is a recording."""
    kind = mime_of(key)
    return kind == mime if mime in OTHERS else kind not in OTHERS


@bp.errorhandler(MediaUnavailableError)
def refuse(_error: MediaUnavailableError) -> Response:
    """Ask the provider to fetch again."""
    return Response("not now, try again\n", 503, mimetype="text/plain")
