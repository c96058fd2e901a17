"""The whole world of a simulation: processes, providers, people, weather, rules."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine

from bot.channels.base import Channel
from bot.config import Settings
from bot.domain.messages import Content, Outbound, StatusUpdate
from bot.keys import Keys
from bot.meters import Meters
from bot.services.catalog import CatalogCache
from bot.services.house import House
from bot.services.sender import Sender
from bot.services.statuses import record_statuses
from bot.store.database import Database
from bot.store.media import MediaStore
from tests.simulation.ballots import Ballots
from tests.simulation.ears import Whisperer, short_note
from tests.simulation.inbox import OURS, Inbox
from tests.simulation.judge import Judge
from tests.simulation.loops import Loops
from tests.simulation.officials import Officials
from tests.simulation.page import Page, Pages
from tests.simulation.processes import Process, Weather
from tests.simulation.providers import Handover, Line, Provider
from tests.simulation.residents import Resident
from tests.simulation.timeline import Timeline
from tests.simulation.watch import Change, Letter, Received, Watch

WEBS, WORKERS = ("web-1", "web-2"), ("worker-1", "worker-2")
SOON = timedelta(seconds=6)


class Errors(logging.Handler):
    """Notes what the product calls an error; the judge hears of it."""

    EXPECTED = ("send refused", "message refused", "our settings are wrong")

    def __init__(self, judge: Judge) -> None:
        super().__init__(logging.ERROR)
        self._judge = judge

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if not text.startswith(self.EXPECTED):
            self._judge.blame("error", text)


@dataclass
class City:
    """Everything there is. `messages` counts what people and we have sent."""

    timeline: Timeline
    settings: Settings
    keys: Keys
    media: MediaStore
    engine: Engine
    weather: Weather
    processes: dict[str, Process] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    residents: dict[tuple[str, str], Resident] = field(default_factory=dict)
    meters: Meters = field(default_factory=Meters)
    ears: Whisperer = field(default_factory=Whisperer)
    counts: Counter[str] = field(default_factory=Counter)
    watch: Watch = field(init=False)
    judge: Judge = field(init=False)
    loops: Loops = field(init=False)
    officials: Officials = field(init=False)
    ballots: Ballots = field(init=False)
    pages: Pages = field(init=False)
    inbox: Inbox = field(init=False)
    _receipts: int = 0

    def __post_init__(self) -> None:
        time = self.timeline
        self.watch = Watch(self.engine)
        self.judge = Judge(time, self.settings, self.processes, self.watch)
        self.loops = Loops(time, self.watch, self.judge)
        self.ballots = Ballots(self.keys)
        self.officials = Officials(time, self.ask)
        self.pages = Pages(time, self.residents, self._some_web)
        self.inbox = Inbox(
            time, self.media, self.judge, self.pages, self._some_web, self.look
        )
        time.after_each = self._after_each
        for name in ("telegram", "whatsapp", "web"):
            provider = Provider(name, time, windowed=name == "whatsapp")
            provider.took = partial(self._took, provider)
            provider.arrived, provider.status = self._arrived, self._status
            self.providers[name] = provider

    @property
    def messages(self) -> int:
        return self.inbox.arrived + self.counts["out"]

    def say(self, resident: Resident, content: Content) -> None:
        """Let somebody say something to us."""
        heard = self.providers[resident.channel].heard
        heard[resident.address] = self.timeline.now
        self.inbox.say(resident, content)

    def ask(self, work: Callable[[House], object]) -> None:
        """Run something in some web process, as soon as one is there."""
        process = self._some_web()
        if process is None:
            self.timeline.after(5, lambda: self.ask(work))
            return

        def done() -> None:
            work(process.house)
            process.will_record()
            self.loops.wake("spread_broadcasts", "send_due")

        process.do(done)

    # Processes

    def add_process(self, name: str) -> None:
        process = Process(
            name,
            self.timeline,
            self.weather,
            self.engine,
            self._house,
            self._channels,
            self.loops.begin if name in WORKERS else lambda _: None,
        )
        self.processes[name] = process
        process.start()

    def _channels(self, process: Process) -> Mapping[str, Channel]:
        sounds = {"audio/ogg": short_note()}
        telegram: Any = Line(self.providers["telegram"], process, sounds)
        whatsapp: Any = Line(self.providers["whatsapp"], process, sounds, OURS)
        page = Page(
            *("http://127.0.0.1:8080", self.keys.sessions, self.media.load),
            handed=lambda out: self.pages.handed(out, process, self.providers["web"]),
        )
        return {"web": page, "telegram": telegram, "whatsapp": whatsapp}

    def _house(
        self,
        process: Process,
        db: Database,
        sender: Sender,
        channels: Mapping[str, Channel],
    ) -> House:
        return House(
            settings=self.settings,
            keys=self.keys,
            db=db,
            media=self.media,
            channels=channels,
            clock=process.clock,
            postman=sender,
            catalog=CatalogCache(),
            transcriber=self.ears,
            receipt=self._receipt,
            meters=self.meters,
        )

    def _receipt(self) -> str:
        self._receipts += 1
        return f"R{self._receipts:07}"

    def _some_web(self) -> Process | None:
        alive = [self.processes[n] for n in WEBS if self.processes[n].alive]
        return self.timeline.random.choice(alive) if alive else None

    # After every event

    def _after_each(self) -> None:
        touched = False
        for each in self.processes.values():
            touched |= each.touched
            each.touched = False
        if touched:
            self.look()

    def look(self) -> None:
        """Take in what was committed; wake the workers if there is something to do."""
        changes = self.watch.look(self.timeline.now)
        if not changes:
            return
        self.judge.changed(changes)
        soon = self.timeline.now + SOON
        if any(_can_be_sent(change.row, soon) for change in changes):
            self.loops.wake("send_due")
        if any(_is_new_note(change) for change in changes):
            self.loops.wake("listen_once", "catch_up_overdue")

    # What reaches providers and people

    def _took(self, provider: Provider, handover: Handover, out: Outbound) -> None:
        self.counts["out"] += 1
        self.look()
        self.judge.took(provider, handover, out)

    def _arrived(self, channel: str, out: Outbound, sid: str) -> None:
        self.counts["arrived"] += 1
        self.residents[channel, out.user_id].hears(out, sid)

    def _status(self, channel: str, status: StatusUpdate) -> None:
        """A provider calls one of the web processes; not heard, it is lost."""
        process = self._some_web()
        if process is None:
            return

        def record() -> None:
            now = process.clock()
            process.house.db.run(lambda db: record_statuses(db, channel, [status], now))

        self.counts["statuses"] += 1
        process.do(record)


def _can_be_sent(row: Letter | Received, soon: datetime) -> bool:
    if not isinstance(row, Letter) or row.leased is not None:
        return False
    return row.goes_at is not None and row.goes_at <= soon


def _is_new_note(change: Change) -> bool:
    row = change.row
    return isinstance(row, Received) and row.stage == "listening" and not change.was
