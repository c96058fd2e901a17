"""A town that plays a whole round: a clock, people with phones, officials, a file.

Everything residents do goes in as their channel hands it over, everything officials do
goes through the service that their command calls. Nothing is patched.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from sqlalchemy import event, select

from bot.domain.messages import Content, Inbound, Sender, Tap, Text
from bot.domain.rounds import Round
from bot.services.chaining import chain_ballots
from bot.services.house import Scene
from bot.services.inbound import take_in
from bot.services.officials import add_official
from bot.services.opening import load_round, open_round
from bot.services.round_files import read_round_file
from bot.services.statements import ITEMS, Statement, declare
from bot.store.talks import OutboundMessage, Talk
from synthesis import open_voice
from tests.need import ROOT
from tests.worlds import World, open_world

T = TypeVar("T")
ELS, BRAM = "els@city.example", "bram@city.example"
TWO = f"{ELS} and {BRAM}"
CHANNELS = ("whatsapp", "telegram", "web")
LANGUAGES = ("nl", "ar", "tr", "en")
HELLO = {"nl": "hallo", "en": "hello", "tr": "merhaba", "ar": "مرحبا"}


@dataclass(eq=False)
class Neighbour:
    """Somebody with one phone and one language."""

    channel: str
    address: str
    language: str


@dataclass
class Town:
    """The house of a round, its clock, and everybody who has written."""

    world: World
    a_round: Round
    random: Random
    serial: Iterator[int] = field(default_factory=count)

    @property
    def slug(self) -> str:
        return self.a_round.slug

    @property
    def now(self) -> datetime:
        return self.world.clock()

    def is_at(self, moment: datetime, **later: float) -> None:
        """Move the clock there, never back."""
        assert moment + timedelta(**later) >= self.now
        self.world.clock.now = moment + timedelta(**later)

    # People

    def neighbour(self) -> Neighbour:
        """Let somebody have a phone; most of them write on WhatsApp."""
        channel = self.random.choices(CHANNELS, (5, 3, 2))[0]
        language = self.random.choices(LANGUAGES, (4, 3, 2, 1))[0]
        n = next(self.serial)
        address = f"+3161{n:07}" if channel == "whatsapp" else f"{channel}-{n}"
        return Neighbour(channel, address, language)

    def says(self, who: Neighbour, *said: Content | str) -> None:
        """Let somebody say these things, one after the other; words are typed."""
        for each in said:
            content = Text(each) if isinstance(each, str) else each
            sender = Sender(who.address, language_hint=who.language)
            message = Inbound(who.channel, f"m{next(self.serial)}", sender, content)
            assert take_in(self.world.house, message)

    def arrives(self, who: Neighbour, first: Content | str) -> None:
        """Let somebody new say her first words, and choose her language."""
        self.says(who, first, Tap(f"lang:{who.language}"))

    def told(self, who: Neighbour) -> list[str]:
        """Return all that somebody was told, oldest first."""
        hers = (Talk.channel == who.channel, Talk.address == who.address)
        rows = select(OutboundMessage.text).join(
            Talk, Talk.id == OutboundMessage.talk_id
        )
        found = rows.where(*hers).order_by(OutboundMessage.id)
        return [row.text for row in self.world.rows(found)]

    # Officials

    def act(self, job: Callable[..., T], *args: Any, **named: Any) -> T:
        """Let officials do something; `job` takes the scene first."""
        house, now = self.world.house, self.now
        return house.db.run(lambda db: job(Scene(house, db, now), *args, **named))

    def declare_all(self) -> None:
        """Let an official declare what no machine can know."""
        for item in ITEMS:
            said = Statement(item, "seen", ELS, self.now)
            self.act(lambda scene, s=said: declare(scene.db, self.slug, s))

    def open_vote(self) -> None:
        self.act(open_round, self.slug, ELS)
        view = self.world.house.db.read(self.world.house.catalog.view)
        self.a_round = next(each for each in view.rounds if each.slug == self.slug)

    def chain(self) -> None:
        """Let the worker write what the chains lack."""
        while chain_ballots(self.world.house):
            pass


@contextmanager
def open_town(url: str, folder: Path, file: str, seed: int) -> Iterator[Town]:
    """Found a town with a round from `rounds/`, on the day its plans are called for."""
    a_round = read_round_file((ROOT / "rounds" / file).read_bytes())
    voice = open_voice("espeak-ng", Path("none"))
    assert voice is not None
    with open_world(url, folder, voice=voice, demo=False) as world:
        if url.startswith("sqlite"):
            event.listen(world.house.db.engine, "connect", _forgetful)
            world.house.db.engine.dispose()
        town = Town(world, a_round, Random(seed))
        world.clock.now = min(a_round.starts.values())
        for email, role in {ELS: "admin", BRAM: "counter"}.items():
            town.act(
                lambda scene, e=email, r=role: add_official(
                    scene.db, e, r, "", scene.now
                )
            )
        town.act(load_round, a_round)
        yield town
    voice.close()


def _forgetful(connection: Any, _: object) -> None:
    """Do not wait for the disk: this town has no power cuts."""
    connection.execute("PRAGMA synchronous=OFF")
