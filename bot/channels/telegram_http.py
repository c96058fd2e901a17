"""python-telegram-bot's requests over aiohttp, at a third of httpx's processor time.

Errors never carry the address asked for, because the bot's token is part of it.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.moment import is_too_late

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 8.0
_CONNECTIONS = 100
_CHUNK_BYTES = 64 * 1024
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
)
_LIBRARY_READS = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
}


class UnreachableError(NetworkError):
    """No connection: nothing went out."""


class TooLateError(NetworkError):
    """The last moment for this request is over: nothing went out."""


class DroppedError(NetworkError):
    """The connection broke after the request may have gone out."""


class AnswerError(NetworkError):
    """An HTTP answer that the Bot API itself does not give, such as a 502."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class ThrottledError(NetworkError):
    """A 429. The library's own RetryAfter warns of its future when it is made."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


class TooLargeError(TelegramError):
    """A download grew above its limit and was given up."""


class AiohttpRequest(BaseRequest):
    """Bot API requests over one aiohttp session, made at first use.

    `direct` leaves the environment's proxies aside.
    """

    __slots__ = ("_direct", "_session")

    def __init__(self, *, direct: bool) -> None:
        self._direct = direct
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Return how long one exchange may take, in seconds."""
        return ANSWER_SECONDS

    async def initialize(self) -> None:
        """Do nothing: the session is made at first use."""

    async def shutdown(self) -> None:
        """Close the connections; a later request opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """Return the answer's JSON object; unlike the library, log none of it.

        Raises TelegramError.
        """
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Return status and body. `read_timeout` bounds the whole exchange.

        Raises UnreachableError, DroppedError, AnswerError, ThrottledError, TimedOut.
        """
        seconds = read_timeout
        if isinstance(seconds, DefaultValue) or seconds is None:
            seconds = ANSWER_SECONDS
        async with self._exchange(method, url, request_data, seconds) as response:
            payload = await response.read()
        _refuse_foreign(response.status, payload)
        return response.status, payload

    async def download(self, url: str, most_bytes: int, seconds: float) -> bytes:
        """Return a file of at most `most_bytes`, stopping as soon as it is longer.

        Raises TooLargeError, AnswerError, UnreachableError, DroppedError, TimedOut.
        """
        data = bytearray()
        async with self._exchange("GET", url, None, seconds) as response:
            if response.status != HTTPStatus.OK:
                raise AnswerError(response.status)
            async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
                data += chunk
                if len(data) > most_bytes:
                    raise TooLargeError("too large")
        return bytes(data)

    @asynccontextmanager
    async def _exchange(
        self, method: str, url: str, data: RequestData | None, seconds: float
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send a request; the library's errors become ours, without the address.

        Raises TooLateError where it may not begin any more.
        """
        limit = aiohttp.ClientTimeout(seconds, connect=min(seconds, CONNECT_SECONDS))
        if is_too_late():
            raise TooLateError("too late")
        try:
            async with self._open().request(
                method, url, data=_body(data), headers=_headers(data), timeout=limit
            ) as response:
                yield response
        except _NOT_SENT:
            raise UnreachableError("no connection") from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise DroppedError(type(error).__name__) from None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=not self._direct,
            )
        return self._session


def _headers(data: RequestData | None) -> Mapping[str, str]:
    headers = {"User-Agent": BaseRequest.USER_AGENT}
    if data is not None and not data.contains_files:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return headers


def _body(data: RequestData | None) -> bytes | aiohttp.FormData | None:
    """Return a form, or with files a multipart form; nothing for no parameters."""
    if data is None:
        return None
    if not data.contains_files:
        return data.url_encoded_parameters().encode() or None
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


def _refuse_foreign(status: int, payload: bytes) -> None:
    """Raise for an answer whose status the library would not tell us again."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ThrottledError(_retry_after(payload))
    if status >= HTTPStatus.MULTIPLE_CHOICES and status not in _LIBRARY_READS:
        raise AnswerError(status)


def _retry_after(payload: bytes) -> int:
    """Return the seconds a 429 asks for, at least 1: some ask for none."""
    try:
        answer = AiohttpRequest.parse_json_payload(payload)
    except TelegramError:
        return 1
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return max(1, seconds) if isinstance(seconds, int) else 1
