"""An app that is not hers is unlinked: it learns nothing more, and takes nothing."""

import pytest
from sqlalchemy import select

from bot.domain.plans import Status
from bot.flows.saved import load_talk
from bot.flows.state import ChoosingWord, Menu, Withdrawing
from bot.services.broadcasts import Broadcast
from bot.services.hooks import StatusNews, accept
from bot.services.segments import parse_segment
from bot.store.civic import Mark, Support
from bot.store.talks import HER_DATA, Media
from tests.services.test_linking import (
    JOINED,
    WORD,
    WRONG,
    author,
    guesses,
    linked,
    owner,
    picks,
    public,
    resident,
    votes,
)
from tests.worlds import Person, World, table

APART = "hoort niet meer bij u"
NOTHING = "geen andere app gekoppeld"


def unlinks(world: World, person: Person) -> str:
    """Say the word for it in Dutch, and return what is answered."""
    world.says(person, "ontkoppel")
    return str(world.texts(person)[-1])


def test_the_warning_undoes_it_with_one_tap(each_world: World) -> None:
    world = each_world
    first, second, number = linked(world)
    (warning,) = world.pushes(first)
    assert "ontkoppel" in warning.text
    assert [each[0] for each in warning.choices][:2] == ["unlink", "person"]
    world.taps(first, "unlink")
    assert APART in world.texts(first)[-1]
    assert owner(world, first) == first.resident
    assert owner(world, second) != first.resident
    world.says(second, "durum")
    assert str(number) not in world.texts(second)[-1]
    world.says(first, "status")
    assert f"{number} – Een bank" in world.texts(first)[-1]
    assert world.tasks() == []


def test_her_word_is_gone_and_another_one_links_again(each_world: World) -> None:
    world = each_world
    first, second, number = linked(world)
    unlinks(world, first)
    assert resident(world, first.resident).word_hash is None
    assert WRONG in guesses(world, world.person(), number, WORD)
    world.says(first, "koppel")
    assert isinstance(load_talk(world.talk(first).state).state, ChoosingWord)
    world.says(first, "klaproos")
    world.says(second, "bağla")
    world.says(second, f"{number} klaproos")
    assert owner(world, second) == first.resident


def test_who_came_in_later_turns_nobody_out(each_world: World) -> None:
    """Whoever guessed the word cannot keep the plan for himself."""
    world = each_world
    first, number = author(world)
    second = world.person()
    assert JOINED in guesses(world, second, number)
    assert NOTHING in unlinks(world, second)
    assert owner(world, second) == owner(world, first) == first.resident
    assert resident(world, first.resident).word_hash is not None
    assert world.tasks() == []


def test_all_that_came_after_go_and_what_came_before_stays(each_world: World) -> None:
    world = each_world
    first, number = author(world)
    second, third, fourth = (world.person() for _ in range(3))
    for each in (second, third, fourth):
        world.clock.pass_time(hours=1)
        guesses(world, each, number)
    warned = [len(world.pushes(each)) for each in (first, second, third, fourth)]
    assert warned == [3, 2, 1, 0], "every app she had hears of the next one"
    assert APART in unlinks(world, second)
    assert owner(world, first) == owner(world, second) == first.resident
    assert owner(world, third) == owner(world, fourth) != first.resident
    assert NOTHING in unlinks(world, second)
    assert APART in unlinks(world, first)
    assert owner(world, second) not in {first.resident, owner(world, third)}


def test_who_has_one_app_has_nothing_to_unlink(world: World) -> None:
    stranger = world.person()
    assert NOTHING in unlinks(world, stranger)
    assert owner(world, stranger) == stranger.resident


def test_what_was_begun_there_is_over(each_world: World) -> None:
    world = each_world
    first, second, number = linked(world)
    world.taps(second, f"withdraw:{number}")
    assert isinstance(load_talk(world.talk(second).state).state, Withdrawing)
    unlinks(world, first)
    assert isinstance(load_talk(world.talk(second).state).state, Menu)
    assert (world.talk(second).about_id, world.talk(second).asked_id) == (None, None)
    world.taps(second, "yes")
    assert world.plan_row(number).status != "withdrawn"
    world.taps(second, f"withdraw:{number}")
    world.taps(second, "yes")
    assert world.plan_row(number).status != "withdrawn"


def test_her_news_does_not_go_there_and_officials_see_that(each_world: World) -> None:
    world = each_world
    first, second, number = linked(world)
    world.clock.pass_time(days=1)
    world.says(second, "durum")
    news = StatusNews(number, Status.STARTED)
    assert accept(world.house, "msg_1", news).answer["told"] == 1
    to_all = Broadcast(parse_segment("all"), {"nl": "Kom naar het plein."}, None)
    accept(world.house, "msg_2", to_all)
    world.spread()
    unlinks(world, first)
    ended = [(row.delivery, row.reason, row.text) for row in world.pushes(second)]
    assert ("dropped", "unlinked", "") in ended
    assert [each[0] for each in ended].count("queued") == 1, "what all get is not hers"


def test_a_file_with_her_data_does_not_go_there(each_world: World) -> None:
    world = each_world
    first, second, _ = linked(world)
    world.says(second, "bilgilerim")
    files = select(Media.__table__.c.delete_after).where(Media.kind == HER_DATA)
    assert world.rows(files) == [(None,)]
    unlinks(world, first)
    assert world.rows(files) == [(world.clock(),)]


@pytest.mark.parametrize("who", ["both", "first", "second"])
def test_a_mark_stays_with_the_ballot(each_world: World, who: str) -> None:
    world = each_world
    first, number = author(world)
    second = world.person()
    voted = {"both": (first, second), "first": (first,), "second": (second,)}[who]
    for each in voted:
        votes(world, each, "21 30")
    assert JOINED in guesses(world, second, number)
    unlinks(world, first)
    marked = {row.resident_id for row in world.rows(table(Mark))}
    assert marked == {owner(world, each) for each in voted}
    for each in (first, second):
        votes(world, each, "22")
    assert picks(world) == [[22], [22]]


def test_what_she_supported_stays_hers(each_world: World) -> None:
    world = each_world
    first, number = author(world)
    second, neighbour = world.person(), world.person()
    plan = public(world, neighbour)
    world.says(second, f"steun {plan}")
    guesses(world, second, number)
    unlinks(world, first)
    assert [row.resident_id for row in world.rows(table(Support))] == [first.resident]
    assert world.plan_row(plan).supports == 1
    world.says(second, f"steun {plan}")
    assert world.plan_row(plan).supports == 2
