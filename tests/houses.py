"""A neighbourhood whose channels are real.

The web application is in front of them, the providers' stand-ins are behind them, and
the worker works when it is told to.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Row, select

from bot.app import create_app, open_channels
from bot.services.house import House
from bot.services.notes import listen_once
from bot.services.photos import fetch_photo_once
from bot.services.sender import Sender
from bot.services.spreading import spread_broadcasts
from bot.services.sweep import sweep
from bot.services.voicing import speak_once
from bot.store.media import MovableStore
from bot.store.talks import Media, OutboundMessage, Talk
from bot.worker import catch_up_overdue, give_data, send_due
from synthesis import Voice
from tests.standins.server import Delivery
from tests.standins.telegram import SECRET, TOKEN, TelegramStandIn
from tests.standins.telegram_resident import TelegramResident
from tests.standins.twilio import SENDER, SID, TwilioStandIn
from tests.standins.twilio import TOKEN as TWILIO_TOKEN
from tests.standins.whatsapp_resident import WhatsAppResident
from tests.worlds import Clock, World, open_world
from transcription import Transcriber

PUBLIC_URL = "https://buurtstem.example"
MOST_ROUNDS = 60


@dataclass
class Street:
    """The city, its web application, and the phones of the people who live there."""

    world: World
    bot_api: TelegramStandIn
    twilio: TwilioStandIn
    sender: Sender
    app: Flask
    folder: Path

    @property
    def house(self) -> House:
        return self.world.house

    @property
    def clock(self) -> Clock:
        return self.world.clock

    def deliver(self, delivery: Delivery) -> int:
        """Hand a webhook request to the application; return the status."""
        parts = urlsplit(delivery.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        client = self.app.test_client()
        headers = dict(delivery.headers)
        return client.post(path, data=delivery.body, headers=headers).status_code

    def ayse(self, language: str = "nl", chat: int = 42) -> TelegramResident:
        """Return somebody on Telegram who has chosen her language."""
        person = self.bot_api.resident(chat, language)
        person.says("/start")
        person.taps(f"lang:{language}")
        self.rest()
        return person

    def fatima(
        self, language: str = "nl", number: str = "+31612345678"
    ) -> WhatsAppResident:
        """Return somebody on WhatsApp who has chosen her language."""
        person = self.twilio.resident(number)
        person.says("hallo")
        self.rest()
        person.taps(f"lang:{language}")
        self.rest()
        return person

    def rest(self) -> None:
        """Wait until everything that is on its way has arrived and is written."""
        assert self.sender.settle()

    def work(self) -> None:
        """Let the worker do all there is to do; it takes a moment."""
        loops: list[Callable[[House], bool]] = [
            send_due,
            spread_broadcasts,
            catch_up_overdue,
            fetch_photo_once,
            listen_once,
            speak_once,
            give_data,
        ]
        for _ in range(MOST_ROUNDS):
            self.clock.pass_time(milliseconds=10)
            busy = [work(self.house) for work in loops]
            self.rest()
            if not any(busy):
                return
        raise AssertionError("the worker never comes to rest")

    def sweep(self) -> None:
        sweep(self.house)

    def media(self) -> list[Row[tuple[object, ...]]]:
        return self.world.rows(select(*Media.__table__.c).order_by(Media.id))

    def talks(self) -> list[Row[tuple[object, ...]]]:
        return self.world.rows(select(*Talk.__table__.c).order_by(Talk.id))

    def outbox(self) -> list[Row[tuple[object, ...]]]:
        """Return all we owe or sent, oldest first."""
        columns = OutboundMessage.__table__.c
        return self.world.rows(select(*columns).order_by(OutboundMessage.id))

    def files(self) -> list[Path]:
        """Return what lies in the media store's folder."""
        return [path for path in self.folder.rglob("*") if path.is_file()]

    def opened(self) -> dict[str, bytes]:
        """Return what these files hold, opened with our keys, by their names."""
        load = self.world.house.media.load
        keys = {path: path.relative_to(self.folder).as_posix() for path in self.files()}
        return {path.name: load(key) for path, key in keys.items()}


@contextmanager
def open_street(  # noqa: PLR0913 - a city has many parts
    url: str,
    folder: Path,
    transcriber: Transcriber | None = None,
    name: str = "test",
    media: MovableStore | None = None,
    voice: Voice | None = None,
    *,
    eligibility: str = "address",
) -> Iterator[Street]:
    """Build the city with both providers' stand-ins, on an empty database.

    With `eligibility` "pass" one votes with the demo's passes.
    """
    with (
        TelegramStandIn() as bot_api,
        TwilioStandIn() as twilio,
        open_world(
            url,
            folder / "media",
            media,
            voice,
            eligibility=eligibility,
            public_url=PUBLIC_URL,
            telegram_token=TOKEN,
            telegram_secret=SECRET,
            telegram_api=bot_api.url,
            twilio_account_sid=SID,
            twilio_auth_token=TWILIO_TOKEN,
            twilio_sender=SENDER,
            twilio_api=twilio.url,
        ) as world,
    ):
        house = world.house
        channels = open_channels(house.settings, house.keys, house.db, house.media)
        sender = Sender(house.db, channels, world.clock, name, house.meters)
        house = replace(
            house, channels=channels, postman=sender, transcriber=transcriber
        )
        world.house = house
        street = Street(
            world, bot_api, twilio, sender, create_app(house=house), folder / "media"
        )
        bot_api.webhook = f"{PUBLIC_URL}/telegram"
        twilio.webhook = f"{PUBLIC_URL}/whatsapp"
        bot_api.deliver = twilio.deliver = street.deliver
        yield street
        sender.close()
        for channel in channels.values():
            channel.close()


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run all jobs at the same moment, each in a thread of its own; return results.

    What a job raises is its result.
    """
    gate = threading.Barrier(len(jobs))
    results: list[object] = [None] * len(jobs)

    def run(place: int, job: Callable[[], object]) -> None:
        gate.wait()
        try:
            results[place] = job()
        except Exception as error:  # noqa: BLE001 - handed to the test
            results[place] = error

    threads = [
        threading.Thread(target=run, args=(place, job))
        for place, job in enumerate(jobs)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    return results


def since(person: TelegramResident | WhatsAppResident, count: int) -> list[str]:
    """Return what somebody heard after her first `count` messages."""
    return [heard.text for heard in person.heard[count:]]
