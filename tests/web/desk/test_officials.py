"""Colleagues and the trail: what admins may, and what nobody may."""

import csv
from io import StringIO
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import insert

from bot.cli import official
from bot.services.desk import people
from bot.services.officials import Person, add_official, find_official
from bot.store.audit import AuditLine
from bot.store.civic import Official
from bot.store.logins import OfficialLogin
from bot.web.desk.words.book import words
from tests.web.conftest import Desk, log_in, one_time_token
from tests.web.desk.logins import browser, email_of, inside, post, sets_up_phone
from tests.worlds import World, table

W = words("en")
PLACE = "/desk/officials"


def number(world: World, email: str) -> int:
    found = world.house.db.run(lambda db: find_official(db, email))
    assert found is not None
    return found


def of(world: World, role: str) -> int:
    return number(world, email_of(world, role))


def invites(at: FlaskClient, email: str = "fatma@city.example", **form: str) -> Any:
    asked = {"email": email, "name": "Fatma", "role": "counter"} | form
    return post(at, PLACE, **asked)


def link_in(page: str) -> str:
    return page.partition("/desk/login#")[2].partition("</textarea>")[0]


def test_an_invitation_is_a_link_that_works_once(each_world: World) -> None:
    admin = inside(each_world, "admin")
    page = invites(admin)
    assert page.status_code == 200
    token, guest = link_in(page.text), browser(each_world)
    assert log_in(guest, token) == 303
    assert guest.get("/desk/ballots").status_code == 200
    assert log_in(browser(each_world), token) == 403
    assert token not in admin.get(PLACE).text
    lines = each_world.rows(table(AuditLine).order_by(AuditLine.id))
    made = number(each_world, "fatma@city.example")
    invited = lines[1]
    assert (invited.act, invited.subject) == ("official.invite", f"official:{made}")
    assert invited.by == email_of(each_world, "admin")
    assert token not in str(lines)


@pytest.mark.parametrize(
    ("form", "code", "why"),
    [
        ({"email": "a\x00@b.example"}, 400, "email"),
        ({"email": "no address"}, 400, "email"),
        ({"email": "a@b.example\nBcc: x@y.example"}, 400, "email"),
        ({"email": f"{'a' * 70}@b.example"}, 400, "email"),
        ({"role": "king"}, 400, "role"),
        ({"name": "x" * 121}, 400, "name"),
    ],
)
def test_an_odd_invitation_invites_nobody(
    each_world: World, form: dict[str, str], code: int, why: str
) -> None:
    world = each_world
    before = len(world.rows(table(Official)))
    answer = invites(inside(world, "admin"), **form)
    assert answer.status_code == code
    assert str(escape(W[f"official_error_{why}"])) in answer.text
    assert len(world.rows(table(Official))) == before


def test_nobody_is_invited_twice_in_whatever_case(world: World) -> None:
    admin = inside(world, "admin")
    invites(admin)
    again = invites(admin, "FATMA@city.example")
    assert again.status_code == 409
    assert W["official_error_known"] in again.text


