"""A clamd on a real socket: it speaks the protocol and finds one thing, the test file.

Signatures cannot be had here; what is proved is what we do with its answers.
"""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.doctor.machine import EICAR

FOUND = b"stream: Eicar-Test-Signature FOUND\0"


class Clamd:
    """What it was sent, and how it answers: "well", "limit", "silent" or "odd"."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.mood = "well"
        self.address = ""

    def answer(self, data: bytes) -> bytes:
        self.seen.append(data)
        return {
            "well": FOUND if EICAR in data else b"stream: OK\0",
            "limit": b"INSTREAM size limit exceeded. ERROR\0",
            "silent": b"",
            "odd": b"stream: OK",
        }[self.mood]


@contextmanager
def clamd(folder: Path | None = None) -> Iterator[Clamd]:
    """Run one: on a unix socket in `folder`, or on a port of 127.0.0.1."""
    made = Clamd()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            command = self._until_nul()
            if command == b"zVERSION":
                self.wfile.write(b"ClamAV 1.4.2/27500\0")
            elif command == b"zINSTREAM":
                self.wfile.write(made.answer(self._stream()))

        def _until_nul(self) -> bytes:
            read = b""
            while not read.endswith(b"\0"):
                read += self.rfile.read(1)
            return read[:-1]

        def _stream(self) -> bytes:
            data = b""
            while (length := struct.unpack("!L", self.rfile.read(4))[0]) > 0:
                piece = self.rfile.read(length)
                assert len(piece) == length
                data += piece
            return data

    server: Any
    if folder is not None:
        path = folder / "clamd.ctl"
        server = socketserver.ThreadingUnixStreamServer(str(path), Handler)
        made.address = f"unix:{path}"
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        made.address = f"tcp://127.0.0.1:{server.server_address[1]}"
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
