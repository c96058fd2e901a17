"""What goes wrong around the city: outages, deaths, wrong clocks, people who block."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.simulation.city import City

HOWS = ("unreachable", "provider_fault", "throttled", "silent")


@dataclass
class Sky:
    """Lets things go wrong every now and then, until it is told to clear."""

    city: City
    is_clear: bool = False

    def begin(self) -> None:
        self._every(6, self._outage)
        self._every(4, self._kill)
        self._every(2, self._drift)
        self._every(40, self._jump)
        self._every(5, self._block)

    def _every(self, hours: float, happens: Callable[[], None]) -> None:
        """Let something happen about every so many hours."""
        time = self.city.timeline

        def then() -> None:
            if not self.is_clear:
                happens()
                self._every(hours, happens)

        time.after(time.random.expovariate(1 / hours) * 3600, then)

    def _outage(self) -> None:
        time = self.city.timeline
        name = time.random.choice(("telegram", "whatsapp"))
        minutes = 2 * 720 ** (time.random.random() ** 2)
        provider = self.city.providers[name]
        provider.down_how = time.random.choice(HOWS)
        provider.down_until = time.now + timedelta(minutes=minutes)

    def _kill(self) -> None:
        names = list(self.city.processes)
        self.city.processes[self.city.timeline.random.choice(names)].die()

    def _drift(self) -> None:
        """Let one clock be a few seconds off for a while."""
        self._set_clock(timedelta(seconds=self.city.timeline.between(-5, 5)), 7200)

    def _jump(self) -> None:
        """Let one clock be an hour off: further than clocks are believed to be."""
        hours = self.city.timeline.random.choice((-1, 1))
        self._set_clock(timedelta(hours=hours), 900)

    def _set_clock(self, skew: timedelta, most_seconds: float) -> None:
        city, time = self.city, self.city.timeline
        process = city.processes[time.random.choice(list(city.processes))]
        if any(each.skew for each in city.processes.values()) or not process.alive:
            return
        process.skew = skew
        city.judge.is_wild(time.now)

        def right_again() -> None:
            city.judge.is_wild(time.now)
            process.skew = timedelta()

        time.after(time.between(60, most_seconds), right_again)

    def _block(self) -> None:
        time = self.city.timeline
        resident = time.random.choice(list(self.city.residents.values()))
        if resident.channel != "web":
            provider = self.city.providers[resident.channel]
            resident.blocks(provider.blocked)
