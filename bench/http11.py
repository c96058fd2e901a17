"""As much HTTP/1.1 over kept connections as a measurement needs, and no more."""

import asyncio
import re
from typing import cast

LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.IGNORECASE)


class Wire(asyncio.Protocol):
    """One connection that cuts its bytes into messages; works for either side.

    A subclass gets each whole message in `received()`. Raises ValueError for a body
    in chunks: nobody here sends one, and guessing would spoil the figures.
    """

    def __init__(self) -> None:
        self._rest = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._rest = b""
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.transport = None

    def data_received(self, data: bytes) -> None:
        rest = self._rest + data if self._rest else data
        while rest and (end := message_end(rest)):
            head_end = rest.index(b"\r\n\r\n")
            message = rest[:head_end], rest[head_end + 4 : end]
            rest = rest[end:]
            self.received(*message)
        self._rest = rest

    def received(self, head: bytes, body: bytes) -> None:
        """Take one message; `head` lacks the empty line that ends it."""
        raise NotImplementedError


def message_end(data: bytes) -> int:
    """Return where the first message in `data` ends, or 0 if it is not whole yet.

    Raises ValueError for a body in chunks.
    """
    head_end = data.find(b"\r\n\r\n")
    if head_end < 0:
        return 0
    head = data[:head_end]
    length = LENGTH.search(head)
    if length is None and CHUNKED.search(head):
        raise ValueError("a body in chunks is not understood here")
    end = head_end + 4 + (int(length[1]) if length else 0)
    return end if len(data) >= end else 0
