"""What a measurement is told, and what it tells."""

from dataclasses import dataclass, field
from math import inf


@dataclass(frozen=True, slots=True)
class Visit:
    """Whom the crowd talks to, and how; times are in seconds.

    `pid` is the bot's process, for its processor time; `database` the address of its
    database where that has processes of its own. With a `city` of so many residents,
    half of the crowd are some of these. `show` prints the talk.
    """

    port: int
    secret: str
    pid: int
    residents: int
    seconds: float
    latency: float
    show: bool = False
    database: str | None = None
    city: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What one visit measured.

    Times are in milliseconds from post to the first reply's arrival at the Bot API;
    cores are the processor time of the bot, of the crowd and of the database's own
    processes per second of clock. `broken` is why the visit did not come to its end;
    nothing else counts then.
    """

    answered: int
    per_second: float
    p50_ms: float
    p99_ms: float
    failures: dict[str, int]
    bot_cores: float
    crowd_cores: float
    database_cores: float = 0.0
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One contestant, measured once; `latency` in seconds."""

    who: str
    latency: float
    round: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Grown:
    """One visit to a database with so many residents."""

    engine: str
    residents: int
    round: int
    figures: Figures

    @property
    def cost(self) -> float:
        """Milliseconds of processor for an answered message, the database's too."""
        used = self.figures.bot_cores + self.figures.database_cores
        return used * self.wall

    @property
    def wall(self) -> float:
        """Milliseconds of clock for an answered message; endless if none was."""
        answered = self.figures.per_second
        return 1000 / answered if answered else inf

    @property
    def database_part(self) -> float:
        """How much of `cost` is the database's own processes'."""
        return self.figures.database_cores * self.wall


@dataclass(frozen=True, slots=True)
class Idle:
    """What a question of a worker's loop costs on a database; `rest` is in seconds."""

    engine: str
    residents: int
    loop: str
    rest: float
    statements: int
    milliseconds: float

    @property
    def share(self) -> float:
        """How much of a core the loop takes, with the database's part."""
        seconds = self.milliseconds / 1000
        return seconds / (self.rest + seconds)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a claimed row costs on a database where so many pushes were `due`."""

    engine: str
    residents: int
    due: int
    rows: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Growing:
    """All that was seen of growth."""

    visits: list[Grown] = field(default_factory=list)
    rests: list[Idle] = field(default_factory=list)
    claims: list[Claimed] = field(default_factory=list)

    @property
    def went_well(self) -> bool:
        """Tell whether every visit came to its end, with every message answered."""
        return not any(v.figures.broken or v.figures.failures for v in self.visits)
