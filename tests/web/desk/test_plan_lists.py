"""Many plans from a sheet: looked through, entered whole or not at all, and once."""

import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import func, select

from bot.doctor.machine import EICAR
from bot.services.clamd import Scanner
from bot.services.desk.plan_lists import ListRefusedError, enter_list, look_through
from bot.services.officials import officials
from bot.store.audit import AuditLine
from bot.store.civic import PlanRow
from bot.store.media import MediaUnavailableError
from bot.store.talks import Media
from bot.web.desk.words.book import words
from tests.houses import at_once
from tests.standins.clamd import clamd
from tests.web.conftest import Desk, form_secret
from tests.web.desk.test_desk import TRICKS
from tests.worlds import COLLECTING, World, table

NL = words("nl")
HEAD = ["Plan", "Taal", "Plaats"]
ROWS = [
    ["Een bank bij de brug", "nl", "Brugstraat"],
    ["أرجوحة للأطفال", "Arabisch", ""],
    ['=HYPERLINK("http://x";"klik")', "nl", "+31612345678"],
]


def xlsx(*rows: list[Any]) -> bytes:
    book, made = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def csv(*rows: list[str], between: str = ";", code: str = "utf-8") -> bytes:
    quoted = ['"{}"'.format(c.replace('"', '""')) for row in rows for c in row]
    width = len(rows[0])
    lines = [quoted[at : at + width] for at in range(0, len(quoted), width)]
    return "\r\n".join(between.join(line) for line in lines).encode(code)


def look(browser: FlaskClient, data: bytes, **form: str) -> Any:
    posted: dict[str, Any] = {
        "secret": form_secret(browser.get("/desk/plans/import").text),
        "round": COLLECTING,
        "entry": "markt",
        "file": (io.BytesIO(data), "plannen.xlsx"),
    }
    return browser.post("/desk/plans/import", data=posted | form)


def enter(browser: FlaskClient, page: Any) -> Any:
    named = page.text.partition('name="list" value="')[2].partition('"')[0]
    posted = {"secret": form_secret(page.text), "list": named}
    return browser.post("/desk/plans/import/enter", data=posted)


def count(world: World) -> int:
    return int(world.one(select(func.count()).select_from(PlanRow))[0])


@pytest.mark.parametrize(
    "data",
    [
        xlsx(HEAD, *ROWS),
        csv(HEAD, *ROWS),
        csv(HEAD, *ROWS, between=",", code="utf-8-sig"),
        csv(HEAD, *ROWS, between="\t"),
    ],
    ids=["xlsx", "semicolons", "commas", "tabs"],
)
def test_a_sheet_is_looked_through_and_then_entered(
    world: World, at_desk: Desk, data: bytes
) -> None:
    browser, before = at_desk("helper"), count(world)
    page = look(browser, data)
    assert page.status_code == 200
    assert count(world) == before
    answer = enter(browser, page)
    assert count(world) == before + 3
    assert answer.text.count("/receipt") == 3
    rows = world.rows(table(PlanRow).order_by(PlanRow.id.desc()).limit(3))
    assert [each.language for each in rows] == ["nl", "ar", "nl"]
    assert rows[0].text.startswith("=HYPERLINK"), "a formula is text"
    assert {each.entry for each in rows} == {"markt"}
    assert world.rows(select(Media.id).where(Media.key.is_not(None))) == []
    line = world.rows(table(AuditLine))[-1]
    assert (line.act, line.data) == ("plan.list", {"plans": 3, "before": 0})


def test_the_same_sheet_twice_enters_nothing_twice(world: World, at_desk: Desk) -> None:
    browser, before = at_desk("helper"), count(world)
    page = look(browser, xlsx(HEAD, *ROWS, ROWS[0]))
    enter(browser, page)
    assert enter(browser, page).status_code == 400, "used up"
    assert count(world) == before + 4, "twice in one sheet are two plans"
    again = look(at_desk("reviewer"), csv(HEAD, *ROWS, ROWS[0]))
    assert NL["list_nothing_new"] in again.text
    more = look(browser, xlsx(HEAD, *ROWS, ["Nog een boom", "nl", "Park"]))
    enter(browser, more)
    assert count(world) == before + 5


def test_two_at_once_enter_a_sheet_once(each_world: World) -> None:
    world, before = each_world, count(each_world)
    people = world.house.db.run(officials)
    helper = next(each for each in people if each.role == "helper")
    data = xlsx(HEAD, *ROWS)
    looked = [
        look_through(world.house, data, COLLECTING, "markt", helper) for _ in range(2)
    ]
    ended = at_once(
        *(lambda m=each.media: enter_list(world.house, m, helper) for each in looked)
    )
    assert count(world) == before + 3, ended
    assert not any(isinstance(each, ListRefusedError) for each in ended)


