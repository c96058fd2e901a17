"""The files around the code keep their promises to whoever installs and runs it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.need import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = {
    "requirements.lock": PROJECT["project"]["dependencies"],
    "requirements-dev.lock": PROJECT["dependency-groups"]["dev"],
    "requirements-bench.lock": PROJECT["dependency-groups"]["bench"],
    "requirements-peers.lock": PROJECT["dependency-groups"]["peers"],
}
ENTRY = re.compile(
    r"(?m)^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?P<rest>(?:.*\\\n)*.*)"
)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
PROCESSES = {
    "web": "buurtstem serve --host 0.0.0.0",
    "worker": "buurtstem worker",
    "release": "buurtstem migrate",
}
COMMANDS = ("setup", "run", "test", "check", "bench")
CHANGES = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
RELEASE = re.compile(r"## \[(?:Unreleased\]|\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2})")


def entries(text: str) -> dict[str, list[tuple[str, str]]]:
    """Return every pinned version of a lock, each with the lines that belong to it."""
    pins: dict[str, list[tuple[str, str]]] = {}
    for found in ENTRY.finditer(text):
        name = canonicalize_name(found["name"])
        pins.setdefault(name, []).append((found["version"], found["rest"]))
    return pins


def lock(name: str) -> dict[str, list[tuple[str, str]]]:
    """Return the entries of one lock file."""
    return entries((ROOT / name).read_text("utf-8"))


def without_hash(pins: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Name the entries that would be installed unseen."""
    return [n for n, pin in pins.items() if not all(HASH.search(r) for _, r in pin)]


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_of_a_lock_has_a_hash(name: str) -> None:
    assert lock(name)
    assert without_hash(lock(name)) == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_place_to_fetch_from(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    assert not [line for line in lines if line.startswith("-") or "://" in line]


def test_an_entry_without_a_hash_is_seen() -> None:
    good = "one==1.0 ; python_version < '4' \\\n    --hash=sha256:" + "0" * 64
    assert without_hash(entries(f"{good}\ntwo==2.0\n{good}\n")) == ["two"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_the_project_asks_for(name: str) -> None:
    pins = lock(name)
    for wish in map(Requirement, LOCKS[name]):
        versions = [version for version, _ in pins[canonicalize_name(wish.name)]]
        assert versions
        assert all(wish.specifier.contains(version) for version in versions), wish


def test_the_locks_agree_with_each_other() -> None:
    run, dev = lock("requirements.lock"), lock("requirements-dev.lock")
    assert run.keys() & dev.keys()
    for other in (dev, lock("requirements-bench.lock")):
        for name in run.keys() & other.keys():
            versions = {version for version, _ in other[name]}
            assert versions <= {version for version, _ in run[name]}, name


def test_running_brings_no_test_tools_and_no_torch() -> None:
    unwanted = {"pytest", "playwright", "mypy", "ruff", "aiogram", "torch"}
    assert not unwanted & lock("requirements.lock").keys()
    assert all("torch" not in lock(name) for name in LOCKS)


def test_the_judge_of_the_count_is_in_no_lock_for_it_is_gpl() -> None:
    (judge,) = map(Requirement, PROJECT["dependency-groups"]["judge"])
    assert judge.name == "pabutools"
    assert all(not {"pabutools", "gurobipy"} & lock(name).keys() for name in LOCKS)


def test_setup_can_build_the_project_from_the_lock() -> None:
    for tool in map(Requirement, PROJECT["build-system"]["requires"]):
        assert tool.specifier.contains(lock("requirements.lock")[tool.name][0][0])


def test_every_console_script_resolves() -> None:
    scripts = PROJECT["project"]["scripts"]
    assert scripts
    installed = {e.name: e for e in entry_points(group="console_scripts")}
    for name, target in scripts.items():
        assert installed[name].value == target
        assert callable(installed[name].load())


def test_the_procfile_names_the_three_processes() -> None:
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    assert dict(line.split(": ", 1) for line in lines) == PROCESSES


@pytest.mark.parametrize("process", PROCESSES)
def test_each_process_is_a_command_with_these_options(process: str) -> None:
    _, command, *options = PROCESSES[process].split()
    told = subprocess.run(
        [sys.executable, "-m", "bot", command, "--help"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert all(option in told for option in options if option.startswith("--"))


@pytest.mark.parametrize("command", COMMANDS)
def test_make_knows(command: str) -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    planned = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        check=False,
        capture_output=True,
        text=True,
    )
    assert planned.returncode == 0, planned.stderr


@pytest.mark.parametrize("script", [".ci/run", "tools/setup", "tools/lock"])
def test_scripts_can_be_run(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    shell = path.read_text("utf-8").splitlines()[0].split("/")[-1].split()[-1]
    subprocess.run([shell, "-n", path], check=True)


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    articles = re.findall(r"(?m)^(\d+)\.(?=[A-Z])", text)
    assert articles == [str(number) for number in range(1, 16)]
    assert "Appendix\n" in text
    assert text.endswith("require the production of a new EUPL version.\n")


def test_publiccode_says_what_catalogues_need() -> None:
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    assert code.keys() >= {
        "publiccodeYmlVersion", "name", "url", "platforms", "categories",
        "developmentStatus", "softwareType", "description", "legal", "maintenance",
        "localisation",
    }  # fmt: skip
    assert code["legal"]["license"] == PROJECT["project"]["license"] == "EUPL-1.2"
    assert code["softwareVersion"] == PROJECT["project"]["version"]
    assert code["maintenance"]["contacts"]
    assert code["localisation"]["availableLanguages"] == ["nl", "en", "tr", "ar"]
    for told in code["description"].values():
        assert len(told["shortDescription"]) <= 150
        assert 150 <= len(told["longDescription"]) <= 10_000
        assert told["features"]


def changelog_faults(text: str) -> list[str]:
    """Name what Keep a Changelog would not understand."""
    heads = [line for line in text.splitlines() if line.startswith("#")]
    faults = [] if heads[:1] == ["# Changelog"] else ["no title"]
    faults += [h for h in heads if h.startswith("## ") and not RELEASE.fullmatch(h)]
    faults += [h for h in heads if h.startswith("### ") and h[4:] not in CHANGES]
    for part in re.split(r"(?m)^### ", text)[1:]:
        if not re.search(r"(?m)^- \S", part):
            faults.append(f"nothing under {part.splitlines()[0]}")
    return faults


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert changelog_faults(text) == []
    assert "\n## [" in text


def test_a_changelog_out_of_form_is_seen() -> None:
    bad = "# Changelog\n## 0.1\n### Stuff\n- a line\n### Added\n"
    assert changelog_faults(bad) == ["## 0.1", "### Stuff", "nothing under Added"]
