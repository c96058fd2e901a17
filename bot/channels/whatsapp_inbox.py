"""What Twilio has received for us, listed over REST: for messages a webhook missed."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.channels.outcomes import for_fetch
from bot.channels.twilio_errors import TROUBLE, explain
from bot.channels.twilio_http import OFFICIAL_API, TwilioHttp, make_client
from bot.channels.whatsapp_inbound import parse_form
from bot.domain.messages import Received

PAGE = 200
"""Messages per request; an hour's worth is listed in as many as it takes."""

_JSON = ".json"

Known = Callable[[Sequence[str]], Collection[str]]


class Inbox:
    """Lists messages to one sender. Its method blocks and raises ChannelError."""

    def __init__(self, sid: str, token: str, sender: str, http: TwilioHttp) -> None:
        self._sender = sender
        self._client = make_client(sid, token, http)

    def received_since(
        self, moment: datetime, until: datetime, known: Known
    ) -> Sequence[Received]:
        """Return what came in from `moment` to before `until`, oldest first.

        A tap comes as its label and a place as nothing: REST has no more of them.
        """
        try:
            listed = self._listed(moment, until)
            seen = known([message.sid for message in listed])
            found = [self._read(each) for each in listed if each.sid not in seen]
        except TROUBLE as error:
            raise for_fetch(explain(error)) from None
        return [each for each in found if each is not None]

    def _listed(self, moment: datetime, until: datetime) -> list[Any]:
        """Return the messages of that time; Twilio lists the newest first.

        Looked at again here: its documentation only promises to filter by day.
        """
        listed = self._client.messages.list(
            to=self._sender,
            date_sent_after=moment.astimezone(UTC),
            date_sent_before=until.astimezone(UTC),
            page_size=PAGE,
        )
        ours = [
            message
            for message in reversed(listed)
            if message.direction == "inbound"
            and moment <= _received_at(message) < until
        ]
        return sorted(ours, key=_received_at)

    def _read(self, message: Any) -> Received | None:  # noqa: ANN401 - the library's
        """Return a message as the webhook would have brought it, as far as it can."""
        form = {
            "MessageSid": message.sid,
            "From": message.from_,
            "To": message.to,
            "Body": message.body or "",
            "NumMedia": message.num_media or "0",
        }
        if form["NumMedia"] != "0":
            form |= self._media(message.sid)
        inbound = parse_form(form)
        return Received(inbound, _received_at(message)) if inbound else None

    def _media(self, message_sid: str) -> dict[str, str]:
        """Return where the file of a message is, nothing if it was deleted."""
        files = self._client.messages(message_sid).media.list(limit=1)
        return {
            name: value
            for each in files
            for name, value in (
                ("MediaUrl0", OFFICIAL_API + each.uri.removesuffix(_JSON)),
                ("MediaContentType0", each.content_type),
            )
        }


def _received_at(message: Any) -> datetime:  # noqa: ANN401 - the library's
    """Return when Twilio called our webhook for it, to the second."""
    at: datetime = message.date_sent or message.date_created
    return at
