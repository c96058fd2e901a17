"""From settings to a voice, and what an operator is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import synthesis
from synthesis import ENGINES, Speaker, open_voice
from tests.need import ROOT


def test_without_an_engine_there_is_no_voice(tmp_path: Path) -> None:
    assert open_voice("none", tmp_path) is None


def test_an_engine_that_does_not_exist_is_refused_with_a_list(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="espeak-ng, piper, none"):
        open_voice("festival", tmp_path)


def test_the_engines_are_these() -> None:
    assert ENGINES == ("espeak-ng", "piper", "none")


def test_opening_starts_no_program(tmp_path: Path) -> None:
    voice = open_voice("espeak-ng", tmp_path)
    assert isinstance(voice, Speaker)
    assert voice._engines["nl"]._child._process is None  # type: ignore[attr-defined]


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "av numpy espeakng_loader piper onnxruntime"
    script = (
        "import sys, synthesis;"
        f"print(sorted(set(sys.modules) & set({heavy!r}.split())))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip() == "[]"


def test_all_that_is_promised_can_be_imported() -> None:
    assert len(synthesis.__all__) > 15
    assert all(getattr(synthesis, name) is not None for name in synthesis.__all__)
    with pytest.raises(AttributeError, match="nothing_here"):
        synthesis.nothing_here  # noqa: B018


def test_the_gpl_libraries_are_not_loaded_by_speaking() -> None:
    script = (
        "import sys\n"
        "from tests.synthesis.conftest import espeak\n"
        "voice = espeak()\n"
        "assert voice.speak('hallo', 'nl').size\n"
        "voice.close()\n"
        "loaded = open('/proc/self/maps').read()\n"
        "assert 'numpy' in loaded\n"
        "print('espeak' in loaded, 'espeakng_loader' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "False"]
