"""Twilio's error codes and statuses in our words: one table of each."""

import json
from collections.abc import Mapping

import requests
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.response import Response
from urllib3.exceptions import MaxRetryError, NewConnectionError

from bot.channels.base import ChannelError, Outcome
from bot.channels.outcomes import explain_status
from bot.domain.messages import Delivery

TROUBLE = (
    *(TwilioException, requests.RequestException),
    *(ValueError, KeyError, TypeError, AttributeError),
)
"""What a request of the library can raise, an answer that makes no sense included."""

_RETRY, _REFUSED = Outcome.RETRY, Outcome.REFUSED
_QUEUE_SECONDS = 60.0
_NOT_FOUND = 20404

REASONS: Mapping[int, str] = {
    11751: "too_large",
    20003: "bad_token",
    20429: "throttled",
    21211: "no_address",
    21408: "not_allowed",
    21602: "empty",
    21609: "bad_callback",
    21610: "opted_out",
    21611: "queue_full",
    21614: "no_address",
    21617: "too_long",
    21655: "content_gone",
    21656: "bad_variables",
    21658: "too_long",
    30001: "queue_full",
    63003: "no_address",
    63007: "bad_sender",
    63012: "provider_fault",
    63013: "policy",
    63015: "not_in_sandbox",
    63016: "outside_window",
    63017: "throttled",
    63018: "throttled",
    63019: "media_not_read",
    63024: "not_on_whatsapp",
    63032: "not_reachable",
    63038: "daily_cap",
    63049: "held_back",
    63051: "sender_blocked",
    63112: "sender_blocked",
}
"""Pages of Twilio's error dictionary. An unknown code is for a person to look at."""

CLOSING = {"opted_out", "no_address", "not_on_whatsapp"}
"""Reasons after which the address is silent until it writes itself."""

_OURS = {
    *("bad_token", "not_allowed", "empty", "bad_callback", "too_long", "content_gone"),
    *("bad_variables", "bad_sender", "not_in_sandbox", "sender_blocked"),
}
_PASSING: Mapping[str, float | None] = {
    "throttled": None,
    "queue_full": _QUEUE_SECONDS,
    "daily_cap": 3600.0,
}

DELIVERIES: Mapping[str, Delivery] = {
    "accepted": Delivery.QUEUED,
    "scheduled": Delivery.QUEUED,
    "queued": Delivery.QUEUED,
    "sending": Delivery.QUEUED,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "partially_delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "failed": Delivery.FAILED,
    "undelivered": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}


def reason(code: int) -> str:
    """Return our word for one of Twilio's error codes, or the code itself."""
    return REASONS.get(code, str(code))


def explain(error: Exception) -> ChannelError:
    """Return how the request ended that raised `error`. Never quotes the provider."""
    if isinstance(error, TwilioRestException | TwilioServiceException):
        return _explain_answer(error.status, error.code or 0)
    if isinstance(error, TwilioException) and isinstance(error.args[-1], Response):
        return _explain_page(error.args[-1])
    if isinstance(error, requests.ConnectTimeout) or _is_unsent(error):
        return ChannelError(_RETRY, "unreachable")
    if isinstance(error, requests.Timeout):
        return ChannelError(Outcome.UNSURE, "timeout")
    if isinstance(error, requests.RequestException):
        return ChannelError(Outcome.UNSURE, "dropped")
    # A success whose body made no sense: the message may well be there.
    return ChannelError(Outcome.UNSURE, "bad_answer")


def _explain_answer(status: int, code: int) -> ChannelError:
    """Read the code; the library repeats the HTTP status there for other bodies."""
    word = REASONS.get(code, "")
    if word in _PASSING:
        return ChannelError(_RETRY, word, wait_seconds=_PASSING[word])
    if word:
        return ChannelError(_REFUSED, word, closes=word in CLOSING, ours=word in _OURS)
    verdict = explain_status(status)
    if verdict.outcome is _REFUSED and code not in {0, status, _NOT_FOUND}:
        return ChannelError(_REFUSED, str(code))
    return verdict


def _explain_page(response: Response) -> ChannelError:
    """Read the answer to a list, which the library only wraps."""
    try:
        code = int(json.loads(response.text)["code"])
    except (ValueError, LookupError, TypeError):
        code = 0
    return _explain_answer(response.status_code, code)


def _is_unsent(error: Exception) -> bool:
    """Tell whether no connection came about, so that nothing went out."""
    if isinstance(error, requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(
        cause.reason, NewConnectionError
    )
