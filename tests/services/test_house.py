"""The house is built from settings, and says what is off."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import build, create_app, open_transcriber
from bot.config import Settings, SettingsError, read_settings
from bot.services.house import new_receipt
from bot.store.migrating import migrate
from tests.standins.twilio import SENDER, SID

SECRET = "an invented city keeps no secrets here"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    media = str(tmp_path / "media")
    return Settings(SECRET, url, media_url=media, whisper_engine="none")


def test_a_channel_without_settings_is_off_and_says_so(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        house = build(settings)
    assert set(house.channels) == {"web"}
    assert "channel off name=telegram" in caplog.text
    assert "channel off name=whatsapp" in caplog.text
    house.db.close()


@pytest.mark.parametrize("path", ["/telegram", "/whatsapp", "/whatsapp/status"])
def test_the_webhook_of_a_channel_that_is_off_is_not_there(
    settings: Settings, path: str
) -> None:
    house = build(settings)
    answer = create_app(house=house).test_client().post(path)
    assert answer.status_code == 404
    house.db.close()


def test_a_database_that_was_not_migrated_is_not_ready(settings: Settings) -> None:
    house = build(settings)
    client = create_app(house=house).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    migrate(settings.database_url)
    assert client.get("/readyz").status_code == 200
    house.db.close()


def test_beside_a_later_version_a_process_stays_ready(settings: Settings) -> None:
    """It has migrated, and we are not replaced yet. An earlier one is no use."""
    migrate(settings.database_url)
    house = build(settings)
    client = create_app(house=house).test_client()
    for version, status in (("9999", 200), ("0001", 503)):
        with house.db.engine.begin() as db:
            at = text("UPDATE alembic_version SET version_num = :version")
            db.execute(at, {"version": version})
        assert client.get("/readyz").status_code == status
    house.db.close()


def test_a_model_that_is_not_there_leaves_notes_to_people(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    missing = str(tmp_path / "no-model")
    kept = Settings(SECRET, whisper_engine="faster-whisper", whisper_model=missing)
    assert open_transcriber(kept) is None
    assert "no speech recognition" in caplog.text
    assert open_transcriber(settings) is None


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"TELEGRAM_TOKEN": "1:a"}, "TELEGRAM_SECRET"),
        ({"TELEGRAM_SECRET": "a"}, "TELEGRAM_TOKEN"),
        ({"TWILIO_ACCOUNT_SID": SID}, "TWILIO_AUTH_TOKEN and TWILIO_SENDER"),
        ({"TWILIO_SENDER": "+31612345678"}, "TWILIO_SENDER"),
        ({"HOOK_SECRET": "abc"}, "HOOK_SECRET"),
        ({"PORT": "many"}, "PORT"),
        ({"WORKERS": "0"}, "WORKERS"),
        ({"QUIET_HOURS": "at night"}, "QUIET_HOURS"),
        ({"WHISPER_ENGINE": "ears"}, "WHISPER_ENGINE"),
        ({"WHISPER_DEVICE": "tpu"}, "WHISPER_DEVICE"),
        ({"WHISPER_THREADS": "0"}, "WHISPER_THREADS"),
        ({"HELP_PHONE": "ask the desk"}, "HELP_PHONE"),
        ({"MEDIA_URL": "https://key:secret@s3.example/city"}, "MEDIA_URL"),
        ({"MEDIA_URL": "s3://"}, "MEDIA_URL"),
        ({"MEDIA_URL": "s3://city/../other"}, "MEDIA_URL"),
        ({"MEDIA_URL": "s3://city?region=eu"}, "MEDIA_URL"),
    ],
)
def test_what_is_missing_or_wrong_is_named(env: dict[str, str], named: str) -> None:
    whole = {"SECRET_KEY": SECRET} if "SECRET_KEY" not in env and env else {}
    with pytest.raises(SettingsError, match=named):
        read_settings(whole | env)


def test_all_that_is_wrong_is_named_at_once() -> None:
    wrong = {"PORT": "many", "WORKERS": "0", "TELEGRAM_TOKEN": "1:a"}
    with pytest.raises(SettingsError) as found:
        read_settings(wrong)
    for name in ("SECRET_KEY", "PORT", "WORKERS", "TELEGRAM_SECRET"):
        assert name in str(found.value)


@pytest.mark.parametrize(
    "place", ["var/media", "/srv/media", "s3://city", "s3://city/", "s3://a.b-c/x_1/y"]
)
def test_media_may_lie_in_a_folder_or_a_bucket(place: str) -> None:
    assert read_settings({"SECRET_KEY": SECRET, "MEDIA_URL": place}).media_url == place


def test_secrets_in_a_media_address_are_not_repeated() -> None:
    with pytest.raises(SettingsError) as found:
        read_settings({"SECRET_KEY": SECRET, "MEDIA_URL": "s3://key:secret@city"})
    assert "key:secret" not in str(found.value)


def test_secrets_are_never_shown() -> None:
    env = {
        "SECRET_KEY": SECRET,
        "TELEGRAM_TOKEN": "123:very-secret-token",
        "TELEGRAM_SECRET": "very-secret-header",
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": "very-secret-auth",
        "TWILIO_SENDER": SENDER,
        "HOOK_SECRET": "whsec_dmVyeS1zZWNyZXQtaG9vaw==",
    }
    shown = repr(read_settings(env))
    assert not [name for name in ("very-secret", "dmVye") if name in shown]
    assert SECRET not in shown


def test_receipts_have_eight_digits_that_can_be_said_in_every_language() -> None:
    receipts = {new_receipt() for _ in range(500)}
    assert len(receipts) > 490
    for each in receipts:
        left, space, right = each.partition("\u00a0")
        assert (len(left), space, len(right)) == (4, "\u00a0", 4)
        assert (left + right).isdecimal()
