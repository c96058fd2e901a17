"""WhatsApp through Twilio. An address is "+31612345678" or a scoped id ("NL.1a2b")."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from twilio.request_validator import RequestValidator, get_signature_algorithm

from bot.channels.base import (
    Approval,
    ForgedError,
    Probe,
    Request,
    Sent,
    TemplateDraft,
)
from bot.channels.content import ContentStore, MemoryContents
from bot.channels.edge import BODY_BYTES, is_loopback
from bot.channels.process import PerProcess
from bot.channels.twilio_http import OFFICIAL_API, TwilioHttp
from bot.channels.whatsapp_check import WhatsAppCheck, status_probes
from bot.channels.whatsapp_inbound import (
    CHANNEL,
    OUT,
    PART,
    PREFIX,
    parse_form,
    parse_status_form,
)
from bot.channels.whatsapp_inbox import Inbox, Known
from bot.channels.whatsapp_sender import Account, WhatsAppSender
from bot.channels.whatsapp_templates import WhatsAppTemplates
from bot.domain.findings import Finding
from bot.domain.messages import (
    Inbound,
    MediaRef,
    Outbound,
    Received,
    StatusUpdate,
    Tap,
)

STATUS_PATH = "/whatsapp/status"
SIGNATURE_HEADER = "x-twilio-signature"
SETTINGS_HEADER = "x-twilio-webhooks-signature-settings"
WINDOW = timedelta(hours=23, minutes=45)
"""A quarter of an hour less than WhatsApp's 24 hours: clocks and queues differ."""

THREADS = 16
"""At a fifth of a second for a request, this is Twilio's pace of 80 a second."""


@dataclass(frozen=True, slots=True)
class _Live:
    """The client of this process and the threads it works in."""

    pool: ThreadPoolExecutor
    http: TwilioHttp
    sender: WhatsAppSender
    templates: WhatsAppTemplates
    inbox: Inbox
    check: WhatsAppCheck


