"""A crowd behind one address is answered, while one chat that floods is slowed."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from bot.app import create_app
from bot.channels.web import MARK
from bot.domain.messages import Inbound, Sender, Text
from bot.services.floods import MOST_KNOWN, Floods
from bot.services.inbound import take_in
from bot.store.talks import InboundMessage, OutboundMessage, Talk
from tests.worlds import World, table

CROWD, MOST = 1_000, 20
CARRIER = "198.51.100.7"


class Now:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def guarded(world: World, now: Now) -> World:
    house = replace(world.house, floods=Floods(MOST, now))
    return replace(world, house=house)


def says(world: World, who: str, text: str = "hallo") -> bool:
    sender = Sender(who, language_hint="nl")
    return take_in(world.house, Inbound("web", uuid4().hex, sender, Text(text)))


def count_of(world: World, model: type) -> int:
    return int(world.house.db.read(lambda db: db.scalar(select(func.count(model.id)))))  # type: ignore[attr-defined, arg-type]


def test_one_chat_is_slowed_told_once_and_heard_again(each_world: World) -> None:
    now = Now()
    world = guarded(each_world, now)
    heard = [says(world, "flood") for _ in range(MOST + 200)]
    assert heard == [True] * MOST + [False] * 200
    assert count_of(world, InboundMessage) == MOST
    rows = world.rows(table(OutboundMessage))
    told = [row.text for row in rows if row.dedupe_key.startswith("flood:")]
    assert len(told) == 1
    assert "Wacht alstublieft een minuut." in told[0]
    now.seconds = 60.0
    world.clock.pass_time(minutes=1)
    assert says(world, "flood")


def test_a_crowd_behind_one_address_is_answered_beside_a_flood(world: World) -> None:
    guard = guarded(world, Now())
    app = create_app(house=guard.house)
    web = guard.house.channels["web"]
    seen = []
    for at in range(CROWD):
        browser = app.test_client()
        browser.environ_base["REMOTE_ADDR"] = CARRIER
        browser.set_cookie(web.cookie, web.sign(f"neighbour-{at}"), path="/phone")  # type: ignore[attr-defined]
        body = {"id": str(uuid4()), "text": "hallo", "language": "nl"}
        answer = browser.post("/phone/say", json=body, headers={MARK[0]: MARK[1]})
        seen.append((answer.status_code, bool((answer.json or {}).get("messages"))))
        assert says(guard, "flood") is (at < MOST)
    assert seen == [(200, True)] * CROWD
    assert count_of(guard, Talk) == CROWD + 1


def test_what_a_provider_brings_late_is_no_flood(world: World) -> None:
    guard = guarded(world, Now())
    sender = Sender("flood", language_hint="nl")
    late = Inbound("web", "late", sender, Text("hallo"))
    for _ in range(MOST):
        says(guard, "flood")
    assert take_in(guard.house, late, world.clock()), "what comes late is no flood"


@pytest.mark.parametrize("per_minute", [0])
def test_with_0_nobody_is_slowed(per_minute: int) -> None:
    floods = Floods(per_minute, Now())
    assert all(floods.lets_in("one") for _ in range(10_000))


def test_only_so_many_chats_are_remembered() -> None:
    floods = Floods(1, Now())
    for at in range(MOST_KNOWN + 50):
        assert floods.lets_in(at)
    assert len(floods._buckets) <= MOST_KNOWN
    assert not floods.lets_in(MOST_KNOWN + 49)
