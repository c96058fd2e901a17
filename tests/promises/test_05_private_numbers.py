"""Private numbers are masked before anything is stored; photos and pins tell less."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bot.domain.messages import Pin
from bot.domain.places import GRID_DEGREES, rounded
from bot.services.house import Scene
from bot.services.plans import publish
from bot.store.civic import PlanMedia, PlanRow
from bot.store.talks import Media
from tests.houses import Street
from tests.promises.traces import columns_with
from tests.services.ears import Ears
from tests.services.listener import speaks, writes
from tests.services.test_photos import CANARY, picture
from tests.sound import noise
from tests.web.conftest import Desk
from tests.web.desk.test_bringing import bring
from tests.web.desk.test_plan_lists import csv, enter, look, xlsx
from tests.worlds import COLLECTING, World, table
from transcription.audio import to_voice_note

BSN, IBAN, LOGIN = "111222333", "NL91 ABNA 0417 1643 00", "482913"
SECRETS = (BSN, IBAN, LOGIN)
TOLD = f"Een bank. Mijn bsn is {BSN}, rekening {IBAN}, digid code: {LOGIN}."
METRES_PER_DEGREE = 111_320


def assert_nothing_is_kept(world: World) -> None:
    assert columns_with(world, SECRETS) == set()
    assert columns_with(world, ["Een bank"]), "what is kept is found"


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_what_is_typed_is_masked_and_she_is_told(
    each_street: Street, channel: str
) -> None:
    people: dict[str, Callable[[], Any]] = {
        "telegram": each_street.ayse,
        "whatsapp": each_street.fatima,
    }
    person = people[channel]()
    before = len(person.heard)
    person.says(TOLD)
    each_street.work()
    told = "\n".join(heard.text for heard in person.heard[before:])
    assert is_told(told)
    assert not [each for each in SECRETS if each in told]
    person.taps("yes")
    each_street.work()
    assert_nothing_is_kept(each_street.world)


def is_told(text: str) -> bool:
    return "•••" in text and "persoonlijk nummer" in text


def test_what_is_said_is_masked_in_what_a_machine_wrote_down(
    each_street: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append(TOLD)
    ayse = each_street.ayse()
    before = len(ayse.heard)
    ayse.sends_voice(note)
    each_street.work()
    assert is_told("\n".join(heard.text for heard in ayse.heard[before:]))
    ayse.taps("yes")
    each_street.work()
    assert_nothing_is_kept(each_street.world)


def test_and_in_what_a_person_wrote_down(each_world: World) -> None:
    author = each_world.person("nl", "web")
    task = speaks(each_world, author, to_voice_note(noise(2.0)))
    writes(each_world, task, TOLD)
    each_world.taps(author, "yes")
    assert_nothing_is_kept(each_world)


def test_words_below_a_photo_are_masked(each_street: Street) -> None:
    ayse = each_street.ayse()
    before = len(ayse.heard)
    ayse.sends_photo(picture(), TOLD)
    each_street.work()
    assert is_told("\n".join(heard.text for heard in ayse.heard[before:]))
    ayse.taps("yes")
    each_street.work()
    assert_nothing_is_kept(each_street.world)


def test_a_plan_that_staff_write_down_is_masked(world: World, at_desk: Desk) -> None:
    assert bring(at_desk("helper"), text=TOLD).status_code == 303
    assert_nothing_is_kept(world)


def test_a_place_that_staff_write_down_is_masked(world: World, at_desk: Desk) -> None:
    bring(at_desk("helper"), text="Een bank", place=f"bij {IBAN}")
    assert_nothing_is_kept(world)


@pytest.mark.parametrize("form", [xlsx, csv])
def test_a_list_of_plans_is_masked_and_not_kept(
    world: World, at_desk: Desk, form: Callable[..., bytes]
) -> None:
    head = ["Plan", "Taal", "Plaats"]
    browser = at_desk("reviewer")
    page = look(browser, form(head, [TOLD, "nl", f"bij {IBAN}"]))
    assert not [each for each in SECRETS if each in page.text]
    (key,) = world.one(select(Media.key).where(Media.kind == "list"))
    waiting = world.house.media.load(key)
    assert b"Een bank" in waiting
    assert not [each for each in SECRETS if each.encode() in waiting]
    assert enter(browser, page).status_code == 200
    assert_nothing_is_kept(world)


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_a_photo_loses_its_place_and_all_else_that_is_hidden_in_it(
    each_street: Street, channel: str
) -> None:
    person: Any = getattr(each_street, {"telegram": "ayse"}.get(channel, "fatima"))()
    assert CANARY.encode() in picture()
    person.sends_photo(picture(), "Een bank onder de lindebomen")
    each_street.work()
    person.taps("yes")
    each_street.work()
    (data,) = each_street.opened().values()
    assert data.startswith(b"\xff\xd8")
    assert CANARY.encode() not in data
    assert b"Exif" not in data
    assert len(each_street.world.rows(table(PlanMedia))) == 1


def test_a_pin_is_rounded_to_about_fifty_metres() -> None:
    assert 45 <= GRID_DEGREES * METRES_PER_DEGREE <= 60
    near = [52.381 + metres / METRES_PER_DEGREE for metres in range(-20, 21)]
    assert {rounded(Pin(each, -each)) for each in near} == {Pin(52.381, -52.381)}
    assert rounded(Pin(52.38126, 4.8)) == Pin(52.3815, 4.8)


def test_where_she_stood_is_kept_nowhere(each_street: Street) -> None:
    ayse = each_street.ayse()
    ayse.says("Een bank onder de lindebomen")
    ayse.taps("yes")
    each_street.work()
    ayse.shares_place(52.3812637, 4.8001193)
    each_street.work()
    (plan,) = each_street.world.rows(
        select(PlanRow.latitude, PlanRow.longitude).where(PlanRow.talk_id.is_not(None))
    )
    assert tuple(plan) == pytest.approx((52.3815, 4.8))
    assert columns_with(each_street.world, ["52.38126", "4.80011"]) == set()


def test_it_is_shown_as_the_place_of_the_plan_and_of_nobody(
    world: World, client: FlaskClient
) -> None:
    number = world.plan(
        world.person(), a_round=COLLECTING, latitude=52.3815, longitude=4.8
    )
    house, now = world.house, world.clock()
    titles = {"nl": "Een bank"}
    house.db.run(lambda db: publish(Scene(house, db, now), number, titles, "bram"))
    for place in ("plans.json", ""):
        shown = client.get(f"/open/rounds/{COLLECTING}/{place}".rstrip("/")).text
        assert "Een bank" in shown
        assert "52.38" not in shown
