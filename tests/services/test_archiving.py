"""What of a round is kept for years: whole, checkable, and about no resident."""

import csv
import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli_archive import archive
from bot.services.archiving import records
from bot.services.publishing import PublishError, publish_result
from bot.store.audit import AuditLine
from tally.pabulib import read
from tests.letters.pages import Printed
from tests.services.test_minutes import ALIKE, ORDER
from tests.services.test_passes import city
from tests.services.test_tallying import close
from tests.worlds import SECRET_KEY, VOTING, Person, World, table

__all__ = ["city"]  # a fixture
BY = "els@city.example"
NAMES = {
    "README.md",
    "ballots.pb",
    "chain.json",
    "decisions.csv",
    "ledger.json",
    "manifest.json",
    "minutes.pdf",
    "plans.json",
    "report.docx",
    "report.pdf",
    "result-1.json",
    "settings-1.json",
    "stages.csv",
}
SECRET_PLAN = "Mijn zoon Emre wil een schommel"


@pytest.fixture
def author(each_world: World) -> Person:
    person = each_world.person(phone="+31687654321")
    each_world.plan(person, SECRET_PLAN, a_round=VOTING)
    return person


@pytest.fixture
def over(each_world: World, author: Person) -> World:
    """A round whose result is public, and somebody's plan that never was."""
    publish_result(close(each_world, ALIKE).house, ORDER)
    return each_world


def run(world: World, folder: Path, slug: str = VOTING) -> Result:
    words = [slug, str(folder), "--by", BY]
    env = {"SECRET_KEY": SECRET_KEY}
    return CliRunner().invoke(archive, words, obj=lambda _: world.house, env=env)


def test_it_is_whole_and_every_file_is_what_the_manifest_says(
    over: World, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    done = run(over, folder)
    assert done.exit_code == 0, done.output
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(files) == NAMES
    manifest = files.pop("manifest.json")
    found = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert json.loads(manifest)["sha256"] == found
    told = hashlib.sha256(manifest).hexdigest()
    assert done.stdout.strip() == told
    (line,) = over.rows(table(AuditLine).where(AuditLine.act == "round.archive"))
    assert (line.by, line.data) == (BY, {"sha256": told})
    explained = files["README.md"].decode()
    assert [name for name in files if f"`{name}`" not in explained] == ["README.md"]


def test_what_is_in_it_can_be_counted_again(over: World, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    run(over, folder)
    result = json.loads((folder / "result-1.json").read_text())
    document = read((folder / "ballots.pb").read_text().splitlines(keepends=True))
    assert sum(document.election.ballots.values()) == len(ALIKE)
    with (folder / "decisions.csv").open(newline="") as file:
        assert next(csv.reader(file)) == ["plan", "outcome", "standing", "at"]
    assert result["round"] == VOTING
    for name in ("minutes.pdf", "report.pdf"):
        assert Printed((folder / name).read_bytes()).texts


def test_nothing_about_a_resident_is_in_it(
    over: World, author: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    run(over, folder)
    written = b"".join(path.read_bytes() for path in folder.iterdir())
    for each in (SECRET_PLAN, author.address, "+31687654321"):
        assert each.encode() not in written


def test_a_round_without_a_result_and_a_full_folder_are_refused(
    world: World, tmp_path: Path
) -> None:
    with pytest.raises(PublishError, match="no public result"):
        records(world.house, VOTING)
    assert run(world, tmp_path / "a").exit_code == 1
    assert not (tmp_path / "a").exists()
    assert "There is no round x" in run(world, tmp_path / "a", "x").output


def test_a_folder_with_something_in_it_is_left_alone(
    over: World, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("x")
    done = run(over, tmp_path)
    assert (done.exit_code, "not empty" in done.output) == (1, True)
    assert not (tmp_path / "README.md").exists()
