"""The desk, with its cast on every route: a stranger, a viewer, a reviewer."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from bot.app import create_app
from bot.services.notes import listen_once
from bot.services.outages import Gap, record_outage
from bot.web.desk.words.book import WORDS, words
from tests.services.ears import Muffled
from tests.services.listener import hearing, speaks
from tests.sound import noise
from tests.web.conftest import Desk, form_secret, log_in, one_time_token
from tests.worlds import VOTING, Person, World
from transcription import Level, Reason
from transcription.audio import to_voice_note

TRICKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "<svg/onload=alert(1)>",
    "&lt;script&gt;",
]


@pytest.fixture(scope="module")
def sound() -> bytes:
    return to_voice_note(noise(2.0))


@pytest.fixture
def author(world: World, sound: bytes) -> Person:
    """Somebody whose voice note waits for ears."""
    person = world.person("nl", "web")
    world.sends_note(person, sound)
    while listen_once(world.house):
        pass
    return person


def waiting(world: World) -> Any:
    return next(task for task in world.tasks() if task.kind == "listen")


def post_words(
    browser: FlaskClient, world: World, text: str = "Een bank.", **form: str
) -> Any:
    posted = {"text": text, "language": "nl"}
    posted["secret"] = form_secret(browser.get("/desk").text)
    task = waiting(world)
    return browser.post(f"/desk/notes/{task.id}", data=posted | form)


def test_a_login_link_opens_the_desk_once(world: World, client: FlaskClient) -> None:
    token = one_time_token(world, "reviewer")
    assert log_in(client, token) == 303
    page = client.get("/desk")
    assert page.status_code == 200
    assert "Bram de Wit" in page.text
    other = create_app(house=world.house).test_client()
    assert log_in(other, token) == 403
    assert other.get("/desk").status_code == 303


def test_who_logs_in_while_others_are_served_gets_in_as_well(
    world: World, client: FlaskClient
) -> None:
    """On SQLite one of those who wait for the writer runs the jobs of all of them."""
    token, writer = one_time_token(world, "reviewer"), world.house.db._shared
    holds, go_on, statuses = Event(), Event(), list[int]()

    def hold(_: object) -> None:
        holds.set()
        assert go_on.wait(20)

    def queued(work: Callable[[], object], count: int) -> Thread:
        thread = Thread(target=work)
        thread.start()
        until = time.monotonic() + 20
        while len(writer._queue) < count and time.monotonic() < until:
            time.sleep(0.01)
        return thread

    first = Thread(target=world.house.db.run, args=(hold,))
    first.start()
    assert holds.wait(20)
    leads = queued(lambda: world.house.db.run(lambda _: None), 1)
    late = queued(lambda: statuses.append(log_in(client, token)), 2)
    go_on.set()
    for thread in (first, leads, late):
        thread.join(20)
    assert statuses == [303]


def test_a_whole_link_may_be_pasted(world: World, client: FlaskClient) -> None:
    token = one_time_token(world, "reviewer")
    assert log_in(client, f" http://127.0.0.1:8080/desk/login#{token} ") == 303


@pytest.mark.parametrize("token", ["", "x", "a" * 5_000, "\x00", "#"])
def test_a_wrong_token_is_told_so_kindly(client: FlaskClient, token: str) -> None:
    assert log_in(client, token) == 403
    secret = form_secret(client.get("/desk/login").text)
    answer = client.post("/desk/login", data={"secret": secret, "token": token})
    assert words("nl")["login_used"] in answer.text


def test_a_link_is_over_after_a_day(world: World, client: FlaskClient) -> None:
    token = one_time_token(world, "reviewer")
    world.clock.pass_time(hours=25)
    assert log_in(client, token) == 403


def test_a_login_of_another_site_leaves_the_link_unused(
    world: World, client: FlaskClient
) -> None:
    token = one_time_token(world, "reviewer")
    blind = client.post("/desk/login", data={"token": token})
    guessed = client.post("/desk/login", data={"token": token, "secret": "0" * 64})
    assert (blind.status_code, guessed.status_code) == (403, 403)
    assert log_in(client, token) == 303


def test_the_session_is_for_this_site_and_no_script(
    world: World, client: FlaskClient
) -> None:
    page = client.get("/desk/login")
    posted = {"secret": form_secret(page.text)}
    posted["token"] = one_time_token(world, "reviewer")
    answer = client.post("/desk/login", data=posted)
    cookie = next(
        each for each in answer.headers.getlist("Set-Cookie") if each[:5] == "desk="
    )
    for part in ("HttpOnly", "SameSite=Strict", "Path=/desk", "Max-Age=43200"):
        assert part in cookie
    assert "Secure" not in cookie
    assert posted["token"] not in str(answer.headers)


def test_over_https_the_cookie_is_secure(world: World) -> None:
    house = world.with_settings(public_url="https://city.example").house
    browser = create_app(house=house).test_client()
    assert "Secure" in browser.get("/desk/login").headers["Set-Cookie"]


@pytest.mark.parametrize(
    "cookie", ["", "x", "MQ.forged.forged", "eyJ9." + "a" * 200, "é"]
)
def test_a_forged_session_is_nobody(client: FlaskClient, cookie: str) -> None:
    client.set_cookie("desk", cookie, path="/desk")
    assert client.get("/desk").status_code == 303


def test_logging_out_needs_the_form_and_then_works(at_desk: Desk) -> None:
    browser = at_desk("viewer")
    secret = form_secret(browser.get("/desk").text)
    browser.post("/desk/logout")
    assert browser.get("/desk").status_code == 200
    browser.post("/desk/logout", data={"secret": secret})
    assert browser.get("/desk").status_code == 303


CAST = {
    "stranger": (303, 303, 403, 403),
    "viewer": (200, 200, 403, 403),
    "counter": (200, 200, 403, 403),
    "reviewer": (200, 200, 303, 303),
    "communicator": (200, 200, 303, 303),
    "admin": (200, 200, 303, 303),
}


@pytest.mark.parametrize("role", CAST)
def test_each_role_may_do_what_it_may(
    world: World, at_desk: Desk, author: Person, role: str
) -> None:
    browser = at_desk(role)
    page, heard, done, wrote = CAST[role]
    assert browser.get("/desk").status_code == page
    task = waiting(world)
    sound = browser.get(f"/desk/sound/{task.media_id}")
    assert sound.status_code == heard
    assert (sound.data[:4] == b"OggS") is (heard == 200)
    assert post_words(browser, world).status_code == wrote
    world.says(author, "medewerker")
    other = next(each for each in world.tasks() if each.kind == "person")
    form = {"secret": form_secret(browser.get("/desk").text), "do": "answered"}
    place = f"/desk/tasks/{other.id}"
    assert browser.post(place, data=form).status_code == done
    changed = [each.done_by for each in world.tasks() if each.done_by]
    assert len(changed) == (2 if done == 303 else 0)


def test_a_form_without_its_secret_changes_nothing(
    world: World, at_desk: Desk, author: Person
) -> None:
    browser, other = at_desk("reviewer"), at_desk("admin")
    foreign = form_secret(other.get("/desk").text)
    for secret in ("", "x", foreign):
        answer = post_words(browser, world, secret=secret)
        assert answer.status_code == 403
        assert words("nl")["form_old"] in answer.text
        done = browser.post(
            f"/desk/tasks/{waiting(world).id}", data={"secret": secret, "do": "called"}
        )
        assert done.status_code == 403
    assert waiting(world).done_at is None


def test_a_note_goes_back_and_its_page_says_so(
    world: World, at_desk: Desk, author: Person
) -> None:
    browser = at_desk("reviewer")
    page = browser.get("/desk/listening").text
    task = waiting(world)
    assert f'src="/desk/sound/{task.media_id}"' in page
    assert 'dir="auto"' in page
    answer = post_words(browser, world, "Ik wil een bank onder de bomen.")
    assert answer.headers["Location"] == "/desk/listening?said=read_back"
    page = browser.get(answer.headers["Location"]).text
    assert words("nl")["read_back"] in page
    assert words("nl")["hers_turn"] in page
    assert "/desk/sound/" not in page
    assert "Ik wil een bank onder de bomen." in world.texts(author)[-1]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"text": " "}, "empty"),
        ({"text": "x" * 4_001}, "too_long"),
        ({"language": "de"}, "written_in"),
        ({"language": ""}, "written_in"),
        ({"spoken": "de"}, "spoken_in"),
        ({"spoken": ""}, "spoken_in"),
        ({"do": "pass", "spoken": ""}, "spoken_in"),
    ],
)
def test_a_fault_is_told_and_the_words_are_kept(
    world: World, at_desk: Desk, author: Person, form: dict[str, str], said: str
) -> None:
    answer = post_words(at_desk("reviewer"), world, **form)
    assert answer.status_code == 400
    assert words("nl")[said] in answer.text
    assert form.get("text", "Een bank.") in answer.text
    assert waiting(world).done_at is None


def test_the_second_official_is_told_that_it_is_done(
    world: World, at_desk: Desk, author: Person
) -> None:
    browser = at_desk("reviewer")
    post_words(browser, world)
    count = len(world.told(author))
    world.says(author, "medewerker")
    answer = post_words(browser, world, "Mijn werk van een kwartier.")
    assert answer.status_code == 409
    assert words("nl")["taken"] in answer.text
    assert "Mijn werk van een kwartier." in answer.text
    assert len(world.told(author)) == count + 1


@pytest.mark.parametrize("trick", TRICKS)
def test_what_residents_write_stays_text(
    world: World, at_desk: Desk, author: Person, trick: str
) -> None:
    browser = at_desk("reviewer")
    asking = world.person("nl", "web")
    world.says(asking, "medewerker")
    world.says(asking, f"{trick} help mij alstublieft")
    pages = [browser.get("/desk").text]
    pages.append(post_words(browser, world, trick, language="").text)
    post_words(browser, world, trick)
    pages.append(browser.get("/desk/listening").text)
    shown = str(escape(trick))
    for page in pages:
        assert shown in page
        assert shown == trick or trick not in page
        assert page.count("<textarea") == page.count("</textarea>")
    assert f"{shown} help mij alstublieft" in pages[0]


def test_a_crafted_link_shows_only_our_own_words(at_desk: Desk) -> None:
    page = at_desk("viewer").get("/desk?said=<script>alert(1)</script>&lang=xx").text
    assert "alert(1)" not in page
    assert words("nl")["only_look"] in page


def test_sound_is_only_what_waits_for_ears(
    world: World, at_desk: Desk, author: Person
) -> None:
    browser = at_desk("admin")
    media = waiting(world).media_id
    part = browser.get(f"/desk/sound/{media}", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"OggS")
    assert part.headers["Cache-Control"] == "no-store"
    post_words(browser, world)
    for other in (media, 0, 99_999, 2**70):
        assert browser.get(f"/desk/sound/{other}").status_code == 404


def test_the_empty_desk_teaches(at_desk: Desk) -> None:
    page = at_desk("reviewer").get("/desk?whose=mine").text
    assert words("nl")["mine_none"] in page
    assert words("nl")["notes_none"] in at_desk("reviewer").get("/desk/listening").text
    english = at_desk("reviewer").get("/desk/inbox?lang=en").text
    assert 'lang="en"' in english
    assert str(escape(words("en")["inbox_none"])) in english


def test_the_language_stays_through_every_step(
    world: World, client: FlaskClient
) -> None:
    page = client.get("/desk/login?lang=en").text
    assert words("en")["login_how"] in page
    posted = {
        "secret": form_secret(page),
        "token": one_time_token(world, "reviewer"),
    }
    answer = client.post("/desk/login?lang=en", data=posted)
    assert answer.headers["Location"] == "/desk?lang=en"


def test_a_phone_number_is_for_those_who_call(world: World, at_desk: Desk) -> None:
    person = world.person("nl", "whatsapp", phone="+31612345678")
    world.says(person, "medewerker")
    assert "+31612345678" in at_desk("communicator").get("/desk").text
    assert "+31612345678" not in at_desk("viewer").get("/desk").text


@pytest.mark.parametrize("role", ["stranger", "reviewer"])
@pytest.mark.parametrize(
    "place", ["/desk", "/desk/login", "/desk/listening", "/desk/sound/1"]
)
def test_every_page_is_private_and_cannot_be_framed(
    at_desk: Desk, role: str, place: str
) -> None:
    answer = at_desk(role).get(place)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert " onclick" not in answer.text
    assert "<style" not in answer.text
    assert "style=" not in answer.text


ALIKE = {"plan", "via", "channel_whatsapp", "channel_telegram", "contact_plan"}
ALIKE |= {"subject_database", "subject_plan", "data_browser"}
"""Words that are the same in both."""


def test_every_word_has_two_languages() -> None:
    assert len(WORDS) > 40
    for key, (dutch, english) in WORDS.items():
        assert dutch.strip(), key
        assert english.strip(), key
        same = dutch == english
        assert not same or key in ALIKE, key


def test_every_kind_of_task_has_a_name() -> None:
    from bot.domain.effects import TaskKind

    kinds = {value for name, value in vars(TaskKind).items() if name.isupper()}
    assert kinds
    assert {f"kind_{kind}" for kind in kinds} <= WORDS.keys()


def test_every_doubt_of_a_recogniser_and_every_language_is_told_in_plain_words() -> (
    None
):
    from bot.domain.languages import SPOKEN

    needed = {f"doubt_{each}" for each in Reason} | {f"sure_{each}" for each in Level}
    needed |= {f"speaks_{code}" for code in SPOKEN}
    assert needed <= WORDS.keys()


def test_what_was_heard_and_why_it_is_doubted_stands_in_the_box(
    world: World, at_desk: Desk, sound: bytes
) -> None:
    guess = "Ik wil een tank."
    speaks(hearing(world, Muffled(guess)), world.person("nl", "web"), sound)
    page = at_desk("reviewer").get("/desk/listening").text
    assert f">{guess}</textarea>" in page
    assert words("nl")["sure_bad"] in page
    assert words("nl")["doubt_very_low_confidence"] in page
    assert (
        f'<blockquote dir="auto">{guess}'
        in at_desk("viewer").get("/desk/listening").text
    )


def test_invented_words_are_shown_and_not_put_into_the_box(
    world: World, at_desk: Desk, sound: bytes
) -> None:
    ears = Muffled("Bedankt voor het kijken.", (Reason.KNOWN_PHRASE,))
    speaks(hearing(world, ears), world.person("nl", "web"), sound)
    page = at_desk("reviewer").get("/desk/listening").text
    assert "></textarea>" in page
    assert '<blockquote dir="auto">Bedankt voor het kijken.' in page


def test_who_looks_for_one_language_stays_with_it(
    world: World, at_desk: Desk, author: Person
) -> None:
    browser = at_desk("reviewer")
    posted = {"do": "pass", "spoken": "rif"}
    posted["secret"] = form_secret(browser.get("/desk").text)
    place = f"/desk/notes/{waiting(world).id}?speaks=rif&lang=en"
    answer = browser.post(place, data=posted)
    there = answer.headers["Location"]
    assert there.startswith("/desk/listening?")
    assert "speaks=rif" in there
    page = browser.get(there).text
    assert words("en")["handed_over"] in page
    assert words("en")["needs_speaker"] in page
    empty = browser.get("/desk/listening?speaks=tr").text
    assert words("nl")["none_of_these"] in empty
    odd = browser.get("/desk/listening?speaks=<script>").text
    assert "<script>" not in odd
    assert words("nl")["needs_speaker"] in odd


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_outage_before_closing_is_shown(
    world: World, at_desk: Desk, language: str
) -> None:
    browser = at_desk("viewer")
    asked = f"/desk?lang={language}"
    told = str(escape(words(language)["late_closing"]))
    assert told not in browser.get(asked).text
    rounds = world.house.db.read(world.house.catalog.view).rounds
    closes = next(each for each in rounds if each.slug == VOTING).closes_at
    assert closes is not None
    world.clock.now = closes - timedelta(hours=2)
    gap = Gap("whatsapp", closes - timedelta(hours=5), closes - timedelta(hours=4), 2)
    world.house.db.run(lambda db: record_outage(db, gap))
    page = at_desk("viewer").get(asked).text
    assert told in page
    assert "2026" in page[page.index(told) :][:200]
