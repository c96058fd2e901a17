"""Recordings and pictures for the Bot API: uploaded once, then known by their name."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial

from telegram import Bot, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, TelegramError

from bot.channels.base import ChannelError, Outcome
from bot.channels.telegram_errors import explain
from bot.domain.messages import DATA_NAME

_REMEMBERED = 1000
_NOTE = "note.ogg"  # without a name, it would go out as a nameless file
_PICTURE = "plan.jpg"
_log = logging.getLogger(__name__)


class TelegramFiles:
    """Sends files of the media store. `load` reads one by its key, and may block."""

    def __init__(self, bot: Bot, load: Callable[[str], bytes]) -> None:
        self._bot = bot
        self._load = load
        self._known: dict[str, str] = {}

    async def say_sound(
        self, chat: str, key: str, keyboard: InlineKeyboardMarkup | None, seconds: float
    ) -> str:
        """Send a recording; "" if that failed or it is gone: the text has to do.

        With a keyboard there is no text below it: then it raises the library's errors,
        REFUSED for a recording that is gone, and RETRY for one not readable now.
        """
        if not key:
            if keyboard:
                raise ChannelError(Outcome.REFUSED, "gone")
            return ""
        try:
            message = await self._send_sound(chat, key, keyboard, seconds)
        except TelegramError as error:
            verdict = explain(error)
            if verdict.outcome is Outcome.RETRY or verdict.closes or keyboard:
                raise
            _log.warning("sound not sent code=%s", verdict.code)
            return ""
        except (OSError, LookupError) as error:
            if keyboard:
                raise _unreadable(error) from None
            _log.warning("sound not sent code=not_readable")
            return ""
        return str(message.message_id)

    async def show_picture(self, chat: str, key: str, seconds: float) -> str:
        """Send a picture; "" if that failed or it is gone: its text goes all the same.

        Raises the library's errors where everything has to wait or to end.
        """
        if not key:
            return ""
        try:
            message = await self._send_picture(chat, key, seconds)
        except TelegramError as error:
            verdict = explain(error)
            if verdict.outcome is Outcome.RETRY or verdict.closes:
                raise
            _log.warning("picture not sent code=%s", verdict.code)
            return ""
        except (OSError, LookupError):
            _log.warning("picture not sent code=not_readable")
            return ""
        return str(message.message_id)

    async def give_document(
        self, chat: str, key: str, caption: str, seconds: float
    ) -> str:
        """Send a file to keep.

        Raises the library's errors, REFUSED for one that is gone, and RETRY for one not
        readable now: without it the message would be nothing.
        """
        try:
            data = await self._read(key, seconds / 2)
        except (OSError, LookupError) as error:
            raise _unreadable(error) from None
        message = await self._bot.send_document(
            chat, data, caption=caption, filename=DATA_NAME, read_timeout=seconds
        )
        return str(message.message_id)

    async def _send_sound(
        self, chat: str, key: str, keyboard: InlineKeyboardMarkup | None, seconds: float
    ) -> Message:
        """Send a voice note, or an audio file to those who forbid voice notes."""
        say = partial(
            self._bot.send_voice, chat, reply_markup=keyboard, read_timeout=seconds
        )
        known = self._known.get(key)
        if known:
            with contextlib.suppress(BadRequest):
                return await say(known)
            self._known.pop(key, None)
        sound = await self._read(key, seconds / 2)
        try:
            message = await say(sound, filename=_NOTE)
        except BadRequest as error:
            if explain(error).code != "no_voice":
                raise
            return await self._bot.send_audio(
                chat,
                sound,
                filename=_NOTE,
                reply_markup=keyboard,
                read_timeout=seconds,
            )
        if message.voice:
            self._remember(key, message.voice.file_id)
        return message

    async def _send_picture(self, chat: str, key: str, seconds: float) -> Message:
        show = partial(self._bot.send_photo, chat, read_timeout=seconds)
        known = self._known.get(key)
        if known:
            with contextlib.suppress(BadRequest):
                return await show(known)
            self._known.pop(key, None)
        # A quarter: if the store does not answer, sound and text need their time too.
        picture = await self._read(key, seconds / 4)
        message = await show(picture, filename=_PICTURE)
        if message.photo:
            self._remember(key, message.photo[-1].file_id)
        return message

    def _remember(self, key: str, name: str) -> None:
        """Remember Telegram's name of a file: the next send needs no upload."""
        self._known[key] = name
        while len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]

    async def _read(self, key: str, seconds: float) -> bytes:
        """Read a file. Raises OSError (TimeoutError too) or LookupError."""
        reading = asyncio.get_running_loop().run_in_executor(None, self._load, key)
        return await asyncio.wait_for(reading, seconds)


def _unreadable(error: Exception) -> ChannelError:
    """Return what a recording that could not be read means for its message."""
    if isinstance(error, FileNotFoundError | LookupError):
        return ChannelError(Outcome.REFUSED, "gone")
    return ChannelError(Outcome.RETRY, "not_readable")
