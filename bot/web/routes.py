"""Every page and hook of the web application, in one list."""

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bot.web import (
    health,
    hooks,
    machine,
    open_data,
    open_pages,
    phone,
    security,
    sounds,
    webhooks,
)
from bot.web.desk import (
    account,
    after,
    audit,
    ballots,
    bringing,
    broadcasts,
    changes,
    checkins,
    city,
    contacts,
    delivery,
    drafts,
    exports,
    freed,
    glance,
    inbox,
    listening,
    listing,
    login,
    money,
    night_calls,
    night_plans,
    officials,
    plans,
    publishing,
    results,
    reviewing,
    talks,
    tasks,
    today,
)
from bot.web.desk import hooks as desk_hooks
from bot.web.kept_files import keep_files
from bot.web.shield import shield

FOR_PROGRAMS = (".json", ".pb", ".jpg", "/hooks")
"""How addresses end that programs ask for."""

BLUEPRINTS = (
    health.bp,
    security.bp,
    webhooks.bp,
    hooks.bp,
    machine.bp,
    phone.phone,
    sounds.bp,
    login.desk,
    city.desk,
    account.desk,
    officials.desk,
    audit.desk,
    today.desk,
    inbox.desk,
    tasks.desk,
    talks.desk,
    listening.desk,
    after.desk,
    changes.desk,
    checkins.desk,
    contacts.desk,
    delivery.desk,
    ballots.desk,
    plans.desk,
    reviewing.desk,
    publishing.desk,
    bringing.desk,
    broadcasts.desk,
    drafts.desk,
    results.desk,
    night_plans.desk,
    night_calls.desk,
    money.desk,
    freed.desk,
    glance.desk,
    exports.desk,
    desk_hooks.desk,
    listing.desk,
    open_data.bp,
    open_pages.bp,
)


def register(app: Flask) -> None:
    """Hang all routes into `app`, and plain answers for what is not there."""
    for blueprint in dict.fromkeys(BLUEPRINTS):  # the desk has several pages
        app.register_blueprint(blueprint)
    shield(app)
    keep_files(app)
    app.register_error_handler(500, _broken)
    # As a class, not by code: so a page that has an answer of its own gives that.
    app.register_error_handler(HTTPException, _nowhere)


def _nowhere(error: HTTPException) -> ResponseReturnValue:
    """Say that there is nothing, in the form in which a program expects it."""
    if error.code not in {404, 405} or not request.path.endswith(FOR_PROGRAMS):
        return error
    answer = jsonify(error=error.name)
    answer.headers.extend(error.get_headers(request.environ))
    answer.mimetype = "application/json"
    return answer, error.code or 404


def _broken(_: HTTPException) -> Response:
    """Say nothing of the inside: the log has it, with ids."""
    return Response("Something went wrong. Nothing is lost.\n", 500)
