"""Events posted to the city's own systems: one request each, to public addresses only.

The address that was checked is the address that is called: the name is resolved once,
every number behind it is looked at, and no redirect is followed. Proxies of the
environment are left aside, for behind one nobody could look.
"""

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from importlib.metadata import version
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.channels.loop import LoopThread
from bot.channels.process import PerProcess
from bot.domain.events import Fault, Parcel, Posted, Reach, UrlError

SECONDS = 10.0
MOST_SAID = 200
_READ_BYTES = 2_000
_SUCCESS, _REDIRECT, _REFUSAL, _GONE = 200, 300, 400, 410
_CONNECTIONS = 32


class _PrivateAddressError(OSError):
    """A name leads into a network where we have no business."""


class _Resolver(AbstractResolver):
    """Resolves names, and refuses those of which any number is private."""

    def __init__(self, reach: Reach, inner: AbstractResolver) -> None:
        self._reach, self._inner = reach, inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return where `host` is. Raises OSError, for a private place as well."""
        found = await self._inner.resolve(host, port, family)
        if not all(self._reach.allows(host, each["host"]) for each in found):
            raise _PrivateAddressError
        return found

    async def close(self) -> None:
        """Let go of nothing: threads are the loop's."""
        await self._inner.close()


class Post:
    """Posts parcels, side by side. Safe to use from any thread, and after a fork."""

    def __init__(
        self,
        reach: Reach,
        seconds: float = SECONDS,
        names: Callable[[], AbstractResolver] = aiohttp.ThreadedResolver,
    ) -> None:
        self._office = PerProcess(lambda: _Office(reach, seconds, names))

    def post_all(self, parcels: Sequence[Parcel]) -> list[Posted]:
        """Post each once and wait for all; nothing that happens raises."""
        office = self._office.get()
        under_way: list[Future[Posted]] = [office.post(each) for each in parcels]
        return [each.result() for each in under_way]

    def close(self) -> None:
        """Break off what is under way, and close the connections."""
        office = self._office.take()
        if office is not None:
            office.close()


class _Office:
    """The loop and the connections of one process."""

    def __init__(
        self, reach: Reach, seconds: float, names: Callable[[], AbstractResolver]
    ) -> None:
        self._reach, self._seconds, self._names = reach, seconds, names
        self._loop = LoopThread("posting")
        self._session: aiohttp.ClientSession | None = None

    def post(self, parcel: Parcel) -> Future[Posted]:
        return self._loop.submit(self._timed(parcel))

    def close(self) -> None:
        self._loop.close(self._end())

    async def _end(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _connections(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=_Resolver(self._reach, self._names()),
                    use_dns_cache=False,
                    limit=_CONNECTIONS,
                    force_close=True,  # looked at anew each time
                ),
                timeout=aiohttp.ClientTimeout(total=self._seconds),
                headers={
                    "User-Agent": f"Buurtstem/{version('buurtstem')}",
                    "Accept-Encoding": "identity",
                },
                auto_decompress=False,  # a small answer may unpack to a large one
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session

    async def _timed(self, parcel: Parcel) -> Posted:
        began = time.monotonic()
        status, fault, said = await self._ended(parcel)
        return Posted(round((time.monotonic() - began) * 1_000), status, fault, said)

    async def _ended(self, parcel: Parcel) -> tuple[int | None, Fault | None, str]:
        """Return status, what is wrong, and what was said."""
        try:
            self._reach.check(parcel.url)
            return await self._asked(parcel)
        except UrlError:
            return None, Fault.PRIVATE_ADDRESS, ""
        except TimeoutError:
            return None, Fault.TIMEOUT, ""
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return None, _fault_of(error), ""

    async def _asked(self, parcel: Parcel) -> tuple[int, Fault | None, str]:
        request: Any = self._connections().post(
            parcel.url,
            data=parcel.body,
            headers=dict(parcel.headers),
            allow_redirects=False,
        )
        async with request as answer:
            if _SUCCESS <= answer.status < _REDIRECT:
                answer.close()
                return answer.status, None, ""
            said = printable(await answer.content.read(_READ_BYTES))
            answer.close()  # whatever is still to come is not waited for
            return answer.status, _fault_of_status(answer.status), said


def _fault_of_status(status: int) -> Fault:
    if status == _GONE:
        return Fault.GONE
    return Fault.REDIRECT if _REDIRECT <= status < _REFUSAL else Fault.STATUS


def _fault_of(error: Exception) -> Fault:
    """Return a word for what aiohttp met."""
    inner = getattr(error, "os_error", error)
    if isinstance(inner, _PrivateAddressError):
        return Fault.PRIVATE_ADDRESS
    if isinstance(error, aiohttp.ClientSSLError) or isinstance(inner, ssl.SSLError):
        return Fault.TLS
    return Fault.NO_CONNECTION


def printable(data: bytes) -> str:
    """Return the beginning of an answer as plain characters on one line."""
    text = data.decode("utf-8", "replace")
    shown = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(shown.split())[:MOST_SAID]
