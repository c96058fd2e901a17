"""Tables to take away: whole, without voters, without formulas, and written down."""

import csv
from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from bot.domain.plans import Status
from bot.services.desk.exports import TABLES, export
from bot.services.officials import ROLES, add_official
from bot.store.audit import AuditLine
from bot.web.desk.access import MAY, Act
from tests.services.desk.paying import ANNA, PAINT, chosen_plan, paid
from tests.services.desk.test_glance import decide, tell
from tests.services.test_votes import votes
from tests.web.conftest import Desk, at_desk
from tests.worlds import COLLECTING, VOTING, World, table

__all__ = ["at_desk"]
FORMULA = '=HYPERLINK("http://x.example";"klik")'


def rows_of(world: World, what: str, slug: str = COLLECTING) -> list[dict[str, str]]:
    found = export(world.house, slug, what, "csv", ANNA)
    assert found is not None
    read = csv.DictReader(StringIO(found[0].decode("utf-8-sig")), delimiter=";")
    return list(read)


@pytest.mark.parametrize("what", TABLES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_table_comes_in_both_forms(
    each_world: World, what: str, form: str
) -> None:
    world = each_world
    (number,) = tell(world, status=Status.INFEASIBLE.value)
    decide(world, number, Status.INFEASIBLE)
    paid(world, chosen_plan(world, None, a_round=COLLECTING))
    found = export(world.house, COLLECTING, what, form, ANNA)
    assert found is not None
    file, name = found
    assert name == f"{COLLECTING}-{what}.{form}"
    if form == "xlsx":
        (sheet,) = load_workbook(BytesIO(file)).worksheets
        head = tuple(cell.value for cell in sheet[1])
        assert head == TABLES[what].head
    trail = world.rows(table(AuditLine).order_by(AuditLine.id.desc()))[0]
    assert (trail.act, trail.by, trail.data["table"]) == ("export", ANNA, what)


def test_words_that_nobody_has_ticked_are_not_exported(world: World) -> None:
    tell(world, text="Mijn buurman heet Achmed.", title={"nl": "Niet gezien"})
    shown = export(world.house, COLLECTING, "plans", "csv", ANNA)
    assert shown is not None
    assert b"Achmed" not in shown[0]
    assert b"Niet gezien" not in shown[0]


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t=", " ="])
def test_no_text_becomes_a_formula(world: World, lead: str) -> None:
    trick = lead + FORMULA[1:]
    title = {"nl": trick}
    plan = chosen_plan(world, None, a_round=COLLECTING, title=title)
    paid(world, plan, replace(PAINT, what=title, new_activity=trick))
    for what in ("plans", "spending"):
        for row in rows_of(world, what):
            cells = [each for each in row.values() if "HYPERLINK" in each]
            assert all(each.startswith("'") for each in cells)
    found = export(world.house, COLLECTING, "plans", "xlsx", ANNA)
    assert found is not None
    (sheet,) = load_workbook(BytesIO(found[0])).worksheets
    texts = [c for row in sheet for c in row if "HYPERLINK" in str(c.value)]
    assert len(texts) == 1
    assert all(cell.data_type == "s" for cell in texts)


def test_no_voter_and_no_choice_is_in_any_table(world: World) -> None:
    voter = world.person("nl", "web")
    votes(world, voter)
    for what in TABLES:
        found = export(world.house, VOTING, what, "csv", ANNA)
        assert found is not None
        told = found[0].decode()
        assert voter.address not in told
        assert "picks" not in told


def test_a_payment_says_who_entered_and_who_approved_it(world: World) -> None:
    paid(world, chosen_plan(world, None, a_round=COLLECTING))
    (row,) = rows_of(world, "spending")
    assert row["amount"] in {"12.5", "12,5", "12,50"}
    assert (row["entered_by"], row["decided_by"]) == (ANNA, "bram@example.org")
    assert row["day"] == "2026-11-16"


@pytest.mark.parametrize("role", ROLES)
def test_who_may_take_tables_away(world: World, at_desk: Desk, role: str) -> None:
    now = world.clock()
    world.house.db.run(lambda db: add_official(db, "eva@example.org", role, "", now))
    desk, may = at_desk(role), role in MAY[Act.EXPORT]
    for place in ("/desk/exports", f"/desk/exports/{VOTING}/plans.csv"):
        assert (desk.get(place).status_code == 200) is may
        assert at_desk("stranger").get(place).status_code == 303
    if may:
        assert desk.get(f"/desk/exports/{VOTING}/voters.csv").status_code == 404
        assert desk.get("/desk/exports/nowhere/plans.csv").status_code == 404
        file = desk.get(f"/desk/exports/{VOTING}/plans.xlsx")
        assert "attachment" in file.headers["Content-Disposition"]
    else:
        acts = [each.act for each in world.rows(table(AuditLine))]
        assert "export" not in acts
