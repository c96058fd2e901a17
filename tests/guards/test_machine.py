"""What other tests lean on: the closed network, and needs that cannot skip."""

import contextlib
import socket
from collections.abc import Callable

import pytest

from tests import need
from tests.guarded_network import (
    NetworkClosedError,
    close_network,
    expect_refusal,
    is_local_host,
)

OUTSIDE = "192.0.2.1"  # a documentation address: nobody lives there


@pytest.fixture(autouse=True)
def closed() -> None:
    close_network()


def connect_tcp() -> None:
    with socket.socket() as one:
        one.settimeout(1)
        one.connect((OUTSIDE, 9))


def send_udp() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        one.sendto(b"x", (OUTSIDE, 9))


def ask_for_a_name() -> None:
    socket.getaddrinfo("neighbourhood.example", 443)


@pytest.mark.parametrize("attempt", [connect_tcp, send_udp, ask_for_a_name])
def test_the_outside_is_refused_and_written_down(attempt: Callable[[], None]) -> None:
    with expect_refusal() as tried, pytest.raises(NetworkClosedError):
        attempt()
    assert len(tried) == 1


def test_a_swallowed_refusal_is_still_written_down() -> None:
    with expect_refusal() as tried, contextlib.suppress(Exception):
        connect_tcp()
    assert OUTSIDE in tried[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_stays_reachable(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as one:
        one.connect((host, server.getsockname()[1]))
        server.accept()[0].close()


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("127.9.9.9", True),
        (b"localhost", True),
        ("2001:db8::1", False),
        ("::ffff:192.0.2.1", False),
        ("10.0.0.1", False),
        ("localhost.example", False),
    ],
)
def test_what_counts_as_this_machine(host: str | bytes, *, local: bool) -> None:
    assert is_local_host(host) is local


def test_a_lack_skips_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(need.REQUIRE, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no sound card"):
        need.stop("whisper", "no sound card")


def test_a_lack_fails_where_the_machine_promised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(need.REQUIRE, "postgres,whisper")
    with pytest.raises(pytest.fail.Exception, match="promises whisper"):
        need.stop("whisper", "it is not installed")


def test_a_misspelt_promise_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(need.REQUIRE, "postgress")
    with pytest.raises(pytest.fail.Exception, match="postgress"):
        need.promised()
