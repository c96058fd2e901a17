"""`/desk/hooks`: systems of the city are connected, watched and taken away."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from bot.app import create_app
from bot.services.desk.endpoints import KINDS
from bot.services.outgoing import post_events
from bot.store.audit import AuditLine
from bot.store.outhooks import HookEndpoint, HookEvent
from bot.web.desk.words.book import WORDS, words
from bot.web.hook_bodies import Type
from tests.services.city_hooks import posting
from tests.standins.city_system import CitySystem, is_signed
from tests.standins.server import Answer
from tests.web.conftest import Desk, form_secret, log_in, one_time_token
from tests.web.desk.test_desk import TRICKS
from tests.worlds import World, hook, signed, table

PLACE = "/desk/hooks"
W = words("nl")


@pytest.fixture
def town(world: World) -> Iterator[World]:
    with posting(world) as made:
        yield made


@pytest.fixture
def admin(town: World) -> FlaskClient:
    browser = create_app(house=town.house).test_client()
    assert log_in(browser, one_time_token(town, "admin")) == 303
    return browser


def post(browser: FlaskClient, place: str, **form: Any) -> Any:
    secret = form_secret(browser.get(PLACE).text)
    return browser.post(f"{PLACE}{place}", data={"secret": secret} | form)


def shown_secret(page: str) -> str:
    found = re.search(r">(whsec_[^<]+)</code>", page)
    return found[1] if found else ""


def endpoints(world: World) -> list[Any]:
    return world.rows(table(HookEndpoint).order_by(HookEndpoint.id))


def acts(world: World) -> list[str]:
    return [row.act for row in world.rows(table(AuditLine).order_by(AuditLine.id))]


def test_a_system_is_connected_tried_and_taken_away(
    town: World, admin: FlaskClient
) -> None:
    assert W["hooks_none"] in admin.get(PLACE).text
    with CitySystem() as system:
        page = post(admin, "", url=system.hook, kind=list(KINDS))
        assert page.status_code == 200
        secret = shown_secret(page.text)
        system.secrets = [secret]
        assert secret not in admin.get(PLACE).text
        (row,) = endpoints(town)
        answer = post(admin, f"/{row.id}/test")
        assert answer.location == f"{PLACE}?said=hooks_did_test"
        assert post_events(town.house)
        (call,) = system.calls
        assert is_signed(call, secret)
        assert call.json["type"] == "hook.test"
        assert W["sent_taken"] in admin.get(PLACE).text
    assert post(admin, f"/{row.id}/remove").status_code == 303
    assert endpoints(town) == []
    hers = [act for act in acts(town) if act != "login"]
    assert hers == ["hooks.add", "hooks.test", "hooks.remove"]


def test_a_form_that_is_sent_twice_does_nothing_twice(
    town: World, admin: FlaskClient
) -> None:
    url = "https://zaken.city.example/in"
    first = post(admin, "", url=url, kind=["plan.created"])
    again = post(admin, "", url=url, kind=["plan.created"])
    assert shown_secret(first.text)
    assert again.status_code == 400
    assert W["hooks_there_already"] in again.text
    (row,) = endpoints(town)
    form = {"made_at": row.secret_at.isoformat()}
    town.clock.pass_time(seconds=1)
    assert shown_secret(post(admin, f"/{row.id}/secret", **form).text)
    twice = post(admin, f"/{row.id}/secret", **form)
    assert twice.status_code == 400
    assert not shown_secret(twice.text)
    assert endpoints(town)[0].old_secret == row.secret


@pytest.mark.parametrize(
    ("url", "kinds", "said"),
    [
        ("", ["plan.created"], "hooks_no_address"),
        ("http://zaken.city.example/", ["plan.created"], "hooks_not_https"),
        ("https://10.0.0.1/", ["plan.created"], "hooks_private"),
        ("https://a:b@zaken.city.example/", ["plan.created"], "hooks_with_password"),
        (f"https://zaken.city.example/{'x' * 500}", list(KINDS), "hooks_too_long"),
        ("https://zaken.city.example/", [], "hooks_no_kinds"),
        ("https://zaken.city.example/", ["plan.shoe"], "hooks_unknown_kind"),
    ],
)
def test_a_fault_is_told_and_what_was_typed_stays(
    town: World, admin: FlaskClient, url: str, kinds: list[str], said: str
) -> None:
    page = post(admin, "", url=url, kind=kinds)
    assert page.status_code == 400
    assert W[said] in page.text
    assert f'value="{escape(url)}"' in page.text
    assert endpoints(town) == []


@pytest.mark.parametrize("trick", TRICKS)
def test_what_is_typed_or_answered_stays_text(
    town: World, admin: FlaskClient, trick: str
) -> None:
    page = post(admin, "", url=trick, kind=["plan.created"])
    assert page.status_code == 400
    assert str(escape(trick)) in page.text
    with CitySystem() as system:
        system.will(Answer(500, trick.encode()), "/events")
        post(admin, "", url=system.hook, kind=["plan.created"])
        town.plan(None)
        post_events(town.house)
    page = admin.get(PLACE)
    assert str(escape(trick)) in page.text
    assert escape(trick) == trick or trick not in page.text


def test_what_failed_is_shown_and_sent_again(town: World, admin: FlaskClient) -> None:
    with CitySystem() as system:
        system.will(Answer(500, b"database is full"), "/events")
        page = post(admin, "", url=system.hook, kind=["plan.created"])
        system.secrets = [shown_secret(page.text)]
        town.plan(None)
        post_events(town.house)
        shown = admin.get(PLACE).text
        assert "database is full" in shown
        assert W["hooks_failing"] in shown
        (again,) = re.findall(r"/desk/hooks(/events/\d+/again)", shown)
        assert post(admin, again).status_code == 303
        post_events(town.house)
        assert W["hooks_on"] in admin.get(PLACE).text
        (row,) = endpoints(town)
        assert post(admin, f"/{row.id}/again", since="hour").status_code == 303
        post_events(town.house)
    assert [
        len({c.headers["webhook-id"] for c in system.calls}),
        len(system.calls),
    ] == [
        1,
        3,
    ]


def test_switched_off_it_keeps_what_happens_and_on_again_it_sends(
    town: World, admin: FlaskClient
) -> None:
    with CitySystem() as system:
        page = post(admin, "", url=system.hook, kind=["plan.created", "task.done"])
        system.secrets = [shown_secret(page.text)]
        (row,) = endpoints(town)
        assert post(admin, f"/{row.id}/off").status_code == 303
        town.plan(None)
        post_events(town.house)
        page = admin.get(PLACE).text
        assert W["hooks_off_by_hand"] in page
        assert f"{W['hooks_owed']}: 1" in page
        assert system.calls == []
        assert post(admin, f"/{row.id}/off").location.endswith("said=did_nothing")
        assert post(admin, f"/{row.id}/on").status_code == 303
        post_events(town.house)
        assert [each["type"] for each in system.told] == ["plan.created"]


def test_the_choice_of_events_can_be_changed(town: World, admin: FlaskClient) -> None:
    post(admin, "", url="https://zaken.city.example/", kind=["plan.created"])
    (row,) = endpoints(town)
    answer = post(admin, f"/{row.id}/kinds", kind=["task.done", "task.opened"])
    assert answer.status_code == 303
    town.plan(None)
    assert town.rows(table(HookEvent)) == []
    assert post(admin, f"/{row.id}/kinds").status_code == 400


@pytest.mark.parametrize("number", [0, 99, 2**53])
@pytest.mark.parametrize("verb", ["off", "on", "remove", "test", "again", "kinds"])
def test_what_is_gone_is_told_so(admin: FlaskClient, number: int, verb: str) -> None:
    answer = post(admin, f"/{number}/{verb}", kind=["plan.created"])
    assert answer.status_code in {303, 400}
    if answer.status_code == 303:
        assert answer.location.endswith("said=did_nothing")


@pytest.mark.parametrize(
    "made_at", ["", "x", "2026-01-01", "0001-01-01T00:00:00+14:00"]
)
def test_a_secret_is_not_renewed_by_a_broken_form(
    town: World, admin: FlaskClient, made_at: str
) -> None:
    post(admin, "", url="https://zaken.city.example/", kind=["plan.created"])
    (row,) = endpoints(town)
    answer = post(admin, f"/{row.id}/secret", made_at=made_at)
    assert answer.status_code == 400
    assert endpoints(town)[0].secret == row.secret


@pytest.mark.parametrize(
    "role",
    ["stranger", "viewer", "reviewer", "communicator", "counter"],
)
def test_only_the_administrator_sees_and_changes_connections(
    world: World, at_desk: Desk, role: str
) -> None:
    browser = at_desk(role)
    page = browser.get(PLACE)
    assert page.status_code in {303, 403}
    assert W["hooks_how"] not in page.text
    for place in ("", "/1/kinds", "/1/secret", "/1/off", "/1/again", "/events/1/again"):
        posted = {"url": "https://zaken.city.example/", "kind": "plan.created"}
        posted["secret"] = form_secret(browser.get("/desk").text)
        assert browser.post(f"{PLACE}{place}", data=posted).status_code == 403
    assert endpoints(world) == []
    assert PLACE not in browser.get("/desk").text


def test_every_word_that_a_page_may_need_is_there() -> None:
    from bot.domain.events import TEST, WHY, Fault
    from bot.services.desk.endpoints import WHY_OFF

    needed = {f"event_{kind}" for kind in (*KINDS, TEST)}
    needed |= {f"fault_{fault}" for fault in Fault} | {f"hooks_{why}" for why in WHY}
    needed |= {f"hooks_off_{why}" for why in WHY_OFF}
    assert needed <= WORDS.keys()


def test_what_other_systems_asked_is_listed_and_stands_in_the_trail(
    town: World, admin: FlaskClient
) -> None:
    assert W["calls_none"] in admin.get(PLACE).text
    number = town.plan(town.person())
    call = signed(hook("plan.status", plan=number, status="started"), "<b>msg_1")
    for status in (202, 200):
        assert admin.post("/hooks", **call).status_code == status
    page = admin.get(PLACE).text
    assert page.count("&lt;b&gt;msg_1") == 1
    assert W["call_plan.status"] in page
    assert f"{W['calls_told']}: 1" in page
    (line,) = [each for each in town.rows(table(AuditLine)) if each.act != "login"]
    assert (line.by, line.act) == ("hook", "plan.status")
    assert line.data == {"told": 1, "held": 0}


def test_every_kind_of_call_has_a_name() -> None:
    assert {f"call_{kind}" for kind in get_args(Type)} <= WORDS.keys()
