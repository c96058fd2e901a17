"""Forget me: nothing of the person is left, her vote is counted, and counted once."""

import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import String, insert, select, type_coerce, update

from bot.domain.messages import Inbound, Sender, Tap
from bot.services.forget import finish_forgetting
from bot.services.inbound import take_in
from bot.store.base import Base
from bot.store.civic import (
    BallotRow,
    CheckIn,
    CheckInAnswer,
    Erasure,
    Mark,
    PlanRow,
    Support,
)
from bot.store.inventory import PERSONAL
from bot.store.talks import OutboundMessage, Resident, Talk
from tests.houses import Street
from tests.services.test_sweep import keep
from tests.standins.whatsapp_resident import WhatsAppResident
from tests.worlds import COLLECTING, Person, World, table

NUMBER = "+31687654321"
PLAN = "Een zwaluwtil op het Confuciusplein"
PLACE = "naast mijn voordeur op nummer 17"
QUESTION = "Mijn zoon Emre woont bij mijn zus"
STUCK = "De aannemer Brouwer belt niet terug"
CAPTION = "Foto uit mijn keuken"
CANARIES = (NUMBER, NUMBER.removeprefix("+"), PLACE, QUESTION, STUCK, CAPTION)


def everything(world: World) -> str:
    """Return every value of every table."""
    rows = [world.rows(each.select()) for each in Base.metadata.sorted_tables]
    return repr(rows)


def live(street: Street) -> WhatsAppResident:
    """Let somebody do all that leaves something of her with us."""
    fatima = street.fatima("nl", NUMBER)
    fatima.says(PLAN)
    photo = io.BytesIO()
    Image.new("RGB", (9, 9)).save(photo, "JPEG")
    fatima.sends_photo(photo.getvalue(), CAPTION)
    street.work()
    fatima.taps("yes")
    fatima.says(PLACE)
    street.work()
    for tap in ("yes", "person"):
        fatima.taps(tap)
        street.work()
    fatima.says(QUESTION)
    street.work()
    fatima.says("steun 120")
    fatima.says("stem 21 30")
    street.work()
    fatima.taps("yes")
    street.work()
    answer_check_in(street.world)
    return fatima


def answer_check_in(world: World) -> None:
    (plan,) = world.rows(table(PlanRow).where(PlanRow.talk_id.is_not(None)))
    now = world.clock()
    with world.house.db.engine.begin() as db:
        asked = {"plan_id": plan.id, "question": {"nl": "Hoe gaat het?"}}
        made = db.execute(insert(CheckIn).values(**asked, asked_at=now))
        told = {"checkin_id": made.inserted_primary_key[0], "at": now}  # type: ignore[index]
        hers = {"resident_id": plan.resident_id, "answer": "told", "text": STUCK}
        db.execute(insert(CheckInAnswer).values(**told, **hers))


def forgets(street: Street, person: WhatsAppResident, answer: str) -> None:
    person.says("vergeet mij")
    street.work()
    person.taps(answer)
    street.work()


@pytest.mark.parametrize("answer", ["forget:keep", "forget:drop"])
def test_nothing_of_her_is_left_in_any_table(street: Street, answer: str) -> None:
    fatima = live(street)
    before = everything(street.world)
    assert not [canary for canary in CANARIES if canary not in before]
    forgets(street, fatima, answer)
    street.sweep()
    after = everything(street.world)
    words_of_the_plan = {PLACE, CAPTION} if answer == "forget:keep" else set()
    assert {canary for canary in CANARIES if canary in after} == words_of_the_plan
    assert street.files() == []
    assert (PLAN in after) is (answer == "forget:keep")


def test_nothing_of_her_is_left_in_the_file(street: Street, tmp_path: Path) -> None:
    fatima = live(street)
    file = tmp_path / "city.db"
    sealed = sealed_address(street.world)
    assert sealed.encode() in raw(file)
    forgets(street, fatima, "forget:drop")
    street.sweep()
    found = raw(file)
    assert b"Geveltuinen" in found
    gone = (*CANARIES, PLAN, sealed)
    assert not [canary for canary in gone if canary.encode() in found]


def sealed_address(world: World) -> str:
    """Return her address as it stands in the table."""
    stands = select(type_coerce(Talk.address, String))
    return str(world.house.db.read(lambda db: db.scalar(stands)))


def raw(file: Path) -> bytes:
    """Return all bytes of a database, its log written back into it."""
    with sqlite3.connect(file) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    return file.read_bytes() + Path(f"{file}-wal").read_bytes()


def test_every_column_that_promises_to_be_emptied_is_empty(street: Street) -> None:
    """The inventory is what we promise; here is who keeps it."""
    fatima = live(street)
    (talk,) = street.talks()
    forgets(street, fatima, "forget:drop")
    street.sweep()
    looked = []
    for each in Base.metadata.sorted_tables:
        names = [
            column.name
            for column in each.c
            if (what := PERSONAL.get(f"{each.name}.{column.name}")) and what.forget
        ]
        for row in hers(street.world, each, talk):
            looked += [f"{each.name}.{name}" for name in names]
            kept = {name: getattr(row, name) for name in names}
            assert not {n: v for n, v in kept.items() if not is_empty(v)}, each.name
    assert len(set(looked)) >= 15


