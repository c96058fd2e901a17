"""Plans that staff take in: numbered like all others, told or printed, linked later."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from bot.domain.languages import LANGUAGES, Language
from bot.flows.own_word import folded, number_and_word
from bot.flows.spelling import plain
from bot.services.desk.bringing import read_phone
from bot.services.desk.paper_words import WORDS, paper_words
from bot.services.pictures import without_traces
from bot.store.audit import AuditLine
from bot.store.civic import PlanMedia, PlanRow
from bot.store.talks import Media
from bot.web.desk.words.book import words
from tests.web.conftest import Desk, form_secret
from tests.web.desk.test_desk import TRICKS
from tests.worlds import COLLECTING, World, table

NL = words("nl")


def bring(browser: FlaskClient, **form: Any) -> Any:
    posted = {
        "secret": form_secret(browser.get("/desk/plans/new").text),
        "round": COLLECTING,
        "text": "Een pomp bij het plein.",
        "language": "nl",
        "entry": "markt",
    }
    return browser.post(
        "/desk/plans/new", data=posted | form, content_type="multipart/form-data"
    )


def newest(world: World) -> Any:
    return world.one(table(PlanRow).order_by(PlanRow.id.desc()).limit(1))


def test_a_helper_enters_plans_and_sees_nothing_else(
    world: World, at_desk: Desk
) -> None:
    browser = at_desk("helper")
    assert browser.get("/desk").location.startswith("/desk/plans/new")
    assert browser.get("/desk/plans").location.startswith("/desk/plans/new")
    answer = bring(browser)
    row = newest(world)
    assert answer.location == f"/desk/plans/{row.number}/receipt?said=brought"
    assert (row.entry, row.status, row.spoken) == ("markt", "received", False)
    assert row.answered_at is None
    assert "markt</bdi>: 1" in browser.get("/desk/plans/new").text
    line = world.rows(table(AuditLine))[-1]
    assert (line.by, line.act) == ("meryem@demo.example", "plan.bring")
    assert "pomp" not in str(line.data)


@pytest.mark.parametrize("role", ["viewer", "counter"])
def test_others_enter_no_plans(world: World, at_desk: Desk, role: str) -> None:
    before = len(world.rows(select(PlanRow.id)))
    browser = at_desk(role)
    secret = form_secret(browser.get("/desk/plans/new").text)
    answer = browser.post("/desk/plans/new", data={"secret": secret, "text": "Bank"})
    assert answer.status_code == 403
    assert len(world.rows(select(PlanRow.id))) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_the_words_of_the_paper_her_plan_comes_into_her_chat(
    world: World, at_desk: Desk, language: Language
) -> None:
    browser = at_desk("helper")
    bring(browser, language=language, text="بئر" if language == "ar" else "Kuyu")
    number = newest(world).number
    page = browser.get(f"/desk/plans/{number}/receipt").text
    said = paper_words(world.house.keys, number, language)
    assert said in page
    assert "<svg" in page
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    person = world.person(language)
    link = {"nl": "koppel", "en": "link", "tr": "bağla", "ar": "ربط"}[language]
    world.says(person, link)
    world.says(person, f"{number} {said}")
    assert newest(world).resident_id == world.talk(person).resident_id
    assert said not in browser.get(f"/desk/plans/{number}/receipt").text


def test_every_word_on_paper_can_be_said_with_a_number() -> None:
    for language, known in WORDS.items():
        assert len({plain(each) for each in known}) == len(known) == 32, language
        for at in range(len(known)):
            three = [known[at], known[(at + 7) % 32], known[(at + 13) % 32]]
            said = " ".join(three)
            assert number_and_word(f"130 {said}", language) == (130, folded(said)), said
            assert folded(said), said


def test_who_has_a_chat_with_us_hears_it_there(world: World, at_desk: Desk) -> None:
    person = world.person("tr", "whatsapp", phone="+31612345678")
    answer = bring(at_desk("reviewer"), phone="06 12 34 56 78")
    assert "said=brought_told" in answer.location
    row = newest(world)
    assert row.resident_id == person.resident
    (told,) = world.pushes(person)
    assert str(row.number) in told.text
    for _ in range(5):
        answer = bring(at_desk("reviewer"), phone="+31612345678")
    assert answer.status_code == 400
    assert NL["bring_limit"] in answer.text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("06 12345678", "+31612345678"),
        ("0031 6 12345678", "+31612345678"),
        ("+90 (532) 123-45-67", "+905321234567"),
        ("٠٦١٢٣٤٥٦٧٨", "+31612345678"),
        ("12345678", ""),
        ("06", ""),
        ("+" + "9" * 30, ""),
        ("bel mij", ""),
    ],
)
def test_telephone_numbers_are_read_as_people_write_them(typed: str, read: str) -> None:
    assert read_phone(typed) == read


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"text": " "}, "bring_no_text"),
        ({"text": "x" * 4001}, "bring_long_text"),
        ({"text": "x" * 16_500}, "bring_long_text"),
        ({"language": "fr"}, "bring_no_language"),
        ({"round": "slotermeer-2026"}, "bring_no_round"),
        ({"round": "x"}, "bring_no_round"),
        ({"theme": "x"}, "bring_no_theme"),
        ({"entry": " "}, "bring_no_entry"),
        ({"entry": "x" * 41}, "bring_long_entry"),
        ({"place": "x" * 161}, "bring_long_place"),
        ({"phone": "12"}, "bring_bad_phone"),
        ({"photo": (io.BytesIO(b"no photo"), "a.jpg")}, "bring_bad_photo"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    world: World, at_desk: Desk, form: dict[str, Any], word: str
) -> None:
    before = len(world.rows(select(PlanRow.id)))
    answer = bring(at_desk("helper"), **({"place": "Bij de <b>brug</b>"} | form))
    assert answer.status_code == 400
    assert NL[word] in answer.text
    if word != "bring_long_place":
        assert "Bij de &lt;b&gt;brug&lt;/b&gt;" in answer.text
    assert len(world.rows(select(PlanRow.id))) == before


def test_a_photo_loses_what_the_camera_wrote_into_it(
    world: World, at_desk: Desk
) -> None:
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "the author's kitchen"
    Image.new("RGB", (64, 48), "red").save(made, "JPEG", exif=exif)
    data = made.getvalue()
    assert b"kitchen" in data
    bring(at_desk("helper"), photo=(io.BytesIO(data), "kaart.jpg"))
    plan_id = newest(world).id
    ties = select(Media.key).join(PlanMedia, PlanMedia.media_id == Media.id)
    (row,) = world.rows(ties.where(PlanMedia.plan_id == plan_id))
    kept = world.house.media.load(row.key)
    assert b"kitchen" not in kept
    assert kept == without_traces(data)


def test_a_file_that_is_too_large_is_not_read(world: World, at_desk: Desk) -> None:
    browser = at_desk("helper")
    secret = form_secret(browser.get("/desk/plans/new").text)
    for place, least in (("/desk/plans/new", 12), ("/desk/tasks/1", 1)):
        size = {"CONTENT_LENGTH": str(least * 1024 * 1024 + 1)}
        posted = {"secret": secret, "photo": (io.BytesIO(b"x"), "a.jpg")}
        answer = browser.post(place, data=posted, environ_overrides=size)
        assert answer.status_code == 413, place


def test_when_no_round_takes_plans_the_page_says_so(
    world: World, at_desk: Desk
) -> None:
    world.clock.pass_time(days=300)
    assert NL["bring_closed"] in at_desk("helper").get("/desk/plans/new").text


@pytest.mark.parametrize("trick", TRICKS)
def test_nothing_that_is_entered_becomes_markup(
    world: World, at_desk: Desk, trick: str
) -> None:
    browser = at_desk("admin")
    bring(browser, text=trick, place=trick, entry=trick[:40])
    number = newest(world).number
    for place in (f"/desk/plans/{number}", f"/desk/plans/{number}/receipt"):
        page = browser.get(place).text
        assert "<script>" not in page
        assert "<img src=x" not in page
        assert "<svg/onload" not in page


def test_private_numbers_are_masked_and_the_clock_runs(
    world: World, at_desk: Desk
) -> None:
    browser = at_desk("reviewer")
    bring(browser, text="Mijn nummer is 111222333, maak een bank.")
    row = newest(world)
    assert "111222333" not in row.text
    world.clock.pass_time(days=3)
    assert 'class="clock red"' in browser.get(f"/desk/plans/{row.number}").text
    assert row.created_at + timedelta(days=3) == world.clock()
