"""The rules that must hold after every step, whatever has happened."""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.config import Settings
from bot.domain.kinds import CAMPAIGNS
from bot.domain.messages import RANK, Delivery, Outbound
from bot.services.outbox import LEASE, PUSH, REPLY
from bot.store.leases import DOUBT
from tests.simulation.processes import Process
from tests.simulation.providers import Handover, Provider
from tests.simulation.timeline import MORNING, Timeline
from tests.simulation.watch import Change, Letter

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SLACK = timedelta(seconds=3)
"""What is claimed goes within a second or two; so long may a rule be overtaken."""

CLOSE = timedelta(seconds=0.02)
"""How far apart the clocks of machines are that ask for the time."""

ZONE = ZoneInfo("Europe/Amsterdam")
DERIVED = ("again:", "other:", "kept:", "settled:")
"""What the keys of messages begin with that are owed once more."""


@dataclass
class Judge:
    """Sees every change and every message at a provider; says what broke a rule.

    `excused` counts messages that were handed over twice because their first process
    died, stood still or had a wrong clock.
    """

    timeline: Timeline
    settings: Settings
    processes: Mapping[str, Process]
    letters: Mapping[int, Letter]
    people: Mapping[int, tuple[int, str | None, str | None]]
    violations: list[str] = field(default_factory=list)
    excused: int = 0
    apart_until: datetime = MORNING
    wild: datetime | None = None
    tries: dict[int, list[Handover]] = field(default_factory=dict)
    _first: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _pushed: dict[str, deque[datetime]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    _opened: deque[tuple[datetime, str]] = field(default_factory=deque)
    _campaigns: dict[int, Letter] = field(default_factory=dict)

    def blame(self, rule: str, what: str) -> None:
        self.violations.append(f"{self.timeline.now:%d %H:%M:%S.%f} {rule}: {what}")

    def is_wild(self, since: datetime) -> bool:
        """Tell whether a clock was further off than clocks are believed to be."""
        if any(abs(each.skew) > DOUBT for each in self.processes.values()):
            self.wild = self.timeline.now
        return self.wild is not None and self.wild >= since

    def changed(self, change: Change) -> None:
        """A row's delivery only moves forward."""
        if change.was is None:
            return
        now, was = Delivery(change.letter.delivery), Delivery(change.was)
        if RANK[now] < RANK[was]:
            self.blame("status", f"row {change.letter.id} went from {was} to {now}")

    def took(self, provider: Provider, handover: Handover, out: Outbound) -> None:
        """A message arrives at a provider."""
        letter = self.letters[out.id]
        earlier = self.tries.setdefault(out.id, [])
        self._once(letter, earlier, handover)
        if not earlier:
            self._in_order(letter)
        earlier.append(handover)
        if letter.priority == PUSH:
            self._push(provider, letter, handover)
        if provider.windowed:
            self._window(provider, out)

    def _once(
        self, letter: Letter, earlier: list[Handover], handover: Handover
    ) -> None:
        """A row goes twice only after a try that did not arrive, or a death."""
        if earlier and earlier[-1].told not in {"retry", "refused"}:
            if self._is_excused(earlier[-1]):
                self.excused += 1
            else:
                told = earlier[-1].told or "nothing yet"
                who = f"{earlier[-1].process} at {earlier[-1].at:%H:%M:%S.%f}"
                self.blame(
                    "once",
                    f"row {letter.id} again by {handover.process}, "
                    f"after {who} was told {told}",
                )
        elif (
            letter.ended
            and letter.ended[1] < self.timeline.now - SLACK
            and letter.delivery != "queued"
            and not (earlier and self._is_excused(earlier[-1]))
        ):
            self.blame("once", f"row {letter.id} is {letter.delivery} already")

    def _is_excused(self, last: Handover) -> bool:
        since = last.at - LEASE - SLACK
        troubled = self.processes[last.process].troubled
        return (troubled is not None and troubled >= since) or self.is_wild(since)

    def _in_order(self, letter: Letter) -> None:
        """Replies of a talk are first handed over in the order of their rows."""
        if letter.born != REPLY or letter.key.startswith(DERIVED):
            return
        known = self._first[letter.talk]
        if (
            known
            and known[-1] > letter.id
            and not self.is_wild(self.timeline.now - DAY)
        ):
            self.blame("order", f"row {letter.id} goes after {known[-1]}")
        known.insert(bisect_left(known, letter.id), letter.id)

    def _push(self, provider: Provider, letter: Letter, handover: Handover) -> None:
        now = self.timeline.now
        if provider.name == "web":
            return
        self._pace(provider.name, now)
        if self.is_wild(now - timedelta(hours=1)):
            return
        self._quiet(letter, now)
        self._wanted(letter)
        if letter.kind in CAMPAIGNS and not letter.key.startswith(DERIVED):
            self._campaign(letter, now)

    def _pace(self, channel: str, now: datetime) -> None:
        """In no second do more arrive than are allowed.

        While machines' clocks are seconds apart, the pace may double for a second when
        one takes over from the other: places are moments, and they disagree on those.
        """
        if any(abs(each.skew) > CLOSE for each in self.processes.values()):
            self.apart_until = now
        limits = {
            "telegram": self.settings.telegram_per_second,
            "whatsapp": self.settings.whatsapp_per_second,
        }
        recent = self._pushed[channel]
        recent.append(now)
        while recent[0] <= now - SECOND:
            recent.popleft()
        most = limits[channel] * (2 if self.apart_until > now - DOUBT else 1)
        if len(recent) > most and not self.is_wild(now - DOUBT):
            self.blame("pace", f"{len(recent)} on {channel} within a second")

    def _quiet(self, letter: Letter, now: datetime) -> None:
        """At night nobody hears from us first."""
        quiet = self.settings.quiet_hours
        assert quiet is not None
        if all(quiet.holds(at.astimezone(ZONE).time()) for at in (now, now - SLACK)):
            self.blame("quiet", f"push {letter.id} ({letter.kind}) at night")

    def _wanted(self, letter: Letter) -> None:
        """Nobody who stopped us, or cannot be reached, hears from us first."""
        _, stopped, closed = self.people[letter.talk]
        if stopped or closed:
            self.blame("wanted", f"push {letter.id} to somebody who stopped or closed")

    def _campaign(self, letter: Letter, now: datetime) -> None:
        """Three days lie between two messages that officials begin."""
        resident, _, _ = self.people[letter.talk]
        last = self._campaigns.get(resident)
        if last is not None and last.id != letter.id:
            free = last.planned + 3 * DAY
            if now < free - SLACK:
                self.blame("campaign", f"push {letter.id} too soon after {last.id}")
        if last is None or last.planned < letter.planned:
            self._campaigns[resident] = letter

    def _window(self, provider: Provider, out: Outbound) -> None:
        """Outside the window only templates go, to so many people in a day."""
        now = self.timeline.now
        heard = provider.heard.get(out.user_id)
        inside = heard is not None and now < heard + DAY
        if out.template is None:
            if not inside and not self.is_wild(now - DAY):
                self.blame("window", f"free text {out.id} outside the window")
            return
        if inside:
            return
        self._opened.append((now, out.user_id))
        while self._opened[0][0] <= now - DAY + timedelta(seconds=20):
            self._opened.popleft()
        people = {who for _, who in self._opened}
        tier = self.settings.whatsapp_tier
        if len(people) > tier and not self.is_wild(now - DAY):
            self.blame("tier", f"{len(people)} people begun with in a day")


def only_row(rows: list[Any]) -> Any:
    (row,) = rows
    return row
