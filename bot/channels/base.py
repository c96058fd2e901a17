"""What every channel offers, and how a send can end."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.domain.findings import Finding
from bot.domain.messages import (
    Inbound,
    MediaRef,
    Outbound,
    Received,
    StatusUpdate,
    Tap,
)

MEDIA_BYTES = 16 * 1024 * 1024


class Outcome(StrEnum):
    """How a send ended when it did not end well.

    RETRY: it cannot have arrived. REFUSED: it never will. UNSURE: it may have.
    """

    RETRY = "retry"
    REFUSED = "refused"
    UNSURE = "unsure"


LATE = "late"
"""The code of a send that did not begin because its last moment was over."""


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

    window: timedelta | None
    """How long after her last message free text may be sent; None: always."""

    ours: str | None
    """The address of ours that people write to; None where there is only one."""

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

    def erase(self, place: str) -> None:
        """Have the provider delete or empty a message to us, where that is possible.

        `place` is the message's. Blocks; raises ChannelError. Twice is no error.
        """
        ...

    def support_link(self) -> str:
        """Return the deep link that supports a plan, with "%d" for its number."""
        ...

    def close(self) -> None:
        """Let go of connections and threads."""
        ...


@runtime_checkable
class DeepLinked(Protocol):
    """A channel whose provider has links that open a chat with us, words filled in."""

    def opening_link(self) -> str:
        """Return that link, with "%s" for the words as they stand in an address.

        Blocks; raises ChannelError.
        """
        ...


class StatusSource(Protocol):
    """A channel whose provider reports delivery later."""

    def parse_status(self, request: Request) -> Sequence[StatusUpdate]:
        """Verify and translate a delivery callback. Raises ForgedError."""
        ...


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """A wording for the provider to keep: a body with {{1}} …, and its buttons.

    `name` is unique and tells the wording: of small letters, digits and "_".
    `samples` stand for the variables while it is being approved; `buttons` are pairs
    of id and label.
    """

    name: str
    language: str
    body: str
    samples: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """How far the approval of a template is, in the provider's words.

    `status` is unsubmitted, received, pending, approved, rejected, paused or disabled;
    `reason` why it is not approved, `category` what it is charged as, "" if not known.
    """

    status: str
    reason: str = ""
    category: str = ""


class TemplateSource(Protocol):
    """A channel on which only approved wordings may begin a conversation.

    Every call blocks and makes one try. Each raises ChannelError: REFUSED "gone" for a
    template that is not there, and what `send` raises for the rest.
    """

    def list_templates(self) -> Mapping[str, str]:
        """Return the id of every template we ever made there, by its name."""
        ...

    def create_template(self, draft: TemplateDraft) -> str:
        """Keep a wording at the provider; return its id. Repeating makes another."""
        ...

    def submit_template(self, sid: str, name: str, category: str) -> Approval:
        """Ask for approval in a category, once; a second time is refused."""
        ...

    def template_approval(self, sid: str) -> Approval:
        """Return how far the approval is."""
        ...


@runtime_checkable
class InboundSource(Protocol):
    """A channel whose provider keeps what came in, and tells it again when asked."""

    def received_since(
        self,
        moment: datetime,
        until: datetime,
        known: Callable[[Sequence[str]], Collection[str]],
    ) -> Sequence[Received]:
        """Return what came in from `moment` to before `until`, oldest first.

        `known` returns those of the external ids that are taken in already: they are
        left out, and nothing more is asked about them. Blocks; raises ChannelError.
        """
        ...


@dataclass(frozen=True, slots=True)
class WebhookState:
    """What a provider holds ready for our webhook, and how it fared last.

    `pending` messages wait there; `last_error` is the provider's text about our server,
    "" if there was none: for the doctor, never for logs.
    """

    url: str
    pending: int
    last_error_at: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """A harmless webhook request as the provider would make it, and the right answer.

    `path` begins with a slash and may have a query.
    """

    path: str
    headers: Mapping[str, str]
    body: bytes
    status: int


@runtime_checkable
class Checked(Protocol):
    """A channel that can say whether its provider knows us."""

    def check(self, public_url: str) -> Sequence[Finding]:
        """Ask the provider about credentials, sender and webhook.

        Blocks for some seconds at most; never raises.
        """
        ...

    def probes(self, public_url: str) -> Sequence[Probe]:
        """Return a genuine request and the same one forged, for each webhook."""
        ...

    def provider_url(self) -> str:
        """Return the address whose answers tell what time it is there."""
        ...
