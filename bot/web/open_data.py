"""`/open`: open data for everybody, readable from any page."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bot.services.open_data import (
    public_chain,
    public_plans,
    public_rounds,
    public_settings,
)
from bot.web.context import house

bp = Blueprint("open_data", __name__, url_prefix="/open")
FRESH_SECONDS = 60
UNKNOWN = 404


@bp.get("/rounds.json")
def rounds() -> ResponseReturnValue:
    """List the rounds."""
    return _data(public_rounds(house()))


@bp.get("/rounds/<slug>/plans.json")
def plans(slug: str) -> ResponseReturnValue:
    """List the public plans of a round; in voting, the ballot."""
    found = public_plans(house(), slug)
    if found is None:
        return jsonify(error="there is no such round"), UNKNOWN
    return _data(found)


@bp.get("/rounds/<slug>/chain.json")
def chain(slug: str) -> ResponseReturnValue:
    """Give the chain of a round, to be kept and checked by anybody."""
    found = public_chain(house(), slug)
    if found is None:
        return jsonify(error="there is no chain of such a round yet"), UNKNOWN
    return _data(found)


@bp.get("/rounds/<slug>/settings.json")
def settings(slug: str) -> ResponseReturnValue:
    """Return the frozen settings of a round: the very bytes that its hash is of."""
    found = public_settings(house(), slug)
    if found is None:
        return jsonify(error="there are no frozen settings of such a round"), UNKNOWN
    return _fresh(Response(found, mimetype="application/json"))


def _data(found: object) -> Response:
    return _fresh(jsonify(found))


def _fresh(answer: Response) -> Response:
    """Answer with an ETag, so that nobody fetches twice what has not changed."""
    answer.cache_control.public = True
    answer.cache_control.max_age = FRESH_SECONDS
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@bp.errorhandler(HTTPException)
def refuse(error: HTTPException) -> ResponseReturnValue:
    """Say in JSON what is wrong with a request."""
    return jsonify(error=error.name), error.code or UNKNOWN


@bp.after_request
def let_in(answer: Response) -> Response:
    """Let pages of other sites read it."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
