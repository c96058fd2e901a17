"""`/open`: open data for everybody, readable from any page."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bot.services.destroyed import destroyed_round
from bot.services.observing import ballots_for, open_observer_link
from bot.services.open_data import (
    public_chain,
    public_plans,
    public_result,
    public_rounds,
    public_settings,
)
from bot.services.open_ledger import public_ledger
from bot.services.plan_pictures import picture_of
from bot.services.tallying import TallyError
from bot.store.media import MediaUnavailableError
from bot.web.context import house
from tally.pabulib import write

bp = Blueprint("open_data", __name__, url_prefix="/open")
FRESH_SECONDS = 60
UNKNOWN, GONE = 404, 410
BAD, FORBIDDEN, CONFLICT, LATER = 400, 403, 409, 503
MOST_VERSIONS = 2**31


@bp.get("/rounds.json")
def rounds() -> ResponseReturnValue:
    """List the rounds."""
    return _data(public_rounds(house()))


@bp.get("/rounds/<slug>/plans.json")
def plans(slug: str) -> ResponseReturnValue:
    """List the public plans of a round; in voting, the ballot."""
    found = public_plans(house(), slug)
    if found is None:
        return _nothing(slug, "there is no such round")
    return _data(found)


@bp.get("/rounds/<slug>/plans/<int(max=2147483647):number>.jpg")
def picture(slug: str, number: int) -> ResponseReturnValue:
    """Return the public picture of a plan that stands in the round's plans."""
    shown = public_plans(house(), slug) or []
    is_there = any(each["number"] == number for each in shown)
    data = picture_of(house(), number) if is_there else None
    if data is None:
        return _nothing(slug, "there is no such picture")
    return _fresh(Response(data, mimetype="image/jpeg"))


@bp.get("/rounds/<slug>/chain.json")
def chain(slug: str) -> ResponseReturnValue:
    """Give the chain of a round, to be kept and checked by anybody."""
    found = public_chain(house(), slug)
    if found is None:
        return _nothing(slug, "there is no chain of such a round yet")
    return _data(found)


@bp.get("/rounds/<slug>/settings.json")
def settings(slug: str) -> ResponseReturnValue:
    """Return the frozen settings of a round: the very bytes that its hash is of."""
    found = public_settings(house(), slug)
    if found is None:
        return _nothing(slug, "there are no frozen settings of such a round")
    return _fresh(Response(found, mimetype="application/json"))


@bp.get("/rounds/<slug>/results.json")
def results(slug: str) -> ResponseReturnValue:
    """Give the published result of a round: the very bytes that its hash is of.

    `?version=1` gives an earlier one, if a count was corrected.
    """
    version = request.args.get("version", type=int)
    if "version" in request.args and not 0 < (version or 0) < MOST_VERSIONS:
        return jsonify(error="version must be a number from 1"), BAD
    found = public_result(house(), slug, version)
    if found is None:
        return _nothing(slug, "there is no published result of such a round")
    return _fresh(Response(found, mimetype="application/json"))


@bp.get("/rounds/<slug>/ledger.json")
def ledger(slug: str) -> ResponseReturnValue:
    """Give what was granted, spent and paid for each chosen plan of a round."""
    found = public_ledger(house(), slug)
    if found is None:
        return _nothing(slug, "there is no such round")
    return _data(found)


@bp.get("/rounds/<slug>/export.pb")
def export(slug: str) -> ResponseReturnValue:
    """Give the ballots of a round to an observer, by the link she was given.

    403 without a link of ours that still holds, 409 as long as nothing can be counted.
    """
    observer = open_observer_link(house(), slug, request.args.get("key", ""))
    if observer is None:
        told = "this file is for observers: ask the municipality for a new link"
        return _for_her(jsonify(error=told)), FORBIDDEN
    try:
        counted = ballots_for(house(), observer)
    except TallyError as refusal:
        return _for_her(jsonify(error=str(refusal))), CONFLICT
    answer = Response(write(counted.document), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}.pb"'
    return _for_her(answer)


def _nothing(slug: str, told: str) -> ResponseReturnValue:
    """Answer 404, or 410 where the records of a round were destroyed."""
    if destroyed_round(house(), slug) is not None:
        over = "this round is over; its record is in the municipality's archive"
        return jsonify(error=over), GONE
    return jsonify(error=told), UNKNOWN


def _for_her(answer: Response) -> Response:
    """Keep ballots, and the link to them, out of caches and other sites' logs."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


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


@bp.errorhandler(MediaUnavailableError)
def refuse_for_now(_error: MediaUnavailableError) -> ResponseReturnValue:
    """Answer 503 while the media store does not answer."""
    return jsonify(error="not now, try again"), LATER


@bp.after_request
def let_in(answer: Response) -> Response:
    """Let pages of other sites read it."""
    if request.endpoint != "open_data.export":
        answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
