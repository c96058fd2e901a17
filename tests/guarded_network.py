"""The network is closed to tests: loopback and unix sockets only.

The guard is an audit hook, so it sees every socket of this process, whatever library
opened it; libpq and child processes are outside its sight. Every refusal is also
written down, because a client under test may swallow the error and carry on.
"""

import contextlib
import ipaddress
import socket
import sys
from collections.abc import Iterator

CONNECTING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
NAMING = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
LOCAL_NAMES = {None, "", "localhost", "ip6-localhost", socket.gethostname()}


class NetworkClosedError(RuntimeError):
    """A test tried to reach something outside this machine."""


class _Guard:
    """Whether the hook refuses, and what it refused. A hook can never be removed."""

    def __init__(self) -> None:
        self.installed = False
        self.refused: list[str] = []

    def hook(self, event: str, args: tuple[object, ...]) -> None:
        """Refuse what would leave this machine. Raises NetworkClosedError."""
        if event in CONNECTING and not is_local_address(args[1]):
            self.refuse(f"{event} to {args[1]!r}")
        elif event in NAMING and not is_local_host(args[0]):
            self.refuse(f"{event} of {args[0]!r}")

    def refuse(self, what: str) -> None:
        """Write the attempt down and stop it."""
        self.refused.append(what)
        raise NetworkClosedError(what)


_guard = _Guard()


def is_local_host(host: object) -> bool:
    """Tell whether a host name or number is this machine."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in LOCAL_NAMES:
        return True
    try:
        number = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(number, "ipv4_mapped", None) or number
    return mapped.is_loopback or mapped.is_unspecified


def is_local_address(address: object) -> bool:
    """Tell whether a socket address is a path, or a port of this machine."""
    return not isinstance(address, tuple) or is_local_host(address[0])


def close_network() -> None:
    """Refuse everything but this machine from now on. Repeating it changes nothing."""
    if not _guard.installed:
        sys.addaudithook(_guard.hook)
        _guard.installed = True


def refused() -> list[str]:
    """Return what was refused since the last call; afterwards the list is empty."""
    found, _guard.refused = _guard.refused, []
    return found


@contextlib.contextmanager
def expect_refusal() -> Iterator[list[str]]:
    """Let a test try the outside on purpose; yields what was refused."""
    before = refused()
    tried: list[str] = []
    try:
        yield tried
    finally:
        tried.extend(refused())
        _guard.refused = before
