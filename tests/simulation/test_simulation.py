"""A simulated city with crashes at every commit keeps its promises.

`BUURTSTEM_SIMULATE` is how many messages are simulated; a violation is replayed with
`python -m tests.simulation --seed N --messages M`.
"""

import os

import pytest

from tests.simulation.running import simulate

MESSAGES = int(os.environ.get("BUURTSTEM_SIMULATE", "150"))


@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("seed", [1])
def test_no_promise_is_broken_whatever_crashes(seed: int) -> None:
    report = simulate(seed, MESSAGES)
    assert report.messages >= MESSAGES
    assert report.violations == []
