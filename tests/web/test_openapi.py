"""The description of what programs use is true: schemathesis asks everything."""

import contextlib
import json
from collections.abc import Iterator
from functools import partial
from typing import Any, get_args

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_schema_validator import OAS31Validator
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.app import create_app
from bot.domain.events import TEST, Kind
from bot.domain.plans import Status
from bot.services.desk.endpoints import send_test
from bot.services.desk.handling import Closing
from bot.services.desk.handling import close as close_task
from bot.services.officials import Person
from bot.services.plans import set_status
from bot.services.publishing import Publishing, publish_result
from bot.web.hook_bodies import Type
from bot.web.machine import description
from tests.newcomer import hook_calls
from tests.services.city_hooks import ADMIN, Told, connected
from tests.services.test_tallying import close
from tests.web.conftest import read
from tests.worlds import VOTING, World, signed

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 30
FOR_PEOPLE = ("/desk", "/phone", "/media")
DESCRIBED = description("https://buurtstem.example")


def validator(schema: Any) -> OAS31Validator:
    """Return what checks values against a schema of ours."""
    return OAS31Validator({**schema, "components": DESCRIBED["components"]})


HOOK = validator(
    DESCRIBED["paths"]["/hooks"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
)
PAGES = {
    "/.well-known/security.txt",
    "/open",
    "/open/accessibility",
    "/open/privacy",
    "/open/rounds/{slug}",
    "/open/rounds/{slug}/receipt",
}


def routes(world: World) -> set[tuple[str, str]]:
    """Return what the application serves to programs, as a description names it."""
    import re

    found = set()
    for rule in create_app(house=world.house).url_map.iter_rules():
        path = re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule.rule)
        if path.startswith(FOR_PEOPLE) or path in PAGES or "static" in rule.endpoint:
            continue
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found |= {(method.lower(), path) for method in methods}
    return found


def test_every_route_for_programs_is_described_and_no_other(world: World) -> None:
    paths = DESCRIBED["paths"]
    told = {
        (method, path)
        for path, item in paths.items()
        for method in item.keys() - {"parameters"}
    }
    assert len(told) > 12
    assert told == routes(world)


def test_it_is_served_to_every_page(world: World) -> None:
    answer = create_app(house=world.house).test_client().get("/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert read(answer)["servers"] == [{"url": "http://127.0.0.1:8080"}]


@pytest.fixture
def schema(world: World) -> Any:
    app = create_app(house=world.house)
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


def test_schemathesis_finds_nothing(world: World, schema: Any) -> None:
    asked: set[str] = set()
    statuses: set[tuple[str, int]] = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        asked.add(operation.path)
        ask_all(operation, statuses)
    assert len(asked) > 12
    assert ("/hooks", 400) in statuses
    assert ("/open/rounds.json", 200) in statuses


def ask_all(operation: Any, statuses: set[tuple[str, int]]) -> None:
    """Ask one operation much, in ways it describes and in ways it does not."""

    def ask(case: Any) -> None:
        sign(case)
        answer = case.call_and_validate(checks=CHECKS)
        statuses.add((operation.path, answer.status_code))
        if answer.status_code in {200, 202} and operation.path == "/hooks":
            assert not list(HOOK.iter_errors(json.loads(case.body)))

    for mode in list(schemathesis.GenerationMode):
        run(operation.as_strategy(generation_mode=mode), ask)


def run(strategy: Any, ask: Any) -> None:
    bounded: Any = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with contextlib.suppress(Unsatisfiable):  # nothing to be wrong about
        ask_each: Any = given(strategy)
        bounded(ask_each(ask))()


def sign(case: Any) -> None:
    """Sign what goes to `/hooks`, the very bytes that are sent."""
    if case.operation.path != "/hooks":
        return
    if not isinstance(case.body, bytes | NotSet):
        case.body = json.dumps(case.body).encode()
    data = case.body if isinstance(case.body, bytes) else b""
    with contextlib.suppress(UnicodeDecodeError):  # only text can be signed
        case.headers = {**(case.headers or {}), **signed(data)["headers"]}


@pytest.mark.parametrize("kind", get_args(Type))
def test_an_example_of_the_page_is_as_described(kind: str) -> None:
    body = hook_calls()[kind]
    assert list(HOOK.iter_errors(body)) == []
    assert list(HOOK.iter_errors(body | {"shoe": 1}))
    assert list(HOOK.iter_errors(body | {"data": {}}))


@pytest.fixture
def told(world: World) -> Iterator[Told]:
    with connected(world) as made:
        yield made


def test_every_event_is_sent_as_described(told: Told) -> None:
    world = told.world
    author = world.person("nl", "web")
    number = world.plan(author)
    act = partial(set_status, number=number, status=Status.STARTED, note={}, by="hook")
    told.does(act)
    world.says(author, "medewerker")
    world.says(author, "Ik heb een vraag over mijn bank.")
    task = world.tasks()[0]
    official = Person(1, "bram@city.example", "Bram", "reviewer")
    close_task(world.house, task.id, official, Closing("answered"))
    publish_result(close(world).house, Publishing(VOTING, "Anna and Bram"))
    told.does(send_test, told.endpoint, ADMIN)
    told.posts(4)
    bodies = {each["type"]: each for each in told.system.told}
    assert bodies.keys() == {*Kind, TEST}
    for kind, body in bodies.items():
        post = DESCRIBED["webhooks"][kind]["post"]["requestBody"]
        check = validator(post["content"]["application/json"]["schema"])
        assert list(check.iter_errors(body)) == []
        assert list(check.iter_errors(body | {"data": body["data"] | {"name": "x"}}))
    everything = json.dumps(told.system.told)
    assert "bram@city.example" not in everything
    assert "vraag over" not in everything
    assert author.address not in everything


def test_open_data_of_a_finished_round_is_as_described(world: World) -> None:
    publish_result(close(world).house, Publishing(VOTING, "Anna and Bram"))
    browser = create_app(house=world.house).test_client()
    for path, name in (
        ("/open/rounds.json", ""),
        (f"/open/rounds/{VOTING}/plans.json", ""),
        (f"/open/rounds/{VOTING}/results.json", "Result"),
        (f"/open/rounds/{VOTING}/chain.json", "Chain"),
    ):
        told = DESCRIBED["paths"][path.replace(VOTING, "{slug}")]["get"]["responses"]
        schema = told["200"]["content"]["application/json"]["schema"]
        answer = browser.get(path)
        assert answer.status_code == 200
        assert list(validator(schema).iter_errors(read(answer))) == []
        assert list(validator(schema).iter_errors({"shoe": 1})) or not name
