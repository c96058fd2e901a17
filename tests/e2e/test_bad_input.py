"""Bad input, at the real server: the contract's status, nothing kept, nobody told."""

import contextlib
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import pytest

from bot.domain.chain import Fact
from bot.store.chain import ChainRow
from bot.store.talks import InboundMessage
from tests.e2e import bad_input
from tests.e2e.bad_input import Case
from tests.e2e.city import City, wait_for
from tests.e2e.people import neighbour
from tests.standins.server import Delivery
from tests.worlds import table

KINDS: dict[str, Callable[[City], Iterator[Case]]] = {
    "telegram": bad_input.telegram_cases,
    "whatsapp": bad_input.whatsapp_cases,
    "hooks": bad_input.hook_cases,
}
FEWEST = {"telegram": 40, "whatsapp": 25, "hooks": 15}


@pytest.fixture(params=["city", "big_city"])
def each_city(request: pytest.FixtureRequest) -> City:
    """The city on each database."""
    found: City = request.getfixturevalue(request.param)
    return found


def verdict(city: City, case: Case) -> str | None:
    """Send one case; return what was wrong with the answer, or with what was kept."""
    before = city.counts()
    status = answer(case.delivery)[0]
    if "tasks" in case.keeps:
        quiet(city)
    after = city.counts()
    if status != case.status:
        return f"{case.name}: {status} instead of {case.status}"
    grown = {table for table in after if after[table] != before[table]}
    if strays := grown - case.keeps:
        return f"{case.name}: something was kept in {sorted(strays)}"
    return None


@pytest.mark.parametrize("kind", KINDS)
def test_each_gets_the_answer_of_the_contract_and_leaves_nothing(
    each_city: City, kind: str
) -> None:
    cases = list(KINDS[kind](each_city))
    assert len(cases) >= FEWEST[kind]
    quiet(each_city)
    faults = [verdict(each_city, case) for case in cases]
    assert [fault for fault in faults if fault] == []


def quiet(city: City) -> None:
    """Wait until the worker has nothing left to do, so that counts stand still.

    It begins the public chain of the vote by itself, within its first minute.
    """
    open_stages = InboundMessage.stage.in_(("listening", "waiting"))
    busy = table(InboundMessage).where(open_stages)
    wait_for(lambda: not city.rows(busy), 30)
    told = table(ChainRow).where(ChainRow.fact == Fact.SETTINGS.value)
    wait_for(lambda: city.rows(told), 90)


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_shows_the_inside(city: City, kind: str) -> None:
    for case in KINDS[kind](city):
        _, said = answer(case.delivery)
        assert "Traceback" not in said
        assert "sqlalchemy" not in said.lower()


def test_after_all_of_it_the_city_still_answers(city: City) -> None:
    person = neighbour(city, "telegram")
    person.arrives()
    assert person.buttons[0] == "menu:plan"


@pytest.mark.parametrize("path", ["/telegram", "/whatsapp", "/hooks"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_not_there(city: City, path: str, method: str) -> None:
    delivery = Delivery(city.url + path, {}, b"")
    assert answer(delivery, method)[0] == 405


def test_the_same_update_again_is_stored_once(city: City) -> None:
    person = neighbour(city, "telegram")
    person.arrives()
    chat = {"id": person.phone.chat_id, "type": "private"}
    update = bad_input.update(number=777_777, chat=chat, text="status")
    delivery = bad_input.telegram(city, update)
    before = len(person.texts)
    assert [answer(delivery)[0] for _ in range(3)] == [200, 200, 200]
    person.hears(before + 1)
    kept = table(InboundMessage).where(InboundMessage.external_id == "777777")
    assert len(city.rows(kept)) == 1


def answer(delivery: Delivery, method: str = "POST") -> tuple[int, str]:
    """Send a request; return status and body, 0 if the server hung up instead."""
    parts = urlsplit(delivery.url)
    connection = HTTPConnection(parts.netloc, timeout=30)
    headers = {
        name: value.encode() if not value.isascii() else value
        for name, value in delivery.headers.items()
    }
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, parts.path, delivery.body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    except (ConnectionError, HTTPException):
        return 0, ""
    finally:
        connection.close()
