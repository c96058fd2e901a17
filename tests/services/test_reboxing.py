"""The keys of boxes are changed while people vote, log in and systems are told."""

import base64
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from cryptography.fernet import InvalidToken
from sqlalchemy import LargeBinary, select, update

from bot.keys import box_key_of
from bot.rings import BOXES, read_lines, write_lines
from bot.services.arriving import SEALED, unsealed
from bot.services.desk import factors
from bot.services.desk.endpoints import KINDS, add_endpoint
from bot.services.desk.endpoints import rotate as rotate_secret
from bot.services.house import Scene
from bot.services.outgoing import sign
from bot.services.reading import Reading, load_reading
from bot.services.reboxing import PLACES, boxes_need, missing_keys, reseal_boxes
from bot.services.rotating import KeyRefusedError, add_key, finish, rotate
from bot.services.speaking import owe_speech
from bot.store.base import Base
from bot.store.civic import BallotRow
from bot.store.logins import OfficialLogin
from bot.store.outhooks import HookEndpoint
from bot.store.talks import InboundMessage, Talk
from bot.store.voices import Speech
from tests.services.desk.officials import official
from tests.services.test_rotating import BY, SOON, process, url
from tests.worlds import Person, World, table

__all__ = ["url"]
READING = Reading((), "nl")
HOOK = "https://city.example/hook"


@dataclass
class Boxes:
    """One of each box, and what is known of what lies in it."""

    voter: Person
    waits: Person
    secret: str
    signed: str

    @classmethod
    def fill(cls, world: World) -> "Boxes":
        voter, waits = world.person(), world.person()
        for each in (voter, waits):
            world.says(each, "stem 21 30")
        world.sends_note(waits, b"nobody hears it, so that what follows waits")
        world.says(waits, "ja")
        admin = official(world, "admin")
        row = world.told(voter)[-1].id
        does(world, lambda scene: owe_speech(scene, voter.talk, row, READING))
        does(world, lambda scene: factors.begin(scene, admin.id))
        code = code_now(world)
        assert does(world, lambda scene: factors.confirm(scene, admin, code))
        does(world, lambda scene: factors.begin(scene, admin.id))
        does(world, lambda scene: add_endpoint(scene, HOOK, sorted(KINDS)[:1], BY))
        does(world, lambda scene: rotate_secret(scene, 1, scene.now, BY))
        return cls(voter, waits, pending(world), signature(world))

    def are_whole(self, world: World) -> bool:
        """Tell whether all of it opens, and is what it was."""
        words = world.one(select(Speech.words)).words
        picks = world.talk(self.voter).picks
        return (
            world.house.keys.open(picks) == '["slotermeer-2026",21,30]'
            and load_reading(world.house.keys.open_words(words)) == READING
            and pending(world) == self.secret
            and signature(world) == self.signed
            and unsealed(world.house, waiting(world))["text"] == "ja"
        )


def does(world: World, act: Callable[[Scene], Any]) -> Any:
    now = world.clock()
    return world.house.db.run(lambda db: act(Scene(world.house, db, now)))


def pending(world: World) -> str:
    """Return the secret that an official is setting up."""
    admin = official(world, "admin")
    found = world.house.db.read(lambda db: factors.pending(world.house, db, admin))
    assert found is not None
    return found[1]


def code_now(world: World) -> str:
    return pyotp.TOTP(pending(world)).at(world.clock())


def signature(world: World) -> str:
    """Sign with the secret of a system and with its old one, which holds for a day."""
    row = world.one(table(HookEndpoint))
    signed = sign(world.house.keys, row, "uid", "{}", world.clock())
    assert len(signed.split()) == 2
    return signed


def waiting(world: World) -> dict[str, str]:
    waits = InboundMessage.stage == "waiting"
    body: dict[str, str] = world.one(select(InboundMessage.body).where(waits)).body
    return body


