"""The desk's page of deliveries, with its cast: a stranger, readers, who may act."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import insert, select, update

from bot.domain.effects import TaskKind
from bot.services import accounts
from bot.services.broadcasts import Broadcast
from bot.services.doubts import PATIENCE, ask_about_doubts
from bot.services.hooks import accept
from bot.services.reasons import explain
from bot.services.segments import parse_segment
from bot.services.unreached import did_not_arrive, find_row
from bot.store.outreach import Broadcast as BroadcastRow
from bot.store.outreach import Template
from bot.store.talks import OutboundMessage
from bot.web.desk.words.book import words
from tests.web.conftest import Desk, form_secret
from tests.worlds import Person, World

PHONE = "+31612345678"
SECRET_WORDS = "Kom vrijdag naar het geheime plein."


@pytest.fixture
def on_its_way(world: World) -> World:
    """A broadcast to two people, and an account that is paused."""
    world.person("nl", "whatsapp", phone=PHONE)
    world.person("tr", "telegram")
    call = Broadcast(parse_segment("all"), {"nl": SECRET_WORDS})
    accept(world.house, "msg_1", call)
    world.spread()
    until = world.clock() + accounts.UNTIL_RESUMED
    world.house.db.run(
        lambda db: accounts.pause(db, "whatsapp", until, "sender_blocked")
    )
    return world


def state(world: World) -> str:
    return str(world.one(select(BroadcastRow.state)).state)


def is_paused(world: World) -> bool:
    now = world.clock()
    return bool(world.house.db.read(lambda db: accounts.pauses(db, now)))


def change(world: World, row: int, **values: Any) -> None:
    with world.house.db.engine.begin() as db:
        row_of = update(OutboundMessage).where(OutboundMessage.id == row)
        db.execute(row_of.values(values))


def post(browser: FlaskClient, place: str, **form: str) -> Any:
    secret = form_secret(browser.get("/desk/delivery").text)
    return browser.post(place, data={"secret": secret} | form)


GO_ON = "/desk/delivery/accounts/whatsapp/resume"
PAUSE, RESUME, CANCEL = (
    f"/desk/delivery/broadcasts/1/{verb}" for verb in ("pause", "resume", "cancel")
)
CAST = {
    "stranger": (303, 403),
    "viewer": (200, 403),
    "counter": (200, 403),
    "reviewer": (200, 403),
    "communicator": (200, 303),
    "admin": (200, 303),
}


@pytest.mark.parametrize("role", CAST)
def test_each_role_may_do_what_it_may(
    on_its_way: World, at_desk: Desk, role: str
) -> None:
    page, acts = CAST[role]
    browser = at_desk(role)
    assert browser.get("/desk/delivery").status_code == page
    may = acts == 303
    assert post(browser, GO_ON).status_code == acts
    assert is_paused(on_its_way) is not may
    assert post(browser, PAUSE).status_code == acts
    assert state(on_its_way) == ("paused" if may else "running")
    assert post(browser, RESUME).status_code == acts
    assert post(browser, CANCEL).status_code == acts
    assert state(on_its_way) == ("cancelled" if may else "running")
    offered = 'action="/desk/delivery/' in browser.get("/desk/delivery").text
    assert not offered


def test_the_page_shows_what_may_be_pressed_to_those_who_may(
    on_its_way: World, at_desk: Desk
) -> None:
    page = at_desk("communicator").get("/desk/delivery").text
    for place in (GO_ON, PAUSE, CANCEL):
        assert f'action="{place}?lang=nl"' in page
    assert words("nl")["account_until_person"] in page
    assert explain("sender_blocked", "nl") in page
    assert 'action="/desk/delivery/' not in at_desk("viewer").get("/desk/delivery").text


def test_a_form_without_its_secret_changes_nothing(
    on_its_way: World, at_desk: Desk
) -> None:
    browser, other = at_desk("admin"), at_desk("communicator")
    foreign = form_secret(other.get("/desk/delivery").text)
    for secret in ("", "x", foreign):
        for place in (GO_ON, PAUSE, CANCEL):
            answer = browser.post(place, data={"secret": secret})
            assert answer.status_code == 403
            assert words("nl")["form_old"] in answer.text
    assert (state(on_its_way), is_paused(on_its_way)) == ("running", True)


def test_the_second_press_is_told_that_it_is_done(
    on_its_way: World, at_desk: Desk
) -> None:
    browser = at_desk("admin")
    assert post(browser, PAUSE).headers["Location"] == "/desk/delivery?said=did_pause"
    again = post(browser, PAUSE).headers["Location"]
    assert again == "/desk/delivery?said=did_nothing"
    assert words("nl")["did_nothing"] in browser.get(again).text
    gone = post(browser, "/desk/delivery/broadcasts/99/pause").headers["Location"]
    assert gone == again


def test_who_was_not_reached_and_why_without_a_word_of_the_message(
    on_its_way: World, at_desk: Desk
) -> None:
    world = on_its_way
    rows = world.rows(select(OutboundMessage.id).order_by(OutboundMessage.id))
    change(world, rows[0].id, delivery="failed", reason="not_on_whatsapp")
    change(world, rows[1].id, delivery="failed", reason="63999")
    page = at_desk("communicator").get("/desk/delivery").text
    assert explain("not_on_whatsapp", "nl") in page
    assert "code 63999" in page
    assert PHONE in page
    assert SECRET_WORDS not in page
    reader = at_desk("viewer").get("/desk/delivery").text
    assert explain("not_on_whatsapp", "nl") in reader
    assert PHONE not in reader
    english = at_desk("viewer").get("/desk/delivery?lang=en").text
    assert explain("not_on_whatsapp", "en") in english


def test_what_was_owed_anew_or_cancelled_is_not_listed(
    on_its_way: World, at_desk: Desk
) -> None:
    world = on_its_way
    browser = at_desk("admin")
    rows = world.rows(select(OutboundMessage.id).order_by(OutboundMessage.id))
    change(world, rows[0].id, delivery="failed", reason="held_back", again_id=99)
    post(browser, CANCEL)
    page = browser.get("/desk/delivery").text
    assert words("nl")["missed_none"] in page
    assert words("nl")["state_cancelled"] in page


def owe_decision(world: World, person: Person, number: int) -> int:
    values = {
        "talk_id": person.talk,
        "channel": person.channel,
        "dedupe_key": "results:1",
        "priority": 1,
        "text": "Uw plan kan niet.",
        "choices": [],
        "secret": False,
        "attempts": 1,
        "kind": "infeasible",
        "slots": {"plan": str(number)},
        "delivery": "failed",
        "reason": "blocked",
        "due_at": world.clock(),
        "created_at": world.clock(),
    }
    with world.house.db.engine.begin() as db:
        made = insert(OutboundMessage).values(values).returning(OutboundMessage.id)
        return int(db.execute(made).scalar_one())


def test_a_decision_that_did_not_arrive_is_a_call_to_make(
    world: World, at_desk: Desk
) -> None:
    author = world.person("nl", "whatsapp", phone=PHONE)
    number = world.plan(author)
    row = owe_decision(world, author, number)
    now = world.clock()
    world.house.db.run(lambda db: did_not_arrive(db, find_row(db, row), now))
    (task,) = world.tasks()
    assert task.kind == TaskKind.UNREACHED
    inbox = at_desk("reviewer").get("/desk").text
    assert words("nl")["kind_unreached"] in inbox
    assert f"{words('nl')['plan']} {number}" in inbox
    assert explain("unreachable", "nl") in inbox
    assert f"tel:{PHONE}" in inbox
    page = at_desk("reviewer").get("/desk/delivery").text
    assert words("nl")["message_infeasible"] in page
    assert words("nl")["waits_for_her"] in page
    assert f"{words('nl')['plan']} {number}" in page


@pytest.fixture
def doubtful(world: World) -> Person:
    """Somebody of whose message nobody knows whether it arrived."""
    person = world.person("en", "telegram")
    world.says(person, "help")
    row = world.told(person)[0].id
    change(world, row, delivery="unsure", reason="timeout", leased_until=None)
    world.clock.pass_time(seconds=PATIENCE.total_seconds() + 60)
    now = world.clock()
    assert world.house.db.run(lambda db: ask_about_doubts(db, now)) == 1
    return person


@pytest.mark.parametrize("start", ["today", "delivery"])
@pytest.mark.parametrize(("arrived", "count"), [("yes", 1), ("no", 2)])
def test_a_doubt_is_settled_from_both_pages(
    world: World, at_desk: Desk, doubtful: Person, start: str, arrived: str, count: int
) -> None:
    browser = at_desk("reviewer")
    (task,) = world.tasks()
    place = f"/desk/tasks/{task.id}/settle"
    pages = browser.get("/desk").text, browser.get("/desk/delivery").text
    for page in pages:
        assert f'action="{place}?lang=nl"' in page
        assert str(escape(explain("timeout", "nl"))) in page
    assert f"/desk/tasks/{task.id}?" not in pages[0]
    answer = post(browser, place, arrived=arrived, **{"from": start})
    said = "did_arrive" if arrived == "yes" else "did_send_again"
    there = "/desk" if start == "today" else "/desk/delivery"
    assert answer.headers["Location"] == f"{there}?said={said}"
    assert len(world.told(doubtful)) == count
    again = post(browser, place, arrived="no")
    assert again.headers["Location"] == "/desk/delivery?said=did_nothing"
    assert len(world.told(doubtful)) == count


def test_a_doubt_is_not_settled_by_those_who_only_look_or_by_nonsense(
    world: World, at_desk: Desk, doubtful: Person
) -> None:
    (task,) = world.tasks()
    place = f"/desk/tasks/{task.id}/settle"
    assert post(at_desk("viewer"), place, arrived="yes").status_code == 403
    assert post(at_desk("stranger"), place, arrived="yes").status_code == 403
    assert post(at_desk("admin"), place, arrived="maybe").status_code == 400
    assert world.tasks()[0].done_at is None


def test_the_page_says_how_far_the_approvals_are(world: World, at_desk: Desk) -> None:
    from bot.services.wordings import wording

    told = wording("broadcast", "tr")
    row = {
        "kind": "broadcast",
        "language": "tr",
        "digest": told.digest,
        "sid": "HX1",
        "slots": [],
        "approval": "rejected",
        "reason": "<b>no</b>",
        "created_at": world.clock(),
    }
    with world.house.db.engine.begin() as db:
        db.execute(insert(Template).values(row))
    page = at_desk("viewer").get("/desk/delivery?lang=en").text
    assert words("en")["approval_rejected"] in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert words("en")["approval_not made"] in page


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_empty_page_teaches_and_is_private(at_desk: Desk, lang: str) -> None:
    answer = at_desk("viewer").get(f"/desk/delivery?lang={lang}")
    for word in ("broadcasts_none", "missed_none"):
        assert words(lang)[word] in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script" not in answer.text
    assert "style=" not in answer.text


def test_every_kind_of_message_and_state_has_a_name() -> None:
    from bot.domain import kinds
    from bot.services.wordings import KINDS
    from bot.store.outreach import CANCELLED, DONE, PAUSED, RUNNING

    known = words("en")
    assert {f"message_{each}" for each in (*KINDS, kinds.MESSAGE)} <= known.keys()
    assert {f"state_{s}" for s in (CANCELLED, DONE, PAUSED, RUNNING)} <= known.keys()


def test_a_passing_pause_says_when_it_ends(world: World, at_desk: Desk) -> None:
    until = world.clock() + timedelta(hours=1)
    world.house.db.run(lambda db: accounts.pause(db, "whatsapp", until, "daily_cap"))
    page = at_desk("viewer").get("/desk/delivery?lang=en").text
    assert words("en")["account_until"] in page
    assert "13:00" in page


@pytest.mark.parametrize("channel", ["whatsapp", "telegram", "web"])
def test_after_a_restore_each_channel_waits_for_a_person(
    world: World, at_desk: Desk, channel: str
) -> None:
    until = world.clock() + accounts.UNTIL_RESUMED
    world.house.db.run(lambda db: accounts.pause(db, channel, until, "restored"))
    desk = at_desk("communicator")
    page = desk.get("/desk/delivery?lang=en").text
    assert "a backup was restored: this may have gone out already" in page
    assert f"/desk/delivery/accounts/{channel}/resume" in page
