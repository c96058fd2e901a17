"""`buurtstem doctor` on what is outside: providers, our public address, the clock."""

from typing import Any

import pytest

from bot.channels.base import Checked
from bot.doctor.clock import drift
from bot.doctor.outside import check_public_url
from bot.domain.findings import Finding, Mark
from bot.store.talks import InboundMessage, OutboundMessage, Resident, Talk
from tests.doctor.patient import Patient, proxy
from tests.standins.server import HTML_503, Answer
from tests.standins.twilio import refused
from tests.worlds import table

GENUINE, FORGED = "webhook, a genuine one", "webhook, a forged one"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(5, Mark.OK), (-6, Mark.WARN), (60, Mark.WARN), (-61, Mark.BAD)],
)
def test_a_clock_may_be_off_by_five_seconds(seconds: float, expected: Mark) -> None:
    assert drift("clock", seconds).mark is expected


@pytest.mark.parametrize(("off", "expected"), [(20, "warn"), (-90, "bad")])
def test_our_clock_is_held_against_the_providers(
    patient: Patient, off: float, expected: str
) -> None:
    patient.bot_api.clock_off_seconds = off
    found = patient.examined()
    assert found["telegram clock"]["mark"] == expected
    assert found["whatsapp clock"]["mark"] == "ok"
    assert ("behind" in found["telegram clock"]["seen"]) is (off > 0)


class Provider:
    """A channel whose provider would have to reach us."""

    def check(self, public_url: str) -> list[Finding]:
        return []

    def probes(self, public_url: str) -> list[Any]:
        return []

    def provider_url(self) -> str:
        return ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://buurtstem.example", Mark.OK),
        ("http://buurtstem.example", Mark.BAD),
        ("https://localhost", Mark.BAD),
    ],
)
def test_providers_need_https_from_outside(url: str, expected: Mark) -> None:
    channels: dict[str, Checked] = {"telegram": Provider()}
    assert check_public_url(url, channels).mark is expected


def test_a_server_that_is_not_there_is_a_warning(patient: Patient) -> None:
    found = patient.examined(PUBLIC_URL="http://127.0.0.1:9")
    posted = {name: each["mark"] for name, each in found.items() if ", a " in name}
    assert posted == dict.fromkeys(posted, "warn")
    assert len(posted) == 4


def test_an_address_that_differs_from_the_servers_breaks_twilio_alone(
    patient: Patient,
) -> None:
    url = patient.env["PUBLIC_URL"].replace("127.0.0.1", "localhost")
    found = patient.examined(PUBLIC_URL=url)
    genuine = found[f"whatsapp {GENUINE}"]
    assert (genuine["mark"], "403, not 200" in genuine["seen"]) == ("bad", True)
    assert found[f"telegram {GENUINE}"]["mark"] == "ok"
    assert found["telegram webhook"]["mark"] == "bad"


def test_a_secret_that_is_not_the_servers(patient: Patient) -> None:
    found = patient.examined(TELEGRAM_SECRET="another_one")
    assert found[f"telegram {GENUINE}"]["mark"] == "bad"
    assert found[f"whatsapp {GENUINE}"]["mark"] == "ok"


def test_a_server_that_takes_anything(patient: Patient) -> None:
    with proxy(200) as url:
        found = patient.examined(PUBLIC_URL=url)
    assert found[f"telegram {GENUINE}"]["mark"] == "ok"
    for channel in ("telegram", "whatsapp"):
        assert found[f"{channel} {FORGED}"]["mark"] == "bad"


@pytest.mark.parametrize("status", [301, 404, 502])
def test_a_proxy_that_does_not_let_through(patient: Patient, status: int) -> None:
    with proxy(status) as url:
        found = patient.examined(PUBLIC_URL=url)
    posted = [each for name, each in found.items() if ", a " in name]
    assert [each["mark"] for each in posted] == ["bad"] * 4
    assert all(f"says {status}" in each["seen"] for each in posted)


def test_nothing_is_stored_of_what_the_doctor_posts(patient: Patient) -> None:
    patient.examined()
    with patient.engine.connect() as db:
        for each in (InboundMessage, OutboundMessage, Talk, Resident):
            assert db.execute(table(each)).all() == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(Answer(401, b'{"ok":false}'), "bad"), (HTML_503, "warn")],
    ids=["refused", "away"],
)
def test_a_telegram_token_that_does_not_work(
    patient: Patient, answer: Answer, expected: str
) -> None:
    patient.bot_api.will(answer, "/getMe")
    found = patient.examined()
    assert found["telegram token"]["mark"] == expected
    assert "telegram pending" not in found


@pytest.mark.parametrize("url", ["", "https://elsewhere.example/telegram"])
def test_a_webhook_that_is_registered_elsewhere(patient: Patient, url: str) -> None:
    patient.bot_api.webhook = url
    found = patient.examined()["telegram webhook"]
    assert (found["mark"], found["advice"]) == (
        "bad",
        "Run: buurtstem telegram webhook",
    )


def test_updates_that_wait_are_counted_with_the_last_error(patient: Patient) -> None:
    patient.bot_api.pending = 10
    patient.bot_api.last_error = "Connection refused"
    found = patient.examined()["telegram pending"]
    assert (found["mark"], "Connection refused" in found["seen"]) == ("ok", True)
    patient.bot_api.pending = 11
    assert patient.mark("telegram pending") == "warn"


def test_a_twilio_account_that_does_not_work(patient: Patient) -> None:
    found = patient.examined(TWILIO_AUTH_TOKEN="another")
    assert found["whatsapp account"]["mark"] == "bad"
    assert "whatsapp sender" not in found
    patient.twilio.status = "suspended"
    assert "suspended" in patient.examined()["whatsapp account"]["seen"]


@pytest.mark.parametrize(
    ("senders", "expected"),
    [
        ({"whatsapp:+31699999999": "ONLINE"}, "warn"),
        ({"whatsapp:+14155238886": "OFFLINE"}, "bad"),
        ({"whatsapp:+14155238886": "ONLINE:UPDATING"}, "ok"),
    ],
    ids=["not ours", "offline", "online"],
)
def test_the_sender_is_looked_up(
    patient: Patient, senders: dict[str, str], expected: str
) -> None:
    patient.twilio.senders = senders
    assert patient.mark("whatsapp sender") == expected


def test_a_twilio_that_does_not_list_senders_is_no_fault_of_ours(
    patient: Patient,
) -> None:
    patient.twilio.will(refused(403, 20003), "/v2/Channels/Senders")
    assert patient.mark("whatsapp sender") == "warn"
