"""The library's errors as outcomes of a send: one table, read from the top."""

from collections.abc import Callable
from functools import partial
from typing import cast

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channels.base import LATE, ChannelError, Outcome
from bot.channels.outcomes import explain_status
from bot.channels.telegram_http import (
    AnswerError,
    DroppedError,
    ThrottledError,
    TooLargeError,
    TooLateError,
    UnreachableError,
)

_REFUSALS: tuple[tuple[str, Callable[[], ChannelError]], ...] = (
    ("chat not found", partial(ChannelError, Outcome.REFUSED, "no_chat", closes=True)),
    ("user not found", partial(ChannelError, Outcome.REFUSED, "no_chat", closes=True)),
    ("peer_id_invalid", partial(ChannelError, Outcome.REFUSED, "no_chat", closes=True)),
    ("voice_messages_forbidden", partial(ChannelError, Outcome.REFUSED, "no_voice")),
    ("file is too big", partial(ChannelError, Outcome.REFUSED, "too_large")),
    ("wrong file_id", partial(ChannelError, Outcome.REFUSED, "gone")),
    ("file_id_invalid", partial(ChannelError, Outcome.REFUSED, "gone")),
    ("invalid file_id", partial(ChannelError, Outcome.REFUSED, "gone")),
    ("too long", partial(ChannelError, Outcome.REFUSED, "too_long", ours=True)),
)


def explain(error: TelegramError) -> ChannelError:
    """Return how the send ended that raised `error`. Never quotes the provider."""
    for kind, verdict in _TABLE:
        if isinstance(error, kind):
            return verdict(error)
    # A success whose body made no sense: the message may well be there.
    return ChannelError(Outcome.UNSURE, "bad_answer")


def _throttled(error: TelegramError) -> ChannelError:
    wait = float(cast("ThrottledError", error).seconds)
    return ChannelError(Outcome.RETRY, "throttled", wait_seconds=wait)


def _answered(error: TelegramError) -> ChannelError:
    return explain_status(cast("AnswerError", error).status)


def _refused(error: TelegramError) -> ChannelError:
    words = error.message.casefold()
    for fragment, verdict in _REFUSALS:
        if fragment in words:
            return verdict()
    return ChannelError(Outcome.REFUSED, "bad_request", ours=True)


def _always(
    outcome: Outcome, code: str, *, closes: bool = False, ours: bool = False
) -> Callable[[TelegramError], ChannelError]:
    return lambda _: ChannelError(outcome, code, closes=closes, ours=ours)


_TABLE: tuple[
    tuple[type[TelegramError], Callable[[TelegramError], ChannelError]], ...
] = (
    (ThrottledError, _throttled),
    (TooLateError, _always(Outcome.RETRY, LATE)),
    (UnreachableError, _always(Outcome.RETRY, "unreachable")),
    (DroppedError, _always(Outcome.UNSURE, "dropped")),
    (AnswerError, _answered),
    (TooLargeError, _always(Outcome.REFUSED, "too_large")),
    (Forbidden, _always(Outcome.REFUSED, "blocked", closes=True)),
    (InvalidToken, _always(Outcome.REFUSED, "bad_token", ours=True)),
    (Conflict, _always(Outcome.RETRY, "conflict", ours=True)),
    (ChatMigrated, _always(Outcome.REFUSED, "migrated", closes=True)),
    # BadRequest and TimedOut are NetworkErrors too, so they come first.
    (BadRequest, _refused),
    (TimedOut, _always(Outcome.UNSURE, "timeout")),
    (NetworkError, _always(Outcome.UNSURE, "dropped")),
)
