"""One run: a city on one database, its people, its providers, and kills."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psycopg

from bench.chaos.civic import Before, check_civic
from bench.chaos.faults import Faults, Rates
from bench.chaos.findings import Findings
from bench.chaos.fleet import (
    Fleet,
    own_postgres,
    postgres_members,
    settings,
    sqlite_members,
)
from bench.chaos.kept import check_kept
from bench.chaos.killer import Killer
from bench.chaos.leases import Eyes
from bench.chaos.postbox import Postbox
from bench.chaos.provider import Providers
from bench.chaos.residents import Resident
from bench.chaos.seen import Ledger
from bench.chaos.sent import check_sent
from bench.chaos.town import Town
from bench.servers import free_port

LOCAL_POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
LOOK_SECONDS = 0.2
DRAIN_LOOKS = 600
SQLITE, POSTGRES = "sqlite", "postgres"
DATABASES = (SQLITE, POSTGRES)


@dataclass(frozen=True, slots=True)
class Chaos:
    """What to do: `server` is a PostgreSQL on which a database may be made.

    People talk for `calm_seconds` before the first kill, and again after the last.
    """

    database: str
    kills: int = 200
    seed: int = 1
    residents: int = 60
    server: str = LOCAL_POSTGRES
    rates: Rates = field(default_factory=Rates)
    calm_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Run:
    """What one run showed. `seconds` it took, kills and drain together."""

    chaos: Chaos
    ledger: Ledger
    findings: Findings
    seconds: float


def databases(server: str) -> list[str]:
    """Return the databases a run can be held on here."""
    try:
        psycopg.connect(server.replace("+psycopg", "", 1), connect_timeout=3).close()
    except psycopg.OperationalError:
        return [SQLITE]
    return [SQLITE, POSTGRES]


def run(chaos: Chaos, folder: Path) -> Run:
    """Hold one run and check it; logs, and SQLite's file, stay in `folder`.

    Raises NotServingError if the product did not come up again after a kill.
    """
    began = time.monotonic()
    with _database(chaos, folder) as url:
        ledger, findings = asyncio.run(_live(chaos, folder, url))
    return Run(chaos, ledger, findings, time.monotonic() - began)


@contextmanager
def _database(chaos: Chaos, folder: Path) -> Iterator[str]:
    if chaos.database == SQLITE:
        yield f"sqlite:///{folder}/buurtstem.db"
        return
    with own_postgres(chaos.server) as url:
        yield url


async def _live(chaos: Chaos, folder: Path, url: str) -> tuple[Ledger, Findings]:
    """Set everything up, let them live until all kills are done, and look."""
    ledger, seed = Ledger(), f"{chaos.seed} {chaos.database}"
    faults, eyes = Faults(chaos.rates, seed), Eyes(url)
    members = sqlite_members() if chaos.database == SQLITE else postgres_members()
    fleet = Fleet(folder, {}, members)
    killer = Killer(fleet, eyes, ledger, Random(f"{seed} kills"))
    public_url = f"http://127.0.0.1:{free_port()}"
    town = Town(public_url, ledger, faults, seed)
    town.post = Postbox(ledger, faults, fleet.ports, killer.opened)
    server = await Providers(ledger, faults, town.put, killer.took).listen()
    api = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    fleet.settings = settings(folder, url, api, public_url)
    try:
        fleet.run("migrate")
        fleet.run("demo")
        before = Before.read(eyes)
        town.on_paper, town.public = before.on_paper, tuple(before.supports)
        await asyncio.to_thread(fleet.start, members)
        await _talk(town, killer, chaos)
        await _drain(eyes)
    finally:
        fleet.stop()
        server.close()
    ledger.keep(folder / "arrivals.jsonl")
    findings = Findings()
    check_kept(eyes, ledger.deliveries, findings)
    check_civic(eyes, town.agreed, before, findings)
    check_sent(eyes, ledger, findings)
    return ledger, findings


async def _talk(town: Town, killer: Killer, chaos: Chaos) -> None:
    """Let people talk until the last kill, and finish what they have begun."""

    async def street() -> None:
        while not town.closing.is_set():
            await Resident(town).live()

    async with asyncio.TaskGroup() as group:
        for _ in range(chaos.residents):
            group.create_task(street())
        await asyncio.sleep(chaos.calm_seconds)
        await killer.kill_often(chaos.kills)
        await asyncio.sleep(chaos.calm_seconds)
        town.closing.set()
    await town.post.drained()


async def _drain(eyes: Eyes) -> None:
    """Wait until nothing is owed any more; what still is then is reported as stuck."""
    for _ in range(DRAIN_LOOKS):
        if not eyes.open_work():
            return
        await asyncio.sleep(LOOK_SECONDS)
