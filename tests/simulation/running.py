"""One simulation from its seed to its end, and what came of it."""

import gc
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import time as hour
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from bot.config import QuietHours, Settings
from bot.keys import derive_keys
from bot.rings import open_rings
from bot.services.demo import load_demo
from bot.store.database import make_engine
from bot.store.media import FolderMedia
from bot.store.migrating import migrate
from bot.store.sealed import Safe, seal_with
from bot.store.sealed_media import SealedMedia
from tests.simulation import ballots
from tests.simulation.city import WEBS, WORKERS, City, Errors
from tests.simulation.ears import decoded_once
from tests.simulation.ending import check_end, check_now
from tests.simulation.judge import Violation
from tests.simulation.processes import Weather
from tests.simulation.residents import LANGUAGES, Resident
from tests.simulation.timeline import Timeline
from tests.simulation.watch import install
from tests.simulation.weather import Sky
from tests.worlds import SECRET_KEY

PER_RESIDENT = 75
APPROVED_AFTER = 0.2
"""The part of all messages after which wordings are approved."""

CHECK_EVERY = 5_000
MOST_DAYS = 60
LOOK_EVERY = timedelta(hours=3)
MOST_STILL = timedelta(days=5) // LOOK_EVERY
"""What has not moved for so long will not: nobody waits longer than three days."""

MEMORY = Path("/dev/shm")  # noqa: S108 - only if it is there
SETTINGS = {
    "quiet_hours": QuietHours(hour(21), hour(8)),
    "telegram_per_second": 4.0,
    "whatsapp_per_second": 3.0,
    "whatsapp_tier": 12,
}


@dataclass
class Report:
    """What a simulation saw. `violations` is empty if every rule held."""

    seed: int
    messages: int
    steps: int
    seconds: float
    days: float
    counts: Counter[str]
    violations: list[Violation] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)

    @property
    def blamed(self) -> set[str]:
        """The rules that were broken."""
        return {each.rule for each in self.violations}

    def __str__(self) -> str:
        told = ", ".join(f"{name} {n}" for name, n in sorted(self.counts.items()))
        rate = self.messages / self.seconds
        return (
            f"seed {self.seed}: {self.messages} messages, {self.steps} steps, "
            f"{self.days:.0f} days in {self.seconds:.1f} s ({rate:.0f}/s); {told}; "
            f"{len(self.violations)} violations"
        )


@contextmanager
def open_city(seed: int, messages: int, url: str | None = None) -> Iterator[City]:
    """Build a city of as many people as write so many messages in about a week."""
    where = str(MEMORY) if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="simulation-", dir=where) as folder:
        address = url or f"sqlite:///{folder}/city.db"
        migrate(address)
        engine, safe = make_engine(address), Safe(open_rings(SECRET_KEY, None, {}))
        seal_with(engine, safe)  # as in production: what people say is encrypted
        if url is None:
            event.listen(engine, "connect", _forgetful)
        city = City(
            timeline=Timeline(seed),
            settings=Settings(secret_key=SECRET_KEY, database_url=address, **SETTINGS),  # type: ignore[arg-type]
            keys=derive_keys(SECRET_KEY, rings=safe.rings),
            media=SealedMedia(FolderMedia(Path(folder) / "media"), safe),
            engine=engine,
            weather=Weather(0, 0, 0),
        )
        _people(city, max(12, messages // PER_RESIDENT))
        try:
            yield city
        finally:
            engine.dispose()


def _forgetful(connection: Any, _: object) -> None:
    """Do not wait for the disk: simulated processes die, machines do not."""
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA secure_delete=OFF")


def _people(city: City, count: int) -> None:
    time = city.timeline
    for name in (*WEBS, *WORKERS):
        city.add_process(name)
    load_demo(city.processes[WEBS[0]].house)
    install(city.engine)
    ballots.install(city.engine)
    with city.engine.connect() as db:
        found = text("SELECT number FROM plans WHERE status = 'on_ballot'")
        on_ballot = tuple(db.scalars(found))
    for n in range(count):
        channel = ("telegram", "whatsapp", "whatsapp", "web")[n % 4]
        address = f"+3161{n:07}" if channel == "whatsapp" else f"{channel}-{n}"
        resident = Resident(channel, address, time, city.say, LANGUAGES[n % 3])
        resident.ballot = on_ballot
        city.residents[channel, address] = resident


def simulate(seed: int, messages: int, url: str | None = None) -> Report:
    """Run a city until so many messages were sent, then until all is quiet."""
    with ExitStack() as stack:
        city = stack.enter_context(open_city(seed, messages, url))
        for each in (noted_errors(city), decoded_once(), few_collections()):
            stack.enter_context(each)
        return run(city, seed, messages)


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for garbage rarely: statements are many objects, and hardly any in rings."""
    before = gc.get_threshold()
    gc.set_threshold(20_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def noted_errors(city: City) -> Iterator[None]:
    handler = Errors(city.judge)
    names = ("bot", "concurrent.futures")
    for name in names:
        logging.getLogger(name).addHandler(handler)
    try:
        yield
    finally:
        for name in names:
            logging.getLogger(name).removeHandler(handler)


def run(city: City, seed: int, messages: int) -> Report:
    begun = time.process_time()
    city.weather.__init__()  # type: ignore[misc]
    sky = Sky(city)
    start = city.timeline.now
    sky.begin()
    city.officials.begin()
    for resident in city.residents.values():
        resident.begin()
    approved, checked = False, 0
    while city.messages < messages and not city.judge.violations:
        city.timeline.pass_to(city.timeline.now + timedelta(minutes=10))
        if not approved and city.messages > messages * APPROVED_AFTER:
            approved = True
            city.ask(city.officials.approve)
        if city.timeline.steps > checked + CHECK_EVERY:
            checked = city.timeline.steps
            check_now(city)
    if not city.judge.violations:
        come_to_rest(city, sky)
    if not city.judge.violations:
        check_end(city)
    days = (city.timeline.now - start) / timedelta(days=1)
    city.counts["deaths"] = sum(each.deaths for each in city.processes.values())
    city.counts["in"] = city.inbox.arrived
    city.counts["owed"] = len(city.watch.letters)
    city.counts["excused"] = city.judge.excused
    seconds = time.process_time() - begun
    return Report(
        seed,
        city.messages,
        city.timeline.steps,
        seconds,
        days,
        city.counts,
        city.judge.violations,
        list(city.judge.trail),
    )


def come_to_rest(city: City, sky: Sky) -> None:
    """Let the weather clear and everything be sent that can be."""
    sky.is_clear = True
    city.weather.clear()
    city.officials.resting = True
    for provider in city.providers.values():
        provider.calm, provider.down_until = True, None
        provider.blocked.clear()
    for resident in city.residents.values():
        resident.silent = True
    time, watch = city.timeline, city.watch
    end = time.now + timedelta(days=MOST_DAYS)
    quiet = still = seen = 0
    while time.now < end and max(quiet / 3, still / MOST_STILL) < 1:
        if city.judge.violations:
            return
        time.pass_to(time.now + LOOK_EVERY)
        city.ask(city.officials.resume)
        waiting = any(each.held is None for each in watch.queued.values())
        quiet = 0 if waiting else quiet + 1
        still = still + 1 if seen == watch.seen else 0
        seen = watch.seen
