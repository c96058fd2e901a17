"""The desk's pages of a results night, with their cast and with two editors at once."""

import io
import re
import zipfile
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import insert, select

from bot.services.desk.night_count import fill
from bot.services.desk.night_plans import cards, completeness
from bot.services.desk.nights import begin_night
from bot.store.audit import AuditLine
from bot.store.civic import PlanRow
from bot.store.nights import Night, NightPlan
from bot.web.desk.words.book import words
from tests.services.desk.night_town import (
    ANNA,
    carry,
    lacking,
    let_go,
    night_of,
    prepare,
    scene_do,
    settle,
)
from tests.web.conftest import Desk, form_secret
from tests.worlds import VOTING, Person, World

PAGE = f"/desk/results/{VOTING}"
W = words("nl")
TRICKS = ("=1+1", "<script>alert(1)</script>", "{{ 7 * 7 }}", "'; DROP TABLE x;--")


@pytest.fixture
def people(world: World) -> dict[int, Person]:
    return settle(world, 44)


def post(browser: FlaskClient, place: str, **form: str) -> Any:
    secret = form_secret(browser.get("/desk").text)
    kept = {"secret": secret} | {
        name.replace("__", "."): value for name, value in form.items()
    }
    return browser.post(f"{PAGE}{place}", data=kept)


def version(world: World, number: int | None = None) -> str:
    if number is None:
        return str(world.one(select(Night.version)).version)
    plan_id = world.plan_row(number).id
    row = select(NightPlan.version).where(NightPlan.plan_id == plan_id)
    return str(world.one(row).version)


def moments(world: World) -> dict[str, str]:
    first = world.clock() + timedelta(hours=3)
    days = {"authors": 0, "voters": 1, "public": 2}
    return {
        step: f"{first + timedelta(days=more):%Y-%m-%dT%H:%M}"
        for step, more in days.items()
    }


CAST = {
    "stranger": (303, 403, 403, 403),
    "viewer": (200, 403, 403, 403),
    "counter": (200, 403, 403, 403),
    "reviewer": (200, 303, 403, 303),
    "communicator": (200, 303, 303, 303),
    "admin": (200, 303, 303, 303),
}


@pytest.mark.parametrize("role", CAST)
def test_each_role_may_do_what_it_may(
    world: World, at_desk: Desk, people: dict[int, Person], role: str
) -> None:
    sees, composes, sends, calls = CAST[role]
    browser = at_desk(role)
    assert browser.get("/desk/results").status_code == sees
    assert browser.get(PAGE).status_code == sees
    assert post(browser, "/begin").status_code == composes
    night_id = prepare(world)
    assert browser.get(f"{PAGE}/plans").status_code == sees
    assert browser.get(f"{PAGE}/rehearsal").status_code == sees
    let_go(world, night_id)
    assert post(browser, "/stop").status_code == sends
    if sends != 303:
        assert post(at_desk("admin"), "/stop").status_code == 303
    let_go(world, night_id)
    world.clock.pass_time(hours=2)
    assert carry(world) == 1
    number = min(people)
    expected = 200 if calls == 303 else calls
    listed = browser.get(f"{PAGE}/calls").status_code
    assert listed == (303 if role == "stranger" else expected)
    assert post(browser, f"/calls/{number}").status_code == calls
    wrong = {"plan": str(number), "now": "not_voted_in", "why__nl": "Fout geteld."}
    assert post(browser, "/wrong", **wrong).status_code == composes


def test_begun_filled_completed_proposed_released_by_two(
    world: World, at_desk: Desk, people: dict[int, Person]
) -> None:
    anna, bram = at_desk("communicator"), at_desk("admin")
    assert W["night_teach"] in anna.get(PAGE).text
    assert post(anna, "/begin", standing="final").location.endswith("night_begun")
    assert lacking(world) == len(people)
    assert post(anna, "/fill").location.endswith("night_filled")
    page = anna.get(PAGE).text
    assert W["nobody_goes"] in page
    assert W["lack_contact"] in page
    refused = post(anna, "/propose", version=version(world))
    assert refused.status_code == 409
    assert W["night_lacks"] in refused.text
    for outcome in ("infeasible", "not_preselected"):
        post(anna, f"/fill/{outcome}", reason__nl="Er liggen kabels.")
    day = f"{world.clock() + timedelta(days=20):%Y-%m-%d}"
    post(anna, "/fill/chosen", name="Yasmina", phone="020", call_before=day)
    assert lacking(world) == 0
    no_time = post(anna, "/propose", version=version(world))
    assert W["night_no_moment"] in no_time.text
    saved = post(anna, "/set", version=version(world), **moments(world))
    assert saved.location.endswith("said=saved")
    proposed = post(anna, "/propose", version=version(world))
    assert proposed.location.endswith("night_proposed")
    alone = post(anna, "/release", version=version(world))
    assert alone.status_code == 409
    assert W["same_person"] in alone.text
    done = post(bram, "/release", version=version(world))
    assert done.location.endswith("night_released")
    acts = [row.act for row in world.rows(select(AuditLine.act).order_by(AuditLine.id))]
    assert acts[-2:] == ["night.propose", "night.release"]


