"""`/metrics` over the real application: after a talk, the numbers are right."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.services.gauges import Gauges
from tests.houses import Street, open_street
from tests.services.figures import Figures, open_labels, read_figures
from tests.worlds import VOTING, World, hook, signed


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with open_street(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as made:
        made.house.meters.add_gauges(Gauges(made.house.db, made.clock))
        yield made


def asked(client: FlaskClient) -> Figures:
    return read_figures(client.get("/metrics").text)


def test_after_a_talk_the_numbers_are_right(street: Street) -> None:
    ayse, fatima = street.ayse(), street.fatima()
    ayse.says("Een bank onder de lindebomen bij ons")
    ayse.sends(sticker={"file_id": "x"})
    street.rest()
    street.twilio.report(fatima.heard[0], "delivered")
    street.twilio.report(fatima.heard[0], "delivered")
    text = street.app.test_client().get("/metrics").text
    seen = read_figures(text)
    arrived = "buurtstem_inbound_total{channel=%s,kind=%s,stage=done}"
    assert seen[arrived % ("telegram", "start")] == 1
    assert seen[arrived % ("telegram", "tap")] == 1
    assert seen[arrived % ("telegram", "text")] == 1
    assert seen[arrived % ("telegram", "unknown")] == 1
    assert seen[arrived % ("whatsapp", "text")] == 1
    assert seen["buurtstem_turn_seconds_count"] == 6
    sent = "buurtstem_outbound_total{channel=%s,outcome=sent,priority=reply}"
    assert seen[sent % "telegram"] == len(ayse.heard)
    assert seen[sent % "whatsapp"] == len(fatima.heard)
    moved = "buurtstem_delivery_total{channel=whatsapp,delivery=delivered}"
    assert seen[moved] == 1, "a status that comes again is no step"
    assert seen["buurtstem_database_up"] == 1
    assert seen["buurtstem_queue_late"] == 0
    assert seen["process_resident_memory_bytes"] > 0
    assert open_labels(text) == []
    assert "_created" not in text


def test_calls_of_the_web_hook_are_counted_by_how_they_were_answered(
    client: FlaskClient, world: World
) -> None:
    number = world.plan(world.person())
    call = hook("plan.status", plan=number, status="done")
    for _ in range(2):
        client.post("/hooks", **signed(call, call="msg_1"))
    client.post("/hooks", **signed(hook("plan.status", plan=99_999, status="done")))
    client.post("/hooks", **signed(hook("plan.forget", plan=number)))
    client.post("/hooks", **signed(call, secret="whsec_" + "b" * 32))
    client.post("/hooks", data=b" " * (1024 * 1024 + 1))
    seen = {
        name.removeprefix("buurtstem_hook_calls_total"): value
        for name, value in asked(client).items()
        if name.startswith("buurtstem_hook_calls_total")
    }
    assert seen == {
        "{outcome=accepted,type=plan.status}": 1,
        "{outcome=repeated,type=plan.status}": 1,
        "{outcome=faulty,type=plan.status}": 1,
        "{outcome=faulty,type=other}": 1,
        "{outcome=unsigned,type=other}": 1,
        "{outcome=too_large,type=other}": 1,
    }
    assert VOTING not in str(seen)


def test_a_late_queue_is_red_here_and_never_at_readyz(street: Street) -> None:
    client = street.app.test_client()
    person = street.world.person()
    street.house.meters.add_gauges(Gauges(street.house.db, street.clock))
    from tests.services.test_outbox import owe_one

    owe_one(street.world, person, "late")
    street.clock.pass_time(minutes=2)
    assert asked(client)["buurtstem_queue_late"] == 1
    assert client.get("/readyz").status_code == 200
