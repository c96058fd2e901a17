"""Broadcasts on their way: in portions, once, by any number of workers, until ended."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.config import QuietHours
from bot.domain.messages import Delivery
from bot.domain.pace import gap
from bot.services import campaigns
from bot.services.broadcasts import Broadcast, begin
from bot.services.house import Scene
from bot.services.outbox import Anew, owe_anew
from bot.services.segments import parse_segment
from bot.services.spacing import Spacing
from bot.services.spreading import spread_broadcasts, spread_portion
from bot.store.civic import Support
from bot.store.outreach import Broadcast as BroadcastRow
from bot.store.talks import OutboundMessage, Resident
from tests.houses import at_once
from tests.worlds import VOTING, Person, World, table

TEXT = {"nl": "Kom vrijdag.", "tr": "Cuma günü gelin."}


class DiedError(Exception):
    """A process ends in the middle of a transaction."""


def cast(world: World, segment: str = "all", at: datetime | None = None) -> int:
    call = Broadcast(parse_segment(segment), TEXT, at)
    key = f"cast:{len(world.rows(table(BroadcastRow)))}"
    scene = (world.house, world.clock())
    begun = world.house.db.run(
        lambda db: begin(Scene(scene[0], db, scene[1]), call, key, "test")
    )
    return begun[0]


def crowd(world: World, count: int, **talk: Any) -> list[Person]:
    languages = ("nl", "tr", "en")
    return [world.person(languages[n % 3], **talk) for n in range(count)]


def spread(world: World, most: int) -> bool:
    return spread_broadcasts(world.house, most)


def die_while_spreading(world: World, most: int) -> None:
    house, now = world.house, world.clock()

    def job(db: Any) -> None:
        assert spread_portion(Scene(house, db, now), most)
        raise DiedError

    with pytest.raises(DiedError):
        house.db.run(job)


def messages(world: World, broadcast: int) -> list[Any]:
    mine = table(OutboundMessage).where(OutboundMessage.broadcast_id == broadcast)
    return world.rows(mine.order_by(OutboundMessage.id))


def state(world: World, broadcast: int) -> str:
    found = select(BroadcastRow.state).where(BroadcastRow.id == broadcast)
    return str(world.one(found).state)


def deliver(world: World, row: int, delivery: str = "sent") -> None:
    sent = update(OutboundMessage).where(OutboundMessage.id == row)
    with world.house.db.engine.begin() as db:
        db.execute(sent.values(delivery=delivery, leased_until=None))


def test_a_call_writes_one_row_and_the_worker_the_rest(each_world: World) -> None:
    world = each_world
    people = crowd(world, 5)
    number = cast(world)
    assert messages(world, number) == []
    row = world.one(table(BroadcastRow))
    assert (row.people, row.spread_to, row.state) == (5, 0, "running")
    world.spread()
    assert [len(world.told(person)) for person in people] == [1] * 5


def test_whoever_dies_at_any_portion_repeats_nothing(each_world: World) -> None:
    world = each_world
    people = crowd(world, 11)
    number = cast(world)
    for portion in range(1, 5):
        die_while_spreading(world, 3)
        assert len(messages(world, number)) == min(3 * (portion - 1), 11)
        assert spread(world, 3)
        assert len(messages(world, number)) == min(3 * portion, 11)
    die_while_spreading(world, 3)
    assert spread(world, 3)
    assert not spread(world, 3)
    rows = messages(world, number)
    assert {row.talk_id for row in rows} == {person.talk for person in people}
    step = gap(world.house.settings.telegram_per_second)
    assert [row.due_at for row in rows] == [world.clock() + n * step for n in range(11)]
    pushed = {row.pushed_at for row in world.rows(table(Resident))}
    assert pushed == {row.due_at for row in rows}


def test_two_workers_at_once_write_each_row_once(each_world: World) -> None:
    world = each_world
    people = crowd(world, 40)
    number = cast(world)

    def work() -> int:
        portions = 0
        for _ in range(40):
            portions += spread(world, 3)
        return portions

    done = at_once(work, work)
    world.spread()
    counted = Counter(row.talk_id for row in messages(world, number))
    assert counted == Counter(person.talk for person in people)
    step = gap(world.house.settings.telegram_per_second)
    places = {row.due_at for row in messages(world, number)}
    assert places == {world.clock() + n * step for n in range(40)}
    assert all(isinstance(each, int) for each in done), done


def test_a_segment_of_several_kinds_of_people_is_spread_once_each(
    each_world: World,
) -> None:
    world = each_world
    people = crowd(world, 7)
    number = world.plan(people[0])
    for person in people[:4]:
        world.follow(person, number)
    for person in people[2:6]:
        world.vote(person)
    values = {
        "plan_id": world.plan_row(number).id,
        "resident_id": people[1].resident,
        "at": world.clock(),
    }
    with world.house.db.engine.begin() as db:
        db.execute(insert(Support).values(values))
    broadcast = cast(world, f"all area={VOTING}")
    while spread(world, 2):
        pass
    told = sorted(row.talk_id for row in messages(world, broadcast))
    assert told == [person.talk for person in people[:6]]
    assert world.one(table(BroadcastRow)).people == 6


def test_each_language_is_worded_and_fills_its_template(world: World) -> None:
    turkish = world.person("tr")
    number = cast(world)
    world.spread()
    (push,) = world.pushes(turkish)
    assert TEXT["tr"] in push.text
    assert push.kind == "broadcast"
    assert push.slots == {"city": "Amsterdam", "words": TEXT["tr"]}
    assert (push.broadcast_id, push.round_id) == (number, 1)


def test_it_is_done_when_nothing_is_left_in_the_queue(each_world: World) -> None:
    world = each_world
    crowd(world, 2)
    number = cast(world)
    world.spread()
    first, second = messages(world, number)
    deliver(world, first.id)
    world.spread()
    assert state(world, number) == "running"
    deliver(world, second.id, "failed")
    world.spread()
    assert state(world, number) == "done"


def test_one_for_nobody_is_done_at_once(world: World) -> None:
    number = cast(world, "voters")
    world.spread()
    assert state(world, number) == "done"


def test_a_pause_in_the_middle_stops_spreading_and_sending(each_world: World) -> None:
    world = each_world
    crowd(world, 6)
    number = cast(world)
    assert spread(world, 4)
    assert campaigns.pause(world.house, number, "test")
    assert not campaigns.pause(world.house, number, "test")
    assert not spread(world, 4)
    world.clock.pass_time(seconds=10)
    assert world.claim() == []
    counts = _progress(world, number).counts
    assert (counts["held"], counts["queued"]) == (4, 0)
    assert campaigns.resume(world.house, number, "test")
    assert not campaigns.resume(world.house, number, "test")
    world.spread()
    assert len(messages(world, number)) == 6
    world.clock.pass_time(seconds=10)
    assert len(world.claim()) == 6


def _progress(world: World, number: int) -> campaigns.Progress:
    found = world.house.db.read(lambda db: campaigns.progress(db, number))
    assert found is not None
    return found


def test_what_is_resumed_at_night_waits_for_the_morning(world: World) -> None:
    night = world.with_settings(quiet_hours=QuietHours(time(21), time(8)))
    person = night.person()
    number = cast(night)
    night.spread()
    campaigns.pause(night.house, number, "test")
    night.clock.now = datetime(2026, 11, 18, 22, tzinfo=UTC)
    campaigns.resume(night.house, number, "test")
    assert night.pushes(person)[0].due_at == datetime(2026, 11, 19, 7, tzinfo=UTC)


def test_a_cancelled_one_drops_what_waits_and_keeps_what_is_sent(
    each_world: World,
) -> None:
    world = each_world
    people = crowd(world, 6)
    number = cast(world)
    spread(world, 4)
    deliver(world, messages(world, number)[0].id)
    assert campaigns.cancel(world.house, number, "test")
    assert not campaigns.cancel(world.house, number, "test")
    assert not campaigns.resume(world.house, number, "test")
    world.spread()
    told = [(row.delivery, row.reason) for row in messages(world, number)]
    assert told == [("sent", None)] + [("dropped", "cancelled")] * 3
    assert {row.text for row in messages(world, number)[1:]} == {""}
    pushed = [
        world.one(table(Resident).where(Resident.id == each.resident))
        for each in people
    ]
    assert [row.pushed_at is None for row in pushed] == [False] + [True] * 5


def test_what_is_being_sent_while_it_is_cancelled_is_not_repeated(
    each_world: World,
) -> None:
    world = each_world
    person = world.person()
    number = cast(world)
    world.spread()
    (owed,) = world.claim()
    campaigns.cancel(world.house, number, "test")
    assert world.pushes(person)[0].delivery == "queued"
    world.clock.pass_time(minutes=1)
    assert world.claim() == []
    world.spread()
    assert world.pushes(person)[0].reason == "cancelled"
    assert owed.row == world.pushes(person)[0].id


def test_what_a_slow_clock_is_sending_is_not_dropped_as_cancelled(
    each_world: World,
) -> None:
    world = each_world
    person = world.person()
    number = cast(world)
    world.spread()
    assert world.claim()
    campaigns.cancel(world.house, number, "test")
    world.clock.pass_time(seconds=20)
    world.spread()
    assert world.pushes(person)[0].delivery == "queued"
    world.clock.pass_time(seconds=3)
    world.spread()
    assert world.pushes(person)[0].delivery == "dropped"


@pytest.mark.parametrize("verb", ["pause", "cancel"])
def test_what_is_owed_anew_is_held_or_ended_with_its_broadcast(
    each_world: World, verb: str
) -> None:
    world = each_world
    person = world.person()
    number = cast(world)
    world.spread()
    (push,) = world.pushes(person)
    deliver(world, push.id, "failed")
    getattr(campaigns, verb)(world.house, number, "test")
    now = world.clock()
    world.house.db.run(lambda db: owe_anew(db, push.id, Anew("again", now), now))
    again = world.pushes(person)[1]
    told = (again.delivery, again.held)
    assert told == (("queued", "paused") if verb == "pause" else ("dropped", None))
    assert world.claim() == []
    counts = _progress(world, number).counts
    assert sum(counts.values()) == 1


def test_places_go_on_after_the_night_as_if_it_took_no_time(world: World) -> None:
    night = world.with_settings(
        quiet_hours=QuietHours(time(21), time(8)), telegram_per_second=1 / 3600
    )
    evening = datetime(2026, 11, 18, 18, 30, tzinfo=UTC)  # 19:30 at home
    spacing = Spacing(night.house, "Europe/Amsterdam", evening)
    places = [spacing.place("telegram", shut=False) for _ in range(4)]
    step = gap(1 / 3600)
    assert places[:2] == [evening, evening + step]
    morning = datetime(2026, 11, 19, 7, tzinfo=UTC)
    left = 2 * step - timedelta(hours=1, minutes=30)
    assert places[2:] == [morning + left, morning + left + step]


def test_progress_counts_and_says_why(world: World) -> None:
    crowd(world, 4)
    number = cast(world)
    spread(world, 3)
    first, second, _ = messages(world, number)
    deliver(world, first.id, Delivery.READ.value)
    deliver(world, second.id, Delivery.FAILED.value)
    told = _progress(world, number)
    assert (told.total, told.ended, told.written) == (4, 2, False)
    assert told.counts == Counter(queued=1, read=1, failed=1)
    assert told.reasons == Counter({"": 1})
    assert [each.id for each in world.house.db.read(campaigns.all_progress)] == [number]
    assert world.house.db.read(lambda db: campaigns.progress(db, 99)) is None
