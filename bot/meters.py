"""What this process has counted, for Prometheus.

Something that is decided in a transaction is counted once it is committed: a job may be
undone, or run twice. Labels hold words from closed lists only, never words of people,
numbers, addresses or plans; what is on no list is counted as "other".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.registry import Collector

from bot.shared_meters import SharedMeters, shared_or_none

OTHER = "other"
PRIORITIES = ("reply", "push")
"""The word for each priority of the outbox."""

SEND_OUTCOMES = ("sent", "retry", "refused", "unsure", "dropped")
EVENT_OUTCOMES = ("sent", "retry", "given_up")
CALL_OUTCOMES = (
    "accepted",
    "repeated",
    "faulty",
    "unsigned",
    "off",
    "conflict",
    "too_large",
    "failed",
)

CLOSED: Mapping[str, frozenset[str]] = {
    "channel": frozenset({"telegram", "whatsapp", "web"}),
    "kind": frozenset(
        {"text", "start", "tap", "voice", "photo", "pin", "unknown", "reach"}
    ),
    "stage": frozenset(
        {"done", "waiting", "listening", "looking", "failed", "duplicate", "flood"}
    ),
    "priority": frozenset(PRIORITIES),
    "outcome": frozenset({*SEND_OUTCOMES, *CALL_OUTCOMES, *EVENT_OUTCOMES}),
    "delivery": frozenset({"queued", "sent", "delivered", "read", "failed"}),
    "what": frozenset({"outbound", "note", "photo"}),
    "speech": frozenset({"sent", "overtaken", "failed"}),
    "wrong": frozenset({"slip", "unknown"}),
    "how": frozenset({"link", "password", "code", "city"}),
    "entry": frozenset({"entered", "half", "refused", "paused"}),
    "engine": frozenset({"faster-whisper", "openai-whisper"}),
    "type": frozenset(
        {
            "plan.status",
            "results.publish",
            "results.correct",
            "checkin.send",
            "broadcast.send",
            "plan.created",
            "ballot.closed",
            "result.published",
            "task.opened",
            "task.done",
            "hook.test",
        }
    ),
}
"""Every word that a label may hold, by the label's name.

A new channel is named here, or it shows as "other" and its queue is not read.
"""

OURS = frozenset({"reason", "loop", "held", "task"})
"""Labels whose words stand in our own code: names of functions, tables of reasons."""

_WORD = re.compile(r"[a-z]+(_[a-z]+)*|http_\d{3}")
_LONGEST_WORD = 40

TURN_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
WORK_SECONDS = (0.5, 1, 2, 4, 8, 15, 30, 60, 120)
NOTE_SECONDS = (2, 5, 10, 20, 30, 60, 120, 180)


def closed(label: str, value: str) -> str:
    """Return `value` if the label may hold it, "other" if not.

    Raises KeyError for a label that nobody has named here.
    """
    if label in OURS:
        fits = len(value) <= _LONGEST_WORD and _WORD.fullmatch(value)
        return value if fits else OTHER
    return value if value in CLOSED[label] else OTHER


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A lease that had run out: whoever held it died, and we took it up again."""

    what: str
    row: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """A message that was not sent after all: she has stopped us, or is unreachable."""

    channel: str
    priority: int


Noted = Lapsed | Dropped
"""What a transaction came across, to be counted when it is committed."""


class _Count:
    """A counter with labels. Counting costs a look-up and an addition."""

    def __init__(self, counter: Counter, labels: tuple[str, ...]) -> None:
        self._counter, self._labels = counter, labels
        self._known: dict[tuple[str, ...], Counter] = {}

    def add(self, *words: str) -> None:
        """Count one more, under a word for each label in their order."""
        known = self._known.get(words)
        if known is None:
            known = self._find(words)
        known.inc()

    def _find(self, words: tuple[str, ...]) -> Counter:
        safe = tuple(map(closed, self._labels, words))
        found = self._counter.labels(*safe)
        if safe == words:  # what is on no list would fill the memory
            self._known[words] = found
        return found


