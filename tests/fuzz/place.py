"""The city that is asked: the real application over a database of its own.

Only the way out is closed: nothing is sent to providers, no worker runs. A database is
made once and copied for every batch.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy import Connection, create_engine, make_url, text

from bot.app import create_app
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_sender import Account
from bot.domain.messages import Tap
from bot.services.demo import demo_passes
from bot.services.desk.sessions import LINK, open_session
from bot.services.desk.sign_on import SignOn
from bot.services.house import House, Scene
from bot.services.links import media_link
from bot.services.officials import ROLES, Person, add_official, officials
from bot.services.outbox import Owed
from bot.services.passes import row_key
from tests.fuzz.asking import Answer, Asked, ask
from tests.fuzz.ears import Ears, listening
from tests.fuzz.sealing import Sealer
from tests.fuzz.watch import Watch, install
from tests.standins.sign_on import CLIENT, SignOnStandIn
from tests.standins.sign_on import SECRET as CLIENT_SECRET
from tests.standins.telegram import SECRET, TOKEN
from tests.standins.twilio import SENDER, SID
from tests.standins.twilio import TOKEN as TWILIO_TOKEN
from tests.worlds import HOOK_SECRET, SECRET_KEY, VOTING, World, open_world

PUBLIC_URL = "https://buurtstem.example"
SECRETS = (TOKEN, SECRET, TWILIO_TOKEN, HOOK_SECRET, SECRET_KEY, CLIENT_SECRET)
ELIGIBILITIES = ("address", "pass")
NOBODY = "http://127.0.0.1:9"


class QuietTelegram(Telegram):
    """Telegram, as far as it is asked; it answers nobody."""

    def acknowledge(self, tap: Tap) -> None:
        """The way out is closed."""

    def support_link(self) -> str:
        return ""


@dataclass
class Place:
    """A city, what it is asked, and everything that can be seen of it."""

    world: World
    app: Flask
    watch: Watch
    ears: Ears
    sealer: Sealer
    passes: tuple[str, ...] = ()
    voters: frozenset[str] = frozenset()
    secrets: set[str] = field(default_factory=set)
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def house(self) -> House:
        return self.world.house

    def ask(self, asked: Asked) -> Answer:
        """Seal a request and send it; a second goes by first."""
        self.world.clock.pass_time(seconds=1)
        self.world.postman.taken.clear()
        return ask(self.app, self.sealer.sealed(asked))

    def handed_over(self) -> list[Owed]:
        """Return what was to be sent now; it counts as sent, so the next may follow."""
        taken = self.world.postman.taken
        if taken:
            rows = ", ".join(str(owed.row) for owed in taken)
            self.watch.does(
                "UPDATE outbound_messages SET delivery = 'sent', leased_until = NULL, "
                f"sent_at = created_at, external_id = 'SM' || id WHERE id IN ({rows})"
            )
        return taken

    def log_in(self, role: str) -> None:
        """Give this role a session that holds, whatever was done to the last one."""
        house, now = self.house, self.world.clock()
        if role not in self.people:
            found = house.db.run(officials)
            address = f"{role}@fuzz.example"
            self.people[role] = next(each for each in found if each.email == address)
        person = self.people[role]
        again = {"role": role, "id": person.id}
        self.watch.does("UPDATE officials SET role = :role WHERE id = :id", **again)
        self.watch.does("DELETE FROM official_logins WHERE official_id = :id", **again)
        token = house.db.run(
            lambda db: open_session(
                Scene(house, db, now), person.id, LINK, "fuzz", half=False
            )
        )
        self.sealer.tokens[role] = token
        self.secrets.add(token)
        self.watch.changes()


def prepare(server: str, folder: Path, eligibility: str) -> str:
    """Make the database that others are copied from; return its address.

    `server` is "sqlite", or the address of a PostgreSQL server.
    """
    if server == "sqlite":
        url = f"sqlite:///{folder / f'{eligibility}.db'}"
    else:
        name = f"fuzz_{uuid4().hex[:12]}"
        _on_server(server, f"CREATE DATABASE {name}")
        url = _address(server, name)
    with open_world(url, folder / "media", eligibility=eligibility) as world:
        install(world.house.db.engine)
        now = world.clock()
        for role in ROLES:
            address = f"{role}@fuzz.example"
            world.house.db.run(partial(_add, address, role, now))
    return url


def _add(email: str, role: str, now: datetime, db: Connection) -> None:
    add_official(db, email, role, role, now)


def drop(url: str) -> None:
    """Throw a database away; a file goes with its folder."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        server = address.set(database="postgres").render_as_string(hide_password=False)
        _on_server(server, f"DROP DATABASE {address.database} WITH (FORCE)")


def copied(url: str, folder: Path) -> str:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        copy = folder / "city.db"
        assert address.database
        shutil.copy(address.database, copy)
        return f"sqlite:///{copy}"
    name = f"fuzz_{uuid4().hex[:12]}"
    server = address.set(database="postgres").render_as_string(hide_password=False)
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE {address.database}")
    return _address(server, name)


def _address(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _on_server(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text(statement))
    engine.dispose()


@contextmanager
def open_place(url: str, folder: Path, eligibility: str) -> Iterator[Place]:
    """Open a city on a database that `prepare` made, or on a copy of it."""
    with ExitStack() as stack:
        ears = stack.enter_context(listening())
        sign_on = stack.enter_context(SignOnStandIn())
        world = stack.enter_context(
            open_world(
                url,
                folder / "media",
                eligibility=eligibility,
                public_url=PUBLIC_URL,
                telegram_token=TOKEN,
                telegram_secret=SECRET,
                telegram_api=NOBODY,
                twilio_account_sid=SID,
                twilio_auth_token=TWILIO_TOKEN,
                twilio_sender=SENDER,
                twilio_api=NOBODY,
                oidc_issuer=sign_on.url,
                oidc_client_id=CLIENT,
                oidc_client_secret=CLIENT_SECRET,
            )
        )
        _open_channels(world)
        app = create_app(house=world.house)
        watch = Watch(url)
        stack.callback(watch.close)
        passes = tuple(each.code for each in demo_passes(world.house))
        yield Place(
            world,
            app,
            watch,
            ears,
            Sealer(world.house),
            passes,
            _voters(world.house, passes),
            {*SECRETS, *passes},
        )


def _open_channels(world: World) -> None:
    house = world.house
    sign_on = SignOn(house.settings)
    media, keys = house.media, house.keys
    telegram = QuietTelegram(TOKEN, SECRET, api=NOBODY, load=media.load)
    whatsapp = WhatsApp(
        Account(SID, TWILIO_TOKEN, SENDER, NOBODY),
        public_url=PUBLIC_URL,
        media_url=lambda key: media_link(keys, PUBLIC_URL, key),
    )
    channels = {**house.channels, "telegram": telegram, "whatsapp": whatsapp}
    world.house = replace(house, channels=channels, sign_on=sign_on)


def _voters(house: House, passes: tuple[str, ...]) -> frozenset[str]:
    """Return how the ballots of the passes we gave out are known in the box."""
    return frozenset(row_key(house.keys, VOTING, code) for code in passes)
