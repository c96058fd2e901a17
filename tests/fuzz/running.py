"""Batches: a seed, a number and a kind name every request of them, for ever."""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.fuzz.asking import Asked
from tests.fuzz.bodies import next_body
from tests.fuzz.court import BODIES, Court, Heard, court_of
from tests.fuzz.judges import Finding
from tests.fuzz.memory import Memory
from tests.fuzz.pages import Desk, Form, forms_of_admins
from tests.fuzz.place import ELIGIBILITIES, Place, copied, drop, open_place, prepare

BATCH = 2_500
"""Requests to one database: few enough that a fault is looked for in seconds."""

LIVED = 1_500
"""Messages and calls that a city has had before its desk is asked."""

MOST_FOUND = 5
"""Findings of one batch that are kept: one fault often shows many times."""

ROOM = Path("/dev/shm")  # noqa: S108 - a disk in memory, where there is one


@dataclass(frozen=True, slots=True)
class Batch:
    """Some requests: bodies, or a role's at its desk. `first` is the first number."""

    what: str
    seed: int
    number: int
    size: int = BATCH

    @property
    def first(self) -> int:
        return self.number * BATCH

    @property
    def is_bodies(self) -> bool:
        return self.what == BODIES

    @property
    def eligibility(self) -> str:
        return ELIGIBILITIES[self.number % 2]

    @property
    def random(self) -> Random:
        return Random(f"{self.what}:{self.seed}:{self.number}")


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, and all requests of its batch up to the one that shows it."""

    batch: Batch
    place: int
    finding: Finding
    requests: tuple[Asked, ...]

    @property
    def number(self) -> int:
        return self.batch.first + self.place

    def __str__(self) -> str:
        name = f"{self.batch.what} seed {self.batch.seed} number {self.number}"
        asked = self.requests[-1]
        return f"{name}: {self.finding} ({asked.kind} {asked.method} {asked.path[:60]})"


@dataclass
class Report:
    """What came of requests: answers by kind, seal and status, and what was found.

    `made` counts the rows that genuine requests led to, `seconds` are the processor's.
    """

    answers: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    found: list[Found] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def requests(self) -> int:
        return self.answers.total()

    def add(self, other: "Report") -> None:
        self.answers += other.answers
        self.made += other.made
        self.found += other.found
        self.seconds += other.seconds

    def find(
        self, batch: Batch, requests: Sequence[Asked], findings: Sequence[Finding]
    ) -> None:
        """Keep what is new in this batch, up to a few."""
        for each in findings:
            known = any(found.finding == each for found in self.found)
            if not known and len(self.found) < MOST_FOUND:
                place = len(requests) - 1
                self.found.append(Found(batch, place, each, tuple(requests)))

    def count(self, asked: Asked, heard: Heard) -> None:
        seal = "genuine" if asked.is_genuine else "forged"
        self.answers[asked.kind, seal, heard.answer.status] += 1
        for (table, verb), rows in heard.changes.items():
            if verb == "INSERT":
                self.made[table] += rows


@dataclass
class Templates:
    """The databases that batches copy, made when they are first asked for."""

    server: str
    folder: Path
    _made: dict[tuple[str, bool], str] = field(default_factory=dict)
    _forms: dict[str, Sequence[Form]] = field(default_factory=dict)

    def forms(self, batch: Batch) -> Sequence[Form]:
        """Return the forms of an administrator, looked for in a copy of its own."""
        if batch.eligibility not in self._forms:
            with self.place(batch) as place:
                self._forms[batch.eligibility] = forms_of_admins(place)
        return self._forms[batch.eligibility]

    @contextmanager
    def place(self, batch: Batch) -> Iterator[Place]:
        """Open a fresh city; a desk is that of a city in which people have talked."""
        kind = batch.eligibility, batch.is_bodies
        if kind not in self._made:
            self._made[kind] = self._make(*kind)
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            url = copied(self._made[kind], Path(folder))
            with open_place(url, Path(folder), batch.eligibility) as place:
                yield place
            drop(url)

    def _make(self, eligibility: str, is_new: bool) -> str:  # noqa: FBT001
        folder = self.folder / f"{eligibility}_{is_new}"
        folder.mkdir()
        url = prepare(self.server, folder, eligibility)
        if not is_new:
            with open_place(url, folder, eligibility) as place:
                memory = Memory(Random(eligibility), place.passes)
                court = Court(place, {}, memory.owes)
                for _ in range(LIVED):
                    court.hear(next_body(memory))
        return url

    def drop(self) -> None:
        for url in self._made.values():
            drop(url)


@contextmanager
def templates(server: str = "sqlite") -> Iterator[Templates]:
    """Make room for databases: in memory where the machine offers it."""
    room = ROOM if ROOM.is_dir() else None
    with tempfile.TemporaryDirectory(dir=room, prefix="fuzz_") as folder:
        made = Templates(server, Path(folder))
        try:
            yield made
        finally:
            made.drop()


def run_batch(made: Templates, batch: Batch, until: int | None = None) -> Report:
    """Run a batch, or the beginning of it up to the place `until`."""
    report = Report()
    borrowed = () if batch.is_bodies else made.forms(batch)
    began = time.process_time()
    with made.place(batch) as place:
        memory = Memory(batch.random, place.passes)
        court = court_of(place, batch.what)
        court.told = memory.owes
        desk = None if batch.is_bodies else Desk(batch.what, memory, place, borrowed)
        requests: list[Asked] = []
        for _ in range(batch.size if until is None else until + 1):
            asked = desk.next_request() if desk else next_body(memory)
            requests.append(asked)
            heard = court.hear(asked)
            report.count(asked, heard)
            if desk:
                desk.heard(asked, heard.answer)
            report.find(batch, requests, heard.findings)
        report.find(batch, requests, list(last(place)))
    report.seconds = time.process_time() - began
    return report


def last(place: Place) -> Iterator[Finding]:
    """Judge what can only be seen at the end: the figures, and who was answered."""
    from tests.fuzz.marks import marked_in

    shown = place.app.test_client().get("/metrics").get_data(as_text=True)
    if marked_in(shown, place.secrets):
        yield Finding("log", "words or secrets of a request stand in the figures")
    answered = place.watch.one(
        "SELECT count(*) FROM outbound_messages o WHERE o.dedupe_key LIKE :first AND "
        "NOT EXISTS (SELECT 1 FROM inbound_messages i WHERE "
        "o.dedupe_key = :before || i.id || :after)",
        first="in:%:0",
        before="in:",
        after=":0",
    )
    if answered:
        yield Finding("twice", "somebody is answered who said nothing")


def batches(what: str, seed: int, requests: int) -> Iterator[Batch]:
    """Yield the batches that so many requests make."""
    for number, first in enumerate(range(0, requests, BATCH)):
        yield Batch(what, seed, number, min(BATCH, requests - first))
