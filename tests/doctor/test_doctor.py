"""`buurtstem doctor`, through the real command: green where all is well, else red."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, text, update

from bot.config import Settings
from bot.doctor.machine import MIB, check_disks, check_user, try_recogniser
from bot.domain.findings import Mark
from bot.services.wordings import Wording, all_wordings
from bot.store.outreach import Account, Template
from bot.store.talks import InboundMessage, OutboundMessage, Resident, Talk
from tests.doctor.patient import Patient
from tests.standins.clamd import clamd
from tests.transcription.test_recogniser import Parrot
from tests.transcription.tiny_model import reciting_weights, write_folder
from transcription import Recogniser

HEALTHY = {
    "settings",
    "database",
    "database schema",
    "replies",
    "pushes",
    "unsure",
    "held",
    "paused",
    "voice notes",
    "media store",
    "speech",
    "officials' hook",
    "security.txt",
    "user",
    "telegram token",
    "telegram webhook",
    "telegram pending",
    "telegram clock",
    "whatsapp account",
    "whatsapp sender",
    "whatsapp clock",
    "telegram webhook, a genuine one",
    "telegram webhook, a forged one",
    "whatsapp webhook, a genuine one",
    "whatsapp webhook, a forged one",
}


def now() -> datetime:
    return datetime.now(UTC)


def a_talk(patient: Patient) -> int:
    with patient.engine.begin() as db:
        resident = insert(Resident).values(created_at=now()).returning(Resident.id)
        values: dict[str, Any] = {"channel": "whatsapp", "address": "+31612345678"}
        values |= {"resident_id": db.scalar(resident), "created_at": now()}
        talk = insert(Talk).values(values).returning(Talk.id)
        return int(db.scalar(talk) or 0)


def owe(patient: Patient, talk: int, **row: Any) -> None:
    due = now() - timedelta(hours=2)
    values = {
        "talk_id": talk,
        "channel": "whatsapp",
        "dedupe_key": f"test:{row}",
        "text": "hallo",
        "choices": [],
        "delivery": "queued",
        "due_at": due,
        "created_at": due,
    }
    patient.write(insert(OutboundMessage).values(values | row))


def approve(patient: Patient, wordings: Sequence[Wording]) -> None:
    """Write these wordings down as approved by the provider."""
    shared: dict[str, Any] = {"sid": "HX1", "slots": [], "created_at": now()}
    for each in wordings:
        named = {"kind": each.kind, "language": each.language, "digest": each.digest}
        row = named | shared | {"approval": "approved"}
        patient.write(insert(Template).values(row))


def test_a_healthy_installation_is_green(patient: Patient) -> None:
    approve(patient, all_wordings())
    with clamd() as scanner:
        found = patient.examined(SCANNER_URL=scanner.address)
    marks = {name: each["mark"] for name, each in found.items()}
    assert marks.keys() >= HEALTHY | {"templates", "public address"}
    # The address of a test is this machine's; its disk is what it is.
    machines = {"public address", *(each for each in marks if each.startswith("disk"))}
    assert {name: marks[name] for name in marks.keys() - machines} == dict.fromkeys(
        marks.keys() - machines, "ok"
    )
    assert all(not each["advice"] for each in found.values() if each["mark"] == "ok")


def test_people_get_one_line_for_each(patient: Patient) -> None:
    result = patient.run()
    lines = result.stdout.splitlines()
    assert len(lines) > len(HEALTHY)
    assert lines[0] == "ok   settings: all there"
    assert any(line.startswith("bad  public address: http") for line in lines)
    assert all(" → " in line for line in lines if not line.startswith("ok"))
    assert result.exit_code == 1


def test_a_city_without_providers_needs_none(patient: Patient) -> None:
    none = dict.fromkeys(
        ("TELEGRAM_TOKEN", "TELEGRAM_SECRET", "TWILIO_ACCOUNT_SID"), ""
    ) | dict.fromkeys(("TWILIO_AUTH_TOKEN", "TWILIO_SENDER"), "")
    found = patient.examined(**none)
    assert found["public address"]["mark"] == "ok"
    assert patient.results[-1].exit_code == 0
    assert not any(name.startswith(("telegram", "whatsapp")) for name in found)


def test_all_faults_of_the_settings_are_told_at_once(patient: Patient) -> None:
    result = patient.run("--json", SECRET_KEY="short", TWILIO_SENDER="+31612345678")
    findings = json.loads(result.stdout)["findings"]
    assert [each["name"] for each in findings] == ["settings"] * 2
    assert result.exit_code == 1
    assert "SECRET_KEY" in findings[0]["seen"]
    assert "TWILIO_SENDER" in findings[1]["seen"]


def test_an_address_no_driver_understands(patient: Patient) -> None:
    found = patient.examined(DATABASE_URL="oracle://secret:word@127.0.0.1/city")
    assert found["start"]["mark"] == "bad"
    assert "word" not in patient.results[-1].output


def test_a_database_that_does_not_answer(patient: Patient) -> None:
    url = "postgresql+psycopg://city:word@127.0.0.1:9/city"
    found = patient.examined(DATABASE_URL=url)
    assert found["database"]["mark"] == "bad"
    assert "word" not in patient.results[-1].output
    assert "replies" not in found


def test_a_database_that_was_never_migrated(patient: Patient, tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    found = patient.examined(DATABASE_URL=empty)["database schema"]
    assert (found["mark"], found["advice"]) == ("bad", "buurtstem migrate")


def test_a_schema_that_is_old(patient: Patient) -> None:
    patient.write(text("UPDATE alembic_version SET version_num = '0001'"))
    found = patient.examined()
    assert found["database schema"]["seen"].startswith("it is at 0001")
    assert "replies" not in found


def test_postgres_says_its_version_and_its_time(big_patient: Patient) -> None:
    found = big_patient.examined()
    assert found["database"]["seen"].startswith("PostgreSQL 1")
    assert {found[name]["mark"] for name in ("database", "database clock")} == {"ok"}


def test_a_media_store_that_cannot_be_written(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    found = patient.examined(MEDIA_URL=str(tmp_path / "file"))
    assert found["media store"]["mark"] == "bad"


def test_the_media_store_is_left_as_it_was(patient: Patient, tmp_path: Path) -> None:
    patient.examined()
    assert [each for each in tmp_path.glob("media/**/*") if each.is_file()] == []


GIB = 1024 * MIB


@pytest.mark.parametrize(
    ("free", "total", "expected"),
    [
        (2 * GIB, 10 * GIB, Mark.OK),
        (2 * GIB, 100 * GIB, Mark.WARN),
        (500 * MIB, 1 * GIB, Mark.WARN),
        (199 * MIB, 1 * GIB, Mark.BAD),
    ],
    ids=["enough", "under a tenth", "under a GiB", "nearly full"],
)
def test_a_disk_needs_room(
    tmp_path: Path, free: int, total: int, expected: Mark
) -> None:
    settings = Settings("k" * 32, media_url=str(tmp_path / "not" / "there"))
    usage = SimpleNamespace(free=free, total=total)
    found = list(check_disks(settings, lambda _: usage))
    assert {each.mark for each in found} == {expected}


def test_a_recogniser_without_its_model(patient: Patient) -> None:
    found = patient.examined(WHISPER_ENGINE="faster-whisper", WHISPER_MODEL="nowhere")
    assert found["speech"]["mark"] == "warn"


def test_a_recogniser_is_tried_and_its_speed_told(
    patient: Patient, tmp_path: Path
) -> None:
    model = write_folder(tmp_path / "tiny", reciting_weights("Ja."))
    env = {"WHISPER_ENGINE": "faster-whisper", "WHISPER_MODEL": str(model)}
    env |= {"WHISPER_THREADS": "3", "WHISPER_DEVICE": "cpu"}
    found = patient.examined(**env)["speech"]
    assert found["mark"] == "ok"
    assert "on cpu" in found["seen"]
    assert "3 notes at once" in found["seen"]
    (model / "model.bin").write_bytes(b"nothing")
    assert patient.mark("speech", **env) == "bad"


def test_a_slow_recogniser_is_told() -> None:
    parrot = Parrot(costs=20)
    slow = Recogniser(lambda: parrot, clock=parrot.clock)
    found = try_recogniser(slow, Settings("x" * 32, whisper_model="large"))
    assert (found.mark, "1.2 times" in found.seen) == (Mark.WARN, True)


def test_a_hook_without_its_secret(patient: Patient) -> None:
    assert patient.mark("officials' hook", HOOK_SECRET="") == "warn"


def test_a_weakness_that_nobody_can_report(patient: Patient) -> None:
    assert patient.mark("security.txt", SECURITY_CONTACT="") == "warn"


@pytest.mark.parametrize(
    ("url", "user", "mark"),
    [
        ("https://city.example", 0, "bad"),
        ("https://city.example", 1000, "ok"),
        ("http://127.0.0.1:8080", 0, "ok"),
    ],
)
def test_root_is_for_trying_only(url: str, user: int, mark: str) -> None:
    settings = Settings(secret_key="s" * 32, public_url=url)
    assert check_user(settings, lambda: user).mark == mark


@pytest.mark.parametrize(("priority", "name"), [(0, "replies"), (1, "pushes")])
def test_a_queue_that_is_late(patient: Patient, priority: int, name: str) -> None:
    owe(patient, a_talk(patient), priority=priority)
    found = patient.examined()[name]
    assert (found["mark"], "120 min" in found["seen"]) == ("bad", True)


def test_messages_that_wait_for_somebody(patient: Patient) -> None:
    talk = a_talk(patient)
    owe(patient, talk, delivery="unsure")
    owe(patient, talk, held="template", priority=1)
    note = {"talk_id": talk, "channel": "whatsapp", "external_id": "1", "body": {}}
    note |= {"stage": "listening", "kind": "voice"}
    note |= {"received_at": now() - timedelta(minutes=11)}
    patient.write(insert(InboundMessage).values(note))
    found = patient.examined()
    for name in ("unsure", "held", "voice notes"):
        assert found[name]["mark"] == "warn"
        assert found[name]["seen"].startswith("1 ")


def test_a_paused_account_is_bad_and_says_why(patient: Patient) -> None:
    later = now() + timedelta(hours=1)
    row = {"channel": "whatsapp", "next_at": now(), "paused_for": "sender_blocked"}
    patient.write(insert(Account).values(**row, paused_until=later))
    found = patient.examined()["whatsapp paused"]
    assert (found["mark"], "sender_blocked" in found["seen"]) == ("bad", True)
    patient.write(update(Account).values(paused_until=now()))
    assert patient.mark("paused") == "ok"


def test_templates_that_are_not_approved_are_named(patient: Patient) -> None:
    *others, last = all_wordings()
    found = patient.examined()["templates"]
    assert (found["mark"], found["seen"]) == ("warn", "none is approved")
    approve(patient, others)
    found = patient.examined()["templates"]
    lacking = f"not approved: {last.kind} {last.language}"
    assert (found["mark"], found["seen"]) == ("warn", lacking)
    approve(patient, [last])
    assert patient.mark("templates") == "ok"