class Meters:
    """The counters of one process. Safe to use from any thread; nothing here waits.

    `shown` is what `/metrics` gives: with a `folder`, the sum over all processes that
    were given the same one. Its gauges are added by whoever can read them.
    """

    def __init__(self, folder: Path | None = None) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._own = CollectorRegistry()
        self._make_messages()
        self._make_work()
        self._shared: SharedMeters | None = None
        if folder is not None:
            self._shared = shared_or_none(folder, self._own)
        self.shown = CollectorRegistry()
        self.shown.register(self._shared or self._own)
        if self._shared is None:
            ProcessCollector(registry=self.shown)

    def _make_messages(self) -> None:
        self._inbound = self._counter(
            "inbound",
            "Messages to us. A duplicate was repeated, a flood was dropped.",
            ("channel", "kind", "stage"),
        )
        self._turn = self._histogram(
            "turn_seconds",
            "From a message's arrival to the commit of its answer.",
            TURN_SECONDS,
        )
        self._outbound = self._counter(
            "outbound",
            "How each try to send a message ended.",
            ("channel", "priority", "outcome"),
        )
        self._refused = self._counter(
            "outbound_refused", "Why messages were refused.", ("channel", "reason")
        )
        self._delivery = self._counter(
            "delivery",
            "What providers told later about messages, each step once.",
            ("channel", "delivery"),
        )

    def _make_work(self) -> None:
        self._lapsed = self._counter(
            "lease_expired", "Work taken up again after its process died.", ("what",)
        )
        self._hooks = self._counter(
            "hook_calls", "Calls of the officials' web hook.", ("type", "outcome")
        )
        self._logins = self._counter(
            "desk_logins", "How officials' tries to log in ended.", ("how", "entry")
        )
        self._events = self._counter(
            "events", "Tries to tell the city's own systems.", ("type", "outcome")
        )
        self._loops = self._counter(
            "loop_failures", "Rounds of a worker's loop that failed.", ("loop",)
        )
        self._transcription = self._histogram(
            "transcription_seconds",
            "How long the recogniser took for a note.",
            WORK_SECONDS,
            ("engine",),
        )
        self._note = self._histogram(
            "note_seconds", "How long voice notes are.", NOTE_SECONDS
        )
        self._speech = self._counter(
            "speech", "What became of messages to be read aloud.", ("speech",)
        )
        self._speaking = self._histogram(
            "speaking_seconds", "How long reading a message aloud took.", WORK_SECONDS
        )

    def _counter(self, name: str, told: str, labels: tuple[str, ...]) -> _Count:
        whole = f"buurtstem_{name}"
        return _Count(Counter(whole, told, labels, registry=self._own), labels)

    def _histogram(
        self,
        name: str,
        told: str,
        buckets: tuple[float, ...],
        labels: tuple[str, ...] = (),
    ) -> Histogram:
        whole = f"buurtstem_{name}"
        return Histogram(whole, told, labels, registry=self._own, buckets=buckets)

    def add_gauges(self, gauges: Collector) -> None:
        """Show what somebody reads elsewhere at the moment of asking."""
        self.shown.register(gauges)

    def took_in(self, channel: str, kind: str, stage: str, seconds: float) -> None:
        """Count a message to us, and how long it took until its answer was kept."""
        self._inbound.add(channel, kind, stage)
        if stage not in {"duplicate", "flood"}:
            self._turn.observe(seconds)

    def send_ended(
        self, channel: str, priority: int, outcome: str, reason: str | None = None
    ) -> None:
        """Count how one try to send ended; `reason` is told of a refusal."""
        self._outbound.add(channel, PRIORITIES[priority], outcome)
        if reason is not None:
            self._refused.add(channel, reason)

    def moved(self, channel: str, delivery: str) -> None:
        """Count a step that a provider told of a message."""
        self._delivery.add(channel, delivery)

    def lapsed(self, what: str) -> None:
        """Count a lease that had run out."""
        self._lapsed.add(what)

    def called(self, kind: str, outcome: str) -> None:
        """Count a call of the web hook; `kind` is its type, if that was read."""
        self._hooks.add(kind, outcome)

    def logged_in(self, how: str, entry: str) -> None:
        """Count a try to log in at the desk."""
        self._logins.add(how, entry)

    def event_tried(self, kind: str, outcome: str) -> None:
        """Count a try to tell a system of the city of an event."""
        self._events.add(kind, outcome)

    def loop_failed(self, loop: str) -> None:
        """Count a round of a loop that failed."""
        self._loops.add(loop)

    def got_note(self, seconds: float) -> None:
        """Count a voice note by its length."""
        self._note.observe(seconds)

    def heard(self, engine: str, seconds: float) -> None:
        """Count a note that was recognised, and how long that took."""
        word = closed("engine", engine)
        self._transcription.labels(engine=word).observe(seconds)

    def read_aloud(self, seconds: float) -> None:
        """Count how long it took to make the sound of a message."""
        self._speaking.observe(seconds)

    def speech_ended(self, outcome: str) -> None:
        """Count what became of a message that was to be read aloud."""
        self._speech.add(outcome)

    def close(self) -> None:
        """Leave what was counted to the other processes."""
        if self._shared is not None:
            self._shared.close()