class WhatsApp:
    """The channel "whatsapp". Nothing is opened before the first use.

    `media_url` makes a public, expiring address of a recording's storage key.
    `contents` remembers stored buttons and lists over restarts.
    """

    name = CHANNEL
    shows_number = True
    window: timedelta | None = WINDOW

    def __init__(
        self,
        account: Account,
        *,
        public_url: str,
        media_url: Callable[[str], str],
        contents: ContentStore | None = None,
    ) -> None:
        self._account = account
        self.ours: str | None = account.sender
        self._public_url = public_url.rstrip("/")
        self._media_url = media_url
        self._contents = contents or MemoryContents()
        self._validator = RequestValidator(account.token)
        self._live = PerProcess(self._start)

    def __repr__(self) -> str:
        return f"WhatsApp({self._account!r})"

    def parse(self, request: Request) -> Sequence[Inbound]:
        """Verify and translate one inbound message. Raises ForgedError."""
        form = self._verified(request)
        inbound = parse_form(form) if form else None
        return [inbound] if inbound else []

    def parse_status(self, request: Request) -> Sequence[StatusUpdate]:
        """Verify and translate one delivery status. Raises ForgedError."""
        form = self._verified(request)
        status = parse_status_form(form, request.url) if form else None
        return [status] if status else []

    def send(self, out: Outbound) -> "Future[Sent]":
        """Start sending: picture, sound, then text, the buttons with the last.

        With a template, that is all that is sent.
        """
        live = self._live.get()
        return live.pool.submit(live.sender.send, out, time.monotonic())

    def received_since(
        self, moment: datetime, until: datetime, known: Known
    ) -> Sequence[Received]:
        """List what came in from `moment` to before `until`, oldest first.

        Leaves out what `known` knows. Raises ChannelError.
        """
        return self._live.get().inbox.received_since(moment, until, known)

    def check(self, public_url: str) -> Sequence[Finding]:  # noqa: ARG002 - it has none
        """Ask Twilio about the account and the sender; never raises."""
        return self._live.get().check.run()

    def probes(self, public_url: str) -> Sequence[Probe]:
        """Return a status of a message that is not ours, signed rightly and wrongly."""
        return status_probes(f"{public_url}{STATUS_PATH}", STATUS_PATH, self._validator)

    def provider_url(self) -> str:
        """Return Twilio's address."""
        return self._account.api or OFFICIAL_API

    def acknowledge(self, tap: Tap) -> None:
        """Do nothing: WhatsApp shows a tap as done by itself."""

    def fetch(self, ref: MediaRef) -> bytes:
        """Download a file. Raises ChannelError."""
        return self._live.get().sender.fetch(ref)

    def delete_media(self, ref: MediaRef) -> None:
        """Delete a file at Twilio, which keeps it for ever otherwise.

        Raises ChannelError; deleting twice is no error.
        """
        self._live.get().sender.delete_media(ref)

    def list_templates(self) -> Mapping[str, str]:
        """Return the SID of every stored resource by its name. Raises ChannelError."""
        return self._live.get().templates.list_templates()

    def create_template(self, draft: TemplateDraft) -> str:
        """Store a wording; return its SID. Raises ChannelError."""
        return self._live.get().templates.create_template(draft)

    def submit_template(self, sid: str, name: str, category: str) -> Approval:
        """Ask Meta to approve a stored wording. Raises ChannelError."""
        return self._live.get().templates.submit_template(sid, name, category)

    def template_approval(self, sid: str) -> Approval:
        """Return how far an approval is. Raises ChannelError."""
        return self._live.get().templates.template_approval(sid)

    def erase(self, place: str) -> None:
        """Empty a message at Twilio, which keeps its words otherwise.

        Raises ChannelError.
        """
        self._live.get().sender.empty_message(place)

    def support_link(self) -> str:
        """Return the link that opens a chat with "steun <number>" filled in."""
        # A plus for the space: "%20" would be read as a place for the number.
        return f"https://wa.me/{self._digits}?text=steun+%d"

    def opening_link(self) -> str:
        """Return the link that opens a chat with words typed already."""
        return f"https://wa.me/{self._digits}?text=%s"

    @property
    def _digits(self) -> str:
        """Our number as links have it: digits alone."""
        return self._account.sender.removeprefix(PREFIX).lstrip("+")

    def close(self) -> None:
        """Finish what was begun and let go of connections and threads."""
        live = self._live.take()
        if live:
            live.pool.shutdown()
            live.http.session.close()

    def _verified(self, request: Request) -> Mapping[str, str]:
        """Return the form, empty if it is too large to be read. Raises ForgedError."""
        if len(request.body) > BODY_BYTES:
            return {}
        signature = request.headers.get(SIGNATURE_HEADER, "")
        algorithm = get_signature_algorithm(request.headers.get(SETTINGS_HEADER))
        try:
            is_genuine = bool(signature) and self._validator.validate(
                request.url, dict(request.form), signature, algorithm=algorithm
            )
        except ValueError:  # lone surrogates, or an address that is none
            is_genuine = False
        if not is_genuine:
            raise ForgedError
        return request.form

    def _callback(self, out: Outbound, last: bool) -> str | None:  # noqa: FBT001
        """Return where statuses of a part of `out` go; nowhere on a laptop."""
        if is_loopback(self._public_url) and self._account.api is None:
            return None
        return f"{self._public_url}{STATUS_PATH}?{OUT if last else PART}={out.id}"

    def _start(self) -> _Live:
        http = TwilioHttp(self._account.api, THREADS)
        sender = WhatsAppSender(
            self._account,
            http,
            self._contents,
            media_url=self._media_url,
            callback=self._callback,
        )
        account = self._account
        templates = WhatsAppTemplates(account, http)
        inbox = Inbox(account.sid, account.token, account.sender, http)
        check = WhatsAppCheck(account.sid, account.token, account.sender, http)
        pool = ThreadPoolExecutor(THREADS, CHANNEL)
        return _Live(pool, http, sender, templates, inbox, check)
