"""A provider that is away for a day: all waits, and arrives once, in order, spaced."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from bot.channels.base import ChannelError, Outcome, Sent
from bot.services.outbox import Owed
from bot.store.outreach import Account
from bot.store.talks import OutboundMessage
from tests.services.test_outbox import ends, owe_one, push_one, row_of
from tests.services.test_pace import crowd, most_in_a_second
from tests.worlds import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HANDFUL = 5
PER_SECOND = 5
Tries = dict[int, list[datetime]]


@pytest.fixture
def city(world: World) -> World:
    return world.with_settings(whatsapp_per_second=PER_SECOND)


def away(world: World, owed: Owed) -> None:
    ends(world, owed, ChannelError(Outcome.RETRY, "unreachable"))


def there(world: World, owed: Owed) -> None:
    ends(world, owed, Sent(f"x{owed.row}"))


def work(
    world: World, until: datetime, provider: Callable[[World, Owed], None]
) -> Tries:
    """Let a worker work until then; return when each row was tried."""
    tries: Tries = defaultdict(list)
    while world.clock() < until:
        owed = world.claim()
        for each in owed:
            tries[each.row].append(each.at or world.clock())
            provider(world, each)
        world.clock.now = soon = world.clock() + timedelta(milliseconds=250)
        if not owed:
            world.clock.now = max(soon, min(next_due(world), until))
    return tries


def next_due(world: World) -> datetime:
    """Return when something is due next, or a pause of the account is over."""
    now, never = world.clock(), world.clock() + 10 * DAY
    queued = (OutboundMessage.delivery == "queued", OutboundMessage.due_at > now)
    over = select(Account.paused_until).where(Account.paused_until > now)
    with world.house.db.engine.connect() as db:
        due = db.scalar(select(func.min(OutboundMessage.due_at)).where(*queued))
        return min(due or never, db.scalar(over) or never)


def test_a_day_without_the_provider_costs_nobody_anything(city: World) -> None:
    news = crowd(city, 12)
    ayse = city.person(channel="whatsapp", address="+31612345678")
    hers = [owe_one(city, ayse, f"r{n}") for n in range(3)]
    hers += [push_one(city, ayse, f"n{n}") for n in range(2)]
    began = city.clock()
    tried = work(city, began + DAY, away)
    queued = {row_of(city, row).delivery for row in (*news, *hers)}
    assert queued == {"queued"}
    assert set(tried) == {*news, hers[0]}, "hers wait for the first of them"
    for row, moments in tried.items():
        later = [moment for moment in moments if moment >= began + HOUR]
        assert later, row
        most = max(len([m for m in later if a <= m < a + HOUR]) for a in later)
        assert most <= HANDFUL, "it is not asked all the time"
    gaps = [b - a for a, b in pairwise(tried[hers[0]])]
    assert gaps == sorted(gaps), "the pauses grow"

    arrived = work(city, city.clock() + HOUR, there)
    assert sorted(arrived) == sorted([*news, *hers])
    assert all(len(moments) == 1 for moments in arrived.values()), "each once"
    order = [arrived[row][0] for row in hers]
    assert order == sorted(order)
    pushed = [arrived[row][0] for row in (*news, *hers[3:])]
    assert most_in_a_second(pushed) <= PER_SECOND
    assert work(city, city.clock() + DAY, there) == {}


def test_answers_of_a_provider_that_never_comes_back_end_with_a_reason(
    city: World,
) -> None:
    """After days: staff can see it, and nothing is tried for ever."""
    row = owe_one(city, city.person(channel="whatsapp"), "r")
    tried = work(city, city.clock() + 4 * DAY, away)
    assert tried[row][-1] - tried[row][0] > DAY
    ended = row_of(city, row)
    assert (ended.delivery, ended.reason) == ("failed", "unreachable")
