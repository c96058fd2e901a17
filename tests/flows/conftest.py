"""What the tests of the pure talk share."""

import pytest


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden talks are written, not compared."""
    return bool(request.config.getoption("--update"))
