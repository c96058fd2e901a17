"""From settings to a voice, and what an operator is told."""

import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

import synthesis
from synthesis import (
    ENGINES,
    Speaker,
    VoiceBroken,
    VoiceMissing,
    engines,
    open_voice,
)
from tests.need import ROOT
from tests.synthesis.tiny_voice import write_voice


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


def without_piper(name: str) -> str:
    raise PackageNotFoundError(name)


def test_piper_that_is_not_installed_says_how_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(engines, "version", without_piper)
    with pytest.raises(VoiceMissing, match="pip install 'buurtstem"):
        open_voice("piper", tmp_path)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said of the files does not depend on the package."""
    monkeypatch.setattr(engines, "version", lambda _: "1.8.0")


@pytest.mark.usefixtures("installed")
def test_piper_without_a_voice_says_which_files(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(VoiceMissing, match=r"nl\.onnx and nl\.onnx\.json"):
            open_voice("piper", folder)


@pytest.mark.usefixtures("installed")
def test_a_voice_without_its_description_is_missing_it(tmp_path: Path) -> None:
    write_voice(tmp_path, "tr").with_name("tr.onnx.json").unlink()
    with pytest.raises(VoiceMissing, match=r"lacks tr\.onnx\.json"):
        open_voice("piper", tmp_path)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "written", ["", "{", "[]", "{}", '{"audio": 3}', '{"audio": {"sample_rate": "x"}}']
)
def test_a_description_that_is_none_is_broken(tmp_path: Path, written: str) -> None:
    write_voice(tmp_path, "nl").with_name("nl.onnx.json").write_text(written)
    with pytest.raises(VoiceBroken, match="fetch both files again"):
        open_voice("piper", tmp_path)


@pytest.mark.usefixtures("installed")
def test_languages_with_a_file_are_piper_and_the_others_espeak(tmp_path: Path) -> None:
    write_voice(tmp_path, "nl")
    voice = open_voice("piper", tmp_path)
    assert voice is not None
    assert voice.identity("nl").startswith("piper 1.8.0 ")
    assert voice.identity("tr").startswith("espeak-ng ")