def sealed(world: World) -> list[bytes]:
    """Return every box as it stands."""
    columns = [each for every in PLACES.values() for each in every]
    rows = [row[0] for each in columns for row in world.rows(select(each))]
    return [each for each in rows if each] + [waiting(world)[SEALED].encode()]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a new key be used by everybody as soon as it begins."""
    monkeypatch.setattr("bot.services.rotating.WAIT", timedelta(0))


def test_boxes_get_another_key_while_they_are_in_use(
    url: str, tmp_path: Path, at_once: None
) -> None:
    with process(url, tmp_path, demo=True) as first, process(url, tmp_path) as second:
        boxes, over, wrong = Boxes.fill(first), threading.Event(), []
        before = sealed(first)
        assert len(before) == 8
        voters = {id(each): first.person() for each in (first, second)}

        def go_on(world: World) -> None:
            voter, times = voters[id(world)], 0
            world.says(voter, "stem 21 30")
            while not over.wait(0.02) or times == 0:
                times += 1
                try:
                    world.says(voter, "nee")
                    world.says(voter, "30 40")
                    assert boxes.are_whole(world)
                except Exception as error:  # noqa: BLE001 - told to the test
                    wrong.append(error)

        crowd = [
            threading.Thread(target=go_on, args=(each,)) for each in (first, second)
        ]
        for each in crowd:
            each.start()
        try:
            for purpose in BOXES:  # all begin at once, so that one wait is enough
                add_key(first.house, purpose, BY, SOON)
            assert [
                purpose for purpose in BOXES if boxes_need(first.house, purpose)
            ] == []
            for purpose in BOXES:
                assert sum(rotate(first.house, purpose, BY, SOON)) > 0
        finally:
            over.set()
            for each in crowd:
                each.join()
        assert wrong == []
        ends_with_the_old_key(first, second, boxes, before)
        picked = [
            json.loads(second.house.keys.open(first.talk(each).picks))[1:]
            for each in voters.values()
        ]
        for voter, world in zip(voters.values(), (first, second), strict=True):
            world.says(voter, "ja")
        cast = [row.picks for row in first.rows(table(BallotRow))]
        assert sorted(cast) == sorted(picked)


def ends_with_the_old_key(
    first: World, second: World, boxes: Boxes, before: Sequence[bytes]
) -> None:
    """Take the derived keys away: nothing here needs them, and they open nothing."""
    assert {box_key_of(each) for each in before} == {None}
    assert None not in {box_key_of(each) for each in sealed(first)}
    for purpose in BOXES:
        (gone,) = finish(first.house, purpose, BY)
        assert gone
        for world in (first, second):
            world.house.keys.rings[purpose].refresh()
    assert boxes.are_whole(first)
    assert boxes.are_whole(second)
    with pytest.raises(InvalidToken):
        first.house.keys.open(before[0])


def test_a_box_that_needs_the_old_key_keeps_it(
    url: str, tmp_path: Path, at_once: None
) -> None:
    """Also one that was sealed anew half-way, and what no key opens stops nobody."""
    with process(url, tmp_path, demo=True) as world:
        boxes = Boxes.fill(world)
        lost = {"factor": b"gAAAAAnobody opens this any more"}
        world.house.db.run(lambda db: db.execute(update(OfficialLogin).values(lost)))
        for purpose in BOXES:
            add_key(world.house, purpose, BY, timedelta(0))
            world.house.keys.rings[purpose].refresh()
            with pytest.raises(KeyRefusedError, match=f"keys rotate {purpose}"):
                finish(world.house, purpose, BY)
        portions = reseal_boxes(world.house, "factors")
        assert next(portions) == 1
        for purpose in BOXES:
            assert sum(reseal_boxes(world.house, purpose)) == {
                "picks": 3,
                "factors": 0,
                "hooks": 2,
                "speech": 1,
            }.get(purpose)
            assert len(finish(world.house, purpose, BY)) == 1
        assert boxes.are_whole(world)


def test_a_key_that_is_not_here_is_named(tmp_path: Path, at_once: None) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with process(url, tmp_path, demo=True) as world:
        Boxes.fill(world)
        assert [missing_keys(world.house, each) for each in BOXES] == [[]] * 4
        assert sum(rotate(world.house, "hooks", BY, timedelta(0))) == 2
        path = tmp_path / "keys" / "hooks"
        newest = world.house.keys.rings["hooks"].newest().id
        write_lines(path, read_lines(path)[:1])
        world.house.keys.rings["hooks"].refresh()
        assert missing_keys(world.house, "hooks") == [newest]


def test_a_box_that_somebody_made_up_does_not_open(tmp_path: Path) -> None:
    with process(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as world:
        keys = world.house.keys
        add_key(world.house, "picks", BY, timedelta(0))
        keys.rings["picks"].refresh()
        sealed = keys.seal("a vote")
        assert keys.open(sealed) == "a vote"
        head = sealed.rpartition(b":")[0] + b":"
        empty = head + base64.urlsafe_b64encode(bytes(16))
        other = keys.rings["hooks"].newest().id.encode()
        for forged in (
            empty,
            head,
            head + b"no base64!",
            sealed[:-4],
            b"enc1:",
            b"enc1:" + other + b":" + sealed[len(head) :],
            b"enc1:\xff",
            b"",
        ):
            with pytest.raises(InvalidToken):
                keys.open(forged)


def test_every_column_of_bytes_is_a_box_that_can_be_sealed_anew() -> None:
    known = {each.property.columns[0] for every in PLACES.values() for each in every}
    found: Iterator[Any] = (
        column
        for each in Base.metadata.sorted_tables
        for column in each.columns
        if isinstance(column.type, LargeBinary)
    )
    columns = set(found)
    assert len(columns) >= 6
    assert columns == known
    assert Talk.picks in PLACES["picks"]
