"""The pages of payments: each role, two people, tricks, and what is shown again."""

from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from bot.services.officials import ROLES, add_official
from bot.store.spending import Spending
from bot.web.desk.access import MAY, Act
from bot.web.desk.words.book import words
from tests.services.desk.paying import chosen_plan, paid, sends_bill
from tests.web.conftest import Desk, form_secret, read
from tests.web.desk.test_desk import TRICKS
from tests.worlds import VOTING, World, table

HERE = words("nl")
FORM = {
    "amount": "12,50",
    "kind": "invoice",
    "what-nl": "verf voor de muur",
    "paid_to": "shop",
    "day": "2026-11-16",
    "new_activity": "De muur",
}
ACTS = ("approve", "back", "undo", "activity")


def post(browser: FlaskClient, place: str, **form: str) -> Any:
    secret = form_secret(browser.get("/desk").text)
    return browser.post(place, data=form | {"secret": secret})


def entered(world: World) -> Any:
    return world.rows(table(Spending).order_by(Spending.id))


@pytest.fixture
def plan(world: World) -> int:
    return chosen_plan(world, None)


def test_one_enters_and_another_approves(
    world: World, at_desk: Desk, plan: int
) -> None:
    first, second = at_desk("communicator"), at_desk("reviewer")
    answer = post(first, f"/desk/money/{plan}", **FORM)
    assert (answer.status_code, answer.location) == (
        303,
        f"/desk/money/{plan}?said=money_entered",
    )
    (line,) = entered(world)
    place = f"/desk/money/lines/{line.id}/approve"
    own = post(first, place)
    assert own.status_code == 409
    assert HERE["money_own_line"] in own.text
    assert HERE["money_yours"] in first.get(f"/desk/money/{plan}").text
    assert "12,50 euro" in second.get("/desk/money").text
    assert post(second, place).status_code == 303
    ledger = read(second.get(f"/open/rounds/{VOTING}/ledger.json"))
    assert [each["amount_cents"] for each in ledger[0]["lines"]] == [1250]
    page = second.get(f"/open/rounds/{VOTING}?lang=en").text
    assert "verf voor de muur" in page
    assert "487.50" in page


def test_an_administrator_does_not_approve_what_she_entered(
    world: World, at_desk: Desk, plan: int
) -> None:
    admin = at_desk("admin")
    post(admin, f"/desk/money/{plan}", **FORM)
    (line,) = entered(world)
    assert post(admin, f"/desk/money/lines/{line.id}/approve").status_code == 409
    assert entered(world)[0].state == "waiting"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_only_what_it_may(
    world: World, at_desk: Desk, plan: int, role: str
) -> None:
    line, now = paid(world, plan), world.clock()
    add = partial(add_official, email="eva@example.org", role=role, name="", now=now)
    world.house.db.run(add)
    browser = at_desk(role)
    sees, pays = role in MAY[Act.SEE], role in MAY[Act.PAY]
    assert (browser.get("/desk/money").status_code == 200) is sees
    shown = browser.get(f"/desk/money/{plan}")
    assert (shown.status_code == 200) is sees
    assert (HERE["money_save"] in shown.text) is pays
    photo = browser.get(f"/desk/money/lines/{line}/photo.jpg")
    assert photo.status_code in ({404} if pays else {303, 403})
    for place in (f"/desk/money/{plan}", f"/desk/money/lines/{line}/undo"):
        answer = post(browser, place, **FORM)
        assert answer.status_code == (303 if pays else 403), place
    assert len(entered(world)) == (3 if pays else 1)


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_changes_nothing(world: World, at_desk: Desk, act: str) -> None:
    line = paid(world, chosen_plan(world, None))
    answer = at_desk("stranger").post(f"/desk/money/lines/{line}/{act}", data=FORM)
    assert answer.status_code == 403
    assert entered(world)[0].state == "approved"


