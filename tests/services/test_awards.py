"""Being chosen: a face goes along, then who does what; both are there again later."""

from datetime import date
from typing import Any

from bot.domain.plans import Status
from bot.services.desk.contact_people import Card, keep_contact
from bot.services.house import Scene
from bot.services.results import Decided, Results, publish
from bot.services.stories import Contact
from bot.store.care import CareRow, ContactRow
from tests.web.desk.test_contacts import picture
from tests.worlds import VOTING, World, table

BRAM = "bram@demo.example"
CHANTAL = Contact("Chantal Bos", "020 765 4321")


def award(world: World, number: int, contact: Contact | None = CHANTAL) -> None:
    decided = Decided(
        number, Status.CHOSEN, contact=contact, call_before=date(2026, 12, 1)
    )
    results = Results(VOTING, "final", (decided,))
    now = world.clock()
    world.house.db.run(
        lambda db: publish(Scene(world.house, db, now), results, "night-1", BRAM)
    )


def one(world: World, model: Any) -> Any:
    return world.one(table(model))


def test_the_face_of_the_contact_person_goes_along(each_world: World) -> None:
    world = each_world
    card = Card(CHANTAL.name, CHANTAL.phone, photo=picture().getvalue())
    keep_contact(world.house, card, "bram@demo.example")
    author = world.person("tr")
    number = world.plan(author, status="on_ballot")
    award(world, number)
    told, steps = world.pushes(author)
    assert CHANTAL.name in told.text
    assert told.picture == one(world, ContactRow).photo_id
    assert "Belediye: izinleri almak." in steps.text.translate(_NO_ISOLATES)
    assert "Siz: komşulara haber vermek." in steps.text.translate(_NO_ISOLATES)
    assert steps.due_at > told.due_at
    care = one(world, CareRow)
    assert (care.first_talk, care.cadence) == ("2026-12-01", "usual")
    assert care.contact_id == one(world, ContactRow).id


_NO_ISOLATES = {ord(each): None for each in "\u2066\u2067\u2068\u2069"}


def test_without_a_contact_person_nothing_is_agreed_yet(world: World) -> None:
    author = world.person("nl")
    number = world.plan(author, status="on_ballot")
    award(world, number, None)
    (told,) = world.pushes(author)
    assert told.picture is None
    assert one(world, CareRow).contact_id is None