def test_who_proposed_it_cannot_release_it_whatever_the_role(
    world: World, at_desk: Desk, people: dict[int, Person]
) -> None:
    del people
    prepare(world)
    admin = at_desk("admin")
    post(admin, "/set", version=version(world), **moments(world))
    post(admin, "/propose", version=version(world))
    assert post(admin, "/release", version=version(world)).status_code == 409
    assert night_of(world).state == "proposed"


def test_a_change_after_the_proposal_needs_a_new_look(
    world: World, at_desk: Desk, people: dict[int, Person]
) -> None:
    prepare(world)
    anna = at_desk("communicator")
    post(anna, "/set", version=version(world), **moments(world))
    post(anna, "/propose", version=version(world))
    seen, number = version(world), max(people)
    form = {"outcome": "infeasible", "reason__nl": "Er liggen kabels."}
    changed = post(anna, f"/plans/{number}", version=version(world, number), **form)
    assert changed.status_code == 303
    late = post(at_desk("admin"), "/release", version=seen)
    assert late.status_code == 409
    assert W["changed_meanwhile"] in late.text
    assert night_of(world).state == "draft"


def test_two_editors_at_once_are_told_and_nothing_is_written_over(
    world: World, at_desk: Desk, people: dict[int, Person]
) -> None:
    prepare(world)
    number = max(people)
    seen = version(world, number)
    form = {"outcome": "infeasible", "version": seen}
    first = post(
        at_desk("communicator"), f"/plans/{number}", reason__nl="Van Anna.", **form
    )
    assert first.status_code == 303
    second = post(at_desk("admin"), f"/plans/{number}", reason__nl="Van Bo.", **form)
    assert second.status_code == 409
    assert W["changed_meanwhile"] in second.text
    assert "Van Anna." in second.text
    assert "Van Bo." in second.text
    row = world.one(
        select(NightPlan.reason).where(NightPlan.plan_id == world.plan_row(number).id)
    )
    assert row.reason == {"nl": "Van Anna."}