@pytest.mark.parametrize("act", ACTS)
def test_a_payment_that_is_not_there_is_said(at_desk: Desk, act: str) -> None:
    answer = post(at_desk("reviewer"), f"/desk/money/lines/99/{act}", **FORM)
    assert answer.status_code == 404


@pytest.mark.parametrize("trick", TRICKS)
def test_no_text_becomes_markup(
    world: World, at_desk: Desk, plan: int, trick: str
) -> None:
    first, second = at_desk("communicator"), at_desk("reviewer")
    told = dict.fromkeys(("what-nl", "what-ar", "new_activity"), trick)
    assert post(first, f"/desk/money/{plan}", **FORM | told).status_code == 303
    (line,) = entered(world)
    pages = [second.get("/desk/money").text, second.get(f"/desk/money/{plan}").text]
    post(second, f"/desk/money/lines/{line.id}/approve")
    pages.append(second.get(f"/open/rounds/{VOTING}").text)
    for page in pages:
        assert str(escape(trick)) in page
        assert trick not in page or trick == str(escape(trick)) or "<" not in trick
    back = {"reason-nl": trick}
    post(first, f"/desk/money/lines/{line.id}/undo")
    post(second, f"/desk/money/lines/{line.id + 1}/back", **back)
    assert str(escape(trick)) in second.get(f"/desk/money/{plan}").text


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"amount": "veel"}, "money_no_amount"),
        ({"amount": "=1+1; 2"}, "money_no_amount"),
        ({"day": "morgen"}, "money_later"),
        ({"day": "2027-01-01"}, "money_later"),
        ({"what-nl": " "}, "money_needs_words"),
        ({"kind": "gift"}, "money_needs_choice"),
        ({"paid_to": "Ayse Yilmaz"}, "money_needs_choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_typed_twice(
    world: World, at_desk: Desk, plan: int, wrong: dict[str, str], word: str
) -> None:
    form = FORM | {"new_activity": "Het plein"} | wrong
    page = post(at_desk("reviewer"), f"/desk/money/{plan}", **form)
    assert page.status_code == 400
    assert HERE[word] in page.text
    assert 'value="Het plein"' in page.text
    assert entered(world) == []


def test_a_day_may_be_typed_as_people_write_it(
    world: World, at_desk: Desk, plan: int
) -> None:
    post(at_desk("reviewer"), f"/desk/money/{plan}", **FORM | {"day": "16-11-2026"})
    assert entered(world)[0].day == "2026-11-16"


def test_a_receipt_from_the_chat_is_completed_and_approved(
    world: World, at_desk: Desk
) -> None:
    author = world.person("nl", "web")
    plan = chosen_plan(world, author)
    sends_bill(world, author)
    (line,) = entered(world)
    desk = at_desk("reviewer")
    page = desk.get(f"/desk/money/{plan}").text
    assert HERE["money_check_photo"] in page
    photo = desk.get(f"/desk/money/lines/{line.id}/photo.jpg")
    assert (photo.status_code, photo.mimetype) == (200, "image/jpeg")
    assert photo.headers["Cache-Control"] == "no-store"
    place = f"/desk/money/lines/{line.id}/approve"
    bare = post(desk, place, **FORM | {"what-nl": ""})
    assert bare.status_code == 400
    assert 'value="De muur"' in bare.text, "what was typed is still in its form"
    post(desk, place, **FORM | {"amount": "9999", "kind": "reimbursement"})
    (line,) = entered(world)
    assert (line.state, line.cents, line.kind) == ("approved", 1250, "reimbursement")


def test_a_plan_that_was_not_chosen_has_no_page(world: World, at_desk: Desk) -> None:
    number = world.plan(None)
    answer = at_desk("viewer").get(f"/desk/money/{number}")
    assert answer.status_code == 404
    assert HERE["money_no_plan"] in answer.text


def test_an_empty_desk_teaches(at_desk: Desk) -> None:
    page = at_desk("viewer").get("/desk/money?lang=en").text
    assert words("en")["money_waits_none"] in page
    assert words("en")["money_plans_none"] in page
