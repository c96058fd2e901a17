"""Processes are killed under load: the small size of `python -m bench.kill`."""

from pathlib import Path

import pytest

from bench.chaos.run import Chaos, run
from tests.need import LOCAL_POSTGRES, postgres_url

KILLS = 6


@pytest.mark.timeout(400)
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_nothing_is_lost_and_nothing_done_twice_when_processes_are_killed(
    database: str, tmp_path: Path
) -> None:
    server = postgres_url() if database == "postgres" else LOCAL_POSTGRES
    chaos = Chaos(database, KILLS, residents=24, server=server, calm_seconds=3)
    seen = run(chaos, tmp_path)
    assert seen.findings.lines == []
    assert len(seen.ledger.kills) == KILLS
    assert any(kill.leased for kill in seen.ledger.kills)
    figures = seen.findings.figures
    assert figures["acknowledged"] > 100
    assert figures["plans"]
    assert figures["supports"]
    assert figures["ballots"]
