"""The whole world of a simulation: processes, providers, people, weather, rules."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.channels.base import Channel
from bot.channels.web import Web
from bot.config import Settings
from bot.domain.messages import Content, Inbound, Outbound, StatusUpdate, Voice
from bot.keys import Keys
from bot.meters import Meters
from bot.services.catalog import CatalogCache
from bot.services.house import House
from bot.services.inbound import take_in
from bot.services.sender import Sender
from bot.services.statuses import record_statuses
from bot.services.webchat import history
from bot.store.database import Database
from bot.store.media import MediaStore
from bot.store.talks import Talk
from bot.worker import LISTENING, LOOPS, Loop
from tests.simulation.ballots import Ballots
from tests.simulation.ears import Whisperer, short_note
from tests.simulation.judge import Judge
from tests.simulation.officials import Officials
from tests.simulation.processes import Process, Weather
from tests.simulation.providers import Handover, Line, Provider
from tests.simulation.residents import Resident
from tests.simulation.timeline import MORNING, Timeline
from tests.simulation.watch import Watch

WEBS, WORKERS = ("web-1", "web-2"), ("worker-1", "worker-2")
OURS = "whatsapp:+14155238886"
PER_RESIDENT = 75
LEFT_OUT = {"check_templates", "recover_missed"}
"""Loops that ask providers for lists, which are not simulated."""

RARELY = 120
"""How many times more rarely is looked for what hardly ever happens."""


@dataclass
class Ticks:
    """When a worker's loop looks for work next."""

    loop: Loop
    stamp: int = 0
    idle: int = 0
    next_at: Any = None


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
    engine: Any
    weather: Weather
    processes: dict[str, Process] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    residents: dict[tuple[str, str], Resident] = field(default_factory=dict)
    people: dict[int, tuple[int, str | None, str | None]] = field(default_factory=dict)
    acknowledged: dict[tuple[str, str], Content] = field(default_factory=dict)
    meters: Meters = field(default_factory=Meters)
    ears: Whisperer = field(default_factory=Whisperer)
    counts: Counter[str] = field(default_factory=Counter)
    watch: Watch = field(init=False)
    judge: Judge = field(init=False)
    officials: Officials = field(init=False)
    ballots: Ballots = field(init=False)
    trail: list[str] = field(default_factory=list)
    _ticks: dict[str, list[Ticks]] = field(default_factory=dict)
    _serial: int = 0
    _noted: datetime = MORNING
    _cursors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.watch = Watch(self.engine)
        self.judge = Judge(
            self.timeline,
            self.settings,
            self.processes,
            self.watch.letters,
            self.people,
        )
        self.ballots = Ballots(self.keys)
        self.officials = Officials(self.timeline, self._at_some_process)
        self.timeline.after_each = self._after_each
        for name in ("telegram", "whatsapp", "web"):
            provider = Provider(name, self.timeline, windowed=name == "whatsapp")
            provider.took = self._took(provider)
            provider.arrived, provider.status = self._arrived, self._status
            self.providers[name] = provider

    @property
    def messages(self) -> int:
        return self.counts["in"] + self.counts["out"]

    # Processes

    def add_process(self, name: str) -> None:
        process = Process(
            name,
            self.timeline,
            self.weather,
            self.engine,
            self._house,
            self._channels,
            self._begin_loops,
        )
        self.processes[name] = process
        process.start()

    def _channels(self, process: Process) -> Mapping[str, Channel]:
        sounds = {"audio/ogg": short_note()}
        web = _Page(self, process)
        telegram: Any = Line(self.providers["telegram"], process, sounds)
        whatsapp: Any = Line(self.providers["whatsapp"], process, sounds, OURS)
        return {"web": web, "telegram": telegram, "whatsapp": whatsapp}

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
        self._serial += 1
        return f"R{self._serial:07}"

    def _begin_loops(self, process: Process) -> None:
        if process.name not in WORKERS:
            return
        loops = [
            loop for loop in (*LOOPS, LISTENING) if loop.work.__name__ not in LEFT_OUT
        ]
        self._ticks[process.name] = [Ticks(loop) for loop in loops]
        for tick in self._ticks[process.name]:
            self._next(process, tick, self.timeline.between(0, tick.loop.seconds))

    def _next(self, process: Process, tick: Ticks, seconds: float) -> None:
        tick.stamp += 1
        stamp = tick.stamp
        tick.next_at = self.timeline.now + timedelta(seconds=seconds)
        process.later(seconds, lambda: self._tick(process, tick, stamp))

    def _tick(self, process: Process, tick: Ticks, stamp: int) -> None:
        if tick.stamp != stamp:
            return
        tick.next_at = self.timeline.now
        try:
            busy = tick.loop.work(process.house)
        except Exception as error:  # noqa: BLE001 - a loop outlives any piece
            self.judge.blame("error", f"{tick.loop.work.__name__}: {error!r}")
            busy = False
        process.will_record()
        tick.idle = 0 if busy else tick.idle + 1
        self._next(process, tick, 0.005 if busy else self._rest(tick))

    def _rest(self, tick: Ticks) -> float:
        """Return how long a loop without work rests; it is woken if there is some."""
        seconds = tick.loop.seconds
        if seconds >= 10:
            return float(seconds * RARELY)
        if tick.loop.work.__name__ == "fetch_photo_once":
            return 3600.0
        if tick.loop.work.__name__ == "spread_broadcasts":
            return 600.0
        if tick.loop.work.__name__ != "send_due":
            return float(min(seconds * 2**tick.idle, self._patience()))
        moments = [
            max(each.due, each.leased or each.due)
            for each in self.watch.queued.values()
            if each.held is None and each.due is not None
        ]
        if not moments:
            return 1800.0
        wait = (min(moments) - self.timeline.now).total_seconds()
        if wait <= 0:
            return float(min(seconds * 2**tick.idle, 120.0))
        return float(min(max(seconds, wait + 0.001), 1800.0))

    def _patience(self) -> float:
        """Return how long to rest at most: a while after a note there may be more."""
        since = (self.timeline.now - self._noted).total_seconds()
        return 20.0 if since < 90 else 100.0 if since < 420 else 3600.0

    def wake(self, *names: str) -> None:
        """Let workers look for work now, as a bell or the next look would."""
        soon = self.timeline.now + timedelta(seconds=0.25)
        for process_name, ticks in self._ticks.items():
            process = self.processes[process_name]
            for tick in ticks:
                wanted = tick.loop.work.__name__ in names
                if process.alive and wanted and tick.next_at > soon:
                    tick.idle = 0
                    self._next(process, tick, self.timeline.between(0, 0.25))

    # After every event

    def _after_each(self) -> None:
        if not any(each.touched for each in self.processes.values()):
            return
        for each in self.processes.values():
            each.touched = False
        self.look()

    def look(self) -> None:
        now, free = self.timeline.now, False
        soon = now + timedelta(seconds=6)
        for change in self.watch.look(now):
            self.judge.changed(change)
            letter = change.letter
            free |= (
                letter.delivery == "queued"
                and letter.held is None
                and letter.leased is None
                and letter.due is not None
                and letter.due <= soon
            )
            if change.was is None:
                self.counts["owed"] += 1
        if free:
            self.wake("send_due")

    # What reaches providers and people

    def _took(self, provider: Provider) -> Callable[[Handover, Outbound], None]:
        def took(handover: Handover, out: Outbound) -> None:
            self.counts["out"] += 1
            self.look()
            letter = self.watch.letters[out.id]
            self._meet(letter.talk)
            self.trail.append(
                f"{handover.at:%d %H:%M:%S.%f} {handover.process} hands row {out.id} "
                f"(talk {letter.talk}, {letter.key}) to {provider.name}"
            )
            self.judge.took(provider, handover, out)

        return took

    def _meet(self, talk: int) -> None:
        """Know who a talk belongs to, and whether she wants to hear from us."""
        columns = (Talk.resident_id, Talk.stopped_at, Talk.closed_at)
        with self.engine.connect().execution_options(only_reads=True) as db:
            row = db.execute(select(*columns).where(Talk.id == talk)).one()
        ago = self.timeline.now - timedelta(seconds=3)
        stopped = (
            str(row.stopped_at) if row.stopped_at and row.stopped_at < ago else None
        )
        closed = str(row.closed_at) if row.closed_at and row.closed_at < ago else None
        self.people[talk] = (row.resident_id, stopped, closed)

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

    def _some_web(self) -> Process | None:
        alive = [self.processes[n] for n in WEBS if self.processes[n].alive]
        return self.timeline.random.choice(alive) if alive else None

    def _at_some_process(self, work: Callable[[House], object]) -> None:
        process = self._some_web()
        if process is None:
            self.timeline.after(5, lambda: self._at_some_process(work))
            return

        def done() -> None:
            work(process.house)
            process.will_record()
            self.wake("spread_broadcasts")

        process.do(done)

    # What people say

    def say(self, resident: Resident, content: Content) -> None:
        """Let somebody's message come to us: late, twice, or after its successor."""
        self._serial += 1
        if isinstance(content, Voice) and resident.channel == "web":
            key = self.media.save(short_note(), "audio/ogg")
            content = Voice(replace(content.ref, place=key))
        ours = OURS if resident.channel == "whatsapp" else None
        inbound = resident.inbound(content, self._serial, ours)
        self.providers[resident.channel].heard[resident.address] = self.timeline.now
        late = self.timeline.between(1, 6) if self.timeline.chance(0.02) else 0.05
        self.timeline.after(late, lambda: self._deliver(inbound, 1))

    def _deliver(self, inbound: Inbound, attempt: int) -> None:
        self.counts["in"] += 1
        process, time = self._some_web(), self.timeline
        key = (inbound.channel, inbound.external_id)

        def again() -> None:
            if key not in self.acknowledged:
                self._deliver(inbound, attempt + 1)

        time.after(10 if process else 1, again)
        if process is not None:
            process.do(lambda: self._take(process, inbound))

    def _take(self, process: Process, inbound: Inbound) -> None:
        name = f"{inbound.channel}:{inbound.external_id}"
        self.trail.append(
            f"{self.timeline.now:%d %H:%M:%S.%f} {process.name} takes in {name}"
        )
        try:
            take_in(process.house, inbound)
        except Exception as error:  # noqa: BLE001 - nothing may fail here
            self.judge.blame("error", f"take_in {name}: {error!r}")
        process.will_record()
        process.may_crash()
        key = (inbound.channel, inbound.external_id)
        if key not in self.acknowledged and self.timeline.chance(0.05):
            seconds = self.timeline.between(0, 60)
            self.timeline.after(seconds, lambda: self._deliver(inbound, 1))
        self.acknowledged[key] = inbound.content
        if isinstance(inbound.content, Voice):
            self._noted = self.timeline.now
            self.wake("listen_once", "catch_up_overdue")
        if inbound.channel == "web":
            self.look_at_page(inbound.sender.user_id)

    def look_at_page(self, address: str) -> None:
        """Let a page ask what is new, a little later."""
        self.timeline.after(
            self.timeline.between(0.3, 3), lambda: self._fetch_page(address)
        )

    def _fetch_page(self, address: str) -> None:
        process = self._some_web()
        if process is None:
            return

        def fetch() -> None:
            told = history(process.house, address, self._cursors.get(address, ""))
            self._cursors[address] = told.cursor
            resident = self.residents["web", address]
            for each in told.messages:
                if not each.mine:
                    row = int(each.id.removeprefix("web:"))
                    out = Outbound(row, address, "nl", each.text, each.choices)
                    resident.hears(out, each.id)

        process.do(fetch)


class _Page(Web):
    """The real web channel; the judge sees what it is handed."""

    def __init__(self, city: City, process: Process) -> None:
        super().__init__("http://127.0.0.1:8080", city.keys.sessions, city.media.load)
        self._city, self._process = city, process

    def send(self, out: Outbound) -> Any:
        city = self._city
        handover = Handover(out.id, city.timeline.now, self._process.name, "")
        # The row may be in a transaction that was committed within this event.
        city.providers["web"].took(handover, out)
        self._process.will_record()
        handover.told = "sent"
        if (("web", out.user_id)) in city.residents:
            city.look_at_page(out.user_id)
        return super().send(out)
