"""News wait for the night to end; answers do not."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.config import QuietHours
from bot.services import plans
from bot.services.house import Scene
from bot.services.news import push_time
from tests.worlds import NOON, World

QUIET = QuietHours(time(21), time(8))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-18 20:59", "2026-11-18 20:59"),
        ("2026-11-18 21:00", "2026-11-19 08:00"),
        ("2026-11-18 23:59", "2026-11-19 08:00"),
        ("2026-11-19 00:00", "2026-11-19 08:00"),
        ("2026-11-19 07:59", "2026-11-19 08:00"),
        ("2026-11-19 08:00", "2026-11-19 08:00"),
        ("2026-10-25 02:30", "2026-10-25 08:00"),
        ("2026-03-28 22:00", "2026-03-29 08:00"),
    ],
)
def test_news_wait_for_the_night_to_end_where_she_lives(
    world: World, now: str, due: str
) -> None:
    house = world.with_settings(quiet_hours=QUIET).house
    zone = ZoneInfo("Europe/Amsterdam")
    at = datetime.fromisoformat(now).replace(tzinfo=zone)
    wanted = datetime.fromisoformat(due).replace(tzinfo=zone)
    assert push_time(house, at, "Europe/Amsterdam") == wanted


def test_news_of_the_night_are_sent_in_the_morning_and_answers_at_once(
    world: World,
) -> None:
    person = world.person("en")
    number = world.plan(person, "A bench under the trees")
    night = world.with_settings(quiet_hours=QUIET)
    night.clock.now = NOON + timedelta(hours=11)
    house, now = night.house, night.clock()
    title = {"nl": "Bank", "en": "Bench"}
    house.db.run(lambda db: plans.publish(Scene(house, db, now), number, title, "bram"))
    night.says(night.person(), "hello")
    assert night.send_due() == [], "the answer is on its way, the news wait"
    news = night.pushes(person)
    waits = [each.due_at - now for each in news]
    assert waits == [timedelta(hours=9), timedelta(hours=9, seconds=1)]
    night.clock.pass_time(hours=9)
    assert [owed.row for owed in night.send_due()][1:] == [news[0].id]


def test_news_that_come_late_wait_for_the_morning_too(each_world: World) -> None:
    """An outage, a pace or a pause may last into the night."""
    person = each_world.person("en")
    number = each_world.plan(person, "A bench under the trees")
    night = each_world.with_settings(quiet_hours=QUIET)
    house, now = night.house, night.clock()
    title = {"nl": "Bank", "en": "Bench"}
    house.db.run(lambda db: plans.publish(Scene(house, db, now), number, title, "bram"))
    night.clock.pass_time(hours=11)
    assert night.send_due() == []
    zone = ZoneInfo("Europe/Amsterdam")
    morning = datetime(2026, 11, 19, 8, tzinfo=zone)
    assert night.pushes(person)[0].due_at == morning
    night.clock.now = morning
    assert [owed.row for owed in night.send_due()] == [night.pushes(person)[0].id]
