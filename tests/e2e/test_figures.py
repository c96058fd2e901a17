"""Two web processes and a worker, seen from outside: one answer, and logs as JSON."""

import json
import urllib.request
from collections.abc import Iterator

import pytest

from tests.e2e.city import READY_SECONDS, City, Watch, free_port, open_city, wait_for
from tests.e2e.people import neighbour
from tests.need import postgres_url
from tests.services.figures import Figures, open_labels, read_figures
from tests.worlds import empty_postgres

PEOPLE = 6
ARRIVED = "buurtstem_inbound_total{channel=telegram,kind=%s,stage=done}"
SENT = "buurtstem_outbound_total{channel=telegram,outcome=sent,priority=reply}"


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city of three processes whose logs are collected as JSON."""
    folder = tmp_path_factory.mktemp("outside")
    logs = Watch(tmp_path_factory.mktemp("logs"))
    with (
        empty_postgres(postgres_url()) as database,
        open_city(database, folder, logs, LOG_FORMAT="json") as made,
    ):
        yield made
    assert logs.leaks() == []


def asked(address: str) -> str:
    with urllib.request.urlopen(f"{address}/metrics", timeout=10) as answer:  # noqa: S310
        return str(answer.read().decode())


def answers(address: str) -> bool:
    try:
        return bool(asked(address))
    except OSError:
        return False


def figures(address: str) -> Figures:
    return read_figures(asked(address))


def test_one_answer_whoever_is_asked(outside: City) -> None:
    port = free_port()
    outside.serve("--processes", "2", "--without-worker")
    worker = outside.start("worker", "--metrics-port", str(port))
    at_worker = f"http://127.0.0.1:{port}"
    before = figures(outside.url)
    people = [neighbour(outside, "telegram") for _ in range(PEOPLE)]
    for each in people:
        each.arrives()
    heard = sum(len(each.texts) for each in people)

    def more(seen: Figures, name: str) -> float:
        return seen.get(name, 0.0) - before.get(name, 0.0)

    def all_counted(address: str) -> bool:
        seen = figures(address)
        return (
            more(seen, ARRIVED % "text") == PEOPLE
            and more(seen, ARRIVED % "tap") == PEOPLE
            and more(seen, SENT) == heard
        )

    wait_for(lambda: all_counted(outside.url))
    for _ in range(8):  # whichever of the two web processes answers
        assert all_counted(outside.url)
    wait_for(lambda: answers(at_worker) and all_counted(at_worker), READY_SECONDS)
    assert figures(at_worker)["buurtstem_database_up"] == 1
    assert open_labels(asked(outside.url)) == []
    worker.terminate()
    assert worker.wait(30) == 0
    assert all_counted(outside.url), "what is counted stays when its process ends"
    outside.stop()
    lines_are_json(outside)


def lines_are_json(city: City) -> None:
    """Every line that the processes wrote is an object with the same four names."""
    lines = [json.loads(line) for line in city.watch.lines() if line.startswith("{")]
    events = {each["event"] for each in lines}
    assert {"web started", "worker started", "loops started", "stopped"} <= events
    started = next(each for each in lines if each["event"] == "web started")
    assert started["channels"] == "telegram,web,whatsapp"
    assert {"time", "level", "logger", "event", "version"} <= started.keys()
    spoken = {line for line in city.watch.lines() if not line.startswith("{")}
    commands = {"The database is at the newest schema."}
    commands |= {"The demo neighbourhood is loaded."}
    assert spoken <= commands, "only commands speak to people"
