"""Providers' webhooks: verify, parse, store, answer."""

from typing import cast

from flask import Blueprint, Response
from werkzeug.exceptions import RequestEntityTooLarge

from bot.channels.base import Channel, ForgedError, StatusSource
from bot.domain.messages import Tap
from bot.services.inbound import take_in
from bot.services.statuses import record_statuses
from bot.web.context import channel_request, house

bp = Blueprint("webhooks", __name__)
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@bp.post("/telegram")
def telegram() -> Response:
    """Take in a Bot API update: 403 forged, 200 for all else, 5xx if storing failed."""
    return _take("telegram", Response(status=200))


@bp.post("/whatsapp")
def whatsapp() -> Response:
    """Take in a Twilio message. Empty TwiML: plain text would be sent to her."""
    return _take("whatsapp", _twiml())


@bp.post("/whatsapp/status")
def whatsapp_status() -> Response:
    """Take in a delivery status; statuses only move forward."""
    channel = house().channels.get("whatsapp")
    if channel is None:
        return Response(status=404)
    try:
        statuses = _status_source(channel).parse_status(channel_request())
    except ForgedError:
        return Response(status=403)
    now = house().clock()
    moved = house().db.run(lambda db: record_statuses(db, "whatsapp", statuses, now))
    for each in moved:
        house().meters.moved("whatsapp", each.delivery.value)
    return _twiml()


def _status_source(channel: Channel) -> StatusSource:
    """Return the channel as one that reports statuses, as WhatsApp's does."""
    return cast("StatusSource", channel)


def _twiml() -> Response:
    return Response(EMPTY_TWIML, mimetype="text/xml")


def _take(name: str, fine: Response) -> Response:
    channel = house().channels.get(name)
    if channel is None:
        return Response(status=404)
    try:
        messages = channel.parse(channel_request())
    except ForgedError:
        return Response(status=403)
    except RequestEntityTooLarge:
        return fine
    for message in messages:
        take_in(house(), message)
        if isinstance(message.content, Tap):
            channel.acknowledge(message.content)
    return fine
