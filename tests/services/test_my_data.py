"""All that is kept of somebody is in her file, and nothing of anybody else.

Which columns that are says the inventory, not a list made for this test.
"""

import base64
import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.domain.languages import LANGUAGES
from bot.i18n import direction
from bot.own_page import REASONS, write_page
from bot.services.forget import erase_person
from bot.services.house import Scene
from bot.services.mydata import giving
from bot.services.mydata.giving import MOST_TRIES, give_once
from bot.services.mydata.hers import all_of_hers
from bot.services.sweep import sweep
from bot.store.base import Base
from bot.store.given import NOT_GIVEN, Why
from bot.store.media import ZIP, MediaUnavailableError
from bot.store.talks import HER_DATA, InboundMessage, Media, OutboundMessage
from tests.services.lives import Life, columns_about_residents, live
from tests.worlds import Person, World, table


def person_of(life: Life) -> Person:
    talk = life["talks"]
    return Person(talk["id"], life["residents"]["id"], "telegram", talk["address"])


def asks(world: World, person: Person, minutes_ago: int = 3) -> None:
    asked = world.clock() - timedelta(minutes=minutes_ago)
    row = {"talk_id": person.talk, "channel": person.channel, "kind": HER_DATA}
    row |= {"source": {"place": ""}, "mime": ZIP, "created_at": asked}
    with world.house.db.engine.begin() as db:
        db.execute(insert(Media).values(row))


def gives(world: World) -> bool:
    return give_once(world.house, write_page)


def newest(world: World) -> Any:
    """Return the row of the file that was asked for last."""
    rows = table(Media).where(Media.kind == HER_DATA).order_by(Media.id)
    return world.rows(rows)[-1]


def archive_of(world: World, person: Person) -> dict[str, bytes]:
    """Return what is in the file that somebody gets, by name."""
    asks(world, person)
    assert gives(world)
    return opened(world.house.media.load(newest(world).key))


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def two_lives(world: World) -> tuple[Life, Life]:
    other = live(world, "b")
    return live(world, "a", other), other


@pytest.fixture
def lives(world: World) -> tuple[Life, Life]:
    return two_lives(world)


def plain(value: object) -> object:
    """Return a value of a table as it stands in the file for a machine."""
    if isinstance(value, datetime):
        return value.isoformat()
    return json.loads(json.dumps(value))


def test_every_column_about_her_is_in_her_file_or_is_left_out_for_a_reason(
    each_world: World,
) -> None:
    hers, _ = two_lives(each_world)
    files = archive_of(each_world, person_of(hers))
    tables = json.loads(files["data.json"])["tables"]
    lacking = []
    for column in columns_about_residents():
        name, _, field = column.partition(".")
        wanted = hers[name][field]
        if column not in NOT_GIVEN:
            told = [row.get(field) for row in tables.get(name, ())]
            lacking += [] if wanted is not None and plain(wanted) in told else [column]
    assert set(lacking) <= {"talks.forgotten_at"}, "nobody is asked once forgotten"


def test_her_words_stand_on_the_page_and_in_the_files(
    world: World, lives: tuple[Life, Life]
) -> None:
    hers, _ = lives
    files = archive_of(world, person_of(hers))
    page = files["index.html"].decode()
    main, _, tables = page.partition("<details")
    for column in (
        *("plans.text", "plans.place", "tasks.note", "tasks.outcome_note"),
        *("talks.address", "talks.phone", "checkin_answers.text", "marks.day"),
        *("corrections.person_text", "corrections.machine_text", "meetings.words"),
        *("outbound_messages.text",),
    ):
        name, _, field = column.partition(".")
        assert hers[name][field] in main, column
    for name, field in (("inbound_messages", "body"), ("plans", "title")):
        assert hers[name][field]["text" if field == "body" else "nl"] in main
    assert hers["desk_messages"]["dutch"] in tables
    begun = json.loads(hers["talks"]["state"])["talk"]["draft"]["text"]
    assert begun in main, "what she began is hers, though the talk's state stays here"
    (sound,) = [name for name in files if name.startswith("files/")]
    assert files[sound].startswith(b"a")
    assert f'src="{sound}"' in main


