"""Everything that is said to Twilio, one request at a time, in worker threads."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

from bot.channels.base import ChannelError, Outcome, Sent
from bot.channels.content import (
    ContentStore,
    Rich,
    fitted,
    make_rich,
    number_choices,
    numbered,
)
from bot.channels.limits import WHATSAPP_BODY
from bot.channels.moment import begin_by
from bot.channels.progress import stopped, sum_up
from bot.channels.twilio_errors import TROUBLE, explain
from bot.channels.twilio_http import TwilioHttp, make_client
from bot.channels.whatsapp_inbound import PREFIX
from bot.domain.messages import Filled, MediaRef, Outbound
from bot.domain.split import split

_BEGIN_SECONDS = 4.0
"""A request begun by then ends before the lease on a reply, 15 seconds, is over."""

_PLAIN_CHARACTERS = WHATSAPP_BODY.most - 100
_RICH_CHARACTERS = 1000
_MEDIA_PARTS = ("Messages", "Media")
_log = logging.getLogger(__name__)

_Step = Callable[[bool], str]


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are at Twilio. `sender` is "whatsapp:+…", `api` another REST server."""

    sid: str
    token: str
    sender: str
    api: str | None = None

    def __repr__(self) -> str:
        return f"Account(sid={self.sid!r}, sender={self.sender!r})"