@pytest.mark.parametrize("trick", TRICKS)
def test_no_words_become_markup_or_formula(
    world: World, at_desk: Desk, people: dict[int, Person], trick: str
) -> None:
    night_id = prepare(world)
    number = max(people)
    anna = at_desk("communicator")
    form = {"outcome": "infeasible", "name": trick, "phone": trick}
    reason = dict.fromkeys(("reason__nl", "reason__ar"), trick)
    saved = post(
        anna, f"/plans/{number}", version=version(world, number), **form, **reason
    )
    assert saved.status_code == 303
    trickily = dict.fromkeys(("nl", "en", "tr", "ar"), trick)
    world.change_plan(number, title=trickily, resident_id=None)
    for place in ("", "/plans?show=infeasible", "/rehearsal"):
        page = anna.get(f"{PAGE}{place}").text
        assert "<script>alert" not in page
    listed = anna.get(f"{PAGE}/plans?after={number - 1}").text
    assert str(escape(trick)) in listed
    let_go(world, night_id)
    world.clock.pass_time(hours=2)
    carry(world)
    assert "<script>alert" not in anna.get(f"{PAGE}/calls").text
    table = anna.get(f"{PAGE}/calls.csv").data.decode("utf-8-sig")
    assert f",{trick}," not in table if trick.startswith("=") else trick in table
    with zipfile.ZipFile(io.BytesIO(anna.get(f"{PAGE}/calls.xlsx").data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<script>" not in sheet


def test_a_correction_takes_two_and_is_told(
    world: World, at_desk: Desk, people: dict[int, Person]
) -> None:
    night_id = prepare(world)
    let_go(world, night_id)
    world.clock.pass_time(hours=2)
    carry(world)
    number = sorted(people)[20]
    anna, bram = at_desk("communicator"), at_desk("admin")
    form = {"plan": str(number), "now": "chosen"}
    assert W["correction_why"] in post(anna, "/wrong", **form).text
    done = post(anna, "/wrong", why__nl="Wij telden verkeerd.", **form)
    assert done.status_code == 303
    place = re.findall(rf'action="({PAGE}/wrong/\d+/confirm)', bram.get(PAGE).text)[0]
    short = place.removeprefix(PAGE)
    assert post(anna, short).status_code == 409
    assert not [text for text in _heard(world, people[number]) if "verkeerd" in text]
    assert post(bram, short).status_code == 303
    (told,) = [text for text in _heard(world, people[number]) if "verkeerd" in text]
    assert "Wij telden verkeerd." in told
    assert post(bram, short).status_code == 409
    assert world.plan_row(number).status == "chosen"


def _heard(world: World, person: Person) -> list[str]:
    language = world.talk(person).language
    assert language
    return world.texts(person)


def test_a_called_author_is_ticked_and_can_be_put_back(
    world: World, at_desk: Desk, people: dict[int, Person]
) -> None:
    number, author = next(iter(people.items()))
    world.change_talk(author, stopped_at=world.clock(), phone="+31612345678")
    let_go(world, prepare(world))
    world.clock.pass_time(hours=2)
    carry(world)
    browser = at_desk("reviewer")
    page = browser.get(f"{PAGE}/calls").text
    assert "tel:+31612345678" in page
    assert post(browser, f"/calls/{number}").location.endswith("called_noted")
    assert all(task.done_at for task in world.tasks())
    assert "tel:+31612345678" not in browser.get(f"{PAGE}/calls").text
    undone = post(browser, f"/calls/{number}", undo="yes")
    assert undone.location.endswith("called_undone")
    assert "tel:+31612345678" in browser.get(f"{PAGE}/calls").text


def test_what_cannot_be_counted_yet_is_said_and_nothing_is_lost(
    world: World, at_desk: Desk
) -> None:
    settle(world, 44)
    world.clock.now -= timedelta(days=40)
    night_id = begin_night(world.house, VOTING, "final", ANNA)
    fill(world.house, night_id, None, ANNA)
    outcomes = {row.outcome for row in world.rows(select(NightPlan.outcome))}
    assert "chosen" not in outcomes
    world.clock.pass_time(days=40)
    world.change_plan(10, cost_cents=None)
    refused = post(at_desk("communicator"), "/fill")
    assert refused.status_code == 400
    assert W["night_no_count"] in refused.text
    assert "Plan 10 has no cost" in refused.text


@pytest.mark.parametrize(
    "form",
    [
        {"outcome": "winner"},
        {"outcome": "chosen", "euros": "veel"},
        {"outcome": "chosen", "call_before": "morgen"},
        {"outcome": "infeasible", "reason__nl": "x" * 241},
        {"outcome": "chosen", "name": "x" * 61},
    ],
)
def test_a_form_with_a_fault_is_shown_again_with_what_was_written(
    world: World, at_desk: Desk, people: dict[int, Person], form: dict[str, str]
) -> None:
    prepare(world)
    number = max(people)
    before = version(world, number)
    browser = at_desk("communicator")
    more = {"reason__tr": "Kablolar var."} | form
    place = f"/plans/{number}?after={number - 1}"
    refused = post(browser, place, version=before, **more)
    assert refused.status_code == 400
    assert "Kablolar var." in refused.text
    assert version(world, number) == before


def test_the_pages_are_quick_with_ten_thousand_plans(world: World) -> None:
    settle(world, 44)
    now = world.clock()
    round_id = world.plan_row(10).round_id
    rows = [
        {"number": 10_000 + at, "round_id": round_id, "status": "public", "text": "x"}
        | {"created_at": now, "supports": 3}
        for at in range(10_000)
    ]
    with world.house.db.engine.begin() as db:
        db.execute(insert(PlanRow), rows)
    prepare(world)
    night = night_of(world)
    began = perf_counter()
    whole = scene_do(world, lambda scene: completeness(scene, night))
    listed = scene_do(world, lambda scene: cards(scene, night, after=15_000))
    took = perf_counter() - began
    assert (whole.total, len(listed)) == (10_044, 20)
    assert took < 0.3