def test_every_fault_is_named_by_its_row_and_nothing_is_entered(
    world: World, at_desk: Desk
) -> None:
    browser, before = at_desk("helper"), count(world)
    rows = [["Goed", "nl", ""], ["", "nl", "Park"], ["Bon", "fr", ""], ["x" * 4001]]
    page = look(browser, xlsx(HEAD, *rows))
    assert page.status_code == 400
    for row, word in (
        (3, "bring_no_text"),
        (4, "bring_no_language"),
        (5, "bring_long_text"),
    ):
        told = page.text.partition(f'class="number">{row}</th>')[2]
        assert NL[word] in told.partition("</tr>")[0], row
    assert 'name="list"' not in page.text
    media = world.one(select(func.max(Media.id)))[0]
    posted = {"secret": form_secret(page.text), "list": str(media)}
    answer = browser.post("/desk/plans/import/enter", data=posted)
    assert answer.status_code == 400
    assert count(world) == before


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "list_empty"),
        (xlsx(HEAD), "list_empty"),
        (xlsx(["Taal"], ["nl"]), "list_no_text"),
        (xlsx(["Plan", "Kleur"], ["Bank", "rood"]), "list_column"),
        (xlsx(["Plan", "Tekst"], ["Bank", "rood"]), "list_column"),
        (b"PK\x03\x04 broken", "list_unread"),
        (b"\x00\x01\x02", "list_unread"),
        (xlsx(HEAD, *[[f"Bank {at}"] for at in range(501)]), "list_long"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_told_so(
    world: World, at_desk: Desk, data: bytes, word: str
) -> None:
    before = count(world)
    page = look(at_desk("helper"), data)
    assert page.status_code == 400
    assert NL[word] in page.text
    assert count(world) == before


def test_a_file_that_unpacks_without_end_is_not_unpacked(
    world: World, at_desk: Desk
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"\0" * 50_000_000)
    assert len(made.getvalue()) < 100_000
    page = look(at_desk("helper"), made.getvalue())
    assert NL["list_large"] in page.text
    people = world.house.db.run(officials)
    with pytest.raises(ListRefusedError, match="list_large"):
        look_through(world.house, b"x" * 2_000_001, COLLECTING, "markt", people[0])


def test_a_sheet_with_a_virus_is_not_opened_and_not_kept(world: World) -> None:
    (by, *_), before = world.house.db.run(officials), count(world)
    with clamd() as made:
        house = replace(world.house, scanner=Scanner(made.address))
        with pytest.raises(ListRefusedError, match="list_harmful") as refused:
            look_through(house, csv(HEAD, [EICAR.decode()]), COLLECTING, "markt", by)
        assert refused.value.detail
        assert not world.rows(table(Media))
        assert (
            len(look_through(house, csv(HEAD, *ROWS), COLLECTING, "markt", by).new) == 3
        )
        assert len(made.seen) == 2
    away = replace(world.house, scanner=Scanner("tcp://127.0.0.1:9"))
    with pytest.raises(MediaUnavailableError):
        look_through(away, csv(HEAD, *ROWS), COLLECTING, "markt", by)
    assert count(world) == before


def test_the_sheet_of_a_colleague_cannot_be_entered(
    world: World, at_desk: Desk
) -> None:
    page, other = look(at_desk("helper"), xlsx(HEAD, *ROWS)), at_desk("reviewer")
    named = page.text.partition('name="list" value="')[2].partition('"')[0]
    for chosen in (named, "0", "x", "9" * 15):
        secret = form_secret(other.get("/desk/plans/import").text)
        posted = {"secret": secret, "list": chosen}
        answer = other.post("/desk/plans/import/enter", data=posted)
        assert answer.status_code == 400
        assert NL["list_gone"] in answer.text


def test_nothing_in_a_sheet_becomes_markup(world: World, at_desk: Desk) -> None:
    browser = at_desk("helper")
    page = look(browser, xlsx(HEAD, *[[each, "nl", each] for each in TRICKS]))
    head = look(browser, xlsx(["Plan", TRICKS[0][:40]], ["Bank", "x"]))
    for text in (page.text, head.text, enter(browser, page).text):
        assert "<script>" not in text
        assert "<img src=x" not in text
        assert "<svg/onload" not in text


@pytest.mark.parametrize("role", ["viewer", "counter"])
def test_others_enter_no_sheets(world: World, at_desk: Desk, role: str) -> None:
    browser = at_desk(role)
    secret = form_secret(browser.get("/desk", follow_redirects=True).text)
    for place in ("/desk/plans/import", "/desk/plans/import/enter"):
        answer = browser.post(place, data={"secret": secret})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("lang", "columns"),
    [
        ("nl", "plan, taal, plaats, thema, ingevoerd bij."),
        ("en", "plan, language, place, theme, entered at."),
    ],
)
def test_the_page_names_the_columns_in_its_own_language(
    at_desk: Desk, lang: str, columns: str
) -> None:
    page = at_desk("admin").get(f"/desk/plans/import?lang={lang}").text
    assert columns in re.sub(r"</?strong>", "", page)