def hers(world: World, each: Any, talk: Any) -> list[Any]:
    """Return the rows of a table that are tied to her or to her talk."""
    if each.name == "talks":
        return world.rows(each.select())
    if "talk_id" in each.c:
        return world.rows(each.select().where(each.c.talk_id == talk.id))
    if "resident_id" in each.c:
        return world.rows(each.select().where(each.c.resident_id == talk.resident_id))
    if each.name == "residents":
        return world.rows(each.select())
    return []


def is_empty(value: object) -> bool:
    gone = isinstance(value, str) and value.startswith("forgotten:")
    return gone or value in ("", None, [], {}, {"place": ""})


def votes(world: World, person: Person, numbers: str) -> None:
    world.says(person, f"stem {numbers}")
    world.taps(person, "yes")


def test_her_vote_stays_counted_and_she_cannot_vote_twice(each_world: World) -> None:
    world = each_world
    person = world.person()
    votes(world, person, "21 30")
    world.says(person, "vergeet mij")
    world.taps(person, "yes")
    assert [row.picks for row in world.rows(table(BallotRow))] == [[21, 30]]
    assert world.rows(table(Mark)) == []
    world.says(person, "hallo")
    world.taps(person, "lang:nl")
    votes(world, person, "22")
    assert [row.picks for row in world.rows(table(BallotRow))] == [[22]]
    assert len(world.rows(table(Mark))) == 1
    residents = world.rows(select(Talk.resident_id))
    assert len(residents) == 2, "she is somebody new to us"


def test_the_support_she_gave_is_still_counted(each_world: World) -> None:
    world = each_world
    person = world.person()
    public: Any = {"status": "public", "title": {"nl": "Bank"}}
    public |= {"public_at": world.clock()}
    number = world.plan(world.person(), a_round=COLLECTING, **public)
    world.says(person, f"steun {number}")
    assert world.plan_row(number).supports == 1
    world.says(person, "vergeet mij")
    world.taps(person, "yes")
    assert world.plan_row(number).supports == 1
    assert world.rows(table(Support)) == []


def test_a_chosen_plan_stays_but_no_longer_has_an_author(each_world: World) -> None:
    world = each_world
    person = world.person()
    chosen = world.plan(person, PLAN, status="chosen", latitude=52.38)
    other = world.plan(person, "Een schommel", status="received")
    world.says(person, "vergeet mij")
    world.taps(person, "forget:drop")
    kept, gone = world.plan_row(chosen), world.plan_row(other)
    assert (kept.text, kept.status, kept.resident_id) == (PLAN, "chosen", None)
    assert (kept.talk_id, kept.latitude) == (None, None)
    assert (gone.text, gone.status, gone.resident_id) == ("", "withdrawn", None)


def test_the_ledger_knows_her_only_by_a_keyed_hash(each_world: World) -> None:
    world = each_world
    person = world.person()
    for _ in range(2):
        world.says(person, "vergeet mij")
        world.taps(person, "yes")
        world.says(person, "hallo")
        world.taps(person, "lang:nl")
    (row,) = world.rows(table(Erasure))
    assert len(row.address_hash) == 64
    assert person.address not in repr(row)


def test_the_last_reply_names_no_recording_once_it_is_sent(each_world: World) -> None:
    world = each_world
    person = world.person()
    world.says(person, "vergeet mij")
    world.taps(person, "yes")
    spoken = update(OutboundMessage).values(sound=keep(world, person))
    world.house.db.run(lambda db: db.execute(spoken))
    world.house.db.run(lambda db: finish_forgetting(db, person.talk))
    left = [(row.text, row.sound, row.picture) for row in world.told(person)]
    assert left == [("", None, None)] * len(left) != []


def test_going_back_forgets_nothing(world: World) -> None:
    person = world.person()
    number = world.plan(person, PLAN)
    world.says(person, "vergeet mij")
    world.taps(person, "back")
    assert world.talk(person).forgotten_at is None
    assert world.plan_row(number).text == PLAN
    assert world.rows(table(Erasure)) == []


def test_what_is_delivered_again_brings_nobody_back(each_world: World) -> None:
    """A provider that missed our answer repeats a message, also the last one."""
    world = each_world
    person = world.person()
    world.says(person, "vergeet mij")
    last = Inbound(person.channel, "said-once", Sender(person.address), Tap("yes"))
    assert take_in(world.house, last)
    assert not take_in(world.house, last), "her goodbye is still to be sent"
    assert world.talk(person).address == person.address
    world.house.db.run(lambda db: finish_forgetting(db, person.talk))
    people = len(world.rows(table(Resident)))
    assert not take_in(world.house, last)
    assert len(world.rows(table(Resident))) == people
    assert person.address not in {row.address for row in world.rows(table(Talk))}
    world.says(person, "hallo")
    assert len(world.rows(table(Resident))) == people + 1, "who writes anew begins anew"


def test_two_people_are_never_mistaken_for_each_other(street: Street) -> None:
    ayse, bram = street.ayse(), street.ayse(chat=43)
    for person, plan in ((ayse, PLAN), (bram, "Een schommel bij de school")):
        person.says(plan)
        person.taps("yes")
        street.work()
    ayse.says("vergeet mij")
    ayse.taps("forget:drop")
    street.work()
    street.sweep()
    plans = street.world.rows(table(PlanRow).where(PlanRow.talk_id.is_not(None)))
    assert [row.text for row in plans] == ["Een schommel bij de school"]
    assert "43" in [talk.address for talk in street.talks()]
