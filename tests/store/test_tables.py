"""Whoever asks for all tables gets all, whatever else was imported."""

import subprocess
import sys

from bot.store.tables import DECLARING
from tests.need import ROOT

TELL = "from bot.store.tables import all_tables; print(*(t.name for t in all_tables()))"


def test_every_table_is_known_to_a_program_that_imports_nothing_else() -> None:
    told = subprocess.run(
        [sys.executable, "-c", TELL],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    declared = {
        line.split('"')[1]
        for path in (ROOT / "bot" / "store").glob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if line.strip().startswith("__tablename__")
    }
    assert len(declared) > 70
    assert set(told.stdout.split()) == declared
    assert len(DECLARING) == len(set(DECLARING))
