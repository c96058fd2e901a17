"""Every act at the desk writes one line, and a second press writes none."""

import ast
import re
import threading
from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from bot.services.broadcasts import Broadcast
from bot.services.desk import door, people
from bot.services.desk.audit import note
from bot.services.desk.factors import use_code
from bot.services.hooks import accept
from bot.services.house import Scene
from bot.services.officials import Person, add_official, find_official
from bot.services.segments import parse_segment
from bot.store.audit import AuditLine
from bot.store.civic import Official
from bot.store.logins import DoorTry
from bot.web.desk.words.book import WORDS
from tests.need import ROOT
from tests.services.ears import Muffled
from tests.services.listener import hearing, speaks
from tests.sound import noise
from tests.web.desk.logins import email_of, inside, post, sets_up_phone
from tests.worlds import World, table
from transcription.audio import to_voice_note

WORDS_OF_HERS = "Een bank onder de linde."


def lines(world: World) -> list[Any]:
    found = table(AuditLine).order_by(AuditLine.id)
    return [row for row in world.rows(found) if row.act != "login"]


def does(world: World, at: FlaskClient, place: str, **form: str) -> Any:
    """Post, and return the one line that it wrote; None for none."""
    before = len(lines(world))
    assert post(at, place, "/desk", **form).status_code == 303
    new = lines(world)[before:]
    assert len(new) < 2
    return new[0] if new else None


def test_tasks_notes_and_recordings_are_in_the_trail(world: World) -> None:
    heard = hearing(world, Muffled("Ik wil een tank.", language="nl"))
    for _ in range(3):
        speaks(heard, world.person("nl", "web"), to_voice_note(noise(2.0)))
    caller = world.person("nl", "web")
    world.says(caller, "medewerker")
    world.says(caller, "Bel mij over de bank.")
    at, mail = inside(world), email_of(world, "reviewer")
    notes = [row for row in world.tasks() if row.media_id]
    other = next(row for row in world.tasks() if not row.media_id)
    place = f"/desk/tasks/{other.id}"
    done = does(world, at, place, do="called")
    assert (done.by, done.act, done.subject) == (mail, "task.close", f"task:{other.id}")
    assert does(world, at, place, do="called") is None
    whole = at.get(f"/desk/sound/{notes[0].media_id}")
    assert whole.status_code == 200
    at.get(f"/desk/sound/{notes[0].media_id}", headers={"Range": "bytes=100-200"})
    played = [row for row in lines(world) if row.act == "sound.play"]
    assert [row.subject for row in played] == [f"media:{notes[0].media_id}"]
    sent = {"do": "send", "text": WORDS_OF_HERS, "language": "nl", "spoken": "nl"}
    places = [f"/desk/notes/{each.id}" for each in notes]
    assert does(world, at, places[0], **sent).act == "note.write"
    assert does(world, at, places[1], do="pass", spoken="rif").act == "note.pass"
    assert does(world, at, places[2], do="unclear").act == "note.unclear"
    assert WORDS_OF_HERS not in str(lines(world))
    assert all(f"act_{row.act}" in WORDS for row in lines(world))


def test_steering_deliveries_is_in_the_trail(world: World) -> None:
    world.person("nl", "telegram")
    call = Broadcast(parse_segment("all"), {"nl": WORDS_OF_HERS})
    accept(world.house, "msg_1", call)
    world.spread()
    at = inside(world, "communicator")
    for verb in ("pause", "resume", "cancel"):
        line = does(world, at, f"/desk/delivery/broadcasts/1/{verb}")
        assert (line.act, line.subject) == (f"broadcast.{verb}", "broadcast:1")
        assert line.by == email_of(world, "communicator")
    assert does(world, at, "/desk/delivery/broadcasts/1/cancel") is None
    assert WORDS_OF_HERS not in str(lines(world))


def at_once(world: World, jobs: list[Any]) -> list[Any]:
    """Run jobs that take a scene at the same moment; return what each returned."""
    start, done = threading.Barrier(len(jobs)), []

    def run(job: Any) -> None:
        start.wait()
        now = world.clock()
        try:
            done.append(world.house.db.run(lambda db: job(Scene(world.house, db, now))))
        except people.OfficialError as error:
            done.append(str(error))

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return done


