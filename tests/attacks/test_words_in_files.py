"""Hostile words in what is taken away as files: posters, archives, exports, backups."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select, update

from bot.app import create_app
from bot.breach_words import REPORT_LANGUAGES, report
from bot.domain.languages import LANGUAGES
from bot.letter_words import poster
from bot.services.breach import Asked, look_into
from bot.services.catalog import touch
from bot.services.entering_files import Left, Row
from bot.services.entering_files import as_csv as left_over
from bot.services.leaving import take_all
from bot.services.pass_register import as_csv as passes
from bot.services.publishing import publish_result
from bot.store.civic import Official, PlanRow, RoundRow
from letters import LetterError, print_poster
from tally.pabulib import read
from tests.attacks.hostile import ALL, FORMULA, MARK, WORDS, squeezed
from tests.attacks.hostile_town import hostile_world
from tests.attacks.test_words_on_paper import NOT_IN_OUR_FONTS, on_paper
from tests.letters.samples import printing
from tests.services.test_archiving import BY, run
from tests.services.test_backups import destroy, restored, saved
from tests.services.test_minutes import ALIKE, ORDER
from tests.services.test_tallying import close
from tests.worlds import VOTING, World, table

PRINTED = [word for name, word in WORDS.items() if name not in NOT_IN_OUR_FONTS]
TOGETHER = " ".join(PRINTED)
DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


def each_language(word: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, word)


def test_a_poster_shows_them_as_they_are() -> None:
    """Each on a plan's row, one as the city, one as the round."""
    for words in (PRINTED[:22], PRINTED[22:]):
        _is_shown(words)


def _is_shown(words: list[str]) -> None:
    plans = tuple(
        replace(plan, title=each_language(word), summary=each_language(word))
        for plan, word in zip(printing().plans, words, strict=False)
    )
    a_round = replace(
        printing().round,
        title=each_language(WORDS["typst"]),
        municipality=WORDS["isolates, closed"],
    )
    hung = replace(printing(), round=a_round, plans=plans, phone=WORDS["a format"])
    found = on_paper(print_poster(poster(hung, DAY)))
    shown = [*words, WORDS["typst"], WORDS["isolates, closed"]]
    missing = [each for each in shown if _whole(squeezed(each)) not in _whole(found)]
    assert missing == []


def _whole(text: str) -> str:
    """Return a text without the signs at which a long word is broken off."""
    return text.replace("-", "").replace("\u00ad", "").replace("\u2010", "")


def test_a_poster_is_refused_that_our_fonts_cannot_print() -> None:
    plans = (replace(printing().plans[0], title=each_language(WORDS["formula, wide"])),)
    with pytest.raises(LetterError, match="our fonts have no sign"):
        print_poster(poster(replace(printing(), plans=plans), DAY))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A town whose round is over; its words are hostile wherever an official's are."""
    with hostile_world(tmp_path_factory.mktemp("town")) as world:
        _poison(world)
        publish_result(close(world, ALIKE).house, ORDER)
        yield world


def _poison(world: World) -> None:
    with world.house.db.engine.begin() as db:
        slug = RoundRow.slug == VOTING
        data = db.scalar(select(RoundRow.data).where(slug)) or {}
        words = {"title": each_language(TOGETHER), "municipality": TOGETHER}
        words |= {"legal_basis": TOGETHER, "decision": TOGETHER}
        db.execute(update(RoundRow).where(slug).values(data=data | words))
        ids = db.scalars(select(PlanRow.id).order_by(PlanRow.number)).all()
        for plan, word in zip(ids, PRINTED * 2, strict=False):
            values = {"title": each_language(word), "summary": each_language(word)}
            db.execute(update(PlanRow).where(PlanRow.id == plan).values(values))
        db.execute(update(Official).values(name=ALL))
        touch(db)