def test_what_is_left_out_is_nowhere_in_it(
    world: World, lives: tuple[Life, Life]
) -> None:
    hers, _ = lives
    files = archive_of(world, person_of(hers))
    whole = b"\n".join(files.values()).decode()
    again = {each for each, why in NOT_GIVEN.items() if why is Why.AGAIN}
    for column in set(NOT_GIVEN) - again - {"meetings.other_words", "talks.state"}:
        name, _, field = column.partition(".")
        if (value := hers.get(name, {}).get(field)) is not None:
            for mark in marks_of(value):
                assert mark not in whole, column


def marks_of(value: object) -> list[str]:
    """Return how a value would stand in a file."""
    if isinstance(value, dict):
        return [mark for each in value.values() for mark in marks_of(each)]
    if isinstance(value, bytes):
        return [value.decode(), base64.b64encode(value).decode()]
    return [] if isinstance(value, datetime) else [str(value)]


def test_nothing_of_another_resident_is_in_it(
    world: World, lives: tuple[Life, Life]
) -> None:
    hers, others = lives
    files = archive_of(world, person_of(hers))
    whole = b"\n".join(files.values()).decode()
    for name, row in others.items():
        for field, value in row.items():
            texts = value.values() if isinstance(value, dict) else [value]
            for mark in texts:
                if isinstance(mark, str) and mark.startswith("b"):
                    assert mark not in whole, f"{name}.{field}"
    asked = archive_of(world, person_of(others))
    assert others["plans"]["text"].encode() in asked["index.html"]


def test_an_author_gets_her_own_side_of_a_meeting(
    world: World, lives: tuple[Life, Life]
) -> None:
    hers, others = lives
    rows = json.loads(archive_of(world, person_of(others))["data.json"])["tables"]
    words = {row["words"] for row in rows["meetings"]}
    assert hers["meetings"]["other_words"] in words
    assert hers["meetings"]["words"] not in words


def test_every_exception_is_a_column_and_has_a_reason_in_words() -> None:
    known = {
        f"{each.name}.{column.name}"
        for each in Base.metadata.sorted_tables
        for column in each.c
    }
    assert set(NOT_GIVEN) - known == set()
    assert set(NOT_GIVEN.values()) == set(REASONS)


def test_no_table_that_holds_or_leads_to_a_choice_is_given() -> None:
    secret = {"ballots", "receipts", "passes", "pass_tries", "trust_asked"}
    columns = {c for c in columns_about_residents() if c.partition(".")[0] in secret}
    assert len(columns) > 10
    assert columns | {"talks.picks", "talks.state", "speeches.words"} <= set(NOT_GIVEN)


def test_what_shows_a_choice_is_left_out(world: World) -> None:
    hers = live(world, "a")
    person = person_of(hers)
    with world.house.db.engine.begin() as db:
        db.execute(update(OutboundMessage).values(secret=True))
        db.execute(update(InboundMessage).values(stage="listening"))
    files = archive_of(world, person)
    whole = b"\n".join(files.values()).decode()
    assert hers["outbound_messages"]["text"] not in whole
    assert hers["outbound_messages"]["choices"][0][0] not in whole
    assert hers["media"]["transcript"] not in whole
    assert [name for name in files if name.startswith("files/")] == []


@pytest.mark.parametrize(
    "values",
    [
        {"delete_after": datetime.fromisoformat("2026-11-18T11:00:00+00:00")},
        {"fetched_at": None, "source": {"place": "", "looked": [1, ""]}},
        {"kind": "spoken", "id": 7_000_000},
    ],
)
def test_a_file_that_may_hold_a_vote_or_a_pass_is_not_given(
    world: World, values: dict[str, Any]
) -> None:
    hers = live(world, "a")
    assert len(files_of(world, hers)) == 1
    if values.pop("id", None):
        with world.house.db.engine.begin() as db:
            db.execute(update(OutboundMessage).values(sound=None))
    with world.house.db.engine.begin() as db:
        db.execute(update(Media).values(values))
    assert files_of(world, hers) == []


