"""Events that the city's own systems are told of, and where they may be sent.

Names and signatures follow Standard Webhooks, as the calls that come in do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit


class Kind(StrEnum):
    """What can happen."""

    PLAN_CREATED = "plan.created"
    PLAN_STATUS = "plan.status"
    BALLOT_CLOSED = "ballot.closed"
    RESULT_PUBLISHED = "result.published"
    TASK_OPENED = "task.opened"
    TASK_DONE = "task.done"


TEST = "hook.test"
"""An event that officials send by hand, to see whether it arrives."""

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each failed try the next one is due; the first is at once."""

MOST_TRIES = 1 + len(DELAYS)
LONGEST_URL = 500


class Fault(StrEnum):
    """Why a try failed."""

    STATUS = "status"
    REDIRECT = "redirect"
    GONE = "gone"
    TIMEOUT = "timeout"
    NO_CONNECTION = "no_connection"
    TLS = "tls"
    PRIVATE_ADDRESS = "private_address"
    NO_KEY = "no_key"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One event as it goes to one address: signed, ready to post."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Posted:
    """How a try ended: `fault` is None where the other side took it.

    `status` is None where there was no answer. `said` is the beginning of a refusal,
    at most 200 characters, all of them printable.
    """

    milliseconds: int
    status: int | None = None
    fault: Fault | None = None
    said: str = ""


class UrlError(ValueError):
    """Nothing may be sent to an address; the message is one of `WHY`."""


WHY = frozenset({"no_address", "not_https", "with_password", "too_long", "private"})


@dataclass(frozen=True, slots=True)
class Reach:
    """Where we may post to.

    `hosts` are names or numbers in the city's own network that are allowed by name.
    `on_this_machine` lets this machine itself be called, and without TLS: for a trial.
    """

    hosts: frozenset[str] = frozenset()
    on_this_machine: bool = False

    def check(self, url: str) -> SplitResult:
        """Return the parts of an address that may be posted to. Raises UrlError."""
        if len(url) > LONGEST_URL:
            raise UrlError("too_long")
        parts = _split(url)
        host = parts.hostname or ""
        if parts.username is not None or parts.password is not None:
            raise UrlError("with_password")
        if parts.scheme != "https" and not self._is_trial(parts):
            raise UrlError("not_https")
        number = _number(host)
        if number is not None and not self.allows(host, host):
            raise UrlError("private")
        return parts

    def _is_trial(self, parts: SplitResult) -> bool:
        if parts.scheme != "http" or not self.on_this_machine:
            return False
        number = _number(parts.hostname or "")
        return parts.hostname == "localhost" or bool(number and number.is_loopback)

    def allows(self, host: str, address: str) -> bool:
        """Tell whether `host` may be called where it resolves to `address`."""
        if host.casefold().rstrip(".") in self.hosts:
            return True
        number = _number(address)
        if number is None:
            return False
        return is_public(number) or (self.on_this_machine and number.is_loopback)


def _split(url: str) -> SplitResult:
    """Take an address apart. Raises UrlError for what is none."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise UrlError("no_address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlError("no_address") from None
    if not parts.hostname or port == 0 or parts.fragment:
        raise UrlError("no_address")
    return parts


def _number(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


_TRANSLATED = IPv6Network("64:ff9b::/96")
"""An IPv4 address that a network without IPv4 writes as one of IPv6 (RFC 6052)."""


_GLOBAL = IPv6Network("2000::/3")
"""All of IPv6 that is given out to the open internet."""


def is_public(number: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address belongs to the open internet.

    What only wraps another address is as public as that one.
    """
    if isinstance(number, IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if number in _TRANSLATED:
            inner = IPv4Address(int(number) & 0xFFFFFFFF)
        if number.teredo is not None:
            return False
        if inner is not None:
            return is_public(inner)
        if number not in _GLOBAL:
            return False
    return number.is_global and not (number.is_multicast or number.is_unspecified)
