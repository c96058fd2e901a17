"""Everything that is said to the Bot API, on one event loop."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)
from telegram.error import BadRequest, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.base import (
    MEDIA_BYTES,
    ChannelError,
    Outcome,
    Sent,
    WebhookState,
)
from bot.channels.edge import is_loopback
from bot.channels.moment import begin_by
from bot.channels.outcomes import for_fetch
from bot.channels.progress import stopped, sum_up
from bot.channels.telegram_errors import explain
from bot.channels.telegram_files import TelegramFiles
from bot.channels.telegram_http import ANSWER_SECONDS, AiohttpRequest
from bot.channels.telegram_inbound import ALLOWED_UPDATES
from bot.channels.telegram_outbound import make_keyboard, split_text
from bot.domain.languages import FALLBACK
from bot.domain.messages import Outbound

SEND_SECONDS = 13.0
"""A send is over by then: the lease on a reply lasts 15 seconds."""

_LEAST_SECONDS = 1.0
_FETCH_SECONDS = 60.0
_POLL_SECONDS = 50
_QUIET = LinkPreviewOptions(is_disabled=True)

_Step = Callable[[float], Awaitable[str]]


class TelegramSender:
    """The real client. Its methods are coroutines of one loop, errors ChannelError."""

    def __init__(self, token: str, api: str, load: Callable[[str], bytes]) -> None:
        self._http = AiohttpRequest(direct=is_loopback(api))
        self._bot = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._http,
            get_updates_request=self._http,
        )
        self._address = f"{api}/bot{token}"
        self._files = TelegramFiles(self._bot, load)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.shutdown()

    async def send(self, out: Outbound) -> Sent:
        """Send picture and sound, then the text in parts, the buttons below the last.

        A file to keep is one message, with its caption.

        Parts that went out before, as `out.done` says, are not sent again.
        """
        deadline = asyncio.get_running_loop().time() + SEND_SECONDS
        done: list[str] = []
        try:
            with begin_by(out.begin_by):
                for step in self._steps(out)[out.done :]:
                    sent = await step(_seconds_left(deadline))
                    done.append(sent)
        except asyncio.CancelledError:
            raise ChannelError(Outcome.UNSURE, "closed") from None
        except TelegramError as error:
            raise stopped(out, done, explain(error)) from None
        except ChannelError as error:
            raise stopped(out, done, error) from None
        return sum_up(done)

    async def acknowledge(self, callback: str) -> None:
        """Stop the clock on a tapped button; too late is no harm."""
        with contextlib.suppress(TelegramError):
            await self._post("answerCallbackQuery", {"callback_query_id": callback})

    async def fetch(self, file_id: str) -> bytes:
        """Download a file of at most MEDIA_BYTES. Raises REFUSED or RETRY."""
        try:
            file = await self._bot.get_file(file_id)
            place = file.file_path or ""
            return await self._http.download(place, MEDIA_BYTES, _FETCH_SECONDS)
        except TelegramError as error:
            raise for_fetch(explain(error)) from None

    async def delete_message(self, chat: str, number: str) -> None:
        """Delete a message of a private chat; one that is gone is as good.

        Raises REFUSED where Telegram does not let us (after two days), or RETRY.
        """
        given = {"chat_id": chat, "message_id": number}
        try:
            await self._post("deleteMessage", given)
        except BadRequest as error:
            if "not found" not in str(error):
                raise explain(error) from None
        except TelegramError as error:
            raise for_fetch(explain(error)) from None

    async def username(self) -> str:
        """Return the bot's name, without the "@"."""
        try:
            return (await self._bot.get_me()).username or ""
        except TelegramError as error:
            raise explain(error) from None

    async def webhook_state(self) -> WebhookState:
        """Return where updates go, how many wait, and what went wrong last."""
        try:
            info = await self._bot.get_webhook_info()
        except TelegramError as error:
            raise for_fetch(explain(error)) from None
        return WebhookState(
            url=info.url,
            pending=info.pending_update_count,
            last_error_at=info.last_error_date,
            last_error=info.last_error_message or "",
        )

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to `url`."""
        try:
            await self._bot.set_webhook(
                url, secret_token=secret, allowed_updates=ALLOWED_UPDATES
            )
        except TelegramError as error:
            raise explain(error) from None

    async def set_commands(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        """Show commands (name: description) per language, Dutch to all others."""
        try:
            for language, commands in [*texts.items(), (None, texts[FALLBACK])]:
                shown = [BotCommand(name, text) for name, text in commands.items()]
                await self._bot.set_my_commands(shown, language_code=language)
        except TelegramError as error:
            raise explain(error) from None

    async def unhook(self) -> None:
        """Remove the webhook, so that updates can be asked for."""
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            raise explain(error) from None

    async def updates(self, offset: int) -> Sequence[Mapping[str, Any]]:
        """Wait for updates from `offset` on; asking confirms everything before."""
        try:
            updates = await self._bot.get_updates(
                offset, timeout=_POLL_SECONDS, allowed_updates=ALLOWED_UPDATES
            )
        except TelegramError as error:
            raise explain(error) from None
        return [update.to_dict() for update in updates]

    def _steps(self, out: Outbound) -> list[_Step]:
        """Return what is to be sent, in order; each step gives a message's id."""
        if out.document is not None:
            give = self._files.give_document
            return [partial(give, out.user_id, out.document, out.text)]
        texts, keyboard = split_text(out.text), make_keyboard(out.choices)
        steps: list[_Step] = []
        if out.picture is not None:
            steps.append(partial(self._files.show_picture, out.user_id, out.picture))
        if out.sound is not None:
            below = None if texts else keyboard
            steps.append(partial(self._files.say_sound, out.user_id, out.sound, below))
        for number, text in enumerate(texts, 1):
            below = keyboard if number == len(texts) else None
            steps.append(partial(self._say_text, out.user_id, text, below))
        return steps

    async def _say_text(
        self,
        chat: str,
        text: str,
        keyboard: InlineKeyboardMarkup | None,
        seconds: float,
    ) -> str:
        """Send one text: the library's request and errors, without its objects.

        Most of what we send goes through here; making a Message of each answer would
        cost more than the exchange itself.
        """
        given: dict[str, object] = {"chat_id": chat, "text": text}
        given["link_preview_options"] = _QUIET
        if keyboard:
            given["reply_markup"] = keyboard
        message = await self._post("sendMessage", given, seconds)
        if not isinstance(message, dict):
            raise TelegramError("Invalid server response")
        return str(message["message_id"])

    async def _post(
        self, method: str, given: Mapping[str, object], seconds: float = ANSWER_SECONDS
    ) -> object:
        """Ask the Bot API for `method`. Raises the library's errors."""
        data = RequestData(
            [RequestParameter.from_input(*each) for each in given.items()]
        )
        return await self._http.post(
            f"{self._address}/{method}", data, read_timeout=seconds
        )


def _seconds_left(deadline: float) -> float:
    """Return how long one exchange may take. Raises RETRY if it is too late."""
    left = deadline - asyncio.get_running_loop().time()
    if left < _LEAST_SECONDS:
        raise ChannelError(Outcome.RETRY, "busy")
    return min(left, ANSWER_SECONDS)
