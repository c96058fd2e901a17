"""Sessions: how they begin and end, and what a browser is told of them."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from bot.app import create_app
from bot.services.desk.sessions import MOST_POSTS
from bot.services.sweep import sweep
from bot.store.audit import AuditLine
from bot.store.base import spelled
from bot.store.logins import DeskSession
from bot.web.desk.browsers import browser_of
from bot.web.desk.words.book import words
from tests.web.conftest import form_secret, log_in, one_time_token
from tests.web.desk.logins import (
    PASSWORD,
    browser,
    enters_code,
    inside,
    post,
    sets_password,
    sets_up_phone,
)
from tests.worlds import World, table

W = words("en")
OUT = "/desk/login"


def test_a_session_ends_after_an_hour_without_use(each_world: World) -> None:
    world = each_world
    at = inside(world)
    world.clock.pass_time(minutes=59)
    assert at.get("/desk").status_code == 200
    world.clock.pass_time(minutes=59)
    assert at.get("/desk").status_code == 200, "it was used in between"
    world.clock.pass_time(minutes=61)
    assert at.get("/desk").location == OUT


def test_a_session_ends_after_twelve_hours_however_busy(world: World) -> None:
    at = inside(world)
    for _ in range(23):
        world.clock.pass_time(minutes=30)
        assert at.get("/desk").status_code == 200
    world.clock.pass_time(minutes=31)
    assert at.get("/desk").location == OUT
    sweep(world.house)
    assert world.rows(table(DeskSession)) == []


def test_the_browser_holds_an_id_that_no_table_has(world: World) -> None:
    at = inside(world)
    cookie = at.get_cookie("desk", path="/desk")
    assert cookie
    (row,) = world.rows(table(DeskSession))
    assert cookie.value not in str(row)
    assert len(row.token_hash) == 64
    assert row.browser == "Firefox, Windows"


def test_logout_ends_it_on_the_server_too(world: World) -> None:
    at = inside(world)
    cookie = at.get_cookie("desk", path="/desk")
    assert cookie
    post(at, "/desk/logout")
    at.set_cookie("desk", cookie.value, path="/desk")
    assert at.get("/desk").location == OUT
    assert [row.act for row in world.rows(table(AuditLine))] == ["login", "logout"]


def test_she_sees_where_she_is_logged_in_and_ends_it(each_world: World) -> None:
    world = each_world
    here = inside(world)
    there = inside(world, agent="Mozilla (iPhone) Safari")
    other = inside(world, "admin")
    page = here.get("/desk/account?lang=en").text
    assert "Safari, iPhone" in page
    assert page.count(W["session_here"]) == 1
    wanted = select(DeskSession.id).where(DeskSession.browser == "Safari, iPhone")
    number = str(world.one(wanted).id)
    stranger = post(other, "/desk/account/sessions/end", which=number)
    assert "did_nothing" in stranger.location
    assert there.get("/desk").status_code == 200
    post(here, "/desk/account/sessions/end", which=number)
    assert there.get("/desk").location == OUT
    inside(world), inside(world)
    post(here, "/desk/account/sessions/end", which="all")
    assert here.get("/desk").status_code == 200
    assert other.get("/desk").status_code == 200
    assert len(world.rows(table(DeskSession))) == 2


@pytest.mark.parametrize("which", ["", "x", "-1", "9" * 30, "²", "1; DROP TABLE"])
def test_an_odd_number_ends_nothing(world: World, which: str) -> None:
    at = inside(world)
    answer = post(at, "/desk/account/sessions/end", which=which)
    assert "did_nothing" in answer.location


def test_a_request_reads_once_and_writes_at_most_once_a_minute(world: World) -> None:
    at = inside(world)
    seen: list[str] = []
    event.listen(
        world.house.db.engine,
        "before_cursor_execute",
        lambda _c, _u, statement, *_: seen.append(statement),
    )

    def asked() -> tuple[int, int]:
        seen.clear()
        assert at.get("/desk/account/factor.svg").status_code == 404
        about = [each for each in seen if "desk_sessions" in each]
        writes = [each for each in about if each.startswith("UPDATE")]
        return len(about) - len(writes), len(writes)

    assert asked() == (1, 0)
    world.clock.pass_time(seconds=59)
    assert asked() == (1, 0)
    world.clock.pass_time(seconds=2)
    assert asked() == (1, 1)
    assert asked() == (1, 0)


def test_the_look_up_uses_an_index(each_world: World) -> None:
    inside(each_world)
    explain = "EXPLAIN QUERY PLAN " if each_world.house.db.is_sqlite else "EXPLAIN "
    statement = explain + str(
        select(DeskSession.id).where(DeskSession.token_hash == spelled("x"))
    )
    with each_world.house.db.engine.connect() as db:
        if not each_world.house.db.is_sqlite:
            db.exec_driver_sql("SET enable_seqscan = off")
        told = str(db.exec_driver_sql(statement).all()).casefold()
    assert "index" in told


def test_nobody_sends_so_many_forms_by_hand(world: World) -> None:
    at = inside(world)
    secret = form_secret(at.get("/desk").text)
    form = {"secret": secret, "text": "Een bank onder de linde."}
    codes = [
        at.post("/desk/tasks/999", data=form).status_code for _ in range(MOST_POSTS + 1)
    ]
    assert codes == [303] * MOST_POSTS + [429]
    told = at.post("/desk/tasks/999?lang=en", data=form).text
    assert "Een bank onder de linde." in told, "what was written is not lost"
    world.clock.pass_time(seconds=61)
    assert at.post("/desk/tasks/999", data=form).status_code == 303


def test_over_https_cookies_are_for_this_host_only(world: World) -> None:
    strict = world.with_settings(public_url="https://city.example")
    at = create_app(house=strict.house).test_client()
    page = at.get("/desk/login", base_url="https://city.example")
    secret, token = form_secret(page.text), one_time_token(strict, "reviewer")
    answer = at.post(
        "/desk/login",
        data={"secret": secret, "token": token},
        base_url="https://city.example",
    )
    kept = next(
        each
        for each in answer.headers.getlist("Set-Cookie")
        if each.startswith("__Host-desk=")
    )
    for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in kept.split("; ")
    assert "Domain" not in kept
    inbox = at.get("/desk", base_url="https://city.example")
    assert inbox.status_code == 200
    told = inbox.headers["Strict-Transport-Security"]
    assert told == "max-age=31536000; includeSubDomains"


def test_pages_ask_the_browser_for_nothing(world: World) -> None:
    headers = inside(world).get("/desk/account").headers
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers
    assert "unsafe" not in headers["Content-Security-Policy"]


PAGES = ("/desk/account", "/desk/account/password", "/desk/account/factor")
POSTS = (
    "/desk/account/password",
    "/desk/account/factor",
    "/desk/account/factor/begin",
    "/desk/account/factor/off",
    "/desk/account/factor/codes",
    "/desk/account/sessions/end",
)


@pytest.mark.parametrize(
    "role", ["viewer", "reviewer", "communicator", "counter", "admin"]
)
def test_everybody_has_an_account_of_her_own(world: World, role: str) -> None:
    at = inside(world, role)
    assert {at.get(page).status_code for page in PAGES} == {200}


def test_a_stranger_has_none_and_a_form_needs_its_secret(world: World) -> None:
    stranger, at = browser(world), inside(world)
    assert {stranger.get(page).location for page in PAGES} == {OUT}
    for place in POSTS:
        assert stranger.post(place).status_code == 403
        assert at.post(place, data={"secret": "x", "which": "all"}).status_code == 403


def test_browsers_are_named_roughly() -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    edge = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"
    phone = "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36"
    told = [browser_of(each) for each in (firefox, edge, phone, "", "curl/8")]
    assert told == ["Firefox, Linux", "Edge, Windows", "Chrome, Android", "", ""]


def test_a_link_ends_no_other_session(world: World) -> None:
    at, other = inside(world), browser(world)
    world.clock.pass_time(minutes=5)
    assert log_in(other, one_time_token(world, "reviewer")) == 303
    assert at.get("/desk").status_code == 200
    assert timedelta(hours=12) == world.rows(table(DeskSession))[0].until - (
        world.rows(table(DeskSession))[0].created_at
    )


END = "/desk/account/sessions/end"


def test_ending_others_takes_a_code_of_her_phone(each_world: World) -> None:
    world = each_world
    here = inside(world)
    phone, codes = sets_up_phone(world, here)
    there = inside(world)
    typed = phone.at(world.clock() + timedelta(seconds=60))
    world.clock.pass_time(seconds=60)
    assert enters_code(there, typed).status_code == 303
    for wrong in ("", "000000", typed):
        answer = post(here, END, which="all", proof=wrong)
        assert answer.status_code == 403
        assert W["prove_wrong"] in answer.text
        assert there.get("/desk").status_code == 200, "nobody was logged out"
    done = post(here, END, which="all", proof=codes[0])
    assert "session_ended" in done.location
    assert there.get("/desk").location == OUT


def test_ending_others_takes_her_password_where_she_has_no_phone(world: World) -> None:
    here = inside(world)
    sets_password(here)
    there = inside(world)
    assert post(here, END, which="all", proof="of somebody else").status_code == 403
    assert there.get("/desk").status_code == 200
    post(here, END, which="all", proof=PASSWORD)
    assert there.get("/desk").location == OUT


def test_guessing_there_is_slowed_as_at_the_door(world: World) -> None:
    here = inside(world)
    sets_password(here)
    tried = [post(here, END, which="all", proof="x").status_code for _ in range(7)]
    assert tried[0] == 403
    assert tried[-1] == 429


def test_a_link_proves_it_for_five_minutes(world: World) -> None:
    here, there = inside(world), inside(world)
    world.clock.pass_time(minutes=6)
    assert post(here, END, which="all").status_code == 403
    assert there.get("/desk").status_code == 200
    assert W["prove_link_how"] in here.get("/desk/account?lang=en").text
