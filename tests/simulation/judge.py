"""The rules that must hold after every step, whatever has happened."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from bot.config import Settings
from bot.domain.kinds import BROADCAST, CHECKIN
from bot.domain.messages import RANK, Delivery, Outbound
from bot.services.outbox import LEASE, PUSH, REPLY
from bot.store.leases import DOUBT, LONGER
from bot.store.prepared import Prepared
from bot.store.talks import Talk
from tests.simulation.processes import Process
from tests.simulation.providers import Handover, Provider
from tests.simulation.timeline import MORNING, Timeline
from tests.simulation.watch import OPEN, Change, Letter, Received, Watch

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SLACK = timedelta(seconds=3)
"""What is claimed goes within a second or two; so long may a rule be overtaken."""

CLOSE = timedelta(seconds=0.02)
"""How far apart the clocks of machines are that ask for the time."""

ZONE = ZoneInfo("Europe/Amsterdam")
FROM_OFFICIALS = {BROADCAST, CHECKIN}
"""What has three days between it and the next; a reminder to vote does not count."""

DERIVED = ("again:", "other:", "kept:", "settled:")
"""What the keys of messages begin with that are owed once more."""

TRAIL = 2_000
"""How many of the last steps are kept, to be shown beside a violation."""

_FIRST_ANSWER = re.compile(r"(in|heard):(\d+)(:failed|:[\d.]+)?:0")
_PERSON = Prepared(
    select(Talk.resident_id, Talk.stopped_at, Talk.closed_at).where(
        Talk.id == bindparam("talk")
    )
)
Key = tuple[str, str]


@dataclass(frozen=True)
class Violation:
    """A rule that was broken, when, and how."""

    at: datetime
    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.at:%d %H:%M:%S.%f} {self.rule}: {self.what}"


@dataclass
class Judge:
    """Sees every change and every message at a provider; says what broke a rule.

    `excused` counts messages that were handed over twice because their first process
    died, stood still or had a wrong clock.
    """

    timeline: Timeline
    settings: Settings
    processes: Mapping[str, Process]
    watch: Watch
    acknowledged: set[Key] = field(default_factory=set)
    trail: deque[str] = field(default_factory=lambda: deque(maxlen=TRAIL))
    violations: list[Violation] = field(default_factory=list)
    excused: int = 0
    apart_until: datetime = MORNING
    wild: datetime | None = None
    tries: dict[int, list[Handover]] = field(default_factory=dict)
    _said: set[Key] = field(default_factory=set)
    _rows: set[Key] = field(default_factory=set)
    _answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    _ends: Counter[int] = field(default_factory=Counter)
    _first: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _pushed: dict[str, deque[datetime]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    _opened: deque[tuple[datetime, str]] = field(default_factory=deque)
    _campaigns: dict[int, Letter] = field(default_factory=dict)

    def note(self, step: str) -> None:
        """Keep what happened, for whoever has to find out why."""
        self.trail.append(f"{self.timeline.now:%d %H:%M:%S.%f} {step}")

    def blame(self, rule: str, what: str) -> None:
        self.violations.append(Violation(self.timeline.now, rule, what))

    @property
    def promised(self) -> set[Key]:
        """What somebody was thanked for, and so is stored for good."""
        return self.acknowledged & self._said

    def is_wild(self, since: datetime) -> bool:
        """Tell whether a clock was further off than clocks are believed to be."""
        if self._apart() > DOUBT:
            self.wild = self.timeline.now
        return self.wild is not None and self.wild >= since

    def said(self, key: Key) -> None:
        """Somebody says something that has to be answered."""
        self._said.add(key)

    def acknowledge(self, key: Key) -> None:
        """A process has said thanks for a message: it is stored now, for good."""
        if key in self._said and key not in self._rows:
            self.blame("kept", f"{key} was acknowledged and is lost")
        self.acknowledged.add(key)

    def _apart(self) -> timedelta:
        """Return how far our clocks lie apart now."""
        return max(abs(each.skew) for each in self.processes.values())

    def changed(self, changes: Sequence[Change]) -> None:
        """Some transactions were committed, each of them whole."""
        ended: dict[int, Received] = {}
        for change in changes:
            if isinstance(change.row, Letter):
                self._moved(change.row, change)
                continue
            if change.was is None:
                self._stored(change.row)
            if change.was in {None, *OPEN} and change.now not in OPEN:
                self._ends[change.row.id] += 1
                ended[change.row.id] = change.row
        for received in ended.values():
            self._answered(received)

    def _moved(self, letter: Letter, change: Change) -> None:
        """A row's delivery only moves forward."""
        if change.was is not None:
            now, was = Delivery(change.now), Delivery(change.was)
            if RANK[now] < RANK[was]:
                self.blame("status", f"row {letter.id} went from {was} to {now}")
        elif found := _FIRST_ANSWER.fullmatch(letter.key):
            kind = "failed" if found[3] == ":failed" else found[1]
            self._answers[kind, int(found[2])] += 1

    def _stored(self, received: Received) -> None:
        """Each message that was said has one row."""
        key = (received.channel, received.external)
        if key not in self._said or key in self._rows:
            self.blame("turn", f"inbound {received.id} is one row too many for {key}")
        self._rows.add(key)

    def _answered(self, received: Received) -> None:
        """Each message has one turn whenever it is done with.

        A note is thanked for before, and may be listened to once more.
        """
        came, heard, failed = (
            self._answers[kind, received.id] for kind in ("in", "heard", "failed")
        )
        thanks = received.kind == "voice"
        turns = heard + failed if thanks else came + failed
        if turns != self._ends[received.id] or (thanks and came != 1):
            what = f"inbound {received.id} ({received.kind})"
            self.blame("turn", f"{what} has {turns} turns, {came} first answers")

    def took(self, provider: Provider, handover: Handover, out: Outbound) -> None:
        """A message arrives at a provider."""
        letter = self.watch.letters[out.id]
        self.note(
            f"{handover.process} hands row {out.id} (talk {letter.talk}, "
            f"{letter.key}) to {provider.name}"
        )
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
        since = last.at - LEASE - LONGER
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
        resident = self._wanted(letter, now)
        if letter.kind in FROM_OFFICIALS and not letter.key.startswith(DERIVED):
            self._campaign(letter, resident, now)

    def _pace(self, channel: str, now: datetime) -> None:
        """In no second do more arrive than are allowed.

        While machines' clocks are seconds apart, the pace may double for a second when
        one takes over from the other: places are moments, and they disagree on those.
        """
        if self._apart() > CLOSE:
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
        """At night nobody hears from us first, whichever of our clocks is right."""
        quiet, apart = self.settings.quiet_hours, self._apart()
        assert quiet is not None
        moments = (now - SLACK - apart, now, now + apart)
        if all(quiet.holds(at.astimezone(ZONE).time()) for at in moments):
            self.blame("quiet", f"push {letter.id} ({letter.kind}) at night")

    def _wanted(self, letter: Letter, now: datetime) -> int:
        """Nobody who stopped us, or cannot be reached, hears from us first."""
        db = self.watch.eyes
        found = _PERSON.one(db, {"talk": letter.talk})
        db.rollback()
        assert found is not None
        resident, *ends = found
        before = now - SLACK - self._apart()
        if any(each and each < before for each in ends):
            self.blame("wanted", f"push {letter.id} to somebody who stopped or closed")
        return int(resident)

    def _campaign(self, letter: Letter, resident: int, now: datetime) -> None:
        """Three days lie between two messages that officials begin."""
        last = self._campaigns.get(resident)
        if last is not None and last.id != letter.id:
            free = last.planned + 3 * DAY
            if now < free - SLACK - self._apart():
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
