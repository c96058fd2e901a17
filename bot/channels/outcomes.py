"""What an HTTP status means for a message that was being handed over."""

from collections.abc import Mapping

from bot.channels.base import ChannelError, Outcome

_VERDICTS: Mapping[int, tuple[Outcome, str, bool]] = {
    401: (Outcome.REFUSED, "bad_token", True),
    403: (Outcome.REFUSED, "bad_token", True),
    404: (Outcome.REFUSED, "gone", False),
    410: (Outcome.REFUSED, "gone", False),
    413: (Outcome.REFUSED, "too_large", False),
    504: (Outcome.UNSURE, "timeout", False),
}
_SERVER_FAULT = 500
_THROTTLED = 429


def explain_status(status: int) -> ChannelError:
    """Return the error that an HTTP `status` of 300 or more stands for.

    A provider that answers 5xx did not take the message, so it may be sent again;
    504 comes from something in between that stopped waiting for the provider, which
    is as unsure as our own time-out. A redirect is not followed: nobody took it.
    """
    if status == _THROTTLED:
        return ChannelError(Outcome.RETRY, "throttled")
    if status in _VERDICTS:
        outcome, code, ours = _VERDICTS[status]
        return ChannelError(outcome, code, ours=ours)
    if status >= _SERVER_FAULT:
        return ChannelError(Outcome.RETRY, "provider_fault")
    return ChannelError(Outcome.REFUSED, f"http_{status}", ours=True)


def for_fetch(error: ChannelError) -> ChannelError:
    """Return `error` as a fetch means it: asking twice for a file harms nobody."""
    if error.outcome is not Outcome.UNSURE:
        return error
    return ChannelError(Outcome.RETRY, error.code, wait_seconds=error.wait_seconds)
