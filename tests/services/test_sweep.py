"""What has to go, goes on its day; what has to stay, stays. The clock is moved."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.channels.base import Sent
from bot.services.catalog import touch
from bot.services.outcomes import Outcomes, record_outcomes
from bot.services.sweep import AT_ONCE, HOOK_KEY_DAYS, sweep
from bot.store.civic import BallotRow, HookCall, Mark, RoundRow
from bot.store.talks import Media
from tests.worlds import VOTING, Person, World, table

DEMO_RESULT_DAYS, MARK_DAYS = 35, 30


def keep(world: World, person: Person, **values: Any) -> int:
    """Keep a recording with a file, and return its id."""
    row = {
        "talk_id": person.talk,
        "channel": "telegram",
        "kind": "voice",
        "source": {"place": ""},
        "key": world.house.media.save(b"her voice", "audio/ogg"),
        "mime": "audio/ogg",
        "transcript": "her words",
        "created_at": world.clock(),
    }
    with world.house.db.engine.begin() as db:
        made = db.execute(insert(Media).values(row | values))
        return int(made.inserted_primary_key[0])  # type: ignore[index]


def media(world: World, media_id: int) -> Any:
    return world.one(table(Media).where(Media.id == media_id))


def is_there(world: World, key: str) -> bool:
    try:
        return bool(world.house.media.load(key))
    except FileNotFoundError:
        return False


def test_a_recording_goes_on_its_day_and_not_before(each_world: World) -> None:
    world = each_world
    person = world.person()
    due = keep(world, person, delete_after=world.clock() + timedelta(days=30))
    kept = keep(world, person)
    keys = [media(world, each).key for each in (due, kept)]
    world.clock.pass_time(days=29, hours=23)
    sweep(world.house)
    assert [is_there(world, key) for key in keys] == [True, True]
    world.clock.pass_time(hours=2)
    assert sweep(world.house) == 1
    assert [is_there(world, key) for key in keys] == [False, True]
    gone = media(world, due)
    assert (gone.key, gone.transcript, gone.problem) == (None, None, "deleted")
    assert media(world, kept).transcript == "her words"


def test_sweeping_again_finds_nothing(world: World) -> None:
    keep(world, world.person(), delete_after=world.clock())
    assert sweep(world.house) == 1
    assert sweep(world.house) == 0


def test_a_file_that_is_gone_already_stops_nothing(world: World) -> None:
    person = world.person()
    first = keep(world, person, delete_after=world.clock())
    second = keep(world, person, delete_after=world.clock())
    world.house.media.delete(media(world, first).key)
    assert sweep(world.house) == 2
    assert media(world, second).key is None


def test_more_than_one_sweep_can_carry_goes_with_the_next(world: World) -> None:
    person = world.person()
    for _ in range(AT_ONCE + 5):
        keep(world, person, delete_after=world.clock())
    assert sweep(world.house) + sweep(world.house) == AT_ONCE + 5
    assert not [row for row in world.rows(table(Media)) if row.key]


def test_a_sweep_that_died_between_file_and_row_is_done_again(world: World) -> None:
    due = keep(world, world.person(), delete_after=world.clock())
    world.house.media.delete(media(world, due).key)
    sweep(world.house)
    assert media(world, due).key is None


def test_who_voted_is_forgotten_a_month_after_the_results_and_votes_stay(
    each_world: World,
) -> None:
    world = each_world
    person = world.person()
    world.says(person, "stem 21 30")
    world.taps(person, "yes")
    world.clock.pass_time(days=DEMO_RESULT_DAYS + MARK_DAYS - 1)
    sweep(world.house)
    assert len(world.rows(table(Mark))) == 1
    world.clock.pass_time(days=2)
    sweep(world.house)
    assert world.rows(table(Mark)) == []
    assert len(world.rows(table(BallotRow))) == 1


def test_a_round_may_lay_down_fewer_days(world: World) -> None:
    world.vote(world.person())
    (row, *_) = world.rows(table(RoundRow).where(RoundRow.slug == VOTING))
    data = row.data | {"retention": {"marks_days": 3}}
    with world.house.db.engine.begin() as db:
        db.execute(update(RoundRow).where(RoundRow.id == row.id).values(data=data))
        touch(db)
    world.clock.pass_time(days=DEMO_RESULT_DAYS + 2)
    sweep(world.house)
    assert len(world.rows(table(Mark))) == 1
    world.clock.pass_time(days=2)
    sweep(world.house)
    assert world.rows(table(Mark)) == []


def test_an_unfinished_ballot_goes_when_voting_closes(world: World) -> None:
    person = world.person()
    world.says(person, "stem 21 30")
    sweep(world.house)
    assert world.talk(person).picks is not None
    world.clock.pass_time(days=22)
    sweep(world.house)
    assert world.talk(person).picks is None


@pytest.mark.parametrize(
    ("late", "gone"),
    [
        ({"days": 21, "minutes": 7}, True),
        ({"days": 24, "minutes": 7}, False),
        ({"days": 24, "hours": 1}, True),
    ],
    ids=["just closed", "long closed", "at a full hour"],
)
def test_unfinished_ballots_are_looked_through_after_a_closing_and_once_an_hour(
    world: World, late: dict[str, float], *, gone: bool
) -> None:
    person = world.person()
    world.says(person, "stem 21 30")
    world.clock.pass_time(hours=9)
    world.clock.pass_time(**late)
    sweep(world.house)
    assert (world.talk(person).picks is None) == gone


def test_what_showed_a_choice_is_emptied_even_if_nobody_looks_again(
    world: World,
) -> None:
    """The web page fetches it; she may never open the page again."""
    person = world.person(channel="web")
    world.says(person, "stem 21 30")
    owed = world.postman.taken[-1]
    assert owed.secret
    done = [Outcomes(owed, Sent("web:1"), None, world.clock())]
    world.house.db.run(lambda db: record_outcomes(db, done))
    sweep(world.house)
    assert world.texts(person)[-1], "the page may still fetch it"
    world.clock.pass_time(days=1)
    sweep(world.house)
    assert world.texts(person)[-1] == ""


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_the_keys_of_hook_calls_go_after_a_month(
    world: World, days: int, left: int
) -> None:
    row = {"id": "msg_1", "kind": "plan.status", "answer": {}, "at": world.clock()}
    with world.house.db.engine.begin() as db:
        db.execute(insert(HookCall).values(row))
    world.clock.pass_time(days=days)
    sweep(world.house)
    assert len(world.rows(table(HookCall))) == left
    assert HOOK_KEY_DAYS == 30
