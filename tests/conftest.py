"""What every test may count on: a closed network and compiled catalogues."""

from pathlib import Path

import pytest

from tests.guarded_network import close_network

ROOT = Path(__file__).parent.parent


def pytest_configure(config: pytest.Config) -> None:
    close_network()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="write golden talks and pictures anew"
    )
