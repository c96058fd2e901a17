"""What every channel offers, and how a send can end."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.messages import Inbound, MediaRef, Outbound, StatusUpdate, Tap

MEDIA_BYTES = 16 * 1024 * 1024


class Outcome(StrEnum):
    """How a send ended when it did not end well.

    RETRY: it cannot have arrived. REFUSED: it never will. UNSURE: it may have.
    """

    RETRY = "retry"
    REFUSED = "refused"
    UNSURE = "unsure"


class ChannelError(Exception):
    """A send or fetch did not end well.

    `code` is a short machine word for the ledger ("blocked", "63016", "timeout"),
    never the provider's text. `wait_seconds` is how long a provider asked us to wait.
    `closes` tells that this address cannot be reached until it writes again, `ours`
    that our own settings are at fault (a wrong token): staff must act. `done` is how
    many parts of the message had gone out before a RETRY.
    """

    def __init__(
        self,
        outcome: Outcome,
        code: str,
        *,
        wait_seconds: float | None = None,
        closes: bool = False,
        ours: bool = False,
        done: int = 0,
    ) -> None:
        super().__init__(f"{outcome}: {code}")
        self.outcome = outcome
        self.code = code
        self.wait_seconds = wait_seconds
        self.closes = closes
        self.ours = ours
        self.done = done


class ForgedError(Exception):
    """A webhook's secret or signature is wrong: answer 403 and store nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """A webhook request, free of any web framework.

    `url` is `PUBLIC_URL` + raw path and query; header names are in lower case; `form`
    keeps blank values (Twilio signs them).
    """

    url: str
    headers: Mapping[str, str]
    body: bytes
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """A provider took the message. `external_id` is its name for the last part."""

    external_id: str
    parts: tuple[str, ...] = ()


class Channel(Protocol):
    """One provider: translate in, translate out, decide nothing."""

    name: str
    shows_number: bool
    """Whether residents' phone numbers are visible to us on this channel."""

    def parse(self, request: Request) -> Sequence[Inbound]:
        """Verify and translate a webhook request into messages, oldest first.

        Empty for anything genuine that is not for us, or malformed, or oversized.
        Raises ForgedError if secret or signature is missing or wrong. Never touches
        the network or the database.
        """
        ...

    def send(self, out: Outbound) -> "Future[Sent]":
        """Start handing one message to the provider; one try.

        The future raises ChannelError. Never blocks; never repeats by itself.
        """
        ...

    def acknowledge(self, tap: Tap) -> None:
        """Tell the provider that a tap arrived; best effort, never raises or blocks."""
        ...

    def fetch(self, ref: MediaRef) -> bytes:
        """Fetch a file (blocking, at most MEDIA_BYTES).

        Raises ChannelError: REFUSED "too_large", "gone"; RETRY for the rest.
        """
        ...

    def delete_media(self, ref: MediaRef) -> None:
        """Delete a fetched file at the provider where that is possible."""
        ...

    def support_link(self) -> str:
        """Return the deep link that supports a plan, with "%d" for its number."""
        ...

    def close(self) -> None:
        """Let go of connections and threads."""
        ...


class StatusSource(Protocol):
    """A channel whose provider reports delivery later."""

    def parse_status(self, request: Request) -> Sequence[StatusUpdate]:
        """Verify and translate a delivery callback. Raises ForgedError."""
        ...
