"""Pages of plans that change and of money that became free: who may, what is said."""

from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from bot.domain.plans import Status
from bot.services.officials import ROLES, add_official
from bot.store.changes import FreedAward, PlanChange
from bot.web.desk.access import MAY, Act
from bot.web.desk.words.book import words
from tests.services.desk.changed_town import decided, next_in, stop
from tests.services.desk.night_town import CHOSEN
from tests.services.desk.paying import chosen_plan
from tests.web.conftest import Desk, form_secret, read
from tests.web.desk.test_desk import TRICKS
from tests.worlds import VOTING, World, table

HERE = words("nl")
STOPS = {"kind": "stops", "phrase": "permit"}
FREED = f"/desk/after/{VOTING}/freed"


def post(browser: FlaskClient, page: str, /, **form: str) -> Any:
    secret = form_secret(browser.get("/desk").text)
    return browser.post(page, data=form | {"secret": secret})


def rows(world: World) -> list[Any]:
    return world.rows(table(PlanChange).order_by(PlanChange.id))


@pytest.fixture
def plan(world: World) -> int:
    return chosen_plan(world, None)


def test_one_puts_it_down_and_another_agrees(
    world: World, at_desk: Desk, plan: int
) -> None:
    first, second = at_desk("communicator"), at_desk("reviewer")
    place = f"/desk/plans/{plan}/change"
    assert place in first.get(f"/desk/plans/{plan}").text
    answer = post(first, place, **STOPS)
    assert (answer.status_code, answer.location) == (
        303,
        f"{place}?said=change_proposed",
    )
    (row,) = rows(world)
    own = post(first, f"{place}/{row.id}/confirm")
    assert (own.status_code, HERE["change_own"] in own.text) == (409, True)
    assert HERE["change_own_waits"] in first.get(place).text
    assert HERE["kind_second_change"] in second.get("/desk").text
    assert post(second, f"{place}/{row.id}/confirm").status_code == 303
    assert world.plan_row(plan).status == Status.STOPPED
    assert post(second, f"{place}/{row.id}/confirm").status_code == 409
    assert post(first, f"{place}/{row.id}/undo").status_code == 303
    assert world.plan_row(plan).status == Status.CHOSEN
    assert HERE["change_state_undone"] in first.get(place).text


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_only_what_it_may(
    world: World, at_desk: Desk, plan: int, role: str
) -> None:
    add = partial(
        add_official, email="eva@example.org", role=role, name="", now=world.clock()
    )
    world.house.db.run(add)
    browser, place = at_desk(role), f"/desk/plans/{plan}/change"
    sees, pays = role in MAY[Act.SEE], role in MAY[Act.PAY]
    for page in (place, FREED):
        assert (browser.get(page).status_code == 200) is sees, page
    assert (HERE["change_new"] in browser.get(place).text) is pays
    expected = {True: (303, 400), False: (403, 403)}[pays]
    assert post(browser, place, **STOPS).status_code == expected[0]
    assert post(browser, FREED).status_code == expected[1]
    assert len(rows(world)) == (1 if pays else 0)


