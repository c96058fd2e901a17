"""What every test may count on: a closed network and compiled catalogues."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guarded_network import close_network

ROOT = Path(__file__).parent.parent


def pytest_configure(config: pytest.Config) -> None:
    close_network()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    # A plugin imports more of itself here, and CPython 3.11 may give up with a
    # SystemError when garbage is collected while it compiles (cpython gh-106905).
    gc.collect()
    gc.disable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="write golden talks and pictures anew"
    )


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    """An S3 server for all tests that want one; nobody else waits for it."""
    from tests.buckets import s3_server

    with s3_server() as address:
        yield address


@pytest.fixture
def bucket(s3_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of an empty bucket on a real S3 server, which clients find."""
    from tests.buckets import new_bucket, use_s3

    use_s3(monkeypatch, s3_address)
    with new_bucket() as name:
        yield name
