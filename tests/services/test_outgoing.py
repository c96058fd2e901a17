"""Events reach the city's systems: signed, repeated on time, once at a time."""

import socket
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook

from bot.channels.posting import Post, printable
from bot.domain.events import DELAYS, MOST_TRIES, Parcel, Posted, Reach
from bot.services.desk.endpoints import rotate, switch_on
from bot.services.erasures import erase
from bot.services.events import GIVEN_UP, OWED, TAKEN
from bot.services.house import Scene
from bot.services.outgoing import LEASE, PATIENCE, claim_events, post_events
from bot.services.sweep import sweep
from bot.services.talks import talk_by_id
from bot.store.outhooks import HookDispatch, HookEvent
from tests.services.city_hooks import ADMIN, Told, connected, posting
from tests.standins.city_system import TEN_MEGABYTES, CitySystem, is_signed, with_tls
from tests.standins.server import Answer, Drop, Hang
from tests.worlds import World, table

PLACE = "/events"


@pytest.fixture
def told(each_world: World) -> Iterator[Told]:
    with connected(each_world, "plan.created") as made:
        yield made


@pytest.fixture
def small(world: World) -> Iterator[Told]:
    """The same on SQLite only, where no SQL is looked at."""
    with connected(world, "plan.created", seconds=1.0) as made:
        yield made


def test_an_event_is_posted_and_its_signature_is_the_librarys(told: Told) -> None:
    told.world.clock.now = datetime.now(UTC)
    told.tell()
    told.posts(2)
    (call,) = told.system.calls
    read = Webhook(told.secret).verify(call.body, dict(call.headers))
    assert read["type"] == "plan.created"
    assert read["timestamp"] == told.world.clock.now.isoformat()
    assert read["data"].keys() == {"plan", "round", "status", "by", "title"}
    assert call.headers["content-type"] == "application/json"
    assert call.headers["webhook-id"].startswith("evt_")
    (sent,) = told.sent()
    assert (sent.state, sent.status, sent.fault, sent.said) == (TAKEN, 204, "", "")


def test_the_schedule_is_kept_to_the_second_and_the_id_stays(told: Told) -> None:
    told.system.will(Answer(500, b"busy \x00 \x1b[31m now"), PLACE, times=99)
    told.tell()
    told.posts(3)
    assert len(told.system.calls) == 1
    for number, delay in enumerate(DELAYS, start=2):
        told.world.clock.now += delay - timedelta(seconds=1)
        told.posts()
        assert len(told.system.calls) == number - 1
        told.world.clock.pass_time(seconds=1)
        told.posts(2)
        assert len(told.system.calls) == number
    told.world.clock.pass_time(days=2)
    told.posts(2)
    assert len(told.system.calls) == MOST_TRIES == 10
    assert len({call.headers["webhook-id"] for call in told.system.calls}) == 1
    assert len({call.body for call in told.system.calls}) == 1
    assert all(is_signed(call, told.secret) for call in told.system.calls)
    (sent,) = told.sent()
    assert (sent.state, sent.tries) == (GIVEN_UP, 10)
    assert (sent.status, sent.fault, sent.said) == (500, "status", "busy [31m now")
    assert [row.fault for row in told.tries()] == ["status"] * 10


def test_a_system_that_comes_back_gets_it_and_is_well_again(told: Told) -> None:
    told.system.will(Answer(503), PLACE)
    told.tell()
    told.posts()
    assert told.row().failing_since == told.world.clock()
    told.world.clock.pass_time(seconds=5)
    told.posts()
    assert told.row().failing_since is None
    assert [row.status for row in told.tries()] == [503, 204]


def test_what_is_gone_is_switched_off_at_once_with_a_task(told: Told) -> None:
    told.system.will(Answer(410), PLACE)
    told.tell()
    told.posts()
    assert told.row().off_for == "gone"
    assert [task.kind for task in told.world.tasks()] == ["hook_off"]
    told.tell()
    told.world.clock.pass_time(days=1)
    told.posts(2)
    assert len(told.system.calls) == 1
    assert told.does(switch_on, told.endpoint, ADMIN)
    told.posts()
    assert len(told.system.calls) == 3, "what happened meanwhile was kept"
    assert [task.done_by for task in told.world.tasks()] == ["system"]