def test_a_stranger_or_a_form_of_another_page_changes_nothing(
    world: World, at_desk: Desk, plan: int
) -> None:
    place = f"/desk/plans/{plan}/change"
    assert at_desk("stranger").post(place, data=STOPS).status_code == 403
    forged = at_desk("reviewer").post(place, data=STOPS | {"secret": "x" * 32})
    assert forged.status_code == 403
    forged = at_desk("reviewer").post(FREED, data={"secret": "x" * 32})
    assert forged.status_code == 403
    assert rows(world) == []


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"kind": "grows", "phrase": "permit"}, "change_no_kind"),
        ({"kind": "stops", "phrase": ""}, "change_no_reason"),
        ({"kind": "stops", "reason.nl": "Het kan niet."}, "change_no_translator"),
        (
            {"kind": "stops", "reason.nl": "Het kan niet.", "translator": "Samira"},
            "change_reason_lacks",
        ),
        (
            {"kind": "shrinks", "phrase": "cheaper", "amount": "veel"},
            "change_no_amount",
        ),
        ({"kind": "shrinks", "phrase": "cheaper", "amount": "900"}, "change_not_less"),
        ({"kind": "moves", "phrase": "cables", "place": " "}, "change_no_words"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_typed_twice(
    world: World, at_desk: Desk, plan: int, form: dict[str, str], word: str
) -> None:
    answer = post(at_desk("reviewer"), f"/desk/plans/{plan}/change", **form)
    assert (answer.status_code, HERE[word] in answer.text) == (400, True)
    for typed in form.values():
        assert typed.strip() in answer.text or typed == "grows"
    assert rows(world) == []


@pytest.mark.parametrize("trick", TRICKS)
def test_no_text_becomes_markup(
    world: World, at_desk: Desk, plan: int, trick: str
) -> None:
    browser, place = at_desk("reviewer"), f"/desk/plans/{plan}/change"
    told = {f"reason.{code}": trick for code in ("nl", "en", "tr", "ar")}
    form = {"kind": "moves", "place": trick, "translator": trick} | told
    assert post(browser, place, **form).status_code == 303
    world.clock.pass_time(minutes=11)
    pages = [browser.get(place).text, browser.get(f"/open/rounds/{VOTING}").text]
    for page in pages:
        assert str(escape(trick)) in page
        assert trick not in page or trick == str(escape(trick)) or "<" not in trick


def test_a_plan_that_is_not_there_or_was_never_chosen_is_said(
    world: World, at_desk: Desk
) -> None:
    browser = at_desk("reviewer")
    never = world.plan(None)
    for number in (9_999, never):
        assert browser.get(f"/desk/plans/{number}/change").status_code == 404
        wrong = post(browser, f"/desk/plans/{number}/change", **STOPS)
        assert wrong.status_code == 404
    assert browser.get("/desk/after/nowhere/freed").status_code == 404


def test_what_became_free_is_given_by_two_people_and_open_tells_it(
    world: World, at_desk: Desk
) -> None:
    people = decided(world)
    row = sorted(people)
    after = row[CHOSEN]
    stop(world, row[0])
    first, second = at_desk("communicator"), at_desk("reviewer")
    page = first.get(FREED).text
    assert HERE["freed_verdict_chosen"] in page
    day = str(next_in(world).result.at.date().replace(year=2027))
    form = {"plans": str(after), "name": "Yasmina", "call_before": day}
    for wrong in ("", "x", f"{after},x", f"{after},{after}"):
        refused = post(first, FREED, phrase="freed", **{**form, "plans": wrong})
        assert refused.status_code == 409
        assert HERE["freed_moved"] in refused.text
    answer = post(first, FREED, phrase="freed", **form)
    assert answer.location == f"{FREED}?said=freed_proposed"
    (waits,) = world.rows(table(FreedAward))
    assert post(first, f"{FREED}/{waits.id}/confirm").status_code == 409
    assert HERE["kind_second_freed"] in second.get("/desk").text
    assert post(second, f"{FREED}/{waits.id}/confirm").status_code == 303
    assert post(second, f"{FREED}/{waits.id}/drop").status_code == 409
    assert HERE["freed_nobody"] in second.get(FREED).text
    result = read(second.get(f"/open/rounds/{VOTING}/results.json"))
    assert result["onward"][0]["chosen"] == [str(after)]
    before = read(second.get(f"/open/rounds/{VOTING}/results.json?version=1"))
    assert "onward" not in before
    shown = second.get(f"/open/rounds/{VOTING}?lang=en").text
    assert "Money became free after this result. This is why:" in shown
    assert "A chosen plan stopped or needs less money." in shown
    assert "Chosen since then, with money that became free:" in shown
    assert "Free in this round now:" in shown
    assert "Work on this plan has stopped." in shown
