"""Requests forged by other sites; recordings played and tables taken, once each."""

from io import BytesIO

import pytest
from sqlalchemy import select

from bot.store.audit import AuditLine
from tests.sound import noise
from tests.web.conftest import Desk, form_secret
from tests.web.desk.logins import email_of, inside, post, sets_password
from tests.worlds import World, table
from transcription.audio import to_voice_note

TABLE = "/desk/exports/slotermeer-2026/plans.csv"
SEEN = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


def exports(world: World) -> int:
    return sum(row.act == "export" for row in world.rows(table(AuditLine)))


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("how", [{}, SEEN, SEEN | {"Sec-Fetch-Dest": "iframe"}])
def test_another_host_cannot_have_a_table_taken(
    each_world: World, site: str, how: dict[str, str]
) -> None:
    at = inside(each_world, "reviewer")
    answer = at.get(TABLE, headers={"Sec-Fetch-Site": site} | how)
    assert answer.status_code == 403
    assert exports(each_world) == 0
    own = at.get(TABLE, headers={"Sec-Fetch-Site": "same-origin"})
    assert own.status_code == 200
    assert exports(each_world) == 1


def test_a_link_elsewhere_leads_to_a_page_but_loads_nothing(world: World) -> None:
    at = inside(world)
    there = {"Sec-Fetch-Site": "cross-site"}
    assert at.get("/desk/plans", headers=there | SEEN).status_code == 200
    image = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert at.get("/desk/plans", headers=there | image).status_code == 403


def test_a_form_of_a_neighbouring_host_is_refused_with_the_right_secret(
    world: World,
) -> None:
    at = inside(world)
    at.environ_base["HTTP_SEC_FETCH_SITE"] = "same-site"
    at.environ_base["HTTP_SEC_FETCH_MODE"] = "navigate"
    at.environ_base["HTTP_SEC_FETCH_DEST"] = "document"
    assert post(at, "/desk/account/factor/begin").status_code == 403


def test_a_refused_form_shows_no_password_again(at_desk: Desk) -> None:
    written = {"old": "een twee drie vier", "new": "vijf zes zeven acht", "secret": "x"}
    page = at_desk("reviewer").post("/desk/account/password", data=written)
    assert page.status_code == 403
    assert "drie vier" not in page.text
    assert "zeven acht" not in page.text


@pytest.mark.parametrize(
    "password", ["password1234", "gemeente12345", "nee nee nee nee", "qwertyuiop[]"]
)
def test_a_password_of_known_breaches_is_refused(world: World, password: str) -> None:
    assert sets_password(inside(world), password).status_code == 400


@pytest.mark.parametrize(
    "password",
    ["kastanje fiets regenboog", "тысяча звёзд над домом", "x7" * 4 + "Qm9-wT.éa§"],
)
def test_any_kind_of_character_makes_a_password(world: World, password: str) -> None:
    assert sets_password(inside(world), password).status_code == 303


def test_who_plays_which_recording_is_known_whatever_part_is_asked_for(
    each_world: World,
) -> None:
    from bot.services.desk.audit import note_heard

    world, by = each_world, email_of(each_world, "reviewer")
    for _ in range(4):
        note_heard(world.house, by, "sound.play", "media:7")
    note_heard(world.house, by, "plan.listen", "plan:10", media=7)
    note_heard(world.house, by, "plan.listen", "plan:10", media=8)
    world.clock.pass_time(minutes=11)
    note_heard(world.house, by, "sound.play", "media:7")
    told = world.rows(select(AuditLine.act, AuditLine.data).order_by(AuditLine.id))
    assert [tuple(row) for row in told] == [
        ("sound.play", {}),
        ("plan.listen", {"media": 7}),
        ("plan.listen", {"media": 8}),
        ("sound.play", {}),
    ]


def test_what_is_played_in_a_talk_is_in_the_trail(world: World, at_desk: Desk) -> None:
    her = world.person("nl", "web")
    browser, talk = at_desk("reviewer"), f"/desk/talks/{her.talk}"
    secret = form_secret(browser.get("/desk/account").text)
    note = (BytesIO(to_voice_note(noise(1.0))), "voice.ogg")
    kept = browser.post(f"{talk}/record", data={"secret": secret, "sound": note})
    media = kept.headers["Location"].partition("sound=")[2].partition("&")[0]
    for part in ("bytes=1-", "bytes=0-3", "bytes=4-"):
        heard = browser.get(f"{talk}/sound/{media}", headers={"Range": part})
        assert heard.status_code == 206
    told = [each for each in world.rows(table(AuditLine)) if each.act == "sound.play"]
    assert [each.subject for each in told] == [f"media:{media}"]


def test_who_may_not_is_in_the_log(
    at_desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    viewer = at_desk("viewer")
    viewer.post("/desk/plans/new", data={"text": "een bank onder de linde"})
    viewer.get("/desk/officials")
    viewer.get("/desk", headers={"Sec-Fetch-Site": "cross-site"})
    told = [each.getMessage() for each in caplog.records if "refused" in each.message]
    assert len(told) == 3
    assert "why=may_not place=take_plan official=" in told[0]
    assert "why=may_not place=officials official=" in told[1]
    assert "why=from_elsewhere place=today" in told[2]
    assert "linde" not in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        "/open/rounds/%00/ledger.json",
        "/open/rounds/a%00b",
        "/open/rounds/%00/export.pb",
        "/desk/results/%00",
        "/desk/glance/%00",
        "/media/%00",
    ],
)
def test_no_address_holds_what_no_database_keeps(each_world: World, path: str) -> None:
    """PostgreSQL refuses a zero in a text: it never comes so far."""
    assert inside(each_world, "reviewer").get(path).status_code == 404
