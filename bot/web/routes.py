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
    after,
    ballots,
    checkins,
    contacts,
    delivery,
    inbox,
    listening,
    login,
)

BLUEPRINTS = (
    health.bp,
    webhooks.bp,
    hooks.bp,
    phone.phone,
    sounds.bp,
    login.desk,
    inbox.desk,
    listening.desk,
    after.desk,
    checkins.desk,
    contacts.desk,
    delivery.desk,
    ballots.desk,
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
