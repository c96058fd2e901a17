"""A stuck plan and a staff change, in a real browser: on a phone and on a laptop."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.services.desk.care_acts import report
from bot.services.due_checkins import ask_due_checkins
from bot.services.handing_over import tell_handovers
from bot.services.house import Scene
from bot.web.desk.words.book import words
from tests.sound import say
from tests.web.conftest import one_time_token
from tests.web.desk.head import unfold
from tests.web.desk.test_after import PLACE, decide, public
from tests.web.desk.test_contacts import chosen, picture
from tests.web.screens import SIZES, can_be_read, screen
from tests.worlds import World
from transcription.audio import to_voice_note


@pytest.fixture(params=SIZES)
def page(desk_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on a phone or a laptop."""
    del desk_url  # the server outlives the browser
    with screen(SIZES[request.param]) as shown:
        yield shown


def enter(world: World, desk_url: str, page: Page, role: str) -> None:
    page.goto(f"{desk_url}/login#{one_time_token(world, role)}")
    page.wait_for_url(desk_url)


def look(page: Page, name: str) -> None:
    """Everything can be read and reached, and no page needs a script."""
    can_be_read(page, name)
    assert page.locator("script").count() == 0


def test_a_stuck_plan_is_answered_with_a_phrase_and_a_voice(
    world: World, desk_url: str, page: Page, tmp_path: Path
) -> None:
    author = world.person("ar")
    number, now = chosen(world, author), world.clock()
    did = {"nl": "De bank is besteld.", "ar": "طلبنا المقعد."}
    world.house.db.run(
        lambda db: report(Scene(world.house, db, now), number, did, "bram")
    )
    world.clock.pass_time(weeks=2)
    ask_due_checkins(world.house)
    world.send_due()
    world.taps(author, "stuck")
    world.says(author, "التصريح غير موجود بعد.")
    enter(world, desk_url, page, "reviewer")
    page.get_by_role("link", name=words("nl")["checkins"], exact=True).click()
    look(page, "checkins")
    page.locator("#stuck-" + str(number)).get_by_role("link").click()
    look(page, "checkin")
    quote = page.locator("blockquote").first
    assert quote.evaluate("each => getComputedStyle(each).direction") == "rtl"
    page.locator("#help-phrase").select_option("permit")
    note = tmp_path / "answer.ogg"
    note.write_bytes(to_voice_note(say("De vergunning is er.")))
    page.get_by_label(words("nl")["care_sound"]).set_input_files(note)
    page.get_by_role("button", name=words("nl")["care_send"]).press("Enter")
    page.get_by_text(words("nl")["care_helped"]).wait_for()
    look(page, "answered")
    push = world.pushes(author)[-1]
    assert push.sound is not None
    assert "التصريح جاهز" in push.text
    world.taps(author, "good")
    page.reload()
    expect(page.get_by_text(words("nl")["care_waits_her"])).to_be_hidden()


def test_somebody_leaves_and_the_residents_know(
    world: World, desk_url: str, page: Page, tmp_path: Path
) -> None:
    author = world.person("tr")
    numbers = [chosen(world, author), chosen(world, world.person("nl"))]
    enter(world, desk_url, page, "communicator")
    unfold(page)
    page.get_by_role("link", name=words("nl")["contacts"], exact=True).click()
    photo = tmp_path / "chantal.png"
    photo.write_bytes(picture().getvalue())
    page.get_by_label(words("nl")["contact_name"], exact=True).fill("Chantal Bos")
    page.get_by_label(words("nl")["contact_phone"], exact=True).fill("020 765 4321")
    page.get_by_label(words("nl")["contact_photo"]).set_input_files(photo)
    page.get_by_role("button", name=words("nl")["contact_keep"]).press("Enter")
    page.get_by_text(words("nl")["contact_kept"]).wait_for()
    look(page, "contact")
    page.get_by_role("link", name=words("nl")["back_to_contacts"]).click()
    look(page, "contacts")
    page.get_by_role("link", name="Bram de Wit").click()
    page.get_by_label(words("nl")["contact_to_all"]).select_option(label="Chantal Bos")
    page.get_by_label(words("nl")["contact_leaves"]).check()
    look(page, "leaving")
    page.get_by_role("button", name=words("nl")["contact_move"]).press("Enter")
    page.get_by_text(words("nl")["contact_moved"]).wait_for()
    look(page, "moved")
    world.clock.pass_time(minutes=11)
    tell_handovers(world.house)
    assert "Chantal Bos" in world.pushes(author)[-1].text
    assert {world.plan_row(n).contact["name"] for n in numbers} == {"Chantal Bos"}


def test_the_page_after_a_result_can_be_used_on_any_screen(
    world: World, desk_url: str, page: Page
) -> None:
    people = [world.person("tr", "whatsapp", phone=f"+3161234567{n}") for n in range(3)]
    plans = [public(world, each) for each in people]
    decide(world, *plans)
    world.taps(people[0], "call")
    world.says(people[0], "06 12345670")
    world.says(people[0], "akşam")
    world.taps(people[1], "join")
    enter(world, desk_url, page, "communicator")
    unfold(page)
    page.get_by_role("link", name=words("nl")["after"], exact=True).click()
    look(page, "rounds")
    page.goto(f"{desk_url}{PLACE.removeprefix('/desk')}")
    look(page, "after")
    spoke = f"{words('nl')['after_spoke']}: {words('nl')['plan']} {plans[2]}"
    page.get_by_role("button", name=spoke).press("Enter")
    page.get_by_text(words("nl")["after_called_spoke"]).wait_for()
    assert "3 van 3" in page.locator(".reached").inner_text()
