"""Two days before closing: one reminder to whoever began to vote, to nobody else."""

from datetime import time, timedelta
from typing import Any

import pytest

from bot.config import QuietHours
from bot.flows.saved import dump_picks
from bot.flows.state import Picks
from bot.services.reminding import remind_voters
from tests.worlds import VOTING, Person, World


def closing(world: World) -> Any:
    rounds = world.house.db.read(world.house.catalog.view).rounds
    return next(each for each in rounds if each.slug == VOTING).closes_at


def begin(world: World, person: Person, slug: str = VOTING) -> Person:
    """Let somebody pick plans and stop there."""
    picks = dump_picks(Picks(slug, (21, 30)))
    assert picks is not None
    world.change_talk(person, picks=world.house.keys.seal(picks))
    return person


def test_whoever_began_is_reminded_once_in_the_last_two_days(each_world: World) -> None:
    world = each_world
    begun = begin(world, world.person("en"))
    unsure = begin(world, world.person("tr"), "")
    other = begin(world, world.person("en"), "another-2026")
    idle = world.person("en")
    world.clock.now = closing(world) - timedelta(hours=49)
    assert not remind_voters(world.house)
    assert world.pushes(begun) == []
    world.clock.pass_time(hours=1)
    for _ in range(3):
        assert not remind_voters(world.house)
        world.clock.pass_time(hours=1)
    (push,) = world.pushes(begun)
    assert len(world.pushes(unsure)) == 1
    assert world.pushes(other) + world.pushes(idle) == []
    assert (push.kind, push.dedupe_key) == ("reminder", f"reminder:1:{begun.resident}")
    assert push.choices[0][:2] == ["menu:vote", "I want to vote"]
    assert push.slots["area"] == "Slotermeer"
    assert push.slots["closing"] in push.text
    assert not {"21", "30"} & set(push.text.split())
    assert world.talk(begun).picks is not None


@pytest.mark.parametrize("language", ["nl", "en", "tr", "ar"])
def test_it_speaks_her_language(world: World, language: str) -> None:
    person = begin(world, world.person(language))
    world.clock.now = closing(world) - timedelta(hours=10)
    remind_voters(world.house)
    assert len(world.texts(person)[0].splitlines()) == 4
    english = "Your vote is not sent yet." in world.texts(person)[0]
    assert english is (language == "en")


def test_three_days_do_not_count_but_the_night_does(world: World) -> None:
    night = world.with_settings(quiet_hours=QuietHours(time(21), time(8)))
    person = begin(night, night.person())
    night.change_resident(person, pushed_at=closing(night) - timedelta(hours=40))
    night.clock.now = closing(night) - timedelta(hours=22)  # 22:00 at home
    remind_voters(night.house)
    assert night.pushes(person)[0].due_at == night.clock() + timedelta(hours=10)


def test_nobody_is_reminded_who_does_not_want_it_or_when_it_is_over(
    world: World,
) -> None:
    now = world.clock()
    stopped, closed, no = (begin(world, world.person()) for _ in range(3))
    world.change_talk(stopped, stopped_at=now)
    world.change_talk(closed, closed_at=now)
    world.change_resident(no, may_write=False)
    late = begin(world, world.person())
    world.clock.now = closing(world)
    remind_voters(world.house)
    world.clock.now = closing(world) - timedelta(minutes=5)
    early = world.with_settings(quiet_hours=QuietHours(time(19), time(23)))
    remind_voters(early.house)
    people = (stopped, closed, no, late)
    assert [world.pushes(each) for each in people] == [[]] * 4


def test_a_tap_on_it_leads_back_to_her_ballot(world: World) -> None:
    person = world.person("en")
    world.says(person, "vote 21 30")
    assert world.talk(person).picks is not None
    world.clock.now = closing(world) - timedelta(hours=10)
    remind_voters(world.house)
    assert len(world.pushes(person)) == 1
    world.taps(person, "menu:vote")
    assert "21" in world.texts(person)[-1]