class WhatsAppSender:
    """The real client. Its methods block and raise ChannelError; any thread may call.

    `media_url` makes a public address of a file's storage key, `callback` is
    where delivery statuses of a message or of one of its first parts are to be posted,
    or None for nowhere.
    """

    def __init__(
        self,
        account: Account,
        http: TwilioHttp,
        contents: ContentStore,
        *,
        media_url: Callable[[str], str],
        callback: Callable[[Outbound, bool], str | None],
    ) -> None:
        self._account = account
        self._http = http
        self._client = make_client(account.sid, account.token, http)
        self._contents = contents
        self._media_url = media_url
        self._callback = callback
        self._making: dict[str, threading.Lock] = {}

    def send(self, out: Outbound, asked_at: float) -> Sent:
        """Send picture and sound, then the text in parts, the buttons with the last.

        A message with a template is that template and nothing else.
        `asked_at` is in monotonic seconds. Parts that went out before, as `out.done`
        says, are not sent again. Only the last part carries our number of the message:
        that the first has arrived must not settle the whole.
        """
        steps, done = self._steps(out), list[str]()
        try:
            with begin_by(out.begin_by):
                for number, step in enumerate(steps[out.done :], out.done + 1):
                    _check_begin(asked_at)
                    done.append(step(number == len(steps)))
        except ChannelError as error:
            raise stopped(out, done, error) from None
        return sum_up(done)

    def fetch(self, ref: MediaRef) -> bytes:
        """Download a file of at most MEDIA_BYTES. Raises REFUSED or RETRY."""
        return self._http.fetch(ref.place, (self._account.sid, self._account.token))

    def delete_media(self, ref: MediaRef) -> None:
        """Delete a file at Twilio; one that is gone already is as good."""
        message, media = _media_sids(ref.place)
        account = self._client.api.v2010.accounts(self._account.sid)
        try:
            account.messages(message).media(media).delete()
        except TROUBLE as error:
            verdict = explain(error)
            if verdict.code != "gone":
                raise verdict from None

    def empty_message(self, sid: str) -> None:
        """Empty the body of a message at Twilio; one that is gone is as good."""
        try:
            self._client.messages(sid).update(body="")
        except TROUBLE as error:
            verdict = explain(error)
            if verdict.code != "gone":
                raise verdict from None

    def _steps(self, out: Outbound) -> list[_Step]:
        """Return what is to be sent, in order; each step gives a message's SID."""
        if out.template:
            return [partial(self._say_template, out, out.template)]
        if out.document is not None:
            # WhatsApp takes no archive as a file; a link it takes as any other words.
            link = self._media_url(out.document)
            return [partial(self._say_text, out, f"{out.text}\n{link}")]
        steps: list[_Step] = []
        if out.picture is not None:
            steps.append(partial(self._say_file, out, out.picture, "picture"))
        if out.sound is not None:
            steps.append(partial(self._say_file, out, out.sound, "sound"))
        if not out.choices:
            texts = split(out.text, _PLAIN_CHARACTERS)
            return steps + [partial(self._say_text, out, text) for text in texts]
        *lead, question = split(out.text, _RICH_CHARACTERS) or [""]
        rich = make_rich(out, question)
        if rich is None:
            return steps + self._numbered(out)
        steps += [partial(self._say_text, out, text) for text in lead]
        return [*steps, partial(self._say_rich, out, rich, question)]

    def _numbered(self, out: Outbound) -> list[_Step]:
        whole = number_choices(out.text, out.choices)
        texts = split(whole, _PLAIN_CHARACTERS)
        return [partial(self._say_text, out, text) for text in texts]

    def _say_template(self, out: Outbound, template: Filled, last: bool) -> str:  # noqa: FBT001
        variables = numbered([fitted(value) for value in template.values])
        filled = {"content_sid": template.sid, "content_variables": variables}
        return self._create(out, last, **filled)

    def _say_text(self, out: Outbound, text: str, last: bool) -> str:  # noqa: FBT001
        return self._create(out, last, body=text)

    def _say_file(self, out: Outbound, key: str, kind: str, last: bool) -> str:  # noqa: FBT001
        """Send a file; "" if that failed, or it is gone, and the text has to do."""
        if not key:
            return ""
        try:
            return self._create(out, last, media_url=[self._media_url(key)])
        except ChannelError as error:
            if error.outcome is Outcome.RETRY or error.closes:
                raise
            _log.warning("%s not sent code=%s", kind, error.code)
            return ""

    def _say_rich(
        self,
        out: Outbound,
        rich: Rich,
        question: str,
        last: bool,  # noqa: FBT001
    ) -> str:
        """Send buttons; as numbered text where Twilio will not store the resource."""
        sid = self._content(rich)
        if sid is None:
            return self._say_text(out, number_choices(question, out.choices), last)
        try:
            return self._create(out, last, **_filled(rich, sid))
        except ChannelError as error:
            if error.code != "content_gone":
                raise
        sid = self._content(rich, known=sid)
        if sid is None:
            return self._say_text(out, number_choices(question, out.choices), last)
        return self._create(out, last, **_filled(rich, sid))

    def _content(self, rich: Rich, known: str | None = None) -> str | None:
        """Return the resource's SID, made if need be, or None if that failed.

        A `known` SID is one that Twilio no longer knows: another one is made.
        """
        with self._making.setdefault(rich.key, threading.Lock()):
            sid = self._contents.get(rich.key)
            if sid is not None and sid != known:
                return sid
            try:
                body = SimpleNamespace(to_dict=lambda: rich.resource)
                made = new_sid(self._client.content.v1.contents.create(body))
            except TROUBLE as error:
                _log.warning("content not made code=%s", explain(error).code)
                return None
            self._remember(rich.key, made)
            return made

    def _remember(self, key: str, sid: str) -> None:
        """Store a SID; one that cannot be stored is used now and made again later."""
        try:
            self._contents.put(key, sid)
        except Exception as error:  # noqa: BLE001 - whatever the store is made of
            _log.warning("content not remembered error=%s", type(error).__name__)

    def _create(self, out: Outbound, last: bool, **fields: object) -> str:  # noqa: FBT001
        try:
            message = self._client.messages.create(
                to=f"{PREFIX}{out.user_id}",
                from_=self._account.sender,
                status_callback=self._callback(out, last),
                **fields,
            )
            return new_sid(message)
        except TROUBLE as error:
            raise explain(error) from None


def _check_begin(asked_at: float) -> None:
    """Raise RETRY if a request begun now could outlast the lease."""
    if time.monotonic() - asked_at > _BEGIN_SECONDS:
        raise ChannelError(Outcome.RETRY, "busy")


def new_sid(made: Any) -> str:  # noqa: ANN401 - the library has no types
    """Return the SID of what was made. Raises ValueError for an answer without one."""
    if not made.sid:
        raise ValueError("no sid")
    return str(made.sid)


def _filled(rich: Rich, sid: str) -> dict[str, str]:
    return {"content_sid": sid, "content_variables": rich.variables}


def _media_sids(url: str) -> tuple[str, str]:
    """Return the SIDs of message and media in a media address. Raises REFUSED."""
    parts = url.partition("?")[0].rstrip("/").split("/")
    if tuple(parts[-4::2]) != _MEDIA_PARTS:
        raise ChannelError(Outcome.REFUSED, "foreign_host")
    return parts[-3], parts[-1]
