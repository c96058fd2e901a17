"""Today, tasks and talks over HTTP: who may do what, and whatever people write."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from bot.services.desk.talks import PAGE
from bot.web.desk.words.book import words
from tests.sound import noise
from tests.web.conftest import Desk, form_secret
from tests.web.desk.test_desk import TRICKS
from tests.worlds import Person, World
from transcription.audio import to_voice_note

MAY_ANSWER = {"reviewer", "communicator", "admin"}


@pytest.fixture
def her(world: World) -> Person:
    person = world.person("nl", "web")
    world.plan(person)
    world.says(person, "medewerker")
    return person


def post(browser: FlaskClient, place: str, **form: Any) -> Any:
    form["secret"] = form_secret(browser.get("/desk").text)
    return browser.post(place, data=form)


@pytest.mark.parametrize(
    "role", ["stranger", "viewer", "counter", "reviewer", "communicator", "admin"]
)
def test_each_role_may_do_with_a_talk_what_it_may(
    world: World, at_desk: Desk, her: Person, role: str
) -> None:
    browser, may = at_desk(role), role in MAY_ANSWER
    talk, task = f"/desk/talks/{her.talk}", world.tasks()[0].id
    sees = 303 if role == "stranger" else 200
    for page in ("/desk", "/desk/inbox", "/desk/inbox?show=done", talk):
        assert browser.get(page).status_code == sees, page
    sound = {"sound": (BytesIO(to_voice_note(noise(1.0))), "voice.ogg")}
    posts: list[tuple[str, dict[str, Any]]] = [
        (f"/desk/tasks/{task}", {"do": "take"}),
        (f"{talk}/answer", {"do": "look", "phrase": "thanks"}),
        (f"{talk}/record", sound),
        (f"{talk}/let-go", {"sound": "1"}),
        (f"{talk}/called", {"plan": "130"}),
    ]
    for place, form in posts:
        code = post(browser, place, **form).status_code
        assert (code != 403) is may, place
        assert code < 400 or code == 403, place
    if not may and role != "stranger":
        assert "<form" not in browser.get(talk).text.partition("<main")[2]


@pytest.mark.parametrize("trick", TRICKS)
def test_what_anybody_writes_stays_text(
    world: World, at_desk: Desk, her: Person, trick: str
) -> None:
    browser, talk = at_desk("reviewer"), f"/desk/talks/{her.talk}"
    world.says(her, f"{trick} help mij alstublieft")
    task, shown = world.tasks()[0].id, str(escape(trick))
    looked = post(browser, f"{talk}/answer", way="own", words=trick, do="look")
    faulty = post(browser, f"{talk}/answer", phrase="contact", contact=trick, do="x")
    assert (looked.status_code, faulty.status_code) == (200, 400)
    chantal = "".join(f"{n}" for n in range(10))
    handed = post(browser, f"/desk/tasks/{task}", do="hand_over", to=chantal, note="x")
    assert "said=task_colleague" in handed.headers["Location"]
    post(browser, f"/desk/tasks/{task}", do="passed", note=trick)
    pages = [looked.text, faulty.text, browser.get(talk).text]
    pages.append(browser.get("/desk/inbox?show=done").text)
    for page in pages:
        assert shown in page
        assert shown == trick or trick not in page


def test_a_sent_form_is_shown_first_and_sent_once(
    world: World, at_desk: Desk, her: Person
) -> None:
    browser, talk = at_desk("reviewer"), f"/desk/talks/{her.talk}"
    page = browser.get(talk).text
    once = page.partition('name="once" value="')[2].partition('"')[0]
    form = {"way": "own", "words": "Wij bellen u morgen.", "once": once}
    shown = post(browser, f"{talk}/answer", **form, do="look")
    assert words("nl")["preview"] in shown.text
    assert world.pushes(her) == []
    for _ in range(2):
        sent = post(browser, f"{talk}/answer", **form, do="send")
        assert "said=answer_sent" in sent.headers["Location"]
    (push,) = world.pushes(her)
    assert push.text.endswith("Wij bellen u morgen.")


@pytest.mark.parametrize(
    ("sound", "said"),
    [
        (b"", "answer_no_sound"),
        (b"<html>no sound</html>", "answer_no_sound"),
        (to_voice_note(noise(63.0)), "answer_sound_long"),
    ],
)
def test_what_is_no_recording_says_so(
    at_desk: Desk, her: Person, sound: bytes, said: str
) -> None:
    given = {"sound": (BytesIO(sound), "voice.ogg")}
    place = f"/desk/talks/{her.talk}/record"
    answer = post(at_desk("reviewer"), place, **given)
    assert answer.status_code == 400
    assert str(escape(words("nl")[said])) in answer.text


def test_a_recording_is_heard_by_officials_of_this_talk_only(
    world: World, at_desk: Desk, her: Person
) -> None:
    browser, talk = at_desk("reviewer"), f"/desk/talks/{her.talk}"
    sound = {"sound": (BytesIO(to_voice_note(noise(1.0))), "voice.ogg")}
    kept = post(browser, f"{talk}/record", **sound).headers["Location"]
    media = kept.partition("sound=")[2].partition("&")[0]
    assert browser.get(f"{talk}/sound/{media}").data[:4] == b"OggS"
    other = world.person("nl", "web")
    assert browser.get(f"/desk/talks/{other.talk}/sound/{media}").status_code == 404
    post(browser, f"{talk}/let-go", sound=media)
    again = browser.get(f"{talk}?sound={media}").text
    assert words("nl")["answer_sound"] in again
    assert words("nl")["preview"] not in again


@pytest.mark.parametrize("place", ["/desk/talks/0", "/desk/talks/99999"])
def test_nobody_has_no_talk(at_desk: Desk, place: str) -> None:
    browser = at_desk("admin")
    assert browser.get(place).status_code == 404
    assert post(browser, f"{place}/answer", phrase="thanks").status_code == 404


@pytest.mark.parametrize(
    "query", ["kind=<script>", "whose=x&kind=person", "show=x&page=-3", "page=9999999"]
)
def test_odd_addresses_show_a_page(at_desk: Desk, her: Person, query: str) -> None:
    del her
    browser = at_desk("viewer")
    for place in ("/desk", "/desk/inbox"):
        page = browser.get(f"{place}?{query}")
        assert page.status_code == 200
        assert "<script>" not in page.text


def test_older_messages_are_a_link_away_without_any_script(
    world: World, at_desk: Desk, her: Person
) -> None:
    for number in range(PAGE):
        world.says(her, f"Vraag nummer {number} over de bank.")
    browser, w = at_desk("viewer"), words("nl")
    newest = browser.get(f"/desk/talks/{her.talk}").text
    assert (w["talk_older"] in newest, w["talk_newest"] in newest) == (True, False)
    assert "medewerker<" not in newest
    pages, place = 1, unescape(newest)
    while w["talk_older"] in place:
        link = re.search(r'rel="prev" href="([^"#]+)', place)
        assert link
        place = unescape(browser.get(link[1]).text)
        assert w["talk_newest"] in place
        pages += 1
    assert pages > 2
    assert ">medewerker<" in place


@pytest.mark.parametrize("before", ["x", "1-1-1", "9" * 16 + "-0-1"])
def test_an_odd_edge_shows_a_page(at_desk: Desk, her: Person, before: str) -> None:
    page = at_desk("viewer").get(f"/desk/talks/{her.talk}?before={before}")
    assert page.status_code == 200