@pytest.fixture(scope="module")
def archive(town: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive") / "round"
    done = run(town, folder)
    assert done.exit_code == 0, done.output
    return folder


def test_the_page_of_an_archive_keeps_its_lines_and_has_no_markup(
    archive: Path,
) -> None:
    text = (archive / "README.md").read_text("utf-8")
    heads = [line for line in text.splitlines() if line.startswith("#")]
    assert len(heads) == 1
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == len(list(archive.iterdir())) - 2 + 2  # a head and a rule
    assert MARK in text
    told = [line for line in text.split("\n") if MARK in line]
    assert len(told) == 4
    assert all(line.isprintable() for line in told)
    bare = [re.sub(r"\\.", "", line).removeprefix("# ") for line in told]
    assert [line for line in bare if set(line) & set("<>[]()`*_#|&")] == [
        line for line in bare if f"`{VOTING}`" in line
    ]
    assert len(text.splitlines()) == text.count("\n")


def test_tables_of_an_archive_hold_no_formula(archive: Path) -> None:
    for path in archive.glob("*.csv"):
        cells = [c for row in csv.reader(io.StringIO(path.read_text())) for c in row]
        assert cells
        assert [each for each in cells if each.lstrip().startswith(FORMULA)] == []


def test_ballots_to_count_again_are_read_back_with_the_same_titles(
    town: World, archive: Path
) -> None:
    with (archive / "ballots.pb").open(encoding="utf-8", newline="") as file:
        found = read(file)
    titles = set(found.titles.values())
    ballot = {row.title["nl"] for row in town.rows(table(PlanRow)) if row.title}
    assert len(titles) >= 40
    assert {squeezed(each) for each in titles} <= {squeezed(each) for each in ballot}


def test_papers_of_an_archive_hold_them_as_words(archive: Path) -> None:
    for name in ("minutes.pdf", "report.pdf"):
        assert squeezed(WORDS["typst"]) in on_paper((archive / name).read_bytes())
    told = Document(str(archive / "report.docx"))
    fields = {"instrText", "fldSimple", "hyperlink", "object"}
    tags = [each.tag.rpartition("}")[2] for each in told.element.iter()]
    assert [each for each in tags if each in fields] == []
    for path in archive.glob("*.json"):
        json.loads(path.read_text("utf-8"))


def test_everything_taken_away_is_a_value_in_each_line(
    town: World, tmp_path: Path
) -> None:
    """Whoever cuts a file into lines by Unicode's rules finds the same rows."""
    taken = take_all(town.house, tmp_path / "all", BY)
    rows = {
        path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for path in (tmp_path / "all" / "tables").iterdir()
    }
    assert sum(map(len, rows.values())) == taken.rows
    titles = {json.dumps(row["title"], sort_keys=True) for row in rows["plans"]}
    expected = {json.dumps(each_language(word), sort_keys=True) for word in PRINTED}
    assert expected <= titles


def test_a_backup_brings_them_back_as_they_were(town: World) -> None:
    before = {row.number: row.title for row in town.rows(table(PlanRow))}
    file = saved(town)
    assert b"kwaad" not in file.name.encode()
    destroy(town)
    restored(town, file, only_old_ledger=True)
    assert {row.number: row.title for row in town.rows(table(PlanRow))} == before


def test_programs_are_told_of_routes_and_of_no_words(town: World) -> None:
    client = create_app(house=town.house).test_client()
    answer = client.get("/openapi.json")
    assert answer.mimetype == "application/json"
    assert MARK not in answer.text


def test_a_report_of_a_breach_has_no_line_of_a_stranger(town: World) -> None:
    """Names of accounts, and where somebody logged in from, are on one line each."""
    now = town.clock()
    asked = Asked(since=DAY.replace(year=2025), until=now, discovered=now)
    found = town.house.db.read(lambda db: look_into(db, asked))
    login: Any = replace(found.accounts[0], name=ALL) if found.accounts else None
    assert login is not None
    plain = replace(found, accounts=[replace(login, name="een naam")])
    hostile = replace(found, accounts=[login])
    for language in REPORT_LANGUAGES:
        lines = report(hostile, language, now, names=True)
        assert len("\n".join(lines).splitlines()) == len(
            "\n".join(report(plain, language, now, names=True)).splitlines()
        )
        assert any(MARK in each for each in lines)
        assert all(each.isprintable() for each in lines)


def test_what_is_left_of_a_box_and_passes_hold_no_formula() -> None:
    left = [Left(Row(2, word, word), "no such plan") for word in WORDS.values()]
    rows = list(csv.reader(io.StringIO(left_over(left), newline="")))
    cells = [cell for row in rows for cell in row]
    assert len(rows) == len(left) + 1
    assert [each for each in cells if each.lstrip().startswith(FORMULA)] == []
    assert passes([]).count("\n") == 1
