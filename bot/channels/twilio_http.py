"""Twilio's REST interface: the real client, its requests, and the media host."""

import logging
import time
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.channels.base import LATE, MEDIA_BYTES, ChannelError, Outcome
from bot.channels.edge import is_loopback
from bot.channels.moment import is_too_late
from bot.channels.outcomes import explain_status, for_fetch
from bot.channels.twilio_errors import explain

OFFICIAL_API = "https://api.twilio.com"
SOCKET_SECONDS = (3.0, 6.0)
"""To connect, and to answer: a send ends before its lease of 15 seconds."""

_MEDIA_SECONDS = 60.0
_CHUNK_BYTES = 64 * 1024
_MOST_HOPS = 3
_OFFICIAL = "api.twilio.com"
_MEDIA_HOSTS = (".twilio.com", ".twiliocdn.com", ".amazonaws.com")
_OK = 200
_REDIRECTS = {301, 302, 303, 307, 308}


class TwilioHttp:
    """What the client sends its requests through.

    `api` replaces scheme and host of every request; the environment's proxies are
    left aside when it is on this machine.
    """

    def __init__(self, api: str | None, connections: int) -> None:
        self._api = urlsplit(api) if api else None
        # The library logs addresses and headers at INFO; residents' numbers are there.
        quiet = logging.getLogger("twilio.http_client")
        quiet.setLevel(logging.WARNING)
        self._inner = TwilioHttpClient(logger=quiet)
        # Set here, for the constructor only takes one number for both.
        self._inner.timeout = SOCKET_SECONDS
        self._inner.session.trust_env = not (api and is_loopback(api))
        for scheme in ("http://", "https://"):
            adapter = requests.adapters.HTTPAdapter(pool_maxsize=connections)
            self._inner.session.mount(scheme, adapter)

    @property
    def session(self) -> requests.Session:
        """Return the connections."""
        session: requests.Session = self._inner.session
        return session

    def request(self, method: str, url: str, **options: Any) -> Response:  # noqa: ANN401
        """Send one request of the library, to `api` if that is set.

        Raises ChannelError where it may not begin any more.
        """
        if is_too_late():
            raise ChannelError(Outcome.RETRY, LATE)
        return self._inner.request(method, self.reroot(url), **options)

    def reroot(self, url: str) -> str:
        """Return `url` on the other server, or as it is."""
        if self._api is None:
            return url
        return urlunsplit(
            urlsplit(url)._replace(scheme=self._api.scheme, netloc=self._api.netloc)
        )

    def fetch(self, url: str, auth: tuple[str, str]) -> bytes:
        """Download a file of at most MEDIA_BYTES, following the provider's redirects.

        `auth` goes to the REST host alone. Raises ChannelError.
        """
        try:
            return self._fetch(url, auth)
        except ValueError:  # an address that is none
            raise ChannelError(Outcome.REFUSED, "foreign_host") from None

    def _fetch(self, url: str, auth: tuple[str, str]) -> bytes:
        if not self._is_ours(url):
            raise ChannelError(Outcome.REFUSED, "foreign_host")
        place = self.reroot(url)
        credentials: tuple[str, str] | None = auth
        deadline = time.monotonic() + _MEDIA_SECONDS
        for _ in range(_MOST_HOPS + 1):
            answer = self._get(place, credentials)
            with answer:
                if answer.status_code not in _REDIRECTS:
                    return _read(answer, deadline)
                place = urljoin(place, answer.headers.get("location", ""))
            if not self._may_follow(place):
                raise ChannelError(Outcome.REFUSED, "foreign_host")
            credentials = None
        raise ChannelError(Outcome.RETRY, "redirects")

    def _get(self, url: str, auth: tuple[str, str] | None) -> requests.Response:
        try:
            return self.session.get(
                url,
                auth=auth or _no_credentials,
                allow_redirects=False,
                stream=True,
                timeout=SOCKET_SECONDS,
            )
        except requests.RequestException as error:
            raise for_fetch(explain(error)) from None

    def _is_ours(self, url: str) -> bool:
        parts = urlsplit(url)
        if self._api and (parts.scheme, parts.netloc) == self._api[:2]:
            return True
        return parts.scheme == "https" and parts.netloc == _OFFICIAL

    def _may_follow(self, url: str) -> bool:
        """Tell whether a redirect stays with the provider (or with its stand-in)."""
        parts = urlsplit(url)
        if self._api is not None:
            return parts.scheme == self._api.scheme
        host = parts.hostname or ""
        return parts.scheme == "https" and f".{host}".endswith(_MEDIA_HOSTS)


def make_client(sid: str, token: str, http: TwilioHttp) -> Client:
    """Return the library's client; TWILIO_REGION and TWILIO_EDGE do not move it."""
    client = Client(sid, token, http_client=http)
    client.region = client.edge = None
    return client


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add nothing: without this, requests would look into the user's .netrc."""
    return request


def _read(answer: requests.Response, deadline: float) -> bytes:
    """Return the body, given up as soon as it is too long or too slow."""
    if answer.status_code != _OK:
        raise for_fetch(explain_status(answer.status_code))
    data = bytearray()
    try:
        for chunk in answer.iter_content(_CHUNK_BYTES):
            data += chunk
            if len(data) > MEDIA_BYTES:
                raise ChannelError(Outcome.REFUSED, "too_large")
            if time.monotonic() > deadline:
                raise ChannelError(Outcome.RETRY, "timeout")
    except requests.RequestException as error:
        raise for_fetch(explain(error)) from None
    return bytes(data)