TRICKS = [
    "<script>alert(1)</script>",
    "Fatma\x00",
    '"><img src=x onerror=y>',
    "=1+1",
    "{{ 7*7 }}",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_a_name_stays_a_name(each_world: World, trick: str) -> None:
    admin = inside(each_world, "admin")
    invites(admin, name=trick)
    page, trick = admin.get(PLACE).text, trick.strip("\x00")
    assert str(escape(trick)) in page
    assert trick not in page.replace(str(escape(trick)), "")


def test_another_role_holds_at_once_and_ends_sessions(each_world: World) -> None:
    admin, bram = inside(each_world, "admin"), inside(each_world)
    place = f"{PLACE}/{of(each_world, 'reviewer')}"
    post(admin, place, role="reviewer", name="Bram de Wit")
    assert bram.get("/desk").status_code == 200, "another name ends nothing"
    changed = post(admin, place, role="viewer", name="Bram")
    assert "official_changed" in changed.location
    assert bram.get("/desk").location == "/desk/login"


def test_who_is_suspended_is_out_at_once_and_cannot_come_back(
    each_world: World,
) -> None:
    world = each_world
    admin, bram = inside(world, "admin"), inside(world)
    token, place = one_time_token(world, "reviewer"), f"{PLACE}/{of(world, 'reviewer')}"
    post(admin, f"{place}/suspend")
    assert bram.get("/desk").location == "/desk/login"
    assert log_in(browser(world), token) == 403
    assert post(admin, f"{place}/link").status_code == 404
    assert W["is_suspended"] in admin.get(f"{place}?lang=en").text
    post(admin, f"{place}/restore")
    fresh = link_in(post(admin, f"{place}/link").text)
    assert log_in(browser(world), fresh) == 303


def test_a_lost_phone_is_disconnected_by_a_colleague(world: World) -> None:
    bram = inside(world)
    sets_up_phone(world, bram)
    admin = inside(world, "admin")
    post(admin, f"{PLACE}/{of(world, 'reviewer')}/reset")
    assert bram.get("/desk").location == "/desk/login"
    assert inside(world).get("/desk").status_code == 200
    acts = [row.act for row in world.rows(table(AuditLine))]
    assert "official.reset_factor" in acts


@pytest.mark.parametrize("step", ["suspend", "reset", "role"])
def test_admins_leave_themselves_to_other_admins(world: World, step: str) -> None:
    admin, place = inside(world, "admin"), f"{PLACE}/{of(world, 'admin')}"
    if step == "role":
        answer = post(admin, place, role="viewer", name="")
    else:
        answer = post(admin, f"{place}/{step}")
    assert answer.status_code == 409
    assert W["official_error_self"] in answer.text
    assert admin.get(PLACE).status_code == 200


def test_the_last_admin_cannot_be_taken_away(each_world: World) -> None:
    house, now = each_world.house, each_world.clock()
    second = house.db.run(
        lambda db: add_official(db, "second@city.example", "admin", "", now)
    )
    first = of(each_world, "admin")
    by_second = Person(second, "second@city.example", "", "admin")
    by_first = Person(first, "first", "", "admin")
    people.suspend(house, by_first, second)
    with pytest.raises(people.OfficialError, match="last_admin"):
        people.suspend(house, by_second, first)
    with pytest.raises(people.OfficialError, match="last_admin"):
        people.change(house, by_second, first, "viewer", "")
    people.restore(house, by_first, second)
    people.change(house, by_second, first, "viewer", "")


@pytest.mark.parametrize(
    "role", ["viewer", "reviewer", "communicator", "counter", "stranger"]
)
def test_only_admins_see_officials_and_trail(
    world: World, at_desk: Desk, role: str
) -> None:
    at, bram = at_desk(role), of(world, "reviewer")
    for page in (PLACE, f"{PLACE}/{bram}", "/desk/audit"):
        assert at.get(page).status_code == (303 if role == "stranger" else 403)
    for place in (
        PLACE,
        f"{PLACE}/{bram}",
        f"{PLACE}/{bram}/link",
        f"{PLACE}/{bram}/suspend",
        "/desk/audit/export",
    ):
        answer = post(at, place, seen="/desk/login", email="x@y.example", role="admin")
        assert answer.status_code == 403
    assert {row.role for row in world.rows(table(Official)) if row.id == bram} == {
        "reviewer"
    }
    assert "official.link" not in str(world.rows(table(AuditLine)))


@pytest.mark.parametrize("made_up", ["999", "0", "9" * 30, "x"])
def test_an_official_who_is_not_there_is_said(world: World, made_up: str) -> None:
    admin = inside(world, "admin")
    assert admin.get(f"{PLACE}/{made_up}").status_code == 404
    assert post(admin, f"{PLACE}/{made_up}/suspend").status_code == 404


def test_the_list_comes_a_page_at_a_time(world: World) -> None:
    rows = [
        {
            "email": f"p{each:03}@city.example",
            "role": "viewer",
            "created_at": world.clock(),
        }
        for each in range(120)
    ]
    with world.house.db.engine.begin() as db:
        db.execute(insert(Official), rows)
    admin = inside(world, "admin")
    pages = [admin.get(f"{PLACE}?page={each}").text for each in (1, 2, 3)]
    assert [page.count('<h2><a href="/desk/officials/') for page in pages] == [
        50,
        50,
        26,
    ]
    assert admin.get(f"{PLACE}?page=x").text.count("<h2><a href=") == 50


def test_the_command_line_adds_lets_in_again_and_resets(world: World) -> None:
    def build(_: object) -> Any:
        return world.house

    env = {"SECRET_KEY": "an invented city keeps no secrets here"}
    run = CliRunner()
    mail = "nieuw@city.example"
    made = run.invoke(official, ["add", mail, "--role", "viewer"], obj=build, env=env)
    assert log_in(browser(world), made.output.strip().partition("#")[2]) == 303
    phone = inside(world)
    sets_up_phone(world, phone)
    reset = ["reset", email_of(world, "reviewer")]
    assert run.invoke(official, reset, obj=build, env=env).exit_code == 0
    assert phone.get("/desk").location == "/desk/login"
    assert run.invoke(official, ["reset", "x@y.z"], obj=build, env=env).exit_code == 1
    assert {row.by for row in world.rows(table(AuditLine))} >= {"command"}
    assert not [row for row in world.rows(table(OfficialLogin)) if row.factor]


def fill_trail(world: World, lines: int = 120) -> None:
    rows = [
        {
            "at": world.clock(),
            "by": "=cmd()@city.example" if each % 2 else "bram@city.example",
            "act": "plan.review" if each % 3 else "task.done",
            "subject": f"plan:{each}",
            "data": {"was": "-1+1", "n": each},
        }
        for each in range(lines)
    ]
    with world.house.db.engine.begin() as db:
        db.execute(insert(AuditLine), rows)


def test_the_trail_is_read_a_page_at_a_time_and_filtered(each_world: World) -> None:
    world = each_world
    fill_trail(world)
    admin = inside(world, "admin")

    def count(query: str) -> int:
        page = admin.get(f"/desk/audit?lang=en&{query}")
        assert page.status_code == 200
        return page.text.count('<td class="moment"')

    assert count("") == 50
    older = admin.get("/desk/audit").text.partition("before=")[2].partition("&")[0]
    assert count(f"before={older}") == 50
    assert count("subject=plan:17") == 1
    assert count("subject=Plan 17") == 1
    assert count("act=task.done&by=bram@city.example") == 20
    assert count("subject=official") == 1
    assert count("day=2026-11-18&act=task.done") == 40
    assert count("day=2026-11-17") == 0
    assert count("day=never&before=x&subject=%00") == 50, "what is no filter"
    assert count("act=never") == 0


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_trail_is_taken_away_safely_and_that_is_written(
    world: World, form: str
) -> None:
    fill_trail(world, 30)
    admin = inside(world, "admin")
    file = post(admin, "/desk/audit/export", "/desk/audit", form=form, act="task.done")
    assert file.status_code == 200
    assert f'filename="audit-2026-11-18.{form}"' in file.headers["Content-Disposition"]
    if form == "csv":
        text = file.data.decode("utf-8-sig")
        rows = list(csv.reader(StringIO(text), delimiter=";"))
        assert len(rows) == 11
        assert {row[2] for row in rows[1:]} == {
            "'=cmd()@city.example",
            "bram@city.example",
        }
    last = world.rows(table(AuditLine).order_by(AuditLine.id))[-1]
    assert (last.act, last.data) == ("audit.export", {"only_act": "task.done"})


def test_a_trail_without_lines_says_what_comes_there(world: World) -> None:
    admin = inside(world, "admin")
    told = admin.get("/desk/audit?lang=en&act=never").text
    assert W["audit_none_found"] in told