def test_after_days_of_failure_it_is_switched_off_once(told: Told) -> None:
    told.system.will(Answer(500), PLACE, times=99)
    for _ in range(PATIENCE.days + 1):
        told.tell()
        told.posts()
        told.world.clock.pass_time(days=1)
    assert told.row().off_for == "failing"
    assert [task.kind for task in told.world.tasks()] == ["hook_off"]
    before = len(told.system.calls)
    told.posts(2)
    assert len(told.system.calls) == before


@pytest.mark.parametrize(
    ("fault", "status", "word"),
    [
        (Answer(400, b"no"), 400, "status"),
        (Answer(302, headers={"Location": "http://127.0.0.1:1/"}), 302, "redirect"),
        (Answer(307, headers={"Location": "http://10.0.0.1/"}), 307, "redirect"),
        (Answer(200, b"x" * TEN_MEGABYTES), 200, ""),
        (Answer(500, b"x" * TEN_MEGABYTES), 500, "status"),
        (Hang(9), None, "timeout"),
        (Drop(), None, "no_connection"),
    ],
)
def test_every_answer_is_written_down_in_a_word(
    small: Told, fault: Any, status: int | None, word: str
) -> None:
    small.system.will(fault, PLACE)
    small.tell()
    small.posts()
    (sent,) = small.sent()
    assert (sent.status, sent.fault) == (status, word)
    assert sent.state == (OWED if word else TAKEN)
    assert len(sent.said) <= 200
    assert len(small.system.calls) == 1, "no redirect was followed"
    assert sent.milliseconds is not None
    assert sent.milliseconds < 3_000


def test_a_certificate_that_nobody_knows_is_refused(
    world: World, tmp_path: Path
) -> None:
    system = CitySystem()
    with_tls(system, tmp_path)
    with posting(world) as posts, system:
        place = system.hook.replace("http:", "https:")
        parcel = Parcel(place, {"webhook-id": "evt_1"}, b"{}")
        assert posts.house.post is not None
        (told,) = posts.house.post.post_all([parcel])
    assert (told.status, told.fault) == (None, "tls")
    assert system.calls == []


def test_a_server_that_is_not_there_is_no_connection(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert posted(f"http://127.0.0.1:{port}/").fault == "no_connection"


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "http://localhost/", "https://localhost/", "https://[::1]/"],
)
def test_in_the_open_this_machine_is_no_place_to_post_to(url: str) -> None:
    assert posted(url, Reach()).fault == "private_address"


def test_a_name_that_leads_inside_is_not_called() -> None:
    assert posted("https://zaken.city.example/", Reach()).fault == "private_address"


def test_a_name_of_which_one_number_lies_inside_is_not_called() -> None:
    both = ["93.184.215.14", "10.0.0.1"]
    told = posted("https://zaken.city.example/", Reach(), both)
    assert told.fault == "private_address"


def test_a_name_that_the_city_allows_is_called_inside(tmp_path: Path) -> None:
    system = CitySystem()
    with_tls(system, tmp_path)
    name = "zaken.city.internal"
    with system:
        port = system.url.rpartition(":")[2]
        told = posted(f"https://{name}:{port}/", Reach(frozenset({name})))
    assert told.fault == "tls", "it was reached, and its certificate looked at"


class Names(AbstractResolver):
    """Says that every name is at these numbers."""

    def __init__(self, *numbers: str) -> None:
        self.numbers = numbers

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        at = {"hostname": host, "port": port, "family": family, "proto": 0, "flags": 0}
        return [cast("ResolveResult", at | {"host": each}) for each in self.numbers]

    async def close(self) -> None:
        """Nothing is open."""


def posted(
    url: str, reach: Reach | None = None, numbers: Sequence[str] = ("127.0.0.1",)
) -> Posted:
    here = reach or Reach(on_this_machine=True)
    post = Post(here, seconds=2, names=lambda: Names(*numbers))
    (told,) = post.post_all([Parcel(url, {}, b"{}")])
    post.close()
    return told


def test_one_that_hangs_holds_up_its_neighbours_for_one_try_only(
    world: World,
) -> None:
    with connected(world, "plan.created", seconds=1.0) as slow:
        slow.system.will(Hang(30), PLACE, times=99)
        with CitySystem() as well:
            from bot.services.desk.endpoints import add_endpoint

            well.secrets = [slow.does(add_endpoint, well.hook, ["plan.created"], ADMIN)]
            for _ in range(20):
                slow.tell()
            slow.posts(3)
            assert len(well.calls) == 20
            assert len({call.headers["webhook-id"] for call in well.calls}) == 20


