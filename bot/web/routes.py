"""Every page and hook of the web application, in one list."""

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from bot.web import (
    health,
    hooks,
    open_data,
    open_pages,
    phone,
    sounds,
    webhooks,
)
from bot.web.desk import (
    account,
    audit,
    ballots,
    bringing,
    broadcasts,
    city,
    delivery,
    drafts,
    exports,
    glance,
    inbox,
    listening,
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

BLUEPRINTS = (
    health.bp,
    webhooks.bp,
    hooks.bp,
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
    glance.desk,
    exports.desk,
    open_data.bp,
    open_pages.bp,
)


def register(app: Flask) -> None:
    """Hang all routes into `app`, and plain answers for what is not there."""
    for blueprint in dict.fromkeys(BLUEPRINTS):  # the desk has several pages
        app.register_blueprint(blueprint)
    app.register_error_handler(500, _broken)


def _broken(_: HTTPException) -> Response:
    """Say nothing of the inside: the log has it, with ids."""
    return Response("Something went wrong. Nothing is lost.\n", 500)
