"""Telegram through the Bot API. An address is the number of a private chat."""

import hmac
import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.base import (
    ChannelError,
    ForgedError,
    Outcome,
    Probe,
    Request,
    Sent,
    WebhookState,
)
from bot.channels.edge import BODY_BYTES, as_dict
from bot.channels.loop import LoopThread
from bot.channels.process import PerProcess
from bot.channels.telegram_check import check_bot, update_probes
from bot.channels.telegram_inbound import CHANNEL, parse_update
from bot.channels.telegram_sender import TelegramSender
from bot.domain.findings import Finding
from bot.domain.messages import Inbound, MediaRef, Outbound, Tap

OFFICIAL_API = "https://api.telegram.org"
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - a header's name
WEBHOOK_PATH = "/telegram"
_CALM_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class _Live:
    """The client of this process and the loop it lives on."""

    loop: LoopThread
    sender: TelegramSender


class Telegram:
    """The channel "telegram". Nothing is opened before the first use.

    `load` reads a file by its storage key; it may block, and raise OSError or
    LookupError for one that is not there or not readable now: then the text goes alone.
    """

    name = CHANNEL
    shows_number = False
    window: timedelta | None = None
    ours: str | None = None

    def __init__(
        self,
        token: str,
        secret: str,
        *,
        api: str = OFFICIAL_API,
        load: Callable[[str], bytes],
    ) -> None:
        self._token = token
        self._secret = secret
        self._api = api.rstrip("/")
        self._load = load
        self._live = PerProcess(self._start)
        self._username: Future[str] | None = None
        # The library logs addresses, which hold the token, and texts below this.
        logging.getLogger("telegram").setLevel(logging.WARNING)

    def __repr__(self) -> str:
        return f"Telegram(api={self._api!r})"

    def parse(self, request: Request) -> Sequence[Inbound]:
        """Verify and translate one Update. Raises ForgedError."""
        given = request.headers.get(SECRET_HEADER, "").encode(errors="replace")
        if not self._secret or not hmac.compare_digest(given, self._secret.encode()):
            raise ForgedError
        if len(request.body) > BODY_BYTES:
            return []
        try:
            update = json.loads(request.body)
        except (ValueError, RecursionError):
            return []
        inbound = parse_update(as_dict(update))
        return [inbound] if inbound else []

    def send(self, out: Outbound) -> "Future[Sent]":
        """Start sending: picture, sound, then text, the buttons below the last."""
        live = self._live.get()
        return live.loop.submit(live.sender.send(out))

    def acknowledge(self, tap: Tap) -> None:
        """Stop the clock on the tapped button; best effort."""
        if tap.callback is not None:
            live = self._live.get()
            live.loop.submit(live.sender.acknowledge(tap.callback))

    def fetch(self, ref: MediaRef) -> bytes:
        """Download a file by its id. Raises ChannelError."""
        live = self._live.get()
        return live.loop.submit(live.sender.fetch(ref.place)).result()

    def delete_media(self, ref: MediaRef) -> None:
        """Do nothing: Telegram offers no way, links to files expire by themselves."""

    def erase(self, place: str) -> None:
        """Delete a message from the chat, hers too. Raises ChannelError."""
        chat, _, number = place.partition(":")
        live = self._live.get()
        live.loop.submit(live.sender.delete_message(chat, number)).result()

    def support_link(self) -> str:
        """Return the deep link, or "" until Telegram has told the bot's name."""
        asked = self._username
        if asked is None or (asked.done() and asked.exception() is not None):
            live = self._live.get()
            self._username = live.loop.submit(live.sender.username())
            return ""
        return f"https://t.me/{asked.result()}?start=p%d" if asked.done() else ""

    def opening_link(self) -> str:
        """Return the link that opens a chat with a start parameter."""
        return f"https://t.me/{self.username()}?start=%s"

    def username(self) -> str:
        """Ask for the bot's name. Blocks; raises ChannelError."""
        live = self._live.get()
        return live.loop.submit(live.sender.username()).result()

    def webhook_state(self) -> WebhookState:
        """Ask what waits for our webhook. Blocks; raises ChannelError."""
        live = self._live.get()
        return live.loop.submit(live.sender.webhook_state()).result()

    def check(self, public_url: str) -> Sequence[Finding]:
        """Ask Telegram about the token and the webhook; never raises."""
        return check_bot(self, f"{public_url}{WEBHOOK_PATH}")

    def probes(self, public_url: str) -> Sequence[Probe]:  # noqa: ARG002 - not signed
        """Return an update of no known type, with the right and with a wrong secret."""
        return update_probes(WEBHOOK_PATH, SECRET_HEADER, self._secret)

    def provider_url(self) -> str:
        """Return the address of the Bot API, without the token."""
        return self._api

    def set_webhook(self, url: str) -> None:
        """Have updates posted to `url`. Blocks; raises ChannelError."""
        live = self._live.get()
        live.loop.submit(live.sender.set_webhook(url, self._secret)).result()

    def set_commands(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        """Show `COMMANDS` in the app's menu; `texts` is language: name: description.

        Blocks; raises ChannelError.
        """
        live = self._live.get()
        live.loop.submit(live.sender.set_commands(texts)).result()

    def poll(self, handle: Callable[[Inbound], None], stop: threading.Event) -> None:
        """Ask for updates until `stop`, for a laptop without a public address.

        Removes the webhook of this token first: use a token of your own, never the
        city's. An update is confirmed once `handle` has returned for it. Raises
        ChannelError when Telegram refuses; passing troubles are waited out.
        """
        live = self._live.get()
        live.loop.submit(live.sender.unhook()).result()
        offset = 0
        while not stop.is_set():
            try:
                updates = live.loop.submit(live.sender.updates(offset)).result()
            except ChannelError as error:
                if error.outcome is Outcome.REFUSED:
                    raise
                stop.wait(error.wait_seconds or _CALM_SECONDS)
                continue
            for update in updates:
                inbound = parse_update(update)
                if inbound:
                    handle(inbound)
                offset = int(update["update_id"]) + 1

    def close(self) -> None:
        """Let go of connections and the loop; a later use starts anew."""
        live = self._live.take()
        self._username = None
        if live:
            live.loop.close(live.sender.close())

    def _start(self) -> _Live:
        sender = TelegramSender(self._token, self._api, self._load)
        return _Live(LoopThread("telegram"), sender)
