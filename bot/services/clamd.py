"""A virus scanner on our own network, spoken with as clamd speaks (ClamAV).

The libraries for it were left years ago; of its protocol we need two commands. A file
goes there whole (`INSTREAM`) and one line comes back.
"""

import re
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import closing
from urllib.parse import urlsplit

CONNECT_SECONDS, ANSWER_SECONDS = 3, 30
_CHUNK = 64 * 1024
_MOST_ANSWER = 4096
_NAME_LENGTH = 60
_FOUND = re.compile(rb"stream: (.+) FOUND")


class ScannerError(OSError):
    """The scanner gives no answer that counts; the message is a machine word.

    "away" (it cannot be reached, or says nothing), "refused" (it did not look at the
    whole file, for which its own settings are to be mended).
    """


class Scanner:
    """Asks the clamd at `unix:/path` or `tcp://host:port`. Safe between threads."""

    def __init__(self, address: str) -> None:
        self._address = address

    def find(self, data: bytes) -> str | None:
        """Return the name of what is in a file, None for nothing. Raises ScannerError.

        A name is cut to letters, digits and a few signs: it is shown to people.
        """
        answer = self._ask(b"zINSTREAM\0", _chunks(data))
        if answer == b"stream: OK":
            return None
        found = _FOUND.fullmatch(answer)
        if found is None:
            raise ScannerError("refused")
        name = re.sub(r"[^\w.:-]", "_", found[1].decode("ascii", "replace"))
        return name[:_NAME_LENGTH]

    def version(self) -> str:
        """Return what the scanner says of itself. Raises ScannerError."""
        return self._ask(b"zVERSION\0").decode("ascii", "replace")

    def _ask(self, command: bytes, rest: Iterable[bytes] = ()) -> bytes:
        try:
            with closing(self._connect()) as line:
                line.settimeout(ANSWER_SECONDS)
                line.sendall(command)
                for each in rest:
                    line.sendall(each)
                answer = _read(line)
        except (OSError, ValueError) as error:
            raise ScannerError("away") from error
        if not answer.endswith(b"\0"):
            raise ScannerError("away")
        return answer[:-1]

    def _connect(self) -> socket.socket:
        kind, _, path = self._address.partition(":")
        if kind == "unix":
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                line.settimeout(CONNECT_SECONDS)
                line.connect(path)
            except OSError:
                line.close()
                raise
            return line
        place = urlsplit(self._address)
        return socket.create_connection(
            (place.hostname or "", place.port or 0), CONNECT_SECONDS
        )


def _chunks(data: bytes) -> Iterator[bytes]:
    """Yield a file as the protocol wants it: each piece behind its length, then 0."""
    for at in range(0, len(data), _CHUNK):
        piece = data[at : at + _CHUNK]
        yield struct.pack("!L", len(piece)) + piece
    yield struct.pack("!L", 0)


def _read(line: socket.socket) -> bytes:
    """Read until the end of an answer, or of the connection."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _MOST_ANSWER:
        piece = line.recv(_MOST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer
