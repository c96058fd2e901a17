"""Somebody leaves: plan and name move together, and everybody hears of it."""

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import update

from bot.domain.plans import Status
from bot.services.caring import begin_care
from bot.services.desk.people import restore, suspend
from bot.services.handing_over import tell_handovers
from bot.services.house import Scene
from bot.services.plans import set_status
from bot.store.audit import AuditLine
from bot.store.care import CareRow, ContactRow, Handover
from bot.web.desk.words.book import words
from tests.services.desk.officials import official
from tests.web.conftest import Desk, form_secret
from tests.web.desk.test_desk import TRICKS
from tests.worlds import Person, World, table

BRAM = {"name": "Bram de Wit", "phone": "020 123 4567"}


def picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (900, 700), "teal").save(made, "PNG")
    made.seek(0)
    return made


def post(browser: Any, place: str, **form: Any) -> Any:
    secret = form_secret(browser.get("/desk").text)
    return browser.post(place, data={"secret": secret} | form)


def chosen(world: World, author: Person | None, **plan: Any) -> int:
    """Return the number of a chosen plan that Bram helps with."""
    title = {"nl": "Bank onder de linde", "tr": "Ihlamurun altına bank"}
    number = world.plan(author, status="chosen", contact=BRAM, title=title, **plan)
    row, now = world.plan_row(number).id, world.clock()
    data = {"contact": BRAM}
    world.house.db.run(lambda db: begin_care(Scene(world.house, db, now), row, data))
    return number


def contact_of(world: World, number: int) -> str:
    return str(world.plan_row(number).contact["name"])


def contacts(world: World) -> dict[str, int]:
    return {row.name: row.id for row in world.rows(table(ContactRow))}


def add(browser: Any, name: str = "Chantal Bos", **card: Any) -> Any:
    form = {"name": name, "phone": "020 765 4321"} | card
    return post(browser, "/desk/contacts", **form)


def test_plan_and_name_move_together_and_all_are_told_after_ten_minutes(
    each_world: World, at_desk_of: Any
) -> None:
    world = each_world
    author, follower = world.person("tr"), world.person("ar")
    number = chosen(world, author, public_at=world.clock())
    world.follow(follower, number)
    browser = at_desk_of(world, "communicator")
    assert add(browser, photo=(picture(), "chantal.png")).status_code == 303
    ids = contacts(world)
    moved = post(
        browser,
        f"/desk/contacts/{ids['Bram de Wit']}/leave",
        to=str(ids["Chantal Bos"]),
        leaves="yes",
    )
    assert moved.status_code == 303
    assert contact_of(world, number) == "Chantal Bos"
    tell_handovers(world.house)
    assert world.pushes(author) == []
    world.clock.pass_time(minutes=10)
    tell_handovers(world.house)
    tell_handovers(world.house)
    (hers,) = world.pushes(author)
    assert "Chantal Bos" in hers.text
    assert "Bram de Wit" in hers.text
    assert (
        hers.picture
        == world.one(table(ContactRow).where(ContactRow.name == "Chantal Bos")).photo_id
    )
    (theirs,) = world.pushes(follower)
    assert "Chantal Bos" in theirs.text
    assert "765" not in theirs.text
    world.says(author, f"durum {number}")
    assert "Chantal Bos" in world.texts(author)[-1]


def test_within_ten_minutes_it_is_undone_and_nobody_has_heard(
    world: World, at_desk: Desk
) -> None:
    author = world.person("nl")
    number = chosen(world, author)
    browser = at_desk("communicator")
    add(browser)
    ids = contacts(world)
    bram, chantal = ids["Bram de Wit"], ids["Chantal Bos"]
    post(browser, f"/desk/contacts/{bram}/leave", to=str(chantal), leaves="yes")
    row = world.one(table(Handover))
    world.clock.pass_time(minutes=9)
    post(browser, f"/desk/contacts/handovers/{row.id}/undo")
    assert contact_of(world, number) == "Bram de Wit"
    assert world.one(table(ContactRow).where(ContactRow.id == bram)).left_at is None
    world.clock.pass_time(minutes=5)
    tell_handovers(world.house)
    assert world.pushes(author) == []


def test_later_it_cannot_be_undone_any_more(world: World, at_desk: Desk) -> None:
    number = chosen(world, world.person("nl"))
    browser = at_desk("communicator")
    add(browser)
    ids = contacts(world)
    place = f"/desk/contacts/{ids['Bram de Wit']}/leave"
    post(browser, place, to=str(ids["Chantal Bos"]))
    world.clock.pass_time(minutes=10)
    late = post(
        browser, f"/desk/contacts/handovers/{world.one(table(Handover)).id}/undo"
    )
    assert late.status_code == 409
    assert words("nl")["contact_undo_late"] in late.text
    assert contact_of(world, number) == "Chantal Bos"