def files_of(world: World, life: Life) -> list[Any]:
    now = world.clock()
    return world.house.db.read(
        lambda db: list(all_of_hers(db, life["residents"]["id"], now).files)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_her_language(world: World, language: str) -> None:
    person = world.person(language)
    page = archive_of(world, person)["index.html"].decode()
    assert f'<html lang="{language}" dir="{direction(language)}">' in page
    headings = {"nl": "Over u", "en": "About you", "tr": "Sizin hakkınızda"}
    assert headings.get(language, "عنكم") in page
    assert "<script" not in page


def test_words_of_hers_cannot_become_a_page(world: World) -> None:
    person = world.person("nl")
    world.plan(person, "<script>alert(1)</script> & \"'")
    page = archive_of(world, person)["index.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_it_lies_here_for_a_day(world: World) -> None:
    archive_of(world, world.person())
    row = newest(world)
    world.clock.pass_time(hours=23)
    sweep(world.house)
    assert world.house.media.load(row.key)
    world.clock.pass_time(hours=2)
    sweep(world.house)
    assert newest(world).key is None
    with pytest.raises(FileNotFoundError):
        world.house.media.load(row.key)


def test_forgetting_her_deletes_it_at_once(world: World) -> None:
    person = world.person()
    archive_of(world, person)
    key = newest(world).key
    forget(world, person)
    sweep(world.house)
    with pytest.raises(FileNotFoundError):
        world.house.media.load(key)


def forget(world: World, person: Person) -> None:
    def job(db: Any) -> int:
        scene = Scene(world.house, db, world.clock())
        erase_person(scene, person.resident, keep_plans=False)
        return 1

    world.house.db.run(job)


def test_whoever_is_forgotten_meanwhile_gets_no_file(world: World) -> None:
    person = world.person()
    asks(world, person)

    def write(book: Any) -> str:
        forget(world, person)
        return write_page(book)

    assert give_once(world.house, write)
    assert newest(world).key is None
    assert world.house.media.sizes() == {}  # type: ignore[attr-defined]
    assert world.postman.taken == []
    assert not gives(world)


def test_one_file_an_hour_whichever_app_she_asks_in(each_world: World) -> None:
    world = each_world
    person = world.person("en")
    for _ in range(3):
        world.says(person, "my data")
    asked = select(Media.id).where(Media.kind == HER_DATA)
    assert len(world.rows(asked)) == 1
    assert "You asked for your file a short time ago." in world.texts(person)[-1]
    world.clock.pass_time(minutes=61)
    world.says(person, "my data")
    assert len(world.rows(asked)) == 2


def test_two_who_ask_are_served_one_after_the_other(each_world: World) -> None:
    world = each_world
    first, second = world.person(), world.person()
    asks(world, first)
    asks(world, second)
    assert [gives(world), gives(world), gives(world)] == [True, True, False]
    told = [owed.talk for owed in world.postman.taken]
    assert told == [first.talk] * 2 + [second.talk] * 2


def test_what_does_not_fit_is_left_out_and_she_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person("en", channel="web")
    world.sends_note(person, b"o" * 300_000)
    world.sends_note(person, b"n" * 200_000)
    with world.house.db.engine.begin() as db:
        db.execute(update(InboundMessage).values(stage="done"))
    monkeypatch.setitem(giving.MOST_BYTES, "web", 400_000)
    files = archive_of(world, person)
    assert [len(data) for name, data in files.items() if "files/" in name] == [200_000]
    assert json.loads(files["data.json"])["files_that_did_not_fit"] == 1
    assert "Some recordings or photos did not fit." in world.texts(person)[-1]


def test_what_cannot_be_made_is_told_and_becomes_a_task(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person("en")
    asks(world, person)
    monkeypatch.setattr(giving, "MEDIA_BYTES", 1_000)
    assert gives(world)
    assert not gives(world)
    assert world.texts(person)[-1].startswith("Sorry, we could not make your file.")
    assert [(task.kind, task.talk_id) for task in world.tasks()] == [
        ("person", person.talk)
    ]


def test_a_store_that_is_away_is_asked_again_and_in_the_end_a_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person("en")
    asks(world, person)

    def away(*_: object) -> str:
        raise MediaUnavailableError("away")

    monkeypatch.setattr(type(world.house.media), "save", away)
    for _ in range(MOST_TRIES):
        assert gives(world)
        assert not gives(world), "its lease holds"
        world.clock.pass_time(minutes=11)
    assert world.tasks() == []
    assert gives(world)
    assert len(world.tasks()) == 1


def test_what_is_read_aloud_to_her_goes_first(world: World) -> None:
    life = live(world, "a")
    asks(world, person_of(life), minutes_ago=0)
    assert not gives(world)
    world.clock.pass_time(minutes=3)
    assert gives(world)
