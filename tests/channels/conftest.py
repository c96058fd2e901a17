"""Stand-ins for both providers, the real clients in front of them, and the judges."""

from collections.abc import Iterator
from typing import cast

import pytest

from bot.channels.telegram import Telegram
from bot.channels.web import Web
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_sender import Account
from tests.channels.cases import (
    AdapterCase,
    MessengerCase,
    TelegramCase,
    WebCase,
    WhatsAppCase,
)
from tests.photographs import jpeg
from tests.standins.judges import verdicts
from tests.standins.oracles import has_oracles
from tests.standins.recorder import RECORD
from tests.standins.telegram import TelegramStandIn
from tests.standins.twilio import TwilioStandIn

PUBLIC_URL = "https://buurtstem.example"
NOTE = b"OggS a note in her own voice"
PICTURE = jpeg(80, 60)
ARCHIVE = b"PK all that is kept of her"
FILES = {"note": NOTE, "plan.jpg": PICTURE, "hers.zip": ARCHIVE}


@pytest.fixture(scope="session", autouse=True)
def judged() -> Iterator[None]:
    """After the last test, have every request that was made judged."""
    yield
    faults = verdicts(RECORD)
    assert not faults, "\n".join(faults)
    if RECORD and not has_oracles():
        pytest.skip("../shared/oracles is absent: only the limits were judged")


@pytest.fixture
def bot_api() -> Iterator[TelegramStandIn]:
    with TelegramStandIn() as stand_in:
        stand_in.webhook = f"{PUBLIC_URL}/telegram"
        yield stand_in


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn() as stand_in:
        stand_in.webhook = f"{PUBLIC_URL}/whatsapp"
        yield stand_in


def load(key: str) -> bytes:
    """Return the file `key`; only "note" and "plan.jpg" are there."""
    try:
        return FILES[key]
    except KeyError:
        raise FileNotFoundError(key) from None


@pytest.fixture
def telegram(bot_api: TelegramStandIn) -> Iterator[Telegram]:
    channel = Telegram(bot_api.token, bot_api.secret, api=bot_api.url, load=load)
    yield channel
    channel.close()


@pytest.fixture
def whatsapp(twilio: TwilioStandIn) -> Iterator[WhatsApp]:
    account = Account(twilio.sid, twilio.token, twilio.sender, twilio.url)
    channel = WhatsApp(
        account,
        public_url=PUBLIC_URL,
        media_url=lambda key: f"{PUBLIC_URL}/media/{key}",
    )
    yield channel
    channel.close()


@pytest.fixture(params=["telegram", "whatsapp", "web"])
def case(request: pytest.FixtureRequest) -> AdapterCase:
    """Every adapter in turn."""
    if request.param == "web":
        return WebCase(Web(PUBLIC_URL, b"k" * 32, load))
    return make_messenger(request, request.param)


@pytest.fixture(params=["telegram", "whatsapp"])
def messenger(request: pytest.FixtureRequest) -> MessengerCase:
    """Every adapter with a provider behind it in turn."""
    return make_messenger(request, request.param)


@pytest.fixture
def on_telegram(telegram: Telegram, bot_api: TelegramStandIn) -> TelegramCase:
    return TelegramCase(telegram, bot_api)


@pytest.fixture
def on_whatsapp(whatsapp: WhatsApp, twilio: TwilioStandIn) -> WhatsAppCase:
    return WhatsAppCase(whatsapp, twilio)


def make_messenger(request: pytest.FixtureRequest, name: str) -> MessengerCase:
    return cast("MessengerCase", request.getfixturevalue(f"on_{name}"))