def test_what_is_said_is_made_harmless() -> None:
    said = printable(
        b"\xff\x00<script>\r\nSet-Cookie: a\x1b[0m\xe2\x80\xae" + b"y" * 999
    )
    assert len(said) == 200
    assert said.isprintable()


def test_two_workers_never_send_one_try_at_the_same_time(told: Told) -> None:
    for _ in range(12):
        told.tell()
    workers = [threading.Thread(target=told.posts, args=(4,)) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(30)
    ids = [call.headers["webhook-id"] for call in told.system.calls]
    assert len(ids) == len(set(ids)) == 12
    assert {sent.state for sent in told.sent()} == {TAKEN}


def test_who_dies_with_a_lease_leaves_it_to_the_next_one(told: Told) -> None:
    house = told.world.house
    told.tell()
    claimed = house.db.run(lambda db: claim_events(house, db, told.world.clock()))
    assert [each.attempt for each in claimed] == [1]
    told.posts(2)
    assert told.system.calls == []
    told.world.clock.now += LEASE + timedelta(seconds=1)
    told.posts()
    (sent,) = told.sent()
    assert (sent.state, sent.tries) == (TAKEN, 2)


def test_what_was_undone_is_never_told(told: Told) -> None:
    house, number = told.world.house, told.world.plan(None)
    told.posts()

    def undone(db: Any) -> None:
        from bot.domain.plans import Status
        from bot.services.plans import set_status

        set_status(Scene(house, db, house.clock()), number, Status.DONE, {}, ADMIN)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        house.db.run(undone)
    told.posts()
    assert len(told.system.calls) == 1


def test_both_secrets_sign_for_a_day_after_a_rotation(told: Told) -> None:
    new = told.does(rotate, told.endpoint, told.row().secret_at, ADMIN)
    assert new != told.secret
    told.tell()
    told.posts()
    told.world.clock.pass_time(hours=25)
    told.system.secrets = [new]
    told.tell()
    told.posts()
    first, second = told.system.calls
    assert is_signed(first, told.secret)
    assert is_signed(first, new)
    assert not is_signed(second, told.secret)
    assert is_signed(second, new)


def test_a_secret_is_encrypted_where_it_lies(told: Told) -> None:
    assert told.secret.startswith("whsec_")
    assert told.secret.encode() not in told.row().secret
    assert told.secret not in repr(told.row())


def test_a_lost_key_is_a_failure_in_a_word(small: Told) -> None:
    from dataclasses import replace

    from bot.keys import derive_keys

    keys = derive_keys("another key of an invented city, quite long")
    small.world.house = replace(small.world.house, keys=keys)
    small.tell()
    small.posts()
    (sent,) = small.sent()
    assert (sent.fault, sent.state) == ("no_key", OWED)


def test_nobody_who_is_not_asked_hears_and_nothing_is_written(world: World) -> None:
    with posting(world) as posts:
        posts.plan(None)
        assert posts.rows(select(HookEvent.id)) == []
        assert not post_events(posts.house)


def test_a_public_title_is_told_and_one_that_is_gone_is_not(told: Told) -> None:
    author = told.world.person()
    number = told.world.plan(
        author, title={"nl": "Bank"}, public_at=told.world.clock(), status="public"
    )
    told.system.will(Answer(500), PLACE)
    told.world.plan(author, text="Mijn moeder heet Fatima.")
    told.posts()
    assert told.system.calls
    house = told.world.house

    def forget(db: Any) -> None:
        scene = Scene(house, db, house.clock())
        erase(scene, talk_by_id(scene, author.talk), keep_plans=False)

    house.db.run(forget)
    told.world.clock.pass_time(hours=1)
    told.posts()
    everything = b"".join(call.body for call in told.system.calls)
    assert b"Fatima" not in everything
    assert told.system.told[-1]["data"]["title"] is None
    assert number


def test_all_is_forgotten_after_thirty_days(told: Told) -> None:
    told.tell()
    told.posts()
    told.world.clock.pass_time(days=31)
    told.tell()
    sweep(told.world.house)
    assert len(told.world.rows(select(HookEvent.id))) == 1
    assert len(told.world.rows(table(HookDispatch))) == 1
    assert told.tries() == []
