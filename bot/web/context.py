"""What a view may ask for: the house that `create_app` built."""

from typing import cast

from flask import current_app

from bot.channels.base import Request as ChannelRequest
from bot.services.house import House

MOST_BYTES = 1024 * 1024


def house() -> House:
    """Return the house of the running application."""
    return cast("House", current_app.extensions["house"])


def channel_request() -> ChannelRequest:
    """Return the current request as a channel reads it.

    The address is `PUBLIC_URL` with the raw path and query, never what headers say.
    """
    from flask import request

    path = request.full_path.rstrip("?")
    return ChannelRequest(
        url=house().settings.public_url + path,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.get_data(cache=True, parse_form_data=False),
        form=request.form.to_dict() if request.form else {},
    )