def test_one_code_at_the_same_moment_counts_once(each_world: World) -> None:
    world = each_world
    phone, _ = sets_up_phone(world, inside(world))
    world.clock.pass_time(minutes=2)
    typed, mail = phone.at(world.clock()), email_of(world, "reviewer")
    bram = world.house.db.run(lambda db: find_official(db, mail)) or 0
    used = at_once(world, [lambda scene: use_code(scene, bram, typed)] * 6)
    assert sorted(map(str, used)) == ["None"] * 5 + ["code"]


def test_tries_at_the_same_moment_are_counted_each(each_world: World) -> None:
    world = each_world
    who = door.by_email(world.house.keys, "nobody@city.example")
    tried = at_once(world, [lambda scene: door.knock(scene, [who])] * 12)
    assert tried.count(None) == door.FREE
    assert [row.tries for row in world.rows(table(DoorTry))] == [door.FREE]


def test_two_admins_cannot_take_each_other_away(each_world: World) -> None:
    world, now = each_world, each_world.clock()
    second = world.house.db.run(
        lambda db: add_official(db, "second@city.example", "admin", "", now)
    )
    mail = email_of(world, "admin")
    first = world.house.db.run(lambda db: find_official(db, mail)) or 0
    pairs = [(first, second), (second, first)]
    start = threading.Barrier(2)

    def takes(by: int, other: int) -> None:
        start.wait()
        try:
            person = Person(by, f"{by}@city.example", "", "admin")
            people.suspend(world.house, person, other)
        except people.OfficialError as error:
            assert str(error) == "last_admin"  # noqa: PT017 - the other came first

    threads = [threading.Thread(target=takes, args=pair) for pair in pairs]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    admins = select(Official.id).where(Official.role == "admin")
    with world.house.db.engine.connect() as db:
        found = [people.colleague(db, each) for each in db.scalars(admins)]
    assert len([each for each in found if each and each.suspended_at is None]) == 1


def test_no_act_is_without_a_name() -> None:
    acts = re.compile(r'"([a-z]+(?:\.[a-z_]+)+)"')
    told = set[str]()
    for path in (ROOT / "bot/services").rglob("*.py"):
        text = path.read_text("utf-8")
        for call in re.finditer(r"\bnote\((?:[^()]|\([^()]*\))*\)", text):
            told |= set(acts.findall(call[0]))
    assert len(told) > 40
    assert {act for act in told if f"act_{act}" not in WORDS} == set()


def test_no_detail_of_an_act_is_without_a_name() -> None:
    told = set[str]()
    for path in (ROOT / "bot/services").rglob("*.py"):
        for each in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(each, ast.FunctionDef):
                told |= set(_details(each))
    assert {"plans", "sha256", "made_at"} <= told
    assert {name for name in told if f"data_{name}" not in WORDS} == set()


def _details(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the names of what a function writes into the trail."""
    nodes = list(ast.walk(function))
    for call in nodes:
        if not isinstance(call, ast.Call) or ast.unparse(call.func) != "note":
            continue
        for keyword in call.keywords:
            if keyword.arg:
                yield keyword.arg
                continue
            for node in nodes:
                if isinstance(node, ast.Assign) and ast.unparse(
                    node.targets[0]
                ) == ast.unparse(keyword.value):
                    yield from re.findall(r"'([a-z0-9_]+)':", ast.unparse(node.value))


def test_what_is_no_word_of_people_is_shown_in_words(world: World) -> None:
    events = ["plan.created", "task.opened"]
    told = {"language": "ar", "kinds": events, "entry": True}
    where, by = "key:speech", "command line"
    world.house.db.run(
        lambda db: note(
            Scene(world.house, db, world.clock()), by, "keys.end", where, **told
        )
    )
    shown = inside(world, "admin").get("/desk/audit?lang=en").text
    kinds = " · ".join(WORDS[f"event_{each}"][1] for each in events)
    for words_ in ("Key speech", "language: العربية", f"kinds: {kinds}", "named: yes"):
        assert words_ in shown, words_
    assert "command line" not in re.sub(r"<[^>]*>", "", shown)


def test_the_trail_is_read_and_searched_in_words(world: World) -> None:
    admin = inside(world, "admin")
    call = Broadcast(parse_segment("all"), {"nl": "Kom langs."})
    accept(world.house, "msg_1", call)
    shown = admin.get("/desk/audit?lang=en").text
    assert escape(WORDS["by_hook"][1]) in shown
    assert "way: with a link" in shown
    for asked in ("Official", "medewerker", "official"):
        found = admin.get("/desk/audit", query_string={"subject": asked}).text
        words_of_hook = escape(WORDS["by_hook"][0])
        assert (">Medewerker " in found, words_of_hook in found) == (True, False)
