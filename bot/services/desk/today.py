"""What waits for officials today, oldest first, from every part of the desk.

Each part adds a source: a function from a scene and what is asked to what waits there.
A source reads a few rows and counts, never a whole table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.clocks import Light, light
from bot.domain.rounds import HOME_ZONE
from bot.services.house import House, Scene
from bot.services.tasks import Waiting

MOST = 50
"""How many items one page of Today shows."""

MOST_COUNTED = 999
"""A source counts no further: more is shown as "999+"."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits. `kind` has a word of its own ("kind_<kind>").

    The municipality's clock began `since` and is up at `due`. `page` and `args` are the
    endpoint at the desk (without "desk.") where it can be done. `who` names the plan or
    the person, in words of residents. `task` is there where it is one.
    """

    kind: str
    since: datetime
    due: datetime
    page: str
    args: Mapping[str, int | str] = field(default_factory=dict)
    who: str = ""
    plan: int | None = None
    talk: int | None = None
    task: Waiting | None = None

    def light(self, now: datetime) -> Light:
        """Return green, amber or red."""
        return light(self.since, self.due, now)


@dataclass(frozen=True, slots=True)
class Waits:
    """How many of a kind wait, and how many of them are late."""

    all: int
    late: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page wants to see: of one official only, of one kind only."""

    official: int | None = None
    kind: str | None = None
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Found:
    """What a source found: its oldest items, and how many there are by kind."""

    items: Sequence[Item] = ()
    waits: Mapping[str, Waits] = field(default_factory=dict)


Source = Callable[[Scene, Asked], Found]
"""Return at most `asked.most` items, oldest first, of all and with the counts of all.

Items of another kind than `asked.kind` may be left out; counts are of every kind.
Where nothing belongs to one official, nothing is found for `asked.official`.
"""


@dataclass(frozen=True, slots=True)
class Today:
    """The oldest items of all sources, and the counts by kind."""

    items: Sequence[Item]
    waits: Mapping[str, Waits]

    @property
    def all(self) -> int:
        """How many wait in all."""
        return sum(each.all for each in self.waits.values())

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(each.late for each in self.waits.values())


def look(house: House, sources: Iterable[Source], asked: Asked) -> Today:
    """Return what waits in these sources."""
    now = house.clock()
    found = house.db.read(
        lambda db: [source(Scene(house, db, now), asked) for source in sources]
    )
    items = [item for each in found for item in each.items]
    if asked.kind:
        items = [item for item in items if item.kind == asked.kind]
    items.sort(key=lambda item: item.since)
    waits: dict[str, Waits] = {}
    for each in found:
        waits |= {kind: count for kind, count in each.waits.items() if count.all}
    return Today(items[: asked.most], waits)


def zone_here(scene: Scene) -> str:
    """Return the zone whose days count at the desk: that of the rounds."""
    rounds = scene.house.catalog.view(scene.db).rounds
    return next((each.zone for each in rounds), HOME_ZONE)


def counted(rows: Sequence[Item], now: datetime) -> Waits:
    """Return the counts of items that were all read."""
    late = sum(item.light(now) is Light.RED for item in rows)
    return Waits(len(rows), late)
