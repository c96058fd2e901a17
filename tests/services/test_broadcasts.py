"""One text to many: who gets it, in which language, when, and who is left in peace."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.config import QuietHours
from bot.domain.pace import gap
from bot.services.answers import FaultyCallError
from bot.services.broadcasts import Broadcast
from bot.services.hooks import accept
from bot.services.segments import Segment, parse_segment
from tests.worlds import COLLECTING, VOTING, Person, World

PARTY = {
    "nl": "Kom vrijdag naar het plein.",
    "en": "Come to the square on Friday.",
    "tr": "Cuma günü meydana gelin.",
    "ar": "تعالوا إلى الساحة يوم الجمعة.",
}


def send(
    world: World,
    segment: str = "all",
    at: datetime | None = None,
    call_id: str = "msg_1",
    text: dict[str, str] | None = None,
) -> dict[str, Any]:
    call = Broadcast(parse_segment(segment), text or PARTY, at)
    answer = dict(accept(world.house, call_id, call).answer)
    world.spread()
    return answer


def reached(world: World, *people: Person) -> list[bool]:
    return [bool(world.told(person)) for person in people]


@pytest.mark.parametrize("language", PARTY)
def test_it_says_who_writes_and_how_to_be_left_in_peace(
    world: World, language: str
) -> None:
    person = world.person(language)
    assert send(world)["told"] == 1
    sender, words, leave = world.texts(person)[0].split("\n")
    assert "Amsterdam" in sender
    assert words == PARTY[language]
    stop = {"nl": "stop", "en": "stop", "tr": "dur", "ar": "توقف"}[language]
    assert leave.rstrip(".").endswith(stop)
    assert world.pushes(person)[0].about is None


def test_a_missing_language_falls_back_to_dutch(world: World) -> None:
    person = world.person("tr")
    send(world, text={"nl": "Alleen Nederlands.", "en": "English too."})
    assert "Alleen Nederlands." in world.texts(person)[0]


def test_people_who_stopped_left_or_were_forgotten_are_left_out(world: World) -> None:
    now = world.clock()
    people = [world.person("nl", "whatsapp") for _ in range(5)]
    for person, column in zip(
        people, ("stopped_at", "closed_at", "forgotten_at"), strict=False
    ):
        world.change_talk(person, **{column: now})
    world.change_resident(people[3], may_write=False)
    assert send(world)["told"] == 1
    assert reached(world, *people) == [False, False, False, False, True]


def test_somebody_with_two_talks_gets_one_message_where_she_wrote_last(
    world: World,
) -> None:
    first, second = world.person(), world.person()
    world.change_talk(first, resident_id=second.resident)
    later = world.clock() + timedelta(minutes=1)
    world.change_talk(first, last_inbound_at=later)
    assert send(world)["told"] == 1
    assert reached(world, first, second) == [True, False]


def test_segments_reach_whom_they_name(world: World) -> None:
    chosen, not_chosen, voter, follower, nobody = (world.person() for _ in range(5))
    number = world.plan(chosen, status="started")
    world.plan(not_chosen, status="below_threshold", a_round=COLLECTING)
    world.vote(voter)
    world.follow(follower, number)
    everybody = (chosen, not_chosen, voter, follower, nobody)
    expected = {
        "all": "11111",
        "authors": "11000",
        "authors:chosen": "10000",
        "authors:not_chosen": "01000",
        "voters": "00100",
        f"followers:{number}": "00010",
        f"all area={VOTING}": "10110",
        f"authors area={COLLECTING}": "01000",
        f"voters area={COLLECTING}": "00000",
        f"followers:{number} area={COLLECTING}": "00000",
        f"authors:chosen locale=nl area={VOTING}": "10000",
        "all locale=tr": "00000",
    }
    for segment, who in expected.items():
        before = [len(world.told(person)) for person in everybody]
        send(world, segment, call_id=segment)
        after = [len(world.told(person)) for person in everybody]
        got = "".join(str(b - a) for a, b in zip(before, after, strict=True))
        assert got == who, segment


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("all", Segment("all")),
        ("authors:chosen", Segment("authors:chosen")),
        ("followers:21", Segment("followers", plan=21)),
        ("voters  area=x locale=ar", Segment("voters", locale="ar", area="x")),
    ],
)
def test_segments_are_read(text: str, meant: Segment) -> None:
    assert parse_segment(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "everybody",
        "ALL",
        "authors:maybe",
        "followers",
        "followers:",
        "followers:x",
        "followers:9999999",
        "all locale=de",
        "all locale=",
        "all locale=nl locale=tr",
        "all street=x",
        "all all",
        "locale=tr",
    ],
)
def test_what_is_no_segment_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="must|may") as refused:
        parse_segment(text)
    assert "Traceback" not in str(refused.value)


@pytest.mark.parametrize("segment", ["all area=atlantis", "followers:99990"])
def test_a_place_or_plan_that_is_not_there_is_a_fault(
    world: World, segment: str
) -> None:
    with pytest.raises(FaultyCallError) as refused:
        send(world, segment)
    assert refused.value.faults[0].path == "data.segment"


def test_it_keeps_the_pace_of_each_channel(world: World) -> None:
    slow = world.with_settings(
        telegram_per_second=2.0, whatsapp_per_second=4.0, whatsapp_tier=3
    )
    now = world.clock()
    closed = {"whatsapp": {"window_until": now - timedelta(hours=1)}}
    people = {
        channel: [
            world.person("nl", channel, **closed.get(channel, {})) for _ in range(5)
        ]
        for channel in ("telegram", "whatsapp", "web")
    }
    writing = [
        world.person("nl", "whatsapp", window_until=now + timedelta(hours=1))
        for _ in range(2)
    ]
    send(slow)
    waits = {
        channel: sorted(
            (world.pushes(each)[0].due_at - now).total_seconds() for each in group
        )
        for channel, group in people.items()
    }
    half, quarter = gap(2.0).total_seconds(), gap(4.0).total_seconds()
    day = 24 * 3600
    assert waits["telegram"] == [n * half for n in range(5)]
    assert waits["whatsapp"] == [0, quarter, 2 * quarter, day, day + quarter]
    assert waits["web"] == [0, 0, 0, 0, 0]
    inside = [world.pushes(each)[0].due_at - now for each in writing]
    assert inside == [timedelta(seconds=n * quarter) for n in (3, 4)]


def test_it_waits_for_its_moment_and_for_the_morning(world: World) -> None:
    night = world.with_settings(quiet_hours=QuietHours(time(21), time(8)))
    person = world.person()
    at = datetime(2026, 11, 19, 22, 30, tzinfo=UTC)
    send(night, at=at)
    (push,) = world.pushes(person)
    morning = datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert morning <= push.due_at < morning + timedelta(minutes=10)


def test_a_moment_in_the_past_is_now_with_a_warning(world: World) -> None:
    person = world.person()
    answer = send(world, at=world.clock() - timedelta(days=1))
    assert answer["warnings"] == [
        {"path": "data.at", "warning": "is in the past: sent now"}
    ]
    assert world.pushes(person)[0].due_at == world.clock()


def test_one_message_in_three_days_the_rest_is_held_and_counted(
    each_world: World,
) -> None:
    world = each_world
    busy, free = world.person(), world.person()
    world.change_resident(busy, pushed_at=world.clock() - timedelta(days=2))
    answer = send(world)
    assert (answer["told"], answer["held"]) == (2, 1)
    assert world.pushes(busy)[0].due_at == world.clock() + timedelta(days=1)
    again = send(world, call_id="msg_2")
    assert (again["told"], again["held"]) == (2, 2)
    assert world.pushes(busy)[1].due_at == world.clock() + timedelta(days=4)
    first, second = world.pushes(free)
    assert second.due_at == first.due_at + timedelta(days=3)


def test_whoever_stops_before_it_is_sent_gets_nothing(world: World) -> None:
    person = world.person("en")
    send(world, at=world.clock() + timedelta(hours=1))
    world.says(person, "stop")
    world.clock.pass_time(hours=2)
    world.send_due()
    assert world.pushes(person)[0].delivery == "dropped"


def test_everybody_is_found_once_whatever_the_number(world: World) -> None:
    people = [world.person(("nl", "en", "tr", "ar")[n % 4]) for n in range(60)]
    assert send(world)["told"] == 60
    assert reached(world, *people) == [True] * 60
