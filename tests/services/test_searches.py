"""No statement of the hot path searches a table that grows with the city.

The real services talk, claim, send and rest on a filled city; whatever reached the
database is explained afterwards, also by statistics that know nothing of a broadcast.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, func, select, text, update

from bench.city import known_chats, new_chats
from bench.claiming import owe
from bench.contestants import SECRET_KEY
from bench.filling import Size, fill
from bench.idle import ALL
from bench.script import KNOWN, SCRIPTS, Step, typed
from bench.statements import Statement, listen
from bot.app import build, close
from bot.config import Settings
from bot.domain.messages import Inbound, Sender, Tap, Text
from bot.services import sender
from bot.services.demo import load_demo
from bot.services.house import House
from bot.services.inbound import take_in
from bot.services.reminding import remind_voters
from bot.services.retiring import retire
from bot.store.database import make_engine
from bot.store.migrating import migrate
from bot.store.talks import OutboundMessage, Talk
from bot.worker import Worker, send_due
from tests.need import postgres_url
from tests.services.explained import whole_looks
from tests.standins.telegram import SECRET, TOKEN, TelegramStandIn
from tests.standins.twilio import SENDER, SID, TwilioStandIn
from tests.standins.twilio import TOKEN as TWILIO_TOKEN
from tests.worlds import empty_postgres

SIZE = Size(3_000)
DUE = 1_000
BIG = (
    "residents",
    "talks",
    "inbound_messages",
    "outbound_messages",
    "ballots",
    "marks",
)
SMALL = ("media", "plans", "plan_stages", "supports", "follows", "tasks")
"""These grow too. With so few rows PostgreSQL is right to look at all of them, so there
it is asked how it would go about it if that were dear."""


@dataclass(frozen=True)
class Filled:
    """A filled city with both providers, and all that its database is told."""

    house: House
    bot_api: TelegramStandIn
    said: list[Statement]
    serial: "count[int]"

    def take_in(self, channel: str, address: str, step: Step) -> None:
        content = Tap(step.data) if step.data else Text(step.text)
        name = f"new-{next(self.serial)}"
        inbound = Inbound(channel, name, Sender(address), content)
        assert take_in(self.house, inbound)
        self.rest()

    def rest(self) -> None:
        """Wait until what is on its way has arrived and is written."""
        assert cast("sender.Sender", self.house.postman).settle()

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Connect for what the product would not say; it is not listened to."""
        engine = make_engine(self.house.settings.database_url)
        with engine.begin() as db:
            yield db
        engine.dispose()

    def count(self, *conditions: Any) -> int:
        with self.alone() as db:
            return db.scalar(select(func.count()).where(*conditions)) or 0


@pytest.fixture(params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Filled]:
    """A filled city on each database we support."""
    if request.param == "sqlite":
        with _filled(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as made:
            yield made
        return
    with empty_postgres(postgres_url()) as url, _filled(url, tmp_path) as made:
        yield made


@contextmanager
def _filled(url: str, folder: Path) -> Iterator[Filled]:
    with TelegramStandIn() as bot_api, TwilioStandIn() as twilio:
        settings = Settings(
            secret_key=SECRET_KEY,
            database_url=url,
            media_url=str(folder / "media"),
            whisper_engine="none",
            quiet_hours=None,
            telegram_token=TOKEN,
            telegram_secret=SECRET,
            telegram_api=bot_api.url,
            twilio_account_sid=SID,
            twilio_auth_token=TWILIO_TOKEN,
            twilio_sender=SENDER,
            twilio_api=twilio.url,
        )
        migrate(url)
        first = build(settings)
        load_demo(first)
        close(first, Worker(first))
        fill(url, SIZE)
        house = build(settings)
        yield Filled(house, bot_api, listen(house.db.engine), count())
        close(house, Worker(house))


def lives(filled: Filled) -> None:
    """Let strangers and residents talk, a broadcast begin, and the worker rest."""
    talks_on_telegram(filled)
    filled.take_in("whatsapp", "whatsapp:+31600000003", typed("durum"))
    begins_a_broadcast(filled)
    for loop in ALL:
        loop.work(filled.house)
    closes_the_vote(filled)


def talks_on_telegram(filled: Filled) -> None:
    known, new = known_chats(SIZE.residents), new_chats()
    people = [*((known, each) for each in KNOWN), *((new, each) for each in SCRIPTS)]
    for chats, script in people:
        chat = next(chats)
        phone = filled.bot_api.resident(chat)
        for step in script:
            before = len(phone.heard)
            filled.take_in("telegram", str(chat), step)
            assert len(phone.heard) > before


def begins_a_broadcast(filled: Filled) -> None:
    """Owe it to many, and let the first of them have it, as far as they are in time."""
    house = filled.house
    with filled.alone() as db:
        owe(db, house.clock(), DUE)
    assert send_due(house)
    filled.rest()
    sent = OutboundMessage.delivery == "sent"
    assert filled.count(OutboundMessage.broadcast_id.is_not(None), sent)


def closes_the_vote(filled: Filled) -> None:
    """Remind those who have not finished, as in the last two days."""
    house = filled.house
    closes = [each.closes_at for each in house.db.read(house.catalog.view).rounds]
    last_day = min(each for each in closes if each) - timedelta(days=1)
    remind_voters(replace(house, clock=lambda: last_day))
    assert filled.count(OutboundMessage.dedupe_key.startswith("reminder:"))


def retires_what_is_old(filled: Filled) -> None:
    """Let five years go by in which all but three people kept writing to us."""
    house = filled.house
    later = house.clock() + timedelta(days=1_900)
    with filled.alone() as db:
        db.execute(update(Talk).where(Talk.id > 3).values(last_inbound_at=later))
    gone = retire(replace(house, clock=lambda: later))
    assert gone["people"] == 3
    assert min(gone[name] for name in ("messages_in", "messages_out", "files")) > 100
    assert min(gone[name] for name in ("tasks", "plans", "ties")) > 10


def test_the_hot_path_searches_no_table_that_grows(filled: Filled) -> None:
    lives(filled)
    statements = said(filled)
    assert len(statements) > 60
    with filled.alone() as db:
        assert searches(db, statements) == []
        db.execute(text("ANALYZE"))
    retires_what_is_old(filled)
    assert len(said(filled)) > len(statements) + 30
    statements = said(filled)
    for index in ("ix_inbound_messages_open", "ix_talks_picks", None):
        with filled.alone() as db:
            if index:
                db.execute(text(f"DROP INDEX {index}"))
            assert bool(searches(db, statements)) == bool(index), index
            db.rollback()


def said(filled: Filled) -> list[Statement]:
    """Return every statement so far, each wording once."""
    return list({each.words: each for each in filled.said if each.is_ours}.values())


def searches(db: Connection, statements: list[Statement]) -> list[tuple[str, str]]:
    """Return each statement that searches, with how it does so."""
    on_postgres = db.dialect.name == "postgresql"
    found = _looked(db, statements, BIG if on_postgres else BIG + SMALL)
    if on_postgres:
        db.execute(text("SET LOCAL enable_seqscan = off"))
        found += _looked(db, statements, BIG + SMALL)
        db.execute(text("SET LOCAL enable_seqscan = on"))
    return found


def _looked(
    db: Connection, statements: list[Statement], tables: tuple[str, ...]
) -> list[tuple[str, str]]:
    return [
        (how, each.words)
        for each in statements
        for how in whole_looks(db, each, tables)
    ]
