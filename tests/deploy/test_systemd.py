"""The units start the processes of the Procfile, with little to do harm with."""

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.need import ROOT, need

UNITS = ROOT / "deploy/systemd"
SERVICES = {
    "buurtstem-web": "buurtstem serve --host 127.0.0.1",
    "buurtstem-worker": "buurtstem worker",
    "buurtstem-migrate": "buurtstem migrate",
}
MOST_EXPOSED = 1.5
"""Of 10, as systemd counts; a unit without any of this has 9.6."""

OVERALL = re.compile(r"Overall exposure level for \S+: ([\d.]+)")


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units as they are, but with the command of this very tree."""
    folder = tmp_path_factory.mktemp("units")
    command = Path(sys.executable).parent / "buurtstem"
    for name in SERVICES:
        text = (UNITS / f"{name}.service").read_text("utf-8")
        assert "/srv/buurtstem/.venv/bin/buurtstem" in text
        here = text.replace("/srv/buurtstem/.venv/bin/buurtstem", str(command))
        (folder / f"{name}.service").write_text(here, "utf-8")
    return folder


def exposure(unit: Path) -> float:
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)]
    told = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    found = OVERALL.search(told)
    assert found, told
    return float(found[1])


@pytest.mark.parametrize(("name", "runs"), SERVICES.items())
def test_a_unit_starts_a_process_of_ours_without_rights(name: str, runs: str) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string((UNITS / f"{name}.service").read_text("utf-8"))
    service = unit["Service"]
    assert service["ExecStart"] == f"/srv/buurtstem/.venv/bin/{runs}"
    assert service["DynamicUser"] == "yes"
    assert service["User"] == "buurtstem"
    assert service["CapabilityBoundingSet"] == ""


def test_systemd_takes_all_units_together(units: Path) -> None:
    need("systemd")
    paths = [str(units / f"{name}.service") for name in SERVICES]
    command = ["systemd-analyze", "verify", "--man=no", *paths]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_systemd_finds_little_to_attack(units: Path, name: str) -> None:
    need("systemd")
    assert exposure(units / f"{name}.service") <= MOST_EXPOSED


def test_a_unit_without_walls_would_be_seen(units: Path, tmp_path: Path) -> None:
    need("systemd")
    open_ = tmp_path / "buurtstem-open.service"
    lines = (units / "buurtstem-web.service").read_text().splitlines()
    walls = (
        "Protect",
        "Private",
        "Restrict",
        "SystemCall",
        "Capability",
        "DynamicUser",
    )
    kept = [line for line in lines if not line.startswith((*walls, "User", "NoNew"))]
    open_.write_text("\n".join(kept))
    assert exposure(open_) > 2 * MOST_EXPOSED