def test_whoever_leaves_leaves_no_plan_behind(world: World, at_desk: Desk) -> None:
    one, other = (chosen(world, world.person("nl")) for _ in range(2))
    browser = at_desk("communicator")
    add(browser)
    ids, row = contacts(world), world.plan_row(one).id
    place = f"/desk/contacts/{ids['Bram de Wit']}/leave"
    form = {f"to_{row}": str(ids["Chantal Bos"]), "leaves": "yes"}
    refused = post(browser, place, **form)
    assert refused.status_code == 400
    assert words("nl")["contact_left_over"] in refused.text
    assert {contact_of(world, each) for each in (one, other)} == {"Bram de Wit"}


def test_each_plan_can_go_to_somebody_else(world: World, at_desk: Desk) -> None:
    one, other = (chosen(world, world.person("nl")) for _ in range(2))
    browser = at_desk("communicator")
    add(browser)
    add(browser, "Deniz Kaya")
    ids, row = contacts(world), world.plan_row(one).id
    place = f"/desk/contacts/{ids['Bram de Wit']}/leave"
    form = {f"to_{row}": str(ids["Deniz Kaya"]), "to": str(ids["Chantal Bos"])}
    assert post(browser, place, **form).status_code == 303
    assert contact_of(world, one) == "Deniz Kaya"
    assert contact_of(world, other) == "Chantal Bos"
    acts = [row.act for row in world.rows(table(AuditLine))]
    assert acts.count("contact.leave") == 1


def test_a_gone_account_with_plans_is_red(world: World, at_desk: Desk) -> None:
    chosen(world, world.person("nl"))
    browser = at_desk("communicator")
    bram = contacts(world)["Bram de Wit"]
    assert words("nl")["contact_red"] not in browser.get("/desk/contacts").text
    gone = update(ContactRow).where(ContactRow.id == bram).values(official_id=4711)
    world.house.db.run(lambda db: db.execute(gone).rowcount)
    assert words("nl")["contact_red"] in browser.get("/desk/contacts").text


def test_a_suspended_account_with_plans_is_red_until_it_is_let_in_again(
    world: World, at_desk: Desk
) -> None:
    chosen(world, world.person("nl"))
    browser = at_desk("communicator")
    bram, reviewer = contacts(world)["Bram de Wit"], official(world, "reviewer")
    post(browser, f"/desk/contacts/{bram}", name="Bram de Wit", official=reviewer.id)
    assert words("nl")["contact_red"] not in browser.get("/desk/contacts").text
    admin = official(world, "admin")
    suspend(world.house, admin, reviewer.id)
    assert words("nl")["contact_red"] in browser.get("/desk/contacts").text
    restore(world.house, admin, reviewer.id)
    assert words("nl")["contact_red"] not in browser.get("/desk/contacts").text


def test_plans_without_anybody_are_named_and_can_be_given(
    world: World, at_desk: Desk
) -> None:
    number = world.plan(world.person("nl"), status="on_ballot")
    now = world.clock()
    world.house.db.run(
        lambda db: set_status(
            Scene(world.house, db, now), number, Status.CHOSEN, {}, "bram"
        )
    )
    browser = at_desk("communicator")
    add(browser)
    assert words("nl")["contacts_alone"] in browser.get("/desk/contacts").text
    post(browser, "/desk/contacts/0/leave", to=str(contacts(world)["Chantal Bos"]))
    assert contact_of(world, number) == "Chantal Bos"
    assert world.one(table(CareRow)).contact_id == contacts(world)["Chantal Bos"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": ""}, "contact_name_wrong"),
        ({"name": "a" * 81}, "contact_name_wrong"),
        ({"phone": "bel mij"}, "contact_phone_wrong"),
        ({"official": "4711"}, "contact_official_wrong"),
        ({"official": "10000000000000000000"}, "contact_official_wrong"),
        ({"photo": (io.BytesIO(b"no picture"), "x.png")}, "contact_picture_wrong"),
    ],
)
def test_what_is_wrong_with_a_card_is_said_and_kept_in_the_form(
    world: World, at_desk: Desk, form: Any, told: str
) -> None:
    before = contacts(world)
    answer = add(at_desk("admin"), **({"name": "Chantal Bos"} | form))
    assert answer.status_code == 400
    assert words("nl")[told] in answer.text
    assert contacts(world) == before


@pytest.mark.parametrize("trick", TRICKS)
def test_a_name_is_never_markup(world: World, at_desk: Desk, trick: str) -> None:
    browser = at_desk("admin")
    add(browser, trick)
    assert trick in contacts(world)
    page = browser.get("/desk/contacts").text
    assert trick not in page or trick.startswith(("{{", "javascript"))


@pytest.mark.parametrize(
    ("role", "may"),
    [("viewer", False), ("reviewer", False), ("communicator", True), ("admin", True)],
)
def test_only_some_hand_plans_over(
    world: World, at_desk: Desk, role: str, *, may: bool
) -> None:
    chosen(world, world.person("nl"))
    browser = at_desk(role)
    assert browser.get("/desk/contacts").status_code == 200
    assert add(browser).status_code == (303 if may else 403)


def test_unknown_people_are_not_found(at_desk: Desk) -> None:
    browser = at_desk("admin")
    assert browser.get("/desk/contacts/4711").status_code == 404
    assert browser.get("/desk/contacts/4711/photo").status_code == 404
    assert post(browser, "/desk/contacts/4711", name="Bram").status_code == 404
