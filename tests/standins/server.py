"""A provider's HTTP server on 127.0.0.1, with faults on order."""

import contextlib
import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from tests.standins.recorder import RECORD, Call, parse_form, parse_multipart

WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to one request."""

    status: int
    body: bytes = b""
    mime: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hang:
    """The request is taken, the answer comes only after `seconds`."""

    seconds: float


class Drop:
    """The request is taken, then the connection is reset without an answer."""


class Pass:
    """The request is served as always; faults ordered later wait for the next."""


PASS = Pass()
Fault = Answer | Hang | Drop | Pass


def json_answer(status: int, value: object) -> Answer:
    return Answer(status, json.dumps(value).encode())


HTML_503 = Answer(503, b"<html><h1>Service Unavailable</h1></html>", "text/html")
HTML_200 = Answer(200, b"<html>Welcome to the hotel network</html>", "text/html")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook request on its way to the bot."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def post(delivery: Delivery) -> int:
    """Hand a webhook request to the bot over HTTP; return the status."""
    parts = urlsplit(delivery.url)
    secure = parts.scheme == "https"
    make = HTTPSConnection if secure else HTTPConnection
    connection = make(parts.netloc, timeout=60)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, delivery.body, dict(delivery.headers))
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


class StandIn:
    """A running stand-in. Use it as a context manager, or `start()` and `stop()`."""

    provider = ""

    def __init__(self, *, port: int = 0) -> None:
        self.calls: list[Call] = []
        self.deliver: Callable[[Delivery], int] = post
        self.clock_off_seconds = 0.0
        self.changed = threading.Condition()
        self._faults: dict[str, deque[Fault]] = {}
        self._server = _Server(("127.0.0.1", port), self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()
        return self

    def stop(self) -> None:
        """Stop listening and hang up on everybody; stopping twice is no error."""
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def will(self, fault: Fault, on: str, times: int = 1) -> None:
        """Meet the next `times` requests whose path ends in `on` with `fault`."""
        self._faults.setdefault(on, deque()).extend([fault] * times)

    def wait_until(self, is_true: Callable[[], bool]) -> None:
        """Wait for what a request changes. Raises TimeoutError after five seconds."""
        with self.changed:
            if not self.changed.wait_for(is_true, WAIT_SECONDS):
                raise TimeoutError

    def made(self, ending: str) -> list[Call]:
        """Return the requests whose path ends in `ending`."""
        return [call for call in self.calls if call.path.endswith(ending)]

    def fault_for(self, call: Call) -> Fault | None:
        """Take the fault ordered for this request, if any."""
        for ending, faults in self._faults.items():
            if faults and call.path.endswith(ending):
                return faults.popleft()
        return None

    def answer(self, call: Call) -> Answer:
        """Answer a request as the provider would."""
        raise NotImplementedError

    def take(self, call: Call) -> Answer | Drop:
        """Record a request, then let the fault or the provider answer."""
        self.calls.append(call)
        RECORD.append(call)
        fault = self.fault_for(call)
        if isinstance(fault, Hang):
            time.sleep(fault.seconds)
        with self.changed:
            if not isinstance(fault, Answer | Drop):
                fault = self.answer(call)
            self.changed.notify_all()
        return fault


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], stand_in: StandIn) -> None:
        self.stand_in = stand_in
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(
        self,
        request: Any,
        client_address: Any,
    ) -> None:
        """Serve a connection in a thread, and remember it."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Close every connection that is still kept alive."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hung up is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes; together they would wait for each other.
    disable_nagle_algorithm = True
    server: _Server

    def _handle(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        body = self.rfile.read(length)
        result = self.server.stand_in.take(self._call(body))
        if isinstance(result, Drop):
            self._reset()
            return
        self.send_response(result.status)
        headers = {"Content-Type": result.mime, **result.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(result.body)))
        self.end_headers()
        self.wfile.write(result.body)

    do_GET = do_POST = do_DELETE = _handle  # noqa: N815 - names of the standard library

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date of an answer, by a clock that may be wrong."""
        now = time.time() if timestamp is None else timestamp
        return super().date_time_string(now + self.server.stand_in.clock_off_seconds)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def _call(self, body: bytes) -> Call:
        headers = {name.lower(): value for name, value in self.headers.items()}
        path, _, query = self.path.partition("?")
        fields, files = parse_multipart(headers, body)
        return Call(
            self.server.stand_in.provider,
            self.command,
            unquote(path),
            query,
            headers,
            body,
            files,
            fields or parse_form(headers, body),
        )

    def _reset(self) -> None:
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RD)
        self.connection.close()
