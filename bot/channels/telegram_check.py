"""Whether Telegram knows us: the token, the webhook, and requests as it makes them."""

import json
from collections.abc import Sequence
from typing import Protocol

from bot.channels.base import ChannelError, Probe, WebhookState
from bot.domain.findings import Finding, bad, ok, warn

MOST_PENDING = 10
_TOKEN, _WEBHOOK, _PENDING = "telegram token", "telegram webhook", "telegram pending"
_UPDATE = json.dumps({"update_id": 0, "doctor": {}}).encode()
"""Of no type that Telegram has: taken for genuine, and nothing is stored."""


class _Bot(Protocol):
    def username(self) -> str: ...
    def webhook_state(self) -> WebhookState: ...


def check_bot(bot: _Bot, url: str) -> Sequence[Finding]:
    """Return whether the token works and updates are posted to `url`; never raises."""
    try:
        name, state = bot.username(), bot.webhook_state()
    except ChannelError as error:
        return [_failed(error)]
    return [ok(_TOKEN, f"it is @{name}'s"), _registered(state, url), _pending(state)]


def _failed(error: ChannelError) -> Finding:
    if error.ours:
        advice = "Correct TELEGRAM_TOKEN; @BotFather shows it."
        return bad(_TOKEN, f"Telegram refused us ({error.code})", advice)
    advice = "Try again; may this machine reach TELEGRAM_API?"
    return warn(_TOKEN, f"Telegram did not answer ({error.code})", advice)


def _registered(state: WebhookState, url: str) -> Finding:
    if state.url == url:
        return ok(_WEBHOOK, f"updates go to {url}")
    seen = f"updates go to {state.url}" if state.url else "updates go nowhere"
    return bad(_WEBHOOK, seen, "Run: buurtstem telegram webhook")


def _pending(state: WebhookState) -> Finding:
    """Return how many updates wait; a last error is told whenever there was one."""
    seen = f"{state.pending} updates wait"
    if state.last_error:
        at = state.last_error_at
        seen += f"; last error{f' at {at:%Y-%m-%d %H:%M} UTC' if at else ''}: "
        seen += " ".join(state.last_error.split())
    if state.pending <= MOST_PENDING:
        return ok(_PENDING, seen)
    advice = "They come by themselves, for a day, once PUBLIC_URL answers."
    return warn(_PENDING, seen, advice)


def update_probes(path: str, header: str, secret: str) -> Sequence[Probe]:
    """Return an update that means nothing with the right and with a wrong secret."""
    return [
        Probe(path, _headers(header, secret), _UPDATE, 200),
        Probe(path, _headers(header, f"not-{secret}"), _UPDATE, 403),
    ]


def _headers(header: str, secret: str) -> dict[str, str]:
    return {"Content-Type": "application/json", header: secret}
